"""Days of a range: a day alone, a range and any order give the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl
import pytest

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import FORECAST_SCORES, VIDEO_TRENDS
from kpop_assets.contracts.table import Table
from kpop_assets.lens import forecast_days
from kpop_assets.lens.forecast_days import ForecastDays
from kpop_assets_tests.lens.forecast_kit import DAY, history

# 2026-03-02 is a Monday: with a week before it, Sunday the 8th is the first that is learned up to.
DAYS = [DAY + dt.timedelta(days=n) for n in range(12)]
ROWS = history(lambda number, age: (50 + number) * 100 * age**0.6, videos=30)
TREND_COLUMNS = ("snapshot_count", "slope_per_hour", "trend_views", "r_squared", "growth_class")


def read(table: Table, day: dt.date, back: int, columns: Sequence[str] | None) -> pl.DataFrame:
    """Rows as a step gives them, which refuses what was not declared."""
    assert back <= rules.FORECAST_LOOK_BACK_DAYS
    first = day - dt.timedelta(days=back)
    rows = ROWS.filter(pl.col("ingest_date").is_between(first, day))
    if table == VIDEO_TRENDS:
        # A video that was held on a day has no trend.
        seen = rows.filter(pl.col("video_id") != "v007")
        return seen.select("ingest_date", "video_id", *TREND_COLUMNS)
    return rows.select(columns or pl.all())


def filled(days: list[dt.date]) -> dict[dt.date, tuple[pl.DataFrame, pl.DataFrame]]:
    """Forecasts and scores of days that are filled together."""
    together = ForecastDays(read)
    forecasts = {day: together.forecasts(day) for day in days}
    return {day: (rows, together.scores(day)) for day, rows in forecasts.items()}


def same(one: dict, other: dict) -> bool:
    return all(a.equals(b) for day in one for a, b in zip(one[day], other[day], strict=True))


def test_days_alone_in_any_order_are_those_of_the_range():
    whole = filled(DAYS)
    alone = {day: filled([day])[day] for day in reversed(DAYS)}
    assert same(whole, alone)


def test_the_days_of_a_week_rest_on_one_fit_and_those_of_a_young_history_on_their_own():
    fitted = {day: rows["fitted_date"].unique().item() for day, (rows, _) in filled(DAYS).items()}
    sunday = dt.date(2026, 3, 8)
    assert fitted == {day: sunday if day >= sunday else day for day in DAYS}


def test_scores_are_those_of_the_contract():
    forecasts, scores = filled(DAYS[-1:])[DAYS[-1]]
    assert set(scores.columns) == {*FORECAST_SCORES.column_names} - {"ingest_date"}
    shown = set(
        forecasts.filter(pl.col("measured_hours") == pl.col("horizon_hours"))
        .select("horizon_hours", "method")
        .rows()
    )
    assert shown == set(scores.filter("is_chosen").select("horizon_hours", "method").rows())
    # Of a week nothing is known a week later: that horizon has no score.
    assert {hours for hours, _ in shown} == {24, 72}


def test_of_many_rows_the_same_sample_is_learned_from_however_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
):
    whole = filled(DAYS[-1:])
    monkeypatch.setattr(rules, "FORECAST_SAMPLE_ROWS", 150)
    sampled = filled(DAYS[-1:])
    monkeypatch.setattr(forecast_days, "ROWS_AT_ONCE", 10)
    assert same(sampled, filled(DAYS[-1:]))
    assert not same(sampled, whole)
    # All videos are forecast, however few are learned from.
    assert sampled[DAYS[-1]][0].height == whole[DAYS[-1]][0].height == 90


def test_videos_without_a_pace_or_a_counter_have_no_row(monkeypatch: pytest.MonkeyPatch):
    hidden = pl.when(pl.col("video_id") != "v001").then(pl.col("view_count"))
    paceless = pl.when(pl.col("video_id") != "v002").then(pl.col("views_per_hour"))
    monkeypatch.setitem(
        globals(),
        "ROWS",
        ROWS.with_columns(hidden.alias("view_count"), paceless.alias("views_per_hour")),
    )
    rows, _ = filled(DAYS[-1:])[DAYS[-1]]
    assert rows["video_id"].n_unique() == 28
    assert rows.filter(pl.col("video_id") == "v007")["snapshot_count"].to_list() == [1] * 3


def test_a_day_without_rows_has_no_forecasts():
    gone = DAY - dt.timedelta(days=100)
    forecasts, scores = filled([gone])[gone]
    assert forecasts.height == scores.height == 0
