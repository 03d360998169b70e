"""An act's day against its own days before, and what its videos add."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.lens.artist_outliers import find_artist_outliers

DAY = dt.date(2026, 9, 30)
CALM = [1000, 1100, 950, 1050, 1000, 900, 1020] * 4
_VIDEOS = {
    "video_id": pl.String,
    "artist": pl.String,
    "views_per_hour": pl.Float64,
    "is_outlier": pl.Boolean,
    "is_above": pl.Boolean,
    "score": pl.Float64,
}


def acts(**gains: list[int]) -> pl.DataFrame:
    """A gain a day, the last on DAY."""
    rows = [
        (DAY - dt.timedelta(days=len(values) - 1 - i), artist, value, 0)
        for artist, values in gains.items()
        for i, value in enumerate(values)
    ]
    schema = ["ingest_date", "artist", "views_gained", "held_count"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def find(daily: pl.DataFrame, *videos: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = pl.DataFrame([{**dict.fromkeys(_VIDEOS), **one} for one in videos], schema=_VIDEOS)
    found = find_artist_outliers(
        daily,
        rows.select("video_id", "artist", "views_per_hour"),
        rows.filter(pl.col("is_outlier").is_not_null()).select(
            "video_id", "is_outlier", "is_above"
        ),
        rows.filter(pl.col("score").is_not_null()).select("video_id", "score"),
        DAY,
    )
    assert set(ARTIST_OUTLIERS.column_names) - {"ingest_date"} <= set(found.columns)
    return {row["artist"]: row for row in found.to_dicts()}


def test_a_day_far_above_an_acts_own_days_stands_out_and_one_like_them_does_not():
    found = find(acts(BTS=[*CALM, 9000], TWICE=[*CALM, 1040]))
    assert {artist: row["is_outlier"] for artist, row in found.items()} == {
        "BTS": True,
        "TWICE": False,
    }
    assert found["BTS"]["usual_views_gained"] == pytest.approx(1000)
    assert found["BTS"]["gain_ratio"] == pytest.approx(9)
    assert found["BTS"]["gain_sigmas"] > 4
    assert found["BTS"]["views_gained"] == 9000


def test_of_few_days_there_is_no_usual():
    row = find(acts(BTS=[*CALM[:13], 9000]))["BTS"]
    assert (row["usual_views_gained"], row["gain_sigmas"], row["is_outlier"]) == (None, None, False)


def test_only_the_acts_of_the_day_have_a_row_and_other_is_none():
    daily = pl.concat([acts(BTS=CALM, OTHER=CALM), acts(TWICE=CALM).head(27)])
    assert list(find(daily)) == ["BTS"]


def test_its_videos_above_the_others_are_counted_and_the_best_is_named():
    calm = {"artist": "BTS", "is_outlier": False, "is_above": True, "views_per_hour": 5.0}
    videos = [
        {**calm, "video_id": "a", "score": 10.0},
        {**calm, "video_id": "c", "score": 40.0, "is_outlier": True},
        {**calm, "video_id": "fast", "score": 2.0, "views_per_hour": 9000.0},
        {**calm, "video_id": "b", "score": 40.0, "views_per_hour": 700.0},
        {**calm, "video_id": "low", "score": 1.0, "is_outlier": True, "is_above": False},
        {"artist": "BTS", "video_id": "unknown"},
    ]
    row = find(acts(BTS=CALM), *videos)["BTS"]
    assert row["outlier_video_count"] == 1
    assert (row["best_video_id"], row["best_score"]) == ("b", 40)
    # That video's, though another is faster.
    assert row["best_views_per_hour"] == 700


def test_an_act_of_which_no_views_are_known_has_no_best_video():
    row = find(acts(BTS=CALM), {"artist": "BTS", "video_id": "unknown"})["BTS"]
    assert (row["outlier_video_count"], row["best_video_id"], row["best_score"]) == (0, None, None)
    assert find(acts(BTS=CALM))["BTS"]["outlier_video_count"] == 0
