"""Whole files as people have them (`../shared/data/bugcases`): read and counted, or refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.inbox import sort_inbox

CASES = Path(__file__).parents[3].parent / "shared" / "data" / "bugcases"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not CASES.exists(), reason="no ../shared/data beside this checkout"),
]
TRENDING, POPULAR, CHART = "youtube-trending", "youtube-popular", "spotify-chart"
KR_FILE = "KR_youtube_trending_data.csv"
EVENTS = "events_1762225200.ndjson"


@pytest.mark.parametrize(
    ("folder", "format", "name", "line_count", "repairs"),
    [
        ("01-trending-other-country", TRENDING, "in", 6, {}),
        (
            "02-trending-2017-layout",
            TRENDING,
            "KRvideos.csv",
            3,
            {"video_error_or_removed_left_out": 1},
        ),
        ("03-trending-excel-ids", TRENDING, KR_FILE, 7, {"video_id_is_no_id_set_aside": 5}),
        ("04-trending-cp949", TRENDING, KR_FILE, 3, {"row_read_as_cp949": 2}),
        (
            "06-trending-open-quote-bare-cr",
            TRENDING,
            KR_FILE,
            7,
            {"quote_out_of_order_read_by_line": 1, "bare_cr_inside_row_kept": 1},
        ),
        (
            "07-trending-duplicates-second-header",
            TRENDING,
            KR_FILE,
            6,
            {"repeated_header_left_out": 1},
        ),
        ("08-trending-semicolon-utf16", TRENDING, "semicolon.csv", 1, {}),
        ("08-trending-semicolon-utf16", TRENDING, "utf16.csv", 1, {"file_read_as_utf_16": 1}),
        ("09-trending-global-layout", TRENDING, ".", 3, {}),
        ("10-counts-minus-one", TRENDING, KR_FILE, 2, {"likes_hidden_left_out": 1}),
        ("10-counts-minus-one", "landing", EVENTS, 3, {"like_count_hidden_left_out": 2}),
        ("12-popular-raw-answer-empty-list", POPULAR, "raw", 1, {}),
        ("12-popular-raw-answer-empty-list", POPULAR, "thin", 2, {"list_without_videos": 3}),
        (
            "18-ndjson-nan-iso-thousands",
            "landing",
            EVENTS,
            7,
            {"observed_at_in_other_form_read": 2},
        ),
        ("20-chart-two-countries", CHART, "charts.csv", 7, {}),
        ("21-chart-official-layouts", CHART, "regional-kr-daily-2026-03-02.csv", 3, {}),
        ("22-chart-dashes", CHART, "dashes.csv", 9, {"no_artist_in_artist_and_title": 2}),
        ("25-chart-renamed-track", CHART, "chart.csv", 8, {"track_goes_on_under_new_label": 2}),
    ],
)
def test_a_file_is_read_and_what_is_odd_in_it_counted(
    tmp_path: Path, folder: str, format: str, name: str, line_count: int, repairs: dict[str, int]
):
    summary = import_files(format, CASES / folder / name, tmp_path)
    assert summary.lines_read == summary.lines_written == line_count
    assert {name: summary.repairs[name] for name in repairs} == repairs


@pytest.mark.parametrize("name", ["regional-kr-daily-2018.csv", "."])
def test_a_chart_of_no_day_is_named_with_its_layout(tmp_path: Path, name: str):
    said = r"regional-kr-daily-2018\.csv: layout official, to 2021 has no column of days"
    with pytest.raises(LandingError, match=said):
        import_files(CHART, CASES / "21-chart-official-layouts" / name, tmp_path)


def test_an_inbox_of_odd_files(tmp_path: Path):
    shutil.copytree(CASES / "19-inbox-odd-files" / "inbox", tmp_path / "inbox")
    for path in (tmp_path / "inbox").iterdir():
        path.chmod(0o644)
    (tmp_path / "inbox").chmod(0o755)
    report = sort_inbox(tmp_path, settle_seconds=0)
    assert len(report.taken) == 4
    assert sorted(path.name for path in report.left) == [
        "Thumbs.db",
        "desktop.ini",
        "events_1762225201.json.filepart",
        "kr_daily.csv",
        "notes",
    ]
    assert report.failed == {}
