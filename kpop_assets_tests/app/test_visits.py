"""Visits: what was new stays new while one looks, and is old at the next visit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.visits import FILE, VISIT, note_visit
from kpop_assets.days import SEOUL

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=SEOUL)
MONDAY = dt.date(2026, 11, 16)
FRIDAY = dt.date(2026, 11, 20)


def test_the_first_visit_has_none_before(tmp_path: Path):
    assert note_visit(tmp_path / "viewer", FRIDAY, NOW) is None


def test_a_reload_is_the_same_visit(tmp_path: Path):
    note_visit(tmp_path, MONDAY, NOW - dt.timedelta(days=4))
    for minutes in (0, 25, 50, 75):
        assert note_visit(tmp_path, FRIDAY, NOW + dt.timedelta(minutes=minutes)) == MONDAY


def test_the_next_visit_begins_where_the_last_one_ended(tmp_path: Path):
    note_visit(tmp_path, MONDAY, NOW - dt.timedelta(days=4))
    note_visit(tmp_path, FRIDAY, NOW)
    later = NOW + VISIT + dt.timedelta(minutes=1)
    assert note_visit(tmp_path, FRIDAY, later) == FRIDAY


def test_who_looks_back_has_seen_the_newer_days_even_so(tmp_path: Path):
    note_visit(tmp_path, FRIDAY, NOW)
    note_visit(tmp_path, MONDAY, NOW + dt.timedelta(minutes=5))
    assert note_visit(tmp_path, FRIDAY, NOW + dt.timedelta(days=1)) == FRIDAY


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"at": "x"}', '{"at": "2026-11-20T09:00:00", "day": "2026-11-20", "before": null}'],
)
def test_a_damaged_memory_remembers_nothing_and_is_made_anew(tmp_path: Path, content: str):
    (tmp_path / FILE).write_text(content)
    assert note_visit(tmp_path, MONDAY, NOW) is None
    assert note_visit(tmp_path, FRIDAY, NOW + dt.timedelta(days=1)) == MONDAY
