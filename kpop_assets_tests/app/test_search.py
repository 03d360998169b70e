"""The search's queries: titles of videos, and when an act was last seen."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from app.queries.search import find_in_titles, find_last_seen, list_titles
from app.snapshot import Snapshot
from kpop_assets.contracts.bronze import VIDEOS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.settings import Settings
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows


@pytest.fixture
def lake(tmp_path: Path) -> Snapshot:
    rows = [
        (days_ago(9), "a", "IVE", "IVE 아이브 'REBEL-HEART' MV"),
        (days_ago(1), "a", "IVE", "IVE 아이브 'REBEL HEART' M/V"),
        (days_ago(2), "b", "BTS", "BTS Dynamite (Live)"),
        (days_ago(2), "c", "OTHER", "rebel heart, a cover"),
        (days_ago(200), "d", "IVE", "REBEL HEART of old"),
        (days_ago(-1), "e", "IVE", "REBEL HEART of tomorrow"),
    ]
    names = ("ingest_date", "video_id", "artist", "text")
    return write_rows(tmp_path, VIDEOS, [dict(zip(names, row, strict=True)) for row in rows])


def ids(found: pl.DataFrame) -> list[str]:
    return found.get_column("video_id").to_list()


def test_titles_are_of_acts_each_once_with_its_last_title(lake: Snapshot):
    titles = list_titles(lake, DAY)
    assert titles.select("video_id", "text").rows() == [
        ("a", "IVE 아이브 'REBEL HEART' M/V"),
        ("b", "BTS Dynamite (Live)"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rebel heart", ["a"]),
        ("HEART 아이브", ["a"]),
        ("rebelheart", ["a"]),
        ("live", ["b"]),
        ("rebel live", []),
        ("?!", []),
        ("", []),
    ],
)
def test_titles_hold_every_word(lake: Snapshot, query: str, found: list[str]):
    assert ids(find_in_titles(list_titles(lake, DAY), query, 5)) == found


def test_as_many_as_asked_for_are_found(lake: Snapshot):
    assert ids(find_in_titles(list_titles(lake, DAY), "e", 1)) == ["a"]


def test_a_lake_without_videos_has_no_titles(tmp_path: Path):
    assert list_titles(Snapshot(Settings(home=tmp_path)), DAY).is_empty()


def test_the_day_on_which_an_act_was_last_seen(tmp_path: Path):
    rows = [{"ingest_date": days_ago(n), "artist": "IVE"} for n in (50, 40, -1)]
    lake = write_rows(tmp_path, ARTIST_DAILY, rows)
    assert find_last_seen(lake, "IVE", DAY) == days_ago(40)
    assert find_last_seen(lake, "BTS", DAY) is None
