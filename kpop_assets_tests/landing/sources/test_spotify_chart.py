"""The daily Spotify chart."""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.spotify_chart import SpotifyChart, parse_number, track_id

ROW = {
    "file_date": "2025-06-11",
    "pos": "3",
    "artist_and_title": "Jung Kook - Seven (w/ Latto) - Remix",
    "days": "697",
    "streams": "51,835",
    "streams_change": "+3,368",
    "total": "50,577,378",
    "country": "kr",
}
NOON = 1_749_610_800_000


def read(tmp_path: Path, *rows: dict[str, str]) -> tuple[list, Repairs]:
    path = tmp_path / "kr_daily_top50.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROW))
        writer.writeheader()
        writer.writerows(rows)
    repairs: Repairs = Counter()
    return list(SpotifyChart().read(path, repairs)), repairs


def test_a_row_becomes_a_record(tmp_path: Path):
    (record,), repairs = read(tmp_path, ROW)
    assert record.day == dt.date(2025, 6, 11)
    assert record.epoch_ms == NOON
    assert record.record == {
        "video_id": "spotify:" + track_id(ROW["artist_and_title"])[8:],
        "text": "Jung Kook - Seven (w/ Latto) - Remix",
        "ts": NOON,
        "source": "spotify_chart",
        "author_name": "Jung Kook",
        "observed_at": NOON,
        "view_count": 50577378,
        "region": "KR",
    }
    assert not repairs


def test_a_track_id_lasts():
    """Ids are joined over days, so this value must never change."""
    assert track_id("Jin - Don’t Say You Love Me") == "spotify:c927a9c0251f62f8"
    korean = "데이먼스 이어 Damons year - yours"
    assert track_id(unicodedata.normalize("NFD", korean)) == track_id(korean)
    assert track_id("Jin - Who") != track_id("Jimin - Who")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,774,123", 1774123), ("+2,523", 2523), ("-86,842", -86842), ("7", 7), ("1234567", 1234567)],
)
def test_numbers(text: str, expected: int):
    assert parse_number(text) == expected


@pytest.mark.parametrize("text", ["", "-", "n/a", "NaN", "-1", None])
def test_what_stands_for_no_number_is_none(text: str | None):
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["1,23", "12,345,6", "1.5", "=", "１"])
def test_what_is_no_number_comes_back(text: str | None):
    assert parse_number(text) == text


@given(st.integers(-(10**15), 10**15))
def test_any_number_with_separators(number: int):
    assert parse_number(f"{number:+,}") == parse_number(f"{number:,}") == number


def test_a_number_that_cannot_be_read_goes_on_as_it_came(tmp_path: Path):
    (record,), _ = read(tmp_path, ROW | {"total": "1,23"})
    assert record.record["view_count"] == "1,23"


def test_a_repeated_page_is_kept_and_counted(tmp_path: Path):
    next_day = {"file_date": "2025-06-12"}
    rows = [ROW, ROW | next_day, ROW | {"file_date": "2025-06-13", "total": "50,600,000"}]
    records, repairs = read(tmp_path, *rows)
    assert [r.day.day for r in records] == [11, 12, 13]
    assert repairs == {"page_repeats_day_before_kept": 1, "row_of_repeated_page_kept": 1}


def test_a_row_without_usable_date_goes_with_the_row_before(tmp_path: Path):
    bad = [ROW | {"file_date": d, "total": d} for d in ("06/12/2025", "1970-01-01", "9999-99-99")]
    records, repairs = read(tmp_path, ROW, *bad)
    assert {r.day for r in records} == {dt.date(2025, 6, 11)}
    assert [r.record["observed_at"] for r in records[1:]] == [
        "06/12/2025",
        10_800_000,
        "9999-99-99",
    ]
    assert repairs == {"day_unreadable_set_aside": 3}


def test_a_row_without_artist_or_name_is_passed_on(tmp_path: Path):
    no_artist, empty = ROW | {"artist_and_title": "Untitled"}, ROW | {"artist_and_title": ""}
    records, repairs = read(tmp_path, no_artist, empty)
    assert "author_name" not in records[0].record
    assert "video_id" not in records[1].record
    assert repairs == {"no_artist_in_artist_and_title": 2, "track_without_label_set_aside": 1}


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("artist_and_title", "column artist_and_title is missing"),
        ("total", "column total is missing"),
        ("file_date", "layout totals has no column of days, and its name has no day"),
    ],
)
def test_a_missing_column_is_one_clear_line(tmp_path: Path, column: str, told: str):
    path = tmp_path / "kr_daily_top50.csv"
    path.write_text(",".join(name for name in ROW if name != column) + "\n")
    with pytest.raises(LandingError, match=told) as info:
        list(SpotifyChart().read(path, Counter()))
    assert "\n" not in str(info.value)


def test_a_derived_file_beside_the_chart_is_left_out(tmp_path: Path):
    read(tmp_path, ROW)
    (tmp_path / "kr_artist_daily.csv").write_text("file_date,artist,streams\n2025-06-11,Jin,1\n")
    assert [p.name for p in SpotifyChart().sources_in(tmp_path)] == ["kr_daily_top50.csv"]
