"""The public files in `../shared/data`: every line arrives, on the day it belongs to."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest

from kpop_assets.landing.folders import list_landed
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files

DATA = Path(__file__).parents[3].parent / "shared" / "data"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data beside this checkout"),
]


def import_twice(format: str, folder: str, root: Path) -> ImportSummary:
    summary = import_files(format, DATA / folder, root)
    again = import_files(format, DATA / folder, root)
    assert (again.lines_read, again.lines_written) == (summary.lines_read, 0)
    assert again.already_landed_lines == summary.lines_written == summary.lines_read
    return summary


def records(root: Path, summary: ImportSummary) -> list[dict]:
    paths = [path for day in summary.lines_by_day for path in list_landed(root, day)]
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def test_seed_landing(tmp_path: Path):
    summary = import_twice("landing", "seed_landing", tmp_path)
    assert summary.lines_by_day == {dt.date(2025, 12, 28): 49}
    (landed,) = list_landed(tmp_path, dt.date(2025, 12, 28))
    (source,) = (DATA / "seed_landing").glob("*.json")
    assert landed.read_bytes() == source.read_bytes()


def test_youtube_popular(tmp_path: Path):
    summary = import_twice("youtube-popular", "youtube_popular_kr", tmp_path)
    assert list(summary.lines_by_day.values()) == [1923, 1917, 1906, 1908, 1921, 1932]
    assert list(summary.lines_by_day)[0::5] == [dt.date(2025, 11, 4), dt.date(2025, 11, 9)]
    assert summary.repairs == {
        "likeCount_0_is_hidden": 112,
        "commentCount_0_is_hidden": 136,
        "title_damaged_at_source_kept": 290,
        "list_without_videos": 12,
    }
    seen = Counter((r["video_id"], r["observed_at"]) for r in records(tmp_path, summary))
    assert len(seen) == 9655


def test_youtube_trending(tmp_path: Path):
    summary = import_twice("youtube-trending", "youtube_trending_kr_2020", tmp_path)
    assert list(summary.lines_by_day.values()) == [134, 129, 131, 141, 150, 141, 139, 28]
    assert summary.repairs == {
        "tags_none": 168,
        "comment_count_hidden_by_comments_disabled": 10,
        "likes_hidden_by_ratings_disabled": 14,
        "quote_out_of_order_read_by_line": 1,  # the file ends inside a description
    }
    assert all(isinstance(r["view_count"], int) for r in records(tmp_path, summary))


def test_spotify_chart(tmp_path: Path):
    summary = import_twice("spotify-chart", "spotify_kr", tmp_path)
    assert summary.lines_read == 13_100
    assert len(summary.lines_by_day) == 262
    assert set(summary.lines_by_day.values()) == {50}
    assert dt.date(2025, 6, 15) not in summary.lines_by_day  # the day the chart is missing
    assert summary.repairs == {
        "page_repeats_day_before_kept": 10,
        "row_of_repeated_page_kept": 500,
        "track_goes_on_under_new_label": 1,  # "a Lot Like Christmas", "a Lot like Christmas"
    }
    rows = records(tmp_path, summary)
    assert len({r["text"] for r in rows}) == 266
    assert len({r["video_id"] for r in rows}) == 265
    assert all(isinstance(r["view_count"], int) and r["author_name"] for r in rows)
