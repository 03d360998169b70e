"""The quota ledger: never one over, whoever asks, whatever the clock does, whatever crashes."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.landing.youtube.errors import YouTubeError
from kpop_assets.landing.youtube.quota import LIMITS, Bucket, QuotaLedger, QuotaSpentError

NOON = dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)  # 12:00 Pacific
HOUR = dt.timedelta(hours=1)


class Clock:
    """A clock that the test moves."""

    def __init__(self, at: dt.datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        """The instant."""
        return self.at


def ledger_at(folder: Path, clock: Clock, share: float = 0.5) -> QuotaLedger:
    return QuotaLedger(folder / "data" / "collection.db", share, clock)


def spend_all(ledger: QuotaLedger, bucket: Bucket = Bucket.SEARCH) -> int:
    spent = 0
    while True:
        try:
            ledger.spend(bucket)
        except QuotaSpentError:
            return spent
        spent += 1


@pytest.mark.parametrize(
    ("share", "search", "reads"),
    [(0.5, 50, 5000), (1.0, 100, 10_000), (0.29, 29, 2900), (0.57, 57, 5700), (0.005, 0, 50)],
)
def test_the_ceiling_is_the_share_rounded_down(
    tmp_path: Path, share: float, search: int, reads: int
):
    ledger = ledger_at(tmp_path, Clock(), share)
    assert [ledger.ceiling(b) for b in Bucket] == [search, reads, reads]


def test_limits_are_those_of_the_api():
    assert {b.value: n for b, n in LIMITS.items()} == {
        "search": 100,
        "batch_stats": 10_000,
        "reads": 10_000,
    }


def test_looking_creates_nothing(tmp_path: Path):
    ledger = ledger_at(tmp_path, Clock())
    assert (ledger.left(Bucket.SEARCH), ledger.spent()) == (50, [])
    assert list(tmp_path.iterdir()) == []


def test_the_bucket_is_spent_to_its_ceiling_and_no_further(tmp_path: Path):
    ledger = ledger_at(tmp_path, Clock())
    ledger.spend(Bucket.SEARCH, 49)
    with pytest.raises(QuotaSpentError):
        ledger.spend(Bucket.SEARCH, 2)
    assert ledger.left(Bucket.SEARCH) == 1
    ledger.spend(Bucket.SEARCH)
    with pytest.raises(QuotaSpentError) as caught:
        ledger.spend(Bucket.SEARCH)
    assert str(caught.value) == (
        "today's search quota is spent until 2026-11-22 08:00 UTC: 50 of 100 may be used; "
        "raise KPOP_QUOTA_SHARE=0.5 for more"
    )
    assert caught.value.bucket == Bucket.SEARCH
    assert caught.value.resets_at == dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
    assert ledger.left(Bucket.READS) == 5000
    assert ledger.spent() == [(dt.date(2026, 11, 21), Bucket.SEARCH, 50)]


@pytest.mark.parametrize("units", [0, -1])
def test_nothing_and_less_cannot_be_spent(tmp_path: Path, units: int):
    with pytest.raises(ValueError, match="cannot be spent"):
        ledger_at(tmp_path, Clock()).spend(Bucket.READS, units)


@pytest.mark.parametrize("share", [0, -1, 1.01, float("nan")])
def test_a_share_is_a_part(tmp_path: Path, share: float):
    with pytest.raises(ValueError, match="share"):
        ledger_at(tmp_path, Clock(), share)


def test_exhaust_holds_until_the_reset_even_in_a_new_process(tmp_path: Path):
    clock = Clock()
    ledger = ledger_at(tmp_path, clock)
    ledger.spend(Bucket.READS, 3)
    ledger.exhaust(Bucket.READS)
    clock.at = dt.datetime(2026, 11, 22, 7, 59, 59, tzinfo=dt.UTC)
    again = ledger_at(tmp_path, clock, share=1.0)
    assert again.left(Bucket.READS) == 0
    with pytest.raises(QuotaSpentError, match=r"YouTube says .* until 2026-11-22 08:00 UTC"):
        again.spend(Bucket.READS)
    assert again.left(Bucket.SEARCH) == 100
    clock.at += dt.timedelta(seconds=1)
    assert again.left(Bucket.READS) == 10_000
    assert again.spent() == [(dt.date(2026, 11, 21), Bucket.READS, 3)]


@pytest.mark.parametrize(
    ("begins", "hours"),
    [
        (dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC), 24),
        (dt.datetime(2026, 3, 8, 8, tzinfo=dt.UTC), 23),  # clocks go forward
        (dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC), 24),
        (dt.datetime(2026, 11, 1, 7, tzinfo=dt.UTC), 25),  # clocks go back
    ],
)
def test_a_pacific_day_has_23_to_25_hours(tmp_path: Path, begins: dt.datetime, hours: int):
    clock = Clock(begins)
    ledger = ledger_at(tmp_path, clock)
    assert ledger.resets_at() == begins + hours * HOUR
    assert spend_all(ledger) == 50
    clock.at = begins + hours * HOUR - dt.timedelta(microseconds=1)
    assert ledger.left(Bucket.SEARCH) == 0
    assert ledger.resets_at() == begins + hours * HOUR
    clock.at = begins + hours * HOUR
    assert ledger.left(Bucket.SEARCH) == 50


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("spend"), st.sampled_from(Bucket), st.integers(1, 40)),
            st.tuples(st.just("exhaust"), st.sampled_from(Bucket), st.just(0)),
            st.tuples(st.just("pass"), st.just(Bucket.READS), st.integers(0, 30)),
        ),
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)
def test_the_ledger_does_what_a_dictionary_would(tmp_path_factory: pytest.TempPathFactory, steps):
    clock = Clock()
    ledger = ledger_at(tmp_path_factory.mktemp("quota"), clock, share=0.01)
    ceilings = {Bucket.SEARCH: 1, Bucket.STATS: 100, Bucket.READS: 100}
    spent: Counter = Counter()
    closed = set()
    for what, bucket, amount in steps:
        # November has no change of clocks after the first: Pacific is UTC-8.
        key = ((clock.at - 8 * HOUR).date(), bucket)
        if what == "pass":
            clock.at += amount * HOUR
        elif what == "exhaust":
            ledger.exhaust(bucket)
            closed.add(key)
        elif key in closed or spent[key] + amount > ceilings[bucket]:
            with pytest.raises(QuotaSpentError):
                ledger.spend(bucket, amount)
        else:
            ledger.spend(bucket, amount)
            spent[key] += amount
    today = (clock.at - 8 * HOUR).date()
    for bucket, ceiling in ceilings.items():
        key = (today, bucket)
        assert ledger.left(bucket) == (0 if key in closed else ceiling - spent[key])
    assert ledger.spent() == sorted((*key, units) for key, units in spent.items())


@given(steps=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 24 * 400)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_clock_that_steps_back_gives_nothing_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
):
    clock = Clock()
    ledger = ledger_at(tmp_path_factory.mktemp("quota"), clock, share=0.5)
    ledger.spend(Bucket.SEARCH)
    granted = 1
    for units, hours_back in steps:
        before = ledger.left(Bucket.SEARCH)
        clock.at -= hours_back * HOUR
        assert ledger.left(Bucket.SEARCH) == before
        if units and units <= before:
            ledger.spend(Bucket.SEARCH, units)
            granted += units
    clock.at = NOON
    assert ledger.left(Bucket.SEARCH) == 50 - granted


def test_a_clock_that_was_ahead_by_years_does_not_hold_the_collection_for_years(tmp_path: Path):
    clock = Clock(NOON.replace(year=2036))
    ledger = ledger_at(tmp_path, clock)
    assert spend_all(ledger) == 50
    clock.at = NOON
    assert spend_all(ledger) == 0
    clock.at = NOON + 48 * HOUR
    assert spend_all(ledger) == 50


HAMMER = """
import datetime as dt, sys
from pathlib import Path
from kpop_assets.landing.youtube.quota import Bucket, QuotaLedger, QuotaSpentError
ledger = QuotaLedger(Path(sys.argv[1]), 0.03, lambda: dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        ledger.spend(Bucket.READS)
    except QuotaSpentError:
        break
    print("paid", flush=True)
"""


def hammers(path: Path, count: int) -> list[subprocess.Popen]:
    """Processes that have begun to spend at the same moment."""
    command = [sys.executable, "-c", HAMMER, str(path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return started


def test_processes_that_spend_at_once_get_the_ceiling_and_not_one_more(tmp_path: Path):
    path = tmp_path / "collection.db"
    outputs = [process.communicate(timeout=60)[0] for process in hammers(path, 3)]
    granted = [output.count("paid") for output in outputs]
    assert sum(granted) == 300
    # On two cores SQLite may let the third wait until all is gone.
    assert sorted(granted)[1] > 0, "no two of them ran at once"
    day = dt.date(2026, 11, 20)
    assert QuotaLedger(path, 0.03).spent() == [(day, Bucket.READS, 300)]


def test_a_killed_process_has_paid_for_all_it_was_granted(tmp_path: Path):
    path = tmp_path / "collection.db"
    (process,) = hammers(path, 1)
    assert process.stdout is not None
    for _ in range(20):
        process.stdout.readline()
    process.kill()
    granted = 20 + process.communicate()[0].count("paid")
    ((_, _, units),) = QuotaLedger(path, 0.03).spent()
    assert granted <= units <= granted + 1


def test_threads_share_a_ledger(tmp_path: Path):
    ledger = ledger_at(tmp_path, Clock())
    granted: list[int] = []
    threads = [threading.Thread(target=lambda: granted.append(spend_all(ledger))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 50


def test_units_are_synced_to_the_disk_before_they_are_granted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Losing power after a grant may not give it back: SQLite syncs fully on each commit."""
    import sqlite3

    said: list[str] = []
    connect = sqlite3.connect

    def traced(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    ledger_at(tmp_path, Clock()).spend(Bucket.READS)
    assert said.index("PRAGMA synchronous=FULL") < said.index("COMMIT")
    assert said[-1] == "COMMIT"


def test_a_ledger_that_cannot_be_used_is_one_line(tmp_path: Path):
    path = tmp_path / "collection.db"
    path.write_bytes(b"no database, but long enough to be read as the header of one" * 20)
    ledger = QuotaLedger(path, 0.5, Clock())
    for use in (lambda: ledger.spend(Bucket.READS), lambda: ledger.left(Bucket.READS)):
        with pytest.raises(YouTubeError, match="cannot use the quota ledger") as caught:
            use()
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
