"""What is known of rising acts, as a file: whole, the same for the same, and never trusted."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import polars as pl
import pytest

from kpop_assets.rising_slot.rising_context import RisingContext
from kpop_assets.rising_slot.rising_slots import RisingSlots
from kpop_assets.rising_slot.rising_state import (
    CELL_SCHEMA,
    RisingSlotError,
    RisingState,
    read_state,
    state_path,
    write_state,
)

ROWS = [
    ("아이유", "evening", "phone", "slow, calm", 12.5, 3.0),
    ("AKMU", "night", "unknown", "unknown", 4.0, 0.0),
]


def a_state(until: str = "2026-11-28T12:00:00+00:00") -> RisingState:
    return RisingState(until, pl.DataFrame(ROWS, CELL_SCHEMA, orient="row"))


def test_what_is_written_is_read(tmp_path: Path):
    assert read_state(tmp_path).cells.is_empty()
    assert write_state(tmp_path, a_state())
    found = read_state(tmp_path)
    assert found.learnt_until == a_state().learnt_until
    assert found.cells.sort("act").equals(a_state().cells.sort("act"))
    assert found.shown_count == 16.5


def test_the_same_in_another_order_changes_nothing(tmp_path: Path):
    write_state(tmp_path, a_state())
    before = state_path(tmp_path).stat()
    assert not write_state(tmp_path, RisingState(a_state().learnt_until, a_state().cells[::-1]))
    assert state_path(tmp_path).stat() == before
    assert [path.name for path in state_path(tmp_path).parent.iterdir()] == ["state.json"]


def test_what_is_unknown_is_no_feature():
    state = a_state()
    assert [*state.words] == [
        "cluster=slow, calm",
        "device=phone",
        "hour_band=evening",
        "hour_band=night",
    ]
    assert state.features(RisingContext("night", "car")).tolist() == [1, 0, 0, 0, 1]
    assert state.places(["AKMU", "nobody", "아이유"]).tolist() == [0, 2, 1]


def broken(told: dict) -> str:
    return json.dumps(json.loads(a_state().text()) | told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        a_state().text()[:-9],
        broken({"format": 99}),
        broken({"cells": {}}),
        broken({"cells": {name: ["x"] for name in CELL_SCHEMA}}),
        a_state().text().replace("12.5", "-1"),
        a_state().text().replace("12.5", "NaN"),
        a_state().text().replace("12.5", "null"),
        a_state().text().replace('"night"', "null"),
    ],
)
def test_a_damaged_file_is_one_line_with_a_way_out(tmp_path: Path, text: str):
    state_path(tmp_path).parent.mkdir(parents=True)
    state_path(tmp_path).write_text(text)
    with pytest.raises(RisingSlotError, match="kpop update rising-slot"):
        read_state(tmp_path)


def test_a_process_sees_what_another_learnt_and_survives_a_damaged_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    slots = RisingSlots(tmp_path, look_seconds=0)
    assert slots.state().shown_count == 0
    write_state(tmp_path, a_state())
    assert slots.state().shown_count == 16.5
    held = slots.state()
    with caplog.at_level(logging.WARNING):
        state_path(tmp_path).write_text("{")
        assert slots.state() is held
        assert slots.state() is held
    assert len(caplog.records) == 1
    write_state(tmp_path, a_state("2026-11-28T13:00:00+00:00"))
    assert slots.state().learnt_until == "2026-11-28T13:00:00+00:00"


def test_a_choice_looks_at_the_file_now_and_then_alone(tmp_path: Path):
    slots = RisingSlots(tmp_path, look_seconds=60)
    assert slots.choose("thompson", ["IU"], RisingContext(), 1) is not None
    write_state(tmp_path, a_state())
    assert slots.state().shown_count == 0
