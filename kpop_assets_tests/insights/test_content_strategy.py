"""Tier means by hand, and an artist held against them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.insights.content_strategy import FEATURES, average_tiers, compare_with_tier

DAY = dt.date(2026, 11, 1)
NEXT = DAY + dt.timedelta(days=1)
SCHEMA = {
    "ingest_date": pl.Date,
    "artist": pl.String,
    "tier": pl.Int32,
    **dict.fromkeys(FEATURES, pl.Float64),
    "total_engagement": pl.Int64,
}


def frame(*rows: tuple[dt.date, str, int, int, float | None]) -> pl.DataFrame:
    """Rows of (day, artist, tier, total_engagement, growth_rate_7d); the rest is null."""
    names = ("ingest_date", "artist", "tier", "total_engagement", "growth_rate_7d")
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=SCHEMA)


TWO_TIERS = frame(
    (DAY, "BTS", 1, 100, 10.0),
    (DAY, "IVE", 1, 300, None),
    (NEXT, "BTS", 1, 200, -40.0),
    (DAY, "izna", 4, 50, 5.0),
    (NEXT, "izna", 4, 0, None),
)


def found(means: pl.DataFrame, tier: int, feature: str) -> dict[str, Any]:
    (row,) = means.filter(tier=tier, feature=feature).to_dicts()
    return row


def test_each_artist_day_weighs_the_same_and_unknown_values_are_left_out():
    means = average_tiers(TWO_TIERS, DAY, NEXT + dt.timedelta(days=1))
    expected = {"mean": 200.0, "median": 200.0, "known_count": 3, "row_count": 3}
    assert found(means, 1, "total_engagement").items() >= expected.items()
    expected = {"mean": -15.0, "median": -15.0, "known_count": 2, "row_count": 3}
    assert found(means, 1, "growth_rate_7d").items() >= expected.items()
    expected = {"mean": 5.0, "median": 5.0, "known_count": 1, "row_count": 2}
    assert found(means, 4, "growth_rate_7d").items() >= expected.items()
    expected = {"mean": None, "median": None, "known_count": 0, "row_count": 3}
    assert found(means, 1, "momentum").items() >= expected.items()


def test_the_span_is_half_open_and_tiers_and_features_stand_in_order():
    means = average_tiers(TWO_TIERS, DAY, NEXT)
    assert found(means, 4, "total_engagement")["mean"] == 50
    assert means["tier"].to_list() == [1] * len(FEATURES) + [4] * len(FEATURES)
    assert means["feature"].to_list() == [*FEATURES, *FEATURES]


def test_an_artist_is_divided_by_the_mean_of_the_tier_on_the_same_day():
    rows = compare_with_tier(TWO_TIERS, "izna", DAY)
    assert rows["feature"].to_list() == list(FEATURES)
    (points,) = rows.filter(feature="total_engagement").to_dicts()
    assert points == {
        "feature": "total_engagement",
        "artist_value": 50.0,
        "tier_mean": 200.0,
        "tier_median": 200.0,
        "ratio": 0.25,
        "known_count": 2,
    }


@pytest.mark.parametrize(
    ("artist", "day", "tier", "feature", "known"),
    [
        ("BTS", NEXT, 1, "growth_rate_7d", 1),  # the mean is a fall
        ("BTS", NEXT, 4, "total_engagement", 1),  # the mean is zero
        ("izna", DAY, 1, "momentum", 0),  # unknown
        ("izna", DAY, 2, "total_engagement", 0),  # nobody in the tier
    ],
)
def test_there_is_no_ratio_where_it_would_say_nothing(artist, day, tier, feature, known):
    (row,) = compare_with_tier(TWO_TIERS, artist, day, tier).filter(feature=feature).to_dicts()
    assert (row["ratio"], row["known_count"]) == (None, known)


def test_an_artist_without_a_row_that_day_is_refused():
    with pytest.raises(ValueError, match=f"IVE has no features on {NEXT}"):
        compare_with_tier(TWO_TIERS, "IVE", NEXT)


def test_an_empty_span_has_no_means():
    assert average_tiers(frame(), DAY, NEXT).is_empty()
    assert average_tiers(TWO_TIERS, DAY, DAY).is_empty()


def test_the_features_are_numbers_of_the_contract():
    numeric = {c.name for c in ARTIST_FEATURES.columns if c.type in ("long", "int", "double")}
    # How sure the figures are is no trait of an artist.
    said = {name for name in numeric if name.endswith(("_share", "_days", "_30d"))}
    said -= {"market_share", "growth_rate_30d"}
    assert set(FEATURES) == numeric - said - {"rank", "percentile", "tier", "growth_sigma"}
