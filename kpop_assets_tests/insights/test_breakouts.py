"""The shortlist of breakouts: thresholds, order and what is told about each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.insights.breakouts import BREAKOUT_COLUMNS, BreakoutConfig, find_breakouts

DAY = dt.date(2026, 11, 1)
SCHEMA = {
    "ingest_date": pl.Date,
    "artist": pl.String,
    "tier": pl.Int32,
    "rank": pl.Int32,
    "total_engagement": pl.Int64,
    "growth_rate_7d": pl.Float64,
    "growth_rate_30d": pl.Float64,
    "momentum": pl.Float64,
    "market_share": pl.Float64,
}


def row(
    artist: str, tier: int, growth: float | None, momentum: float | None, age: int = 0
) -> tuple[Any, ...]:
    """One artist `age` days before DAY."""
    return (DAY - dt.timedelta(days=age), artist, tier, 9, 100, growth, 10.0, momentum, 1.5)


def frame(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_fast_growers_below_the_top_are_listed_by_momentum():
    features = frame(
        row("izna", 3, 60.0, 30.0),
        row("MEOVV", 4, 300.0, 200.0),
        row("BTS", 1, 300.0, 200.0),
        row("IVE", 2, 300.0, 200.0),
    )
    assert find_breakouts(features, DAY)["artist"].to_list() == ["MEOVV", "izna"]


@pytest.mark.parametrize(
    ("growth", "momentum", "listed"),
    [(50.1, 20.1, 1), (50.0, 30.0, 0), (60.0, 20.0, 0), (None, None, 0), (60.0, None, 0)],
)
def test_both_thresholds_must_be_passed_and_known(growth, momentum, listed):
    assert find_breakouts(frame(row("izna", 3, growth, momentum)), DAY).height == listed


def test_thresholds_can_be_set():
    features = frame(row("IVE", 2, 5.0, 1.0), row("BTS", 1, 5.0, 1.0))
    config = BreakoutConfig(tier_from=2, growth_over=4.0, momentum_over=0.0)
    assert find_breakouts(features, DAY, config)["artist"].to_list() == ["IVE"]


def test_history_is_counted_up_to_the_day_and_not_after_it():
    features = frame(
        row("izna", 4, None, None, age=5),
        row("izna", 4, None, None, age=2),
        row("izna", 3, 60.0, 30.0),
        row("izna", 1, 900.0, 900.0, age=-1),
    )
    (found,) = find_breakouts(features, DAY).to_dicts()
    assert list(found) == BREAKOUT_COLUMNS
    assert (found["first_seen_date"], found["days_in_data"]) == (DAY - dt.timedelta(days=5), 3)


def test_equal_momentum_is_ordered_by_name():
    features = frame(row("izna", 3, 60.0, 30.0), row("KiiiKiii", 3, 60.0, 30.0))
    assert find_breakouts(features, DAY)["artist"].to_list() == ["KiiiKiii", "izna"]


def test_no_data_gives_an_empty_list_of_the_same_columns():
    assert find_breakouts(frame(), DAY).columns == BREAKOUT_COLUMNS
    assert find_breakouts(frame(row("izna", 3, 60.0, 30.0, age=1)), DAY).is_empty()
