"""Outliers that are news: once on the day a video comes to stand out, for viewer and notices."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.insights.outlier_news import (
    NEWS_COLUMNS,
    OUTLIER_QUIET_DAYS,
    find_outlier_news,
)

DAY = dt.date(2026, 3, 10)


def told(*days: int, **more: Any) -> list[int]:
    """On which days, counted from `DAY`, a video that stands out on some is news."""
    known = {"video_id": "a", "artist": "IVE", "outlier_score": 2.5, "reason": None}
    flags = {"is_outlier": True, "is_above": True}
    rows = [{"ingest_date": DAY + dt.timedelta(days=day), **known, **flags, **more} for day in days]
    frame = pl.DataFrame(rows, schema_overrides={"reason": pl.String})
    found = find_outlier_news(frame.select(NEWS_COLUMNS))
    return [(day - DAY).days for day in found.get_column("event_date")]


def test_it_is_news_on_the_first_day_and_after_a_quiet_week_alone():
    assert told(0, 1, 2, 2 + OUTLIER_QUIET_DAYS) == [0]
    assert told(0, 1 + OUTLIER_QUIET_DAYS) == [0, 1 + OUTLIER_QUIET_DAYS]


@pytest.mark.parametrize("other", [{"artist": OTHER}, {"is_outlier": False}, {"is_above": False}])
def test_what_falls_behind_and_what_is_of_no_act_is_no_news(other: dict[str, Any]):
    assert told(0, **other) == []


def test_each_video_has_its_own_quiet_days():
    assert told(0, 1) == [0]
    rows = {"ingest_date": [DAY, DAY], "video_id": ["b", "a"], "artist": ["BTS", "IVE"]}
    flags = {"outlier_score": [2.5, 3.0], "is_outlier": [True] * 2, "is_above": [True] * 2}
    frame = pl.DataFrame({**rows, **flags, "reason": ["engagement", None]}).select(NEWS_COLUMNS)
    assert find_outlier_news(frame).get_column("video_id").to_list() == ["b", "a"], "by act"
