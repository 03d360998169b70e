"""The account of forecasts: sums over days by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from drills.forecasts import by_age, by_method, with_interval


def card(*rows: tuple[int, str, int, float, float | None]) -> pl.DataFrame:
    """Rows of the scorecard as (day, method, outcomes, error, coverage)."""
    return pl.DataFrame(
        [
            (dt.date(2026, 3, day), 24, method, "all", count, error, 1.0, held, held)
            for day, method, count, error, held in rows
        ],
        schema={
            "ingest_date": pl.Date,
            "horizon_hours": pl.Int32,
            "method": pl.String,
            "age_band": pl.String,
            "outcome_count": pl.Int64,
            "median_relative_error": pl.Float64,
            "mase": pl.Float64,
            "coverage_80": pl.Float64,
            "coverage_95": pl.Float64,
        },
        orient="row",
    )


CARD = card(
    *((1, "last_rate", 100, 0.4, None), (1, "chosen", 100, 0.4, None)),
    *((2, "last_rate", 300, 0.2, None), (2, "chosen", 300, 0.1, 0.9)),
    (2, "cohort", 300, 0.15, None),
)


def test_a_method_is_held_against_the_last_rate_of_the_same_days():
    found = {row["method"]: row for row in by_method(CARD).to_dicts()}
    assert found["cohort"]["gain_over_last_rate"] == pytest.approx(0.25)
    assert found["chosen"]["median_relative_error"] == pytest.approx(0.175)
    assert found["chosen"]["gain_over_last_rate"] == pytest.approx(1 - 0.175 / 0.25)
    # Of days without an interval it says nothing.
    assert found["chosen"]["coverage_80"] == pytest.approx(0.9)
    assert found["cohort"]["coverage_80"] is None


def test_days_by_which_nothing_had_been_measured_are_left_out():
    found = by_method(with_interval(CARD)).filter(pl.col("method") == "chosen").to_dicts()
    assert [(row["days"], row["gain_over_last_rate"]) for row in found] == [(1, 0.5)]


def test_a_young_age_that_misses_the_aim_is_not_hidden_by_the_old_ones():
    kept = ("ingest_date", "horizon_hours", "method")
    of_all = CARD.filter(pl.col("method") == "chosen")
    ages = pl.DataFrame(
        {
            "age_band": ["180d+", "0-1d"],
            "made_count": [1000, 40],
            "outcome_count": [900, 10],
            "median_relative_error": [0.01, 0.3],
            "coverage_80": [0.8, 0.5],
            "coverage_95": [0.95, None],
        }
    )
    card = pl.concat([of_all, of_all.select(kept).join(ages, how="cross")], how="diagonal")
    young, old = by_age(card).to_dicts()
    assert (young["age_band"], old["age_band"]) == ("0-1d", "180d+")
    assert (young["made_count"], young["outcome_count"], young["known_share"]) == (80, 20, 0.25)
    assert (young["coverage_80"], young["coverage_95"]) == (0.5, None)
    assert old["coverage_80"] == pytest.approx(0.8)
