"""A day's rows of forecasts, days of round numbers, and the record, by hand."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import (
    FORECAST_METHODS,
    FORECAST_SCORECARD,
    VIDEO_FORECASTS,
    VIDEO_MILESTONES,
)
from kpop_assets.lens.forecast_choice import Forecaster, fit_forecaster
from kpop_assets.lens.forecast_record import FORECAST_COLUMNS, score_forecast_day
from kpop_assets.lens.forecasts import forecast_videos
from kpop_assets.lens.milestone_days import next_milestones
from kpop_assets_tests.lens.forecast_kit import DAY, frame, history, noon, video

H1, H3, H7 = rules.FORECAST_HORIZONS_HOURS


def wavy(number: int, age: float) -> float:
    return (50 + number) * 100 * age**0.6 * (1 + 0.1 * math.sin(number + age))


FITTED = DAY + dt.timedelta(days=11)
FORECASTER: Forecaster = fit_forecaster(history(wavy, videos=60), FITTED)


@hypothesis_settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**10), st.floats(-1e5, 1e7), st.none() | st.floats(0, 1e4))
def test_what_is_said_never_falls_with_time_and_lies_within_its_intervals(views, pace, age):
    rows = forecast_videos(
        frame(video(views=views, views_per_hour=pace, age_hours=age)), FORECASTER
    )
    assert set(rows.columns) == set(VIDEO_FORECASTS.column_names)
    assert rows["horizon_hours"].to_list() == [H1, H3, H7]
    for name in ("low_95", "low_80", "forecast_views", "high_80", "high_95"):
        said = [views, *rows[name].to_list()]
        assert said == sorted(said), name
    for row in rows.to_dicts():
        ends = [row[n] for n in ("low_95", "low_80", "forecast_views", "high_80", "high_95")]
        assert ends == sorted(ends)
        assert row["fitted_date"] == FITTED


def test_a_method_that_is_silent_leaves_its_column_empty():
    rows = forecast_videos(frame(video(age_hours=None)), FORECASTER)
    assert rows["linear_views"].to_list() == rows["decay_views"].to_list() == [None] * 3
    assert rows["forecast_views"].null_count() == 0


def test_rows_do_not_depend_on_their_order_or_on_other_videos():
    rows = history(wavy, videos=10).filter(pl.col("ingest_date") == FITTED)
    one = forecast_videos(rows, FORECASTER)
    other = forecast_videos(rows.sample(fraction=1, shuffle=True, seed=1), FORECASTER)
    assert one.equals(other)
    alone = rows.filter(pl.col("video_id") == "v003")
    assert forecast_videos(alone, FORECASTER).equals(one.filter(pl.col("video_id") == "v003"))


def ahead(now: int, *views: tuple[int, int | None, int | None]) -> pl.DataFrame:
    """What was said of one video: forecast, lower and upper end at each horizon."""
    return pl.DataFrame(
        [
            (DAY, "a", hours, "ATEEZ", now, *said)
            for hours, said in zip((H1, H3, H7), views, strict=True)
        ],
        schema={
            "ingest_date": pl.Date,
            "video_id": pl.String,
            "horizon_hours": pl.Int32,
            "artist": pl.String,
            "view_count": pl.Int64,
            "forecast_views": pl.Int64,
            "low_80": pl.Int64,
            "high_80": pl.Int64,
        },
        orient="row",
    )


def days_of(rows: pl.DataFrame) -> tuple[float, ...] | None:
    found = next_milestones(rows)
    assert set(found.columns) == set(VIDEO_MILESTONES.column_names)
    names = ("milestone_views", "milestone_days", "milestone_days_low", "milestone_days_high")
    return found.select(names).rows()[0] if found.height else None


def test_a_round_number_is_reached_between_horizons_and_behind_the_last():
    quick = ahead(900_000, (1_100_000, 950_000, 1_400_000), *[(1_200_000, 970_000, 1_500_000)] * 2)
    # 100,000 of 200,000 a day; at most 500,000 a day; at least 10,000 a day, then none.
    assert days_of(quick) == pytest.approx((10**6, 0.5, 0.2, None), nan_ok=True)
    steady = ahead(
        500_000,
        (550_000, 540_000, 560_000),
        (650_000, 620_000, 680_000),
        (850_000, 780_000, 920_000),
    )
    assert days_of(steady) == pytest.approx((10**6, 10, 7 + 80 / 60, 7 + 220 / 40))


def test_behind_the_horizons_a_pace_goes_on_falling():
    # Views a day: 10,000 over days from now.
    views = 980_000 + 4 * 10_000 / 5
    said = ahead(960_000, *[(n, n, n) for n in (970_000, 980_000, round(views))])
    day = 7
    while views + 10_000 / (day + 0.5) < 1_000_000:
        views += 10_000 / (day + 0.5)
        day += 1
    reached = day + (1_000_000 - views) * (day + 0.5) / 10_000
    assert days_of(said) == pytest.approx((10**6, *[reached] * 3))
    # At the last stretch's pace it were six days later than those.
    assert reached > 7 + 6


def test_days_are_unknown_where_intervals_are_and_never_cross():
    unsure = ahead(900_000, *[(1_000_000, None, None)] * 3)
    assert days_of(unsure) == (10**6, 1, None, None)
    # The upper curve is flat behind the horizons: the number is reached no later than forecast.
    flat = ahead(
        900_000,
        (910_000, 905_000, 990_000),
        (930_000, 906_000, 990_000),
        (970_000, 907_000, 990_000),
    )
    assert days_of(flat) == pytest.approx((10**6, 10, 10, None), nan_ok=True)


@pytest.mark.parametrize("now", [10**9, 2 * 10**9])
def test_behind_the_last_round_number_there_is_none(now):
    assert days_of(ahead(now, *[(now * 2, now, now * 3)] * 3)) is None


def test_what_is_not_reached_in_a_month_or_has_no_rows_is_no_milestone():
    assert days_of(ahead(0, (1000, 0, 2000), (3000, 0, 6000), (7000, 0, 14000))) is None
    assert next_milestones(ahead(0, *[(0, 0, 0)] * 3).head(0)).height == 0


def forecast_row(video_id: str, band: str, **views: int | None) -> dict:
    said = {f"{name}_views": None for name in FORECAST_METHODS} | {"last_rate_views": 1240}
    known = {"low_80": 1100, "high_80": 1300, "low_95": 1050, "high_95": 1400}
    return {
        "ingest_date": DAY - dt.timedelta(days=1),
        "video_id": video_id,
        "horizon_hours": 24,
        "age_band": band,
        "observed_at": noon(DAY - dt.timedelta(days=1)),
        "view_count": 1000,
        **said,
        "forecast_views": 1240,
        **known,
        **views,
    }


def record(*forecasts: dict, came: dict[str, int], late_hours: float = 0) -> list[dict]:
    at = noon(DAY) + dt.timedelta(hours=late_hours)
    outcomes = [{"video_id": v, "observed_at": at, "view_count": n} for v, n in came.items()]
    made = pl.DataFrame(list(forecasts), infer_schema_length=None)
    rows = score_forecast_day(
        lambda day: made.filter(pl.col("ingest_date") == day).select(FORECAST_COLUMNS),
        pl.DataFrame(outcomes),
        DAY,
    )
    assert set(rows.columns) == {*FORECAST_SCORECARD.column_names} - {"ingest_date"}
    return rows.to_dicts()


def test_the_order_of_rows_changes_no_digit_of_the_record():
    # Of many sizes and no whole numbers, as what comes an hour late is not: sums round.
    views = {f"v{n}": 1000 + int(1.013**n) for n in range(1500)}
    made = [forecast_row(name, "0-1d", boosted_views=n * 3 // 2) for name, n in views.items()]
    straight = record(*made, came=views, late_hours=1)
    turned = record(*made[::-1], came=dict(reversed(views.items())), late_hours=1)
    assert straight == turned


def test_the_record_counts_what_was_made_and_scores_what_came():
    rows = record(
        forecast_row("a", "0-1d", boosted_views=1200),
        forecast_row("b", "3-7d"),
        forecast_row("gone", "3-7d"),
        came={"a": 1200, "b": 1500},
    )
    found = {(row["method"], row["age_band"]): row for row in rows}
    assert set(found) == {
        *(("last_rate", band) for band in ("all", "0-1d", "3-7d")),
        *(("chosen", band) for band in ("all", "0-1d", "3-7d")),
        *(("boosted", band) for band in ("all", "0-1d")),
    }
    everything = found["chosen", "all"]
    assert (everything["made_count"], everything["outcome_count"]) == (3, 2)
    errors = [40 / 1200, 260 / 1500]
    assert everything["median_relative_error"] == pytest.approx(np.mean(errors))
    assert everything["mase"] == pytest.approx(300 / 480)
    assert (everything["coverage_80"], everything["coverage_95"]) == (0.5, 0.5)
    # Where the trees said nothing the last rate stands in.
    boosted = found["boosted", "all"]
    assert boosted["own_count"] == 1
    assert boosted["median_relative_error"] == pytest.approx((0 + 260 / 1500) / 2)
    assert boosted["coverage_80"] is None


def test_what_is_seen_a_little_late_is_taken_back_to_the_horizon_and_much_later_not_at_all():
    made = forecast_row("a", "0-1d")
    late = record(made, came={"a": 1300}, late_hours=6)
    # 300 in 30 hours are 240 in 24: as was said.
    assert {row["median_relative_error"] for row in late} == {0}
    assert record(made, came={"a": 1300}, late_hours=6.1) == []
