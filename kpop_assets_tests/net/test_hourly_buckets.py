"""The hours of a bucket: each has its own units, whatever the clock does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.errors import QuotaSpentError
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets_tests.net.test_ledger import Clock, spend_all

WORDS = "words"
BEGUN = dt.datetime(2026, 11, 29, 5, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def ledger_at(folder: Path, clock: Clock, limit: int = 3) -> QuotaLedger:
    buckets = [QuotaBucket(WORDS, limit, is_hourly=True), QuotaBucket("days", 2)]
    return QuotaLedger(folder / "state.db", buckets, "the service", now=clock)


def test_an_hour_gives_its_units_once_and_the_next_gives_them_again(tmp_path: Path):
    clock = Clock(BEGUN + 59 * MINUTE)
    ledger = ledger_at(tmp_path, clock)
    assert spend_all(ledger, WORDS) == 3
    assert ledger.resets_at(WORDS) == BEGUN + 60 * MINUTE
    with pytest.raises(QuotaSpentError, match="this hour's words quota is spent until 2026-11-29"):
        ledger.spend(WORDS)
    clock.at = BEGUN + 60 * MINUTE
    assert (ledger.left(WORDS), spend_all(ledger, WORDS)) == (3, 3)
    hours = [dt.datetime(2026, 11, 29, 5), dt.datetime(2026, 11, 29, 6)]
    assert ledger.spent() == [(hour, WORDS, 3) for hour in hours]


def test_days_in_the_same_file_are_not_disturbed(tmp_path: Path):
    clock = Clock(BEGUN)
    ledger = ledger_at(tmp_path, clock)
    assert (spend_all(ledger, WORDS), spend_all(ledger, "days")) == (3, 2)
    clock.at = BEGUN + 60 * MINUTE
    assert (ledger.left(WORDS), ledger.left("days")) == (3, 0)


def test_a_clock_set_back_gives_nothing_until_a_whole_hour_has_passed(tmp_path: Path):
    clock = Clock(BEGUN + 300 * MINUTE)
    ledger = ledger_at(tmp_path, clock)
    assert spend_all(ledger, WORDS) == 3
    clock.at = BEGUN
    assert spend_all(ledger, WORDS) == 0
    clock.at = BEGUN + 119 * MINUTE
    assert spend_all(ledger, WORDS) == 0
    clock.at = BEGUN + 121 * MINUTE
    assert spend_all(ledger, WORDS) == 3


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_no_hour_of_the_clock_is_overspent(tmp_path_factory, waits: list[int]):
    clock = Clock(BEGUN)
    ledger = ledger_at(tmp_path_factory.mktemp("hours"), clock)
    granted: dict[int, int] = {}
    for wait in waits:
        clock.at += wait * MINUTE
        granted[clock.at.hour] = granted.get(clock.at.hour, 0) + spend_all(ledger, WORDS)
    assert set(granted.values()) == {3}
