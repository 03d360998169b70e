"""The ranking page and its query."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app.queries.artists.ranking import list_ranking
from app.queries.videos import find_driving_videos
from app.snapshot import Snapshot
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago, write_rows
from kpop_assets_tests.demo import END


def row(days: int, artist: str, **more: Any) -> dict[str, Any]:
    return {"ingest_date": days_ago(days), "artist": artist, **more}


@pytest.fixture
def lake(tmp_path: Path) -> Snapshot:
    """IVE, aespa: groups of generation 4; BTS of 3. ABC left the catalogue."""
    now = [("IVE", 300), ("BTS", 200), ("aespa", 100), ("ABC", 0)]
    rows = [row(0, a, rank=n, total_engagement=s) for n, (a, s) in enumerate(now, start=1)]
    before = [row(7, "aespa", rank=1), row(7, "IVE", rank=4), row(8, "BTS", rank=9)]
    write_rows(tmp_path, ARTIST_FEATURES, [*rows, *before])
    daily = [
        row(28, "IVE", engagement=1_000),
        row(27, "IVE", engagement=10),
        row(2, "BTS", engagement=20),
        row(2, OTHER, engagement=5),
        row(0, "IVE", engagement=30),
        row(-1, "IVE", engagement=1_000),
    ]
    return write_rows(tmp_path, ARTIST_DAILY, daily)


def by_artist(ranked: pl.DataFrame, column: str) -> dict[str, Any]:
    return dict(ranked.select("artist", column).iter_rows())


def test_places_won_since_7_days_before(lake: Snapshot):
    changes = by_artist(list_ranking(lake, DAY), "rank_change")
    assert changes == {"IVE": 3, "BTS": None, "aespa": -2, "ABC": None}


def test_an_act_that_was_renamed_is_one(tmp_path: Path):
    write_rows(tmp_path, ARTIST_FEATURES, [row(0, "GIRLSET", rank=2), row(7, "VCHA", rank=5)])
    daily = [row(2, "VCHA", engagement=7), row(1, "VCHA", engagement=7)]
    daily += [row(0, "GIRLSET", engagement=8)]
    ranked = list_ranking(write_rows(tmp_path, ARTIST_DAILY, daily), DAY)
    assert by_artist(ranked, "rank_change") == {"GIRLSET": 3}
    assert by_artist(ranked, "daily_28d")["GIRLSET"][-2:] == [7, 8]


def test_cohort_is_the_same_generation_and_kind(lake: Snapshot):
    ratios = by_artist(list_ranking(lake, DAY), "cohort_ratio")
    # Of IVE and aespa the mean is 200; nobody stands beside BTS. A mean of 0 compares nothing.
    assert ratios == {"IVE": 1.5, "BTS": 1.0, "aespa": 0.5, "ABC": None}


def test_a_sparkline_has_28_days_with_gaps_and_zeros_where_a_ranked_artist_was_not_seen(
    lake: Snapshot,
):
    """Day 27 repeats 28, 2 and 0 are new; those between are gaps, whose gains are spread."""
    daily = by_artist(list_ranking(lake, DAY), "daily_28d")
    assert {name: len(days) for name, days in daily.items()} == dict.fromkeys(daily, 28)
    shown = {name: [value for value in days if value is not None] for name, days in daily.items()}
    assert shown == {
        "IVE": [pytest.approx(10 / 26), 15],
        "BTS": [pytest.approx(20 / 26), 0],
        "aespa": [0, 0],
        "ABC": [0, 0],
    }


def test_without_videos_or_titles_they_are_unknown(lake: Snapshot, tmp_path: Path):
    ranked = list_ranking(lake, DAY)
    assert ranked.get_column("driving_video_id").null_count() == ranked.height == 4
    videos = write_rows(tmp_path, VIDEO_DAILY, [row(0, "IVE", video_id="x", engagement=9)])
    ranked = list_ranking(videos, DAY)
    columns = ["driving_video_id", "driving_video_gain", "driving_video_title"]
    assert ranked.select(columns).row(0) == ("x", 9, None)


def test_the_driving_video_gained_most_in_7_days(tmp_path: Path):
    rows = [
        row(7, "IVE", video_id="past", engagement=500),
        row(6, "IVE", video_id="steady", engagement=40),
        row(0, "IVE", video_id="steady", engagement=40),
        row(0, "IVE", video_id="burst", engagement=70),
        row(-1, "IVE", video_id="burst", engagement=70),
        row(1, "BTS", video_id="b", engagement=5),
        row(1, "BTS", video_id="a", engagement=5),
        row(1, "aespa", video_id="nothing", engagement=0),
        row(1, OTHER, video_id="other", engagement=900),
    ]
    write_rows(tmp_path, VIDEO_DAILY, rows)
    titles = [("steady", 2, "Last"), ("steady", 6, "Past"), ("steady", -1, "Next"), ("a", 9, "Old")]
    events = [
        {
            "ingest_date": days_ago(days),
            "observed_at": dt.datetime.combine(days_ago(days), dt.time(1), dt.UTC),
            "video_id": video_id,
            "text": text,
        }
        for video_id, days, text in titles
    ]
    lake = write_rows(tmp_path, EVENTS, events)
    found = find_driving_videos(lake, DAY)
    assert found.columns == [
        "artist",
        "driving_video_title",
        "driving_video_id",
        "driving_video_gain",
    ]
    assert found.rows() == [("BTS", None, "a", 5), ("IVE", "Last", "steady", 80)]


def listed(page: AppTest) -> list[str]:
    """The acts of the board."""
    return [row["key"] for row in boards(page)[0]["rows"]]


def test_filters_and_top(full_home: Path, full: Snapshot, open_page: OpenPage):
    ranked = list_ranking(full, END)
    page = open_page(full_home, "board")
    assert len(listed(page)) == min(ranked.height, 50)
    agency = ranked.get_column("agency").drop_nulls()[0]
    page.multiselect[0].set_value([agency]).run()
    assert not page.exception
    mine = ranked.filter(pl.col("agency") == agency)
    assert listed(page) == mine.get_column("artist").to_list()
    page.multiselect[0].set_value([]).run()
    page.multiselect[2].set_value(["group"]).run()
    page.multiselect[3].set_value([2, 4]).run()
    mine = ranked.filter(pl.col("kind") == "group", pl.col("tier").is_in([2, 4]))
    assert 50 > mine.height > 0
    assert listed(page) == mine.get_column("artist").to_list()
    page.multiselect[2].set_value([]).run()
    page.multiselect[3].set_value([]).run()
    top = next(box for box in page.selectbox if box.value == 50)
    top.set_value(20).run()
    first = ranked.head(20).get_column("artist").to_list()
    assert ranked.height > 20 and listed(page) == first


def test_the_page_in_korean(full_home: Path, open_page: OpenPage):
    assert open_page(full_home, "board", "ko").title[0].value == "차트보드"
