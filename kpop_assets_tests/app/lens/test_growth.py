"""The page of growth: which videos are offered, the fan, the methods, the next round number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.messages.catalogue import LANGUAGES, load_messages, plain
from app.queries.lens import growth
from app.snapshot import Snapshot
from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import (
    FORECAST_METHODS,
    FORECAST_SCORES,
    VIDEO_FORECASTS,
    VIDEO_MILESTONES,
)
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, write_rows
from kpop_assets_tests.app.lens.lens_lake import VIDEOS, ranked

HORIZONS = rules.FORECAST_HORIZONS_HOURS


def forecast(name: str, hours: int, pace: int, **more: Any) -> dict[str, Any]:
    artist, views, *_ = VIDEOS[name]
    ahead = views + pace * hours
    return {
        **{"ingest_date": DAY, "video_id": name, "artist": artist, "view_count": views},
        **{"horizon_hours": hours, "forecast_views": ahead, "boosted_views": ahead},
        **{"low_80": ahead - hours, "high_80": ahead + hours, "method": "boosted"},
        **{"low_95": ahead - 2 * hours, "high_95": ahead + 2 * hours, "snapshot_count": 2},
        **more,
    }


def write_forecasts(home: Path, **more: Any) -> Snapshot:
    ranked(home)
    paces = {"aaaaaaaaaaa": 100, "bbbbbbbbbbb": 300, "ccccccccccc": 900}
    rows = [forecast(name, h, pace, **more) for name, pace in paces.items() for h in HORIZONS]
    return write_rows(home, VIDEO_FORECASTS, rows)


def test_those_that_are_to_gain_most_are_offered_first(tmp_path: Path):
    lake = write_forecasts(tmp_path)
    found = growth.list_forecast_videos(lake, DAY, None)
    assert found.get_column("video_id").str.head(1).to_list() == ["b", "a"]
    # A link may ask for a video of no act.
    asked = growth.list_forecast_videos(lake, DAY, "ccccccccccc")
    assert asked.get_column("video_id").str.head(1).to_list() == ["b", "a", "c"]
    assert growth.list_forecast_videos(lake, DAY, "nothing").height == 2


def test_the_fan_opens_at_the_last_observation(tmp_path: Path):
    lake = write_forecasts(tmp_path)
    seen = growth.read_observations(lake, "aaaaaaaaaaa", DAY)
    assert seen.row(0) == (dt.datetime.combine(DAY, dt.time(12)), 9_000_000), "clocks of Seoul"
    fan = growth.fan_of(growth.read_forecasts(lake, "aaaaaaaaaaa", DAY), seen)
    bounds = ["low_95", "low_80", "forecast_views", "high_80", "high_95"]
    assert fan.select(bounds).row(0) == (9_000_000,) * 5
    hours = (fan.get_column("seoul_time") - fan.item(0, "seoul_time")).dt.total_hours()
    assert hours.to_list() == [0, *HORIZONS]
    for row in fan.select(bounds).iter_rows():
        assert list(row) == sorted(row)


def test_methods_are_told_with_their_record_the_chosen_first(tmp_path: Path):
    lake = write_forecasts(tmp_path, last_rate_views=9_000_001)
    score = {"ingest_date": DAY, "horizon_hours": 24, "method": "last_rate"}
    write_rows(tmp_path, FORECAST_SCORES, [{**score, "median_relative_error": 0.07}])
    lake = Snapshot(lake.settings)
    forecasts = growth.read_forecasts(lake, "aaaaaaaaaaa", DAY)
    found = growth.compare_methods(forecasts, growth.read_scores(lake, DAY))
    assert found.height == len(FORECAST_METHODS) * len(HORIZONS)
    day = found.filter(pl.col("horizon_hours") == 24)
    assert day.row(0, named=True)["method"] == "boosted"
    assert day.filter(pl.col("is_chosen")).height == 1
    (last,) = day.filter(pl.col("method") == "last_rate").to_dicts()
    assert (last["method_views"], last["median_relative_error"]) == (9_000_001, 0.07)


def test_every_method_and_class_has_its_words():
    known = load_messages()
    assert all(f"growth.method_{name}" in known for name in FORECAST_METHODS)
    classes = (*rules.GROWTH_CLASSES, rules.LOWEST_GROWTH_CLASS)
    assert all(f"growth.class_{name}" in known for name in classes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_forecast_range_and_next_milestone(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_forecasts(tmp_path)
    mark = {"milestone_views": 10_000_000, "milestone_days": 3.0, "milestone_days_low": 1.0}
    key = {"ingest_date": DAY, "video_id": "aaaaaaaaaaa", "artist": "IVE"}
    write_rows(tmp_path, VIDEO_MILESTONES, [{**key, **mark, "milestone_days_high": None}])
    page = open_page(tmp_path, "growth", lang, video="aaaaaaaaaaa")
    shown = {metric.label: (metric.value, metric.delta) for metric in page.metric}
    low = "24 h" if lang == "en" else "24시간"
    views = "10M" if lang == "en" else "1,000만"
    days = "3 d" if lang == "en" else "3일"
    assert shown[plain(lang, "growth.milestone")] == (
        plain(lang, "growth.milestone_in", mark=views, days=days),
        plain(lang, "growth.milestone_from", low=low),
    )
    assert len(shown) == len(HORIZONS) + 2
    assert page.get("vega_lite_chart")
    links = " ".join(text.value for text in page.markdown)
    assert "watch?v=aaaaaaaaaaa" in links and "artist=IVE" in links


def test_a_video_without_a_forecast_is_said_and_its_address_stays(
    tmp_path: Path, open_page: OpenPage
):
    write_forecasts(tmp_path)
    page = open_page(tmp_path, "growth", video="unknownvide")
    assert len(page.info) == 1
    assert "unknownvide" in page.query_params["video"]
    assert not page.metric
