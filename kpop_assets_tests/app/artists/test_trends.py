"""The trends page: classes, movers and the videos behind them."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from pathlib import Path

import polars as pl
import pytest

from app.charts.artists.trends import BOUND, trend_scatter, within_bounds
from app.queries.artists.trends import CLASSES, find_movers, list_trends
from app.queries.videos import find_driving_videos, find_fading_videos
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import artist_names, write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 3, 20)


def grown(artist: str, growth: float | None, momentum: float | None = None) -> dict:
    return {
        "ingest_date": DAY,
        "artist": artist,
        "tier": 4,
        "total_engagement": 10,
        "growth_rate_7d": growth,
        "growth_rate_30d": None if momentum is None or growth is None else growth - momentum,
        "momentum": momentum,
    }


def gained(artist: str, video: str, days_ago: int, points: int) -> dict:
    day = DAY - dt.timedelta(days=days_ago)
    return {"ingest_date": day, "artist": artist, "video_id": video, "engagement": points}


def test_classes_are_those_of_the_day_and_unknown_without_inputs(tmp_path: Path):
    inputs = [
        {"ingest_date": DAY, "artist": "up", "trend": 0.5, "trend_change": 0.5},
        {"ingest_date": DAY, "artist": "down", "trend": -0.5, "trend_change": None},
        {"ingest_date": DAY, "artist": "young", "trend": None, "trend_change": None},
        {"ingest_date": DAY - dt.timedelta(days=1), "artist": "young", "trend": 9.0},
    ]
    features = [grown(artist, 1.0, 0.0) for artist in ("up", "down", "young", "new")]
    lake = write_rows(tmp_path, ARTIST_FEATURES, features)
    found = list_trends(lake, DAY)
    assert found.get_column("trend_class").to_list() == ["unknown"] * 4
    found = list_trends(write_rows(tmp_path, ARTIST_INPUTS, inputs), DAY)
    classes = dict(found.select("artist", "trend_class").rows())
    assert classes == {"up": "surging", "down": "shrinking", "young": "unknown", "new": "unknown"}
    ratios = dict(found.select("artist", "trend_ratio").rows())
    assert ratios["up"] == pytest.approx(math.exp(0.5)) and ratios["young"] is None


def test_movers_are_five_a_side_and_leave_out_who_did_not_move(tmp_path: Path):
    growth = {"a": 1e8, "b": 70.0, "c": 6.0, "d": 5.0, "e": 4.0, "f": 0.1, "still": 0.0}
    falls = {"y": -3.0, "z": -100.0}
    rows = [grown(*pair) for pair in {**growth, **falls, "young": None}.items()]
    trends = list_trends(write_rows(tmp_path, ARTIST_FEATURES, rows), DAY)
    assert find_movers(trends, up=True).get_column("artist").to_list() == list("abcde")
    assert find_movers(trends, up=False).get_column("artist").to_list() == ["z", "y"]


def test_fading_video_lost_most_against_the_week_before(tmp_path: Path):
    rows = [
        gained("A", "old hit", 13, 100),
        gained("A", "old hit", 7, 50),
        gained("A", "old hit", 6, 20),
        gained("A", "second", 8, 90),
        gained("A", "new", 0, 500),
        # Before the two weeks.
        gained("A", "ancient", 14, 10_000),
        gained("B", "grows", 10, 1),
        gained("B", "grows", 1, 2),
        gained("C", "not asked for", 10, 9),
    ]
    write_rows(tmp_path, VIDEO_DAILY, rows)
    seen = {"ingest_date": DAY - dt.timedelta(days=9), "video_id": "old hit", "text": "Hit"}
    lake = write_rows(tmp_path, EVENTS, [seen])
    found = find_fading_videos(lake, DAY, ("A", "B"))
    assert found.rows() == [("A", "Hit", "old hit", 130)]
    assert find_driving_videos(lake, DAY).rows()[0] == ("A", None, "new", 500)


def test_fading_videos_agree_with_plain_python(full):
    losses: dict[tuple[str, str], int] = defaultdict(int)
    columns = ["ingest_date", "artist", "video_id", "engagement"]
    for day, artist, video, points in full.read(VIDEO_DAILY, columns=columns).rows():
        age = (END - day).days
        if age < 14:
            losses[artist, video] += points if age >= 7 else -points
    artists = tuple(list_trends(full, END).get_column("artist"))
    found = find_fading_videos(full, END, artists)
    assert found.height > 5
    best = {a: max(v for (own, _), v in losses.items() if own == a) for a in artists}
    expected = {artist: loss for artist, loss in best.items() if loss > 0}
    assert dict(found.select("artist", "fading_video_loss").rows()) == expected


def test_who_lies_beyond_the_chart_is_not_drawn_however_far(tmp_path: Path):
    trends = {
        "at the edge": (BOUND, 0.0),
        "far": (19.0, 0.0),
        "turned": (0.0, -1.4),
        "new": (0, None),
    }
    rows = pl.DataFrame(
        [(artist, *values, 1.0, 1.0, 2.0, "steady") for artist, values in trends.items()],
        [
            *("artist", "trend", "trend_change", "growth_rate_7d", "growth_rate_30d"),
            *("trend_ratio", "trend_class"),
        ],
        orient="row",
    )
    inside = within_bounds(rows)
    assert rows.filter(inside).get_column("artist").to_list() == ["at the edge", "new"]
    titles, names = {name: name for name in rows.columns}, {name: name for name in CLASSES}
    spec = trend_scatter(rows.filter(inside), titles, names).to_dict()
    points = spec["layer"][2]["encoding"]
    assert points["x"]["scale"]["domain"] == points["y"]["scale"]["domain"] == [-BOUND, BOUND]
    assert len(points["x"]["axis"]["values"]) == 5


def test_page_counts_classes_shows_movers_and_names_who_is_beyond(
    tmp_path: Path, open_page: OpenPage
):
    known = {"a": (0.3, 0.3), "b": (-0.3, 0.0), "c": (0.0, 0.0), "d": (0.3, -0.3), "e": (3.0, 0.0)}
    growth = {"a": 900.0, "b": -50.0, "c": 0.0, "d": 0.0, "e": 0.0, "young": None}
    rows = [grown(artist, value, 0.0) for artist, value in growth.items()]
    trends = [
        {"ingest_date": DAY, "artist": artist, "trend": trend, "trend_change": change}
        for artist, (trend, change) in known.items()
    ]
    write_rows(tmp_path, ARTIST_INPUTS, trends)
    write_rows(tmp_path, VIDEO_DAILY, [gained("a", "x", 1, 9), gained("b", "y", 9, 9)])
    write_rows(tmp_path, EVENTS, [{"ingest_date": DAY, "video_id": "x", "text": "=Title<b>"}])
    lake = write_rows(tmp_path, ARTIST_FEATURES, rows)
    for lang in ("en", "ko"):
        page = open_page(tmp_path, "board", lang, tab="growth")
        assert [metric.value for metric in page.metric] == ["1"] * len(CLASSES)
        tables = [table.value for table in page.dataframe]
        assert list(tables[1]["driving_video_title"]) == ["=Title<b>"]
        assert list(tables[2]["fading_video_loss"]) == [9]
        assert len(page.get("vega_lite_chart")) == 1
        assert any("e × 20" in caption.value for caption in page.caption)
    classes = Counter(list_trends(lake, DAY).get_column("trend_class"))
    assert classes == dict.fromkeys(CLASSES, 1)


def test_page_of_a_young_lake_says_what_is_missing(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [grown("young", None)])
    page = open_page(tmp_path, "board", tab="growth")
    told = " ".join(info.value for info in page.info)
    assert "14 days of data" in told
    assert "14 days with new data" in told
    assert len(page.dataframe) == 1


def test_page_keeps_movers_without_videos(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [grown("a", 3.0)])
    page = open_page(tmp_path, "board", tab="growth")
    assert page.dataframe[0].value["driving_video_title"].isna().all()
    assert "Nobody shrank against the 7 days before." in [text.value for text in page.markdown]
    assert artist_names(page.dataframe[0].value["artist"]) == ["a"]
