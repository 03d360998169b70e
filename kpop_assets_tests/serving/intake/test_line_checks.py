"""What a sender is told was accepted is what the parse of landing lines keeps."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.feedback import ACTIONS, FEEDBACK_LINES
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.landing.door import Door
from kpop_assets.landing.persons import PersonIds
from kpop_assets_tests.bronze.kit import DAY_MS, NOON_MS, land, parse
from kpop_assets_tests.serving.intake.kit import a_play, an_action
from serving.intake.line_checks import LineCheck, Refusal

DOOR_IDS = PersonIds(b"k" * 32)
ODD: list[Any] = [
    *(None, "", " ", "0", "x", "뉴진스", "a" * 1001, "\x7f", "\ufeff", "true", "[1]", "NaN"),
    *(
        True,
        False,
        0,
        -1,
        1,
        5,
        5.0,
        5.5,
        1e300,
        -0.0,
        10**12 + 1,
        2**63,
        10**30,
        float("inf"),
        NOON_MS,
    ),
    *([], ["a"], {}, {"a": 1}),
]
ANY_VALUE = st.one_of(
    st.sampled_from(ODD), st.sampled_from(ACTIONS), st.integers(), st.floats(allow_nan=False)
)
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


def accepted_rows(record: Record, given_lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What bronze makes of the lines of a batch that are accepted."""
    check, door = LineCheck(record), Door(record, DOOR_IDS)
    checked = [check.line(0, json.loads(json.dumps(one)), NOON_MS) for one in given_lines]
    taken = [door.line(line, Counter()) for line in checked if not isinstance(line, Refusal)]
    with tempfile.TemporaryDirectory() as folder:
        land(Path(folder), b"".join(taken), f"{record.kind}_{NOON_MS}.json", kind=record.kind)
        rows = parse(Path(folder), record=record).to_pylist()
    assert len(rows) == len(taken)
    return rows


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (PLAY_LINES, a_play(played_at=NOON_MS)),
        (FEEDBACK_LINES, an_action(acted_at=NOON_MS, track_id="t")),
    ],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_line_that_is_accepted_is_set_aside_afterwards(
    record: Record, line: dict[str, Any], data: st.DataObject
):
    names = [field.name for field in record.fields if field.name != record.observed]
    changes = st.dictionaries(st.sampled_from(names), ANY_VALUE | ANY_TEXT, max_size=2)
    batch = [line | change for change in data.draw(st.lists(changes, min_size=5, max_size=30))]
    rows = accepted_rows(record, [line, *batch])
    assert {row["reason"] for row in rows} == {None}
    assert {row["unusable_count"] + row["hidden_count"] for row in rows} == {0}


@pytest.mark.parametrize("record", [PLAY_LINES, FEEDBACK_LINES], ids=lambda record: record.kind)
def test_each_odd_value_in_each_field_is_refused_or_kept(record: Record):
    line = a_play(played_at=NOON_MS) if record is PLAY_LINES else an_action(acted_at=NOON_MS)
    names = [field.name for field in record.fields if field.name != record.observed]
    batch = [line | {name: value} for name in names for value in ODD]
    rows = accepted_rows(record, batch)
    assert 0 < len(rows) < len(batch)
    assert {row["reason"] for row in rows} == {None}
    # Nothing was accepted and then dropped.
    assert {row["unusable_count"] + row["hidden_count"] for row in rows} == {0}


def test_the_day_of_a_line_is_that_of_its_own_time():
    check = LineCheck(PLAY_LINES)
    line = check.line(0, a_play(played_at=NOON_MS - DAY_MS), NOON_MS)
    assert isinstance(line, dict)
    assert (line["played_at"], line["received_at"]) == (NOON_MS - DAY_MS, NOON_MS)
