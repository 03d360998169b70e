"""How a table writes its numbers and days, told by the whole of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.youtube_trending import YoutubeTrending

HEADER = "video_id;title;publishedAt;trending_date;view_count;likes;comment_count"
FIGURES = ("view_count", "like_count", "comment_count")


def read(tmp_path: Path, *rows: str) -> tuple[list, Repairs]:
    path = tmp_path / "KRvideos.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    repairs: Repairs = Counter()
    return list(YoutubeTrending().read(path, repairs)), repairs


@pytest.mark.parametrize("clear", ["1.250.000;50.000;1.000", "1;1.250.000;1"])
def test_points_part_thousands_where_one_number_shows_it(tmp_path: Path, clear: str):
    start = "abcdefghij1;A;2024-11-03T00:00:00Z;2024-11-04;"
    records, repairs = read(tmp_path, f"{start}12.000;50.000;1.000", start + clear)
    assert [records[0].record[name] for name in FIGURES] == [12_000, 50_000, 1_000]
    assert repairs["view_count_with_separators_read"] >= 1


def test_a_number_with_one_point_is_left_out_where_nothing_tells_it(tmp_path: Path):
    row = "abcdefghij1;A 1.250.000;2024-11-03T00:00:00Z;2024-11-04;12.000;50.000;7"
    (record,), repairs = read(tmp_path, row)
    assert [record.record.get(name) for name in FIGURES] == [None, None, 7]
    assert repairs == {"view_count_with_one_point_left_out": 1, "likes_with_one_point_left_out": 1}


def test_one_odd_day_is_set_aside_and_turns_no_other(tmp_path: Path):
    rows = [
        f"abcdefghi{day:02};A;2020-11-{day - 1:02}T00:00:00Z;11/{day}/2020;5;1;1"
        for day in range(2, 13)
    ]
    odd = "abcdefghijk;B;2020-11-12T00:00:00Z;13/11/2020;5;1;1"
    records, repairs = read(tmp_path, *rows, odd)
    assert [f"{record.day}" for record in records[:-1]] == [f"2020-11-{d:02}" for d in range(2, 13)]
    assert records[-1].record["observed_at"] == "13/11/2020"
    assert repairs == {"day_unreadable_set_aside": 1}
