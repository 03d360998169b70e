"""Checks of scores and lists find what they are there for: tables are written wrong on purpose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.contracts.lens_videos import VIDEO_LISTS, VIDEO_SCORES
from kpop_assets.days import day_end
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.checks import lists_hold, scores_hold
from kpop_assets_tests.scouting.kit import DAY, write_table

BEFORE = DAY - dt.timedelta(days=1)
EMPTY = dict.fromkeys(VIDEO_SCORES.column_names)
SCORED = {
    **EMPTY,
    "ingest_date": DAY,
    "artist": "BTS",
    "score": 20.0,
    "percentile_score": 60.0,
    "known_weight_pct": 35.0,
    "part_views": 10.0,
    "part_outlier": 30.0,
}


def scores_of(tmp_path: Path, *changes: dict[str, Any]) -> Any:
    rows = [{**SCORED, "video_id": f"{i}", **change} for i, change in enumerate(changes)]
    write_table(tmp_path, VIDEO_SCORES, rows)
    return scores_hold(LakeReader(tmp_path), VIDEO_SCORES, BEFORE, day_end(DAY))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"score": 30.0}, True),
        ({"score": 30.1}, False),
        ({"score": 9.9}, False),
        ({"percentile_score": 101.0}, False),
        ({"score": 100.0, "part_views": None, "part_outlier": None}, False),
    ],
)
def test_a_score_outside_of_its_parts_is_found(tmp_path: Path, change: dict[str, Any], holds: bool):
    result = scores_of(tmp_path, {}, {**change, "ingest_date": BEFORE})
    assert result.passed == holds
    assert result.metadata["wrong_rows"].value == int(not holds)


def place(rank: int, value: float, name: str = "trending", scope: str = "acts") -> dict[str, Any]:
    return {
        "ingest_date": DAY,
        "list": name,
        "scope": scope,
        "rank": rank,
        "video_id": f"{rank}",
        "artist": "BTS",
        "value": value,
        "score": 1.0,
    }


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([place(1, 9), place(2, 9), place(3, 5), place(1, 99, "viral")], 0),
        ([place(1, 9), place(2, 10)], 1),
        ([place(1, 9), place(3, 5)], 1),
        ([place(2, 9)], 1),
        ([place(n, 100 - n) for n in range(1, 22)], 1),
        ([place(n, 100 - n, "overall", "everything") for n in range(1, 51)], 0),
        ([], 0),
    ],
)
def test_a_list_out_of_order_or_with_a_gap_or_too_long_is_found(
    tmp_path: Path, rows: list[dict[str, Any]], wrong: int
):
    write_table(tmp_path, VIDEO_LISTS, rows)
    result = lists_hold(LakeReader(tmp_path), VIDEO_LISTS, BEFORE, day_end(DAY))  # type: ignore[arg-type]
    assert (result.passed, result.metadata["wrong_rows"].value) == (not wrong, wrong)
