"""The ledger's file: several processes, kills, damage, and files of earlier versions."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kpop_assets.net.breaker import Breaker
from kpop_assets.net.errors import StateError
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets_tests.net.test_ledger import (
    BUCKETS,
    NOON,
    READS,
    SEARCH,
    Clock,
    ledger_at,
    spend_all,
)

HAMMER = """
import datetime as dt, sys, time
from pathlib import Path
from kpop_assets.net.errors import QuotaSpentError
from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.ledger import QuotaLedger
now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
buckets = [QuotaBucket("reads", 300, "America/Los_Angeles")]
ledger = QuotaLedger(Path(sys.argv[1]), buckets, "the service", now=lambda: now)
print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        ledger.spend("reads")
    except QuotaSpentError:
        break
    print("paid", flush=True)
    time.sleep(0.005)
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
    path = tmp_path / "state.db"
    outputs = [process.communicate(timeout=60)[0] for process in hammers(path, 3)]
    granted = [output.count("paid") for output in outputs]
    assert sum(granted) == 300
    # SQLite's lock is not fair: without a pause one may take all while the others wait.
    assert sorted(granted)[1] > 0, "no two of them ran at once"
    day = dt.date(2026, 11, 20)
    assert QuotaLedger(path, BUCKETS, "the service").spent() == [(day, READS, 300)]


def test_a_killed_process_has_paid_for_all_it_was_granted(tmp_path: Path):
    path = tmp_path / "state.db"
    (process,) = hammers(path, 1)
    assert process.stdout is not None
    for _ in range(20):
        process.stdout.readline()
    process.kill()
    # `communicate` would leave out what is buffered here already.
    granted = 20 + process.stdout.read().count("paid")
    process.communicate()
    ((_, _, units),) = QuotaLedger(path, BUCKETS, "the service").spent()
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
    said: list[str] = []
    connect = sqlite3.connect

    def traced(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    ledger_at(tmp_path, Clock()).spend(READS)
    assert said.index("PRAGMA synchronous=FULL") < said.index("COMMIT")
    assert said[-1] == "COMMIT"


def test_a_ledger_that_cannot_be_used_is_one_line(tmp_path: Path):
    path = tmp_path / "state.db"
    path.write_bytes(b"no database, but long enough to be read as the header of one" * 20)
    ledger = QuotaLedger(path, BUCKETS, "the service", now=Clock())
    for use in (lambda: ledger.spend(READS), lambda: ledger.left(READS)):
        with pytest.raises(StateError, match="cannot use the quota ledger") as caught:
            use()
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


# As the version before named buckets and services wrote it.
EARLIER = """
CREATE TABLE quota_spent (day TEXT, bucket TEXT, units INTEGER NOT NULL,
    exhausted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day, bucket));
CREATE TABLE quota_clock (id INTEGER PRIMARY KEY CHECK (id = 1),
    latest TEXT NOT NULL, behind_since TEXT);
CREATE TABLE quota_breaker (id INTEGER PRIMARY KEY CHECK (id = 1),
    failures INTEGER NOT NULL, open_until REAL NOT NULL);
INSERT INTO quota_spent VALUES ('2026-11-20', 'search', 7, 0), ('2026-11-21', 'search', 40, 0),
    ('2026-11-21', 'reads', 12, 1);
INSERT INTO quota_clock VALUES (1, '2026-11-21', NULL);
INSERT INTO quota_breaker VALUES (1, 3, 1e12);
"""


def test_a_file_of_an_earlier_version_goes_on_with_all_that_it_counted(tmp_path: Path):
    path = tmp_path / "data" / "state.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as store:
        store.executescript(EARLIER)
    clock = Clock(NOON)
    ledger = ledger_at(tmp_path, clock)
    assert (ledger.left(SEARCH), ledger.left(READS)) == (10, 0)
    # A clock that steps back on the day of the update gives nothing back either.
    clock.at = NOON - dt.timedelta(days=1)
    assert spend_all(ledger_at(tmp_path, clock)) == 10
    assert ledger.left(READS) == 0
    Breaker(path, "the service").enter()
    clock.at = NOON + dt.timedelta(days=1)
    assert (ledger.left(SEARCH), ledger.left(READS)) == (50, 5000)
    assert ledger.spent() == [
        (dt.date(2026, 11, 20), SEARCH, 7),
        (dt.date(2026, 11, 21), READS, 12),
        (dt.date(2026, 11, 21), SEARCH, 50),
    ]


def test_an_update_by_two_processes_at_once_counts_nothing_twice(tmp_path: Path):
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as store:
        store.executescript(EARLIER.replace("2026-11-2", "2026-11-1"))
    outputs = [process.communicate(timeout=60)[0] for process in hammers(path, 2)]
    assert sum(output.count("paid") for output in outputs) == 300
