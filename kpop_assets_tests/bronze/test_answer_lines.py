"""Lines of answers and of feedback: typed, set aside with a reason, and of nobody by name."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.contracts.feedback import FEEDBACK_LINES
from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.landing.door import Door
from kpop_assets.landing.persons import PersonIds
from kpop_assets_tests.bronze.kit import NOON_MS, land, parse

DOOR_KEY = b"k" * 32
NAME = "kim.minji@mail.test"
ANSWER: dict[str, Any] = {
    "request_id": "r1",
    "user_id": NAME,
    "answered_at": NOON_MS,
    "variants": ["order=mix"],
    "model": "2026-02-28-abc",
    "cache": "process",
    "response_ms": 3.25,
    "hour": 21,
    "work_ids": ["w1", "w2"],
    "scores": ["0.5", "0.25"],
    "rising_act": "NewJeans",
    "rising_position": 2,
    "rising_propensity": 0.1,
    "context": {"hour_band": "evening"},
}
ACTED: dict[str, Any] = {
    "event_id": "e1",
    "user_id": NAME,
    "acted_at": NOON_MS,
    "action": "like",
    "work_id": "w1",
    "position": 1,
}


def taken_in(root: Path, record: Record, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    """What bronze makes of lines that came in by the door."""
    door = Door(record, PersonIds(DOOR_KEY))
    data = b"".join(door.line(line, Counter()) for line in lines)
    assert NAME.encode() not in data
    land(root, data, f"{record.kind}_{NOON_MS}.json", kind=record.kind)
    return parse(root, record=record).to_pylist()


def test_an_answer_is_one_row_with_its_lists_in_order_and_its_listener_hashed(tmp_path: Path):
    (row,) = taken_in(tmp_path, RECOMMENDATION_LINES, ANSWER)
    assert row["reason"] is None
    assert json.loads(row["shown_work_ids"]) == ["w1", "w2"]
    assert [float(text) for text in json.loads(row["shown_scores"])] == [0.5, 0.25]
    assert json.loads(row["applied_variants"]) == ["order=mix"]
    assert json.loads(row["context_features"]) == {"hour_band": "evening"}
    assert (row["bundle_version"], row["context_hour"], row["cache"]) == (
        *(ANSWER["model"], 21, "process"),
    )
    assert row["user_id"] == PersonIds(DOOR_KEY).id_of(NAME)
    assert row["answered_at"].astimezone(dt.UTC).timestamp() * 1000 == NOON_MS


@pytest.mark.parametrize("nobody", [{}, {"user_id": None}, {"user_id": " "}])
@pytest.mark.parametrize(
    ("record", "line"), [(RECOMMENDATION_LINES, ANSWER), (FEEDBACK_LINES, ACTED)]
)
def test_who_is_not_known_is_null_and_costs_no_line(
    tmp_path: Path, record: Record, line: dict[str, Any], nobody: dict[str, Any]
):
    named = {name: value for name, value in line.items() if name != "user_id"}
    (row,) = taken_in(tmp_path, record, named | nobody)
    assert (row["reason"], row["user_id"]) == (None, None)


@pytest.mark.parametrize(
    ("record", "line", "change", "reason"),
    [
        (RECOMMENDATION_LINES, ANSWER, {"work_ids": None}, "missing_field"),
        (RECOMMENDATION_LINES, ANSWER, {"cache": "disk"}, "impossible_value"),
        (RECOMMENDATION_LINES, ANSWER, {"hour": 24}, "impossible_value"),
        (RECOMMENDATION_LINES, ANSWER, {"rising_propensity": 1.5}, "impossible_value"),
        (FEEDBACK_LINES, ACTED, {"action": "Like"}, "impossible_value"),
        (FEEDBACK_LINES, ACTED, {"event_id": ""}, "missing_field"),
        (FEEDBACK_LINES, ACTED, {"acted_at": NOON_MS - 86_400_000}, "wrong_ingest_date"),
    ],
)
def test_what_cannot_be_used_is_set_aside_with_its_reason(
    tmp_path: Path, record: Record, line: dict[str, Any], change: dict[str, Any], reason: str
):
    (row,) = taken_in(tmp_path, record, line | change)
    assert row["reason"] == reason
