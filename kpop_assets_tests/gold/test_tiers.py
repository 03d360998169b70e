"""Tiers and their cut-offs, whatever the totals of a day are."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.gold.features import describe_artists
from kpop_assets.gold.tiers import cut_tiers, tiers_document
from kpop_assets_tests.gold.kit import DAY, frame


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(totals=st.lists(st.integers(0, 50), min_size=1, max_size=25))
def test_shares_tiers_and_cutoffs_hold_for_any_totals(spark, totals):
    points = {(f"act{i:02d}", 0): total for i, total in enumerate(totals)}
    rows = describe_artists(frame(spark, points), DAY)
    artists = rows.collect()
    cutoffs = cut_tiers(rows).collect()
    if sum(totals):
        assert sum(r["market_share"] for r in artists) == pytest.approx(100)
    assert sum(r["artist_count"] for r in cutoffs) == len(totals)
    assert [r["tier"] for r in sorted(cutoffs, key=lambda r: r["tier"])] == [1, 2, 3, 4]
    by_total = sorted(artists, key=lambda r: r["total_engagement"])
    assert [r["tier"] for r in by_total] == sorted((r["tier"] for r in artists), reverse=True)
    document = tiers_document([r.asDict() for r in artists], [r.asDict() for r in cutoffs])
    assert sum(document["distribution"].values()) == document["artist_count"] == len(totals)
