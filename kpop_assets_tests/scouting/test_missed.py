"""`kpop unknown`: a week of names, without those that are known by now."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.cli import scout
from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.scouting.missed import read_missed
from kpop_assets_tests.scouting.kit import DAY, write_table


def name(days_ago: int, author: str, points: int, **more: Any) -> dict[str, Any]:
    return {
        "ingest_date": DAY - dt.timedelta(days=days_ago),
        "source": "youtube",
        "author_name": author,
        "author_id": None,
        "kind": "topic",
        "grounds": "korean",
        "engagement": points,
        "video_count": 1,
        "text": f"{author} {points}",
        **more,
    }


@pytest.fixture
def lake(tmp_path: Path) -> LakeReader:
    rows = [
        name(0, "가나다 - Topic", 10),
        name(2, "가나다 - Topic", 30, video_count=4, grounds="company"),
        name(7, "가나다 - Topic", 500),
        name(1, "NewJeans - Topic", 900),
        name(1, "Taylor Swift", 800, kind="chart_label", grounds="chart"),
        name(3, "라마바 - Topic", 5),
    ]
    write_table(tmp_path / "lake", UNKNOWN, rows)
    return LakeReader(tmp_path / "lake")


def test_a_week_is_summed_and_known_names_are_left_out(lake: LakeReader):
    found = read_missed(lake, load_catalog(), None)
    assert found.day == DAY
    columns = ["author_name", "engagement", "video_count", "grounds", "text"]
    assert found.rows.select(columns).rows() == [
        ("가나다 - Topic", 40, 4, "company", "가나다 - Topic 30"),
        ("라마바 - Topic", 5, 1, "korean", "라마바 - Topic 5"),
        ("Taylor Swift", 800, 1, "chart", "Taylor Swift 800"),
    ]


def test_an_act_that_a_home_added_is_known(lake: LakeReader, tmp_path: Path):
    overlay_path(tmp_path).write_text('{"do": "add", "artist": "가나다", "kind": "group"}')
    found = read_missed(lake, load_catalog(overlay=overlay_path(tmp_path)), DAY)
    assert found.rows.get_column("author_name").to_list() == ["라마바 - Topic", "Taylor Swift"]


def test_a_week_without_a_name_says_so(lake: LakeReader):
    with pytest.raises(MissingTableError, match="names nobody in the week that ends on 2026-01-01"):
        read_missed(lake, load_catalog(), dt.date(2026, 1, 1))


def test_what_is_printed(lake: LakeReader, capsys: pytest.CaptureFixture[str]):
    scout.print_missed(read_missed(lake, load_catalog(), None), 20)
    shown = capsys.readouterr().out
    for text in ("가나다 - Topic", "40", "company", "chart label", "week to 2026-11-20"):
        assert text in shown
