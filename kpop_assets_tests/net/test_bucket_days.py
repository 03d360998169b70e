"""The day of a bucket: begins at its hour in its zone, whatever other buckets do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets_tests.net.test_ledger import HOUR, PACIFIC, SEARCH, Clock, ledger_at, spend_all


@pytest.mark.parametrize(
    ("begins", "hours"),
    [
        (dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC), 24),
        (dt.datetime(2026, 3, 8, 8, tzinfo=dt.UTC), 23),  # clocks go forward
        (dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC), 24),
        (dt.datetime(2026, 11, 1, 7, tzinfo=dt.UTC), 25),  # clocks go back
    ],
)
def test_a_day_has_23_to_25_hours_where_clocks_change(
    tmp_path: Path, begins: dt.datetime, hours: int
):
    clock = Clock(begins)
    ledger = ledger_at(tmp_path, clock)
    assert ledger.resets_at(SEARCH) == begins + hours * HOUR
    assert spend_all(ledger) == 50
    clock.at = begins + hours * HOUR - dt.timedelta(microseconds=1)
    assert ledger.left(SEARCH) == 0
    assert ledger.resets_at(SEARCH) == begins + hours * HOUR
    clock.at = begins + hours * HOUR
    assert ledger.left(SEARCH) == 50


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        ("2026-03-08T07:59:00", "2026-03-08T08:00:00"),
        ("2026-03-08T08:01:00", "2026-03-09T07:00:00"),
        ("2026-11-01T06:59:00", "2026-11-01T07:00:00"),
        ("2026-11-01T07:01:00", "2026-11-02T08:00:00"),
    ],
)
def test_what_the_service_called_spent_comes_back_at_its_own_midnight_by_itself(
    tmp_path: Path, now: str, reset: str
):
    clock = Clock(dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC))
    ledger = ledger_at(tmp_path, clock)
    ledger.exhaust(SEARCH)
    assert ledger.is_exhausted(SEARCH)
    back = dt.datetime.fromisoformat(reset).replace(tzinfo=dt.UTC)
    assert ledger.resets_at(SEARCH) == back
    clock.at = back - dt.timedelta(seconds=1)
    assert ledger.left(SEARCH) == 0
    clock.at = back
    assert ledger.left(SEARCH) == 50
    assert not ledger.is_exhausted(SEARCH)


def test_each_bucket_has_a_day_of_its_own(tmp_path: Path):
    seoul = QuotaBucket("a", 1, "Asia/Seoul")  # begins at 15:00 UTC
    utc = QuotaBucket("b", 1)
    nine = QuotaBucket("c", 1, "Asia/Kolkata", dt.time(9))  # begins at 03:30 UTC
    clock = Clock(dt.datetime(2026, 11, 21, 14, 59, tzinfo=dt.UTC))
    ledger = QuotaLedger(tmp_path / "x.db", (seoul, utc, nine), "the service", now=clock)

    def left() -> list[int]:
        return [ledger.left(name) for name in "abc"]

    assert [ledger.resets_at(name) for name in "abc"] == [
        dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC),
    ]
    for name in "abc":
        ledger.spend(name)
    assert left() == [0, 0, 0]
    clock.at += dt.timedelta(minutes=1)
    assert left() == [1, 0, 0]
    clock.at += 9 * HOUR
    assert left() == [1, 1, 0]
    clock.at += 3 * HOUR + HOUR / 2
    assert left() == [1, 1, 1]
    assert ledger.spent() == [(dt.date(2026, 11, 21), name, 1) for name in "abc"]


def test_a_clock_behind_one_buckets_day_takes_nothing_from_another(tmp_path: Path):
    buckets = (QuotaBucket("a", 1, "Asia/Seoul"), QuotaBucket("b", 1))
    clock = Clock(dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC))
    ledger = QuotaLedger(tmp_path / "x.db", buckets, "the service", now=clock)
    ledger.spend("a")  # of the 22nd there
    clock.at -= 2 * HOUR
    ledger.spend("b")
    assert [ledger.left(name) for name in "ab"] == [0, 0]
    clock.at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert [ledger.left(name) for name in "ab"] == [0, 1]


@given(
    zone=st.sampled_from([PACIFIC, "UTC", "Asia/Seoul", "Australia/Lord_Howe", "Asia/Kolkata"]),
    begins=st.times().map(lambda time: time.replace(microsecond=0, tzinfo=None)),
    at=st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2028, 1, 1)),
)
def test_a_reset_is_the_first_instant_of_the_next_day(zone: str, begins: dt.time, at: dt.datetime):
    bucket = QuotaBucket("a", 1, zone, begins)
    now = at.replace(tzinfo=dt.UTC)
    reset = bucket.resets_at(now)
    assert now < reset <= now + 26 * HOUR
    assert bucket.day(reset) == bucket.day(now) + dt.timedelta(days=1)
