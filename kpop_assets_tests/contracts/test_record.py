"""Record contracts: what contradicts itself is refused, and what is checked in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Field, Record
from kpop_assets.contracts.registry import RECORDS, TABLES
from kpop_assets_tests.bronze.toy import HEARD, HEARD_LINES

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a kind that is a day": (
        {"rows": replace(HEARD, name="2026-03-02")},
        "cannot be that of a folder",
    ),
    "a kind that is the inbox": (
        {"rows": replace(HEARD, name="inbox")},
        "cannot be that of a folder",
    ),
    "a kind that leaves the folder": (
        {"rows": replace(HEARD, name="../x")},
        "cannot be that of a folder",
    ),
    "an observation time that is no instant": ({"observed": "mood"}, "mood is no instant"),
    "an observation time that is not there": ({"observed": "seen"}, "seen is no instant"),
    "a deciding field that is not there": ({"greatest": "loudness"}, "loudness is no field"),
    "a time of edits that is no instant": ({"latest": ("at", "mood")}, "mood is no instant"),
    "another kind's table": ({"rows": EVENTS}, "does not fit column"),
}
FIELDS: dict[str, tuple[list[Field], str]] = {
    "a field twice": ([Field("mood", "text")], "two fields have one name"),
    "a field without a column": ([Field("volume", "real")], "volume does not fit column volume"),
    "a field of another type": ([Field("x", "whole", column="note")], "x does not fit"),
    "a name of bronze's own": ([Field("reason", "text")], "reason is the name of something else"),
    "a required side counter": (
        [Field("volume", "whole", required=True, is_side=True)],
        "volume is beside the line",
    ),
    "a name with a quote": ([Field('a"b', "text")], "is no name"),
}


def test_each_kind_has_its_own_name_and_tables():
    kinds = [record.kind for record in RECORDS]
    tables = [table.path for record in RECORDS for table in record.tables]
    assert kinds[0] == "events"
    assert len(set(kinds)) == len(kinds)
    assert len(set(tables)) == len(tables)
    assert set(tables) <= {table.path for table in TABLES}


@pytest.mark.parametrize("case", WRONG)
def test_a_record_that_contradicts_itself_is_refused(case: str):
    changes, problem = WRONG[case]
    with pytest.raises(ValueError, match=problem):
        replace(HEARD_LINES, **changes)


@pytest.mark.parametrize("case", FIELDS)
def test_a_field_that_contradicts_its_table_is_refused(case: str):
    more, problem = FIELDS[case]
    with pytest.raises(ValueError, match=problem):
        replace(HEARD_LINES, fields=(*HEARD_LINES.fields, *more))


def test_a_required_field_is_never_null_in_the_table_and_the_other_way_round():
    loose = tuple(replace(f, required=False) for f in HEARD_LINES.fields)
    with pytest.raises(ValueError, match=r"no field is required.*listener_id does not fit"):
        replace(HEARD_LINES, fields=loose)


def order(record: Record) -> list[tuple[str, str | None]]:
    return [(check.reason, check.field and check.field.name) for check in record.checks()]


def test_events_are_checked_in_the_order_their_quarantine_has_always_had():
    later = ["published_at", "scheduled_at", "started_at"]
    assert order(EVENT_LINES) == [
        ("invalid_utf8", None),
        ("line_too_long", None),
        ("broken_json", None),
        *(("missing_field", name) for name in ("video_id", "text", "ts", "source")),
        *(("wrong_type", name) for name in ("video_id", "text", "source")),
        *(("wrong_type", name) for name in ("ts", "observed_at", *later, "view_count")),
        ("impossible_value", "view_count"),
        ("impossible_time", "observed_at"),
        ("wrong_ingest_date", "observed_at"),
        ("impossible_time", "ts"),
        *(("impossible_time", name) for name in later),
    ]


def test_only_what_has_limits_or_choices_can_be_an_impossible_value():
    limited = {name for reason, name in order(HEARD_LINES) if reason == "impossible_value"}
    assert limited == {"mood", "energy", "musical_key", "play_count"}
