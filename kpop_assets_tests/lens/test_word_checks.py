"""Checks of words find what they are there for: tables are written wrong on purpose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.contracts.lens_words import KEYWORDS, VIDEO_WORDS, WORD_COUNTS
from kpop_assets.days import day_end
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.checks import ranks_hold, words_add_up
from kpop_assets_tests.operate.checkup.kit import TODAY, write

BEFORE = TODAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        ([("everything", 3), ("IVE", 1)], 0),
        ([("everything", 2), ("IVE", 3)], 1),
        ([("everything", 4)], 1),
        ([("IVE", 1)], 0),
    ],
)
def test_words_that_were_lost_or_counted_twice_are_found(
    tmp_path: Path, counts: list[tuple[str, int]], wrong: int
):
    write(tmp_path, VIDEO_WORDS, *({"word": f"w{i}"} for i in range(3)))
    rows = ({"scope": scope, "scope_word_count": n} for scope, n in counts)
    write(tmp_path, WORD_COUNTS, *rows)
    result = words_add_up(LakeReader(tmp_path), WORD_COUNTS, BEFORE, day_end(TODAY))  # type: ignore[arg-type]
    assert (result.passed, result.metadata["wrong_days"].value) == (not wrong, wrong)


def ranked(rank: int, ranking: str = "frequency", **more: Any) -> dict[str, Any]:
    return {"ranking": ranking, "rank": rank, "word": f"w{rank}", **more}


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([ranked(1, video_count=9), ranked(2, video_count=9), ranked(3, video_count=3)], 0),
        ([ranked(1, video_count=3), ranked(2, video_count=9)], 1),
        ([ranked(1, "rise", rise_z=2.0), ranked(2, "rise", rise_z=1.0, video_count=9)], 0),
        ([ranked(1, "rise", rise_z=None)], 1),
        ([ranked(1, "gain", views_gained=9), ranked(3, "gain", views_gained=5)], 1),
        ([ranked(n, video_count=100 - n) for n in range(1, 22)], 1),
    ],
)
def test_a_ranking_out_of_order_or_with_a_gap_or_too_long_is_found(
    tmp_path: Path, rows: list[dict[str, Any]], wrong: int
):
    write(tmp_path, KEYWORDS, *rows)
    result = ranks_hold(LakeReader(tmp_path), KEYWORDS, BEFORE, day_end(TODAY))  # type: ignore[arg-type]
    assert (result.passed, result.metadata["wrong_rows"].value) == (not wrong, wrong)
