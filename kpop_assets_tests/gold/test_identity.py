"""A renamed act is one line through time."""

from __future__ import annotations

import datetime as dt

import pytest

from kpop_assets.gold.features import describe_artists
from kpop_assets.gold.identity import present_names
from kpop_assets_tests.gold.kit import DAY, features, frame


@pytest.mark.both_engines
def test_a_rename_breaks_no_growth(spark):
    points = {("VCHA", d): 10 for d in range(7)} | {("GIRLSET", d): 20 for d in range(7, 14)}
    daily = present_names(frame(spark, points), {"VCHA": "GIRLSET"})
    rows = describe_artists(daily, DAY + dt.timedelta(days=13)).collect()
    assert [(row["artist"], row["total_engagement"]) for row in rows] == [("GIRLSET", 140)]
    whole = features(spark, {("IVE", d): 10 + 10 * (d > 6) for d in range(14)}, 13)["IVE", 13]
    assert rows[0]["growth_rate_7d"] == whole["growth_rate_7d"]
