"""The quota ledger: what was spent of YouTube's daily quotas, kept through crashes and restarts.

Belongs here: the buckets, their limits, Pacific days, and the file that counts. Does not belong
here: what the quota is best spent on (plan.py) or the calls (client.py).

A unit is in the file before its request is on the wire: a crash in between loses a unit, never
gains one.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from kpop_assets.landing.youtube.errors import QuotaSpentError, YouTubeError

PACIFIC = ZoneInfo("America/Los_Angeles")
_BUSY_SECONDS = 60.0
_DAY = dt.timedelta(days=1)
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS quota_spent (day TEXT, bucket TEXT, units INTEGER NOT NULL,"
    " exhausted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day, bucket))",
    # One row: the latest day charged, and the day on which the clock was first seen behind it.
    "CREATE TABLE IF NOT EXISTS quota_clock (id INTEGER PRIMARY KEY CHECK (id = 1),"
    " latest TEXT NOT NULL, behind_since TEXT)",
    # One row, of calls.Breaker: calls that failed in a row, and until when none is made (s).
    "CREATE TABLE IF NOT EXISTS quota_breaker (id INTEGER PRIMARY KEY CHECK (id = 1),"
    " failures INTEGER NOT NULL, open_until REAL NOT NULL)",
)


class Bucket(StrEnum):
    """A quota that YouTube counts by itself."""

    SEARCH = "search"
    STATS = "batch_stats"
    READS = "reads"


# Calls (search) or units a Pacific day, as granted to every project since 2026-06-01.
LIMITS = {Bucket.SEARCH: 100, Bucket.STATS: 10_000, Bucket.READS: 10_000}


def utc_now() -> dt.datetime:
    """The clock, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def pacific_day(instant: dt.datetime) -> dt.date:
    """The day whose quota an instant (aware) is charged to."""
    return instant.astimezone(PACIFIC).date()


class QuotaLedger:
    """Counts units by bucket and Pacific day in an SQLite file.

    Any number of processes and threads may share the file: a unit is granted inside one
    exclusive transaction. A clock that steps back gives nothing back: units are charged to the
    latest day seen until the clock, as it now runs, has passed a whole day.

    Args:
        path: the file, created with its folder at the first spending.
        share: part of each limit that may be spent, above 0 up to 1.
        now: the clock (aware).
    """

    def __init__(
        self, path: Path, share: float = 0.5, now: Callable[[], dt.datetime] = utc_now
    ) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"share {share} is not above 0 and up to 1")
        self._path = path
        self._share = share
        self.now = now

    def ceiling(self, bucket: Bucket) -> int:
        """Units a day that may be spent: the limit times the share, rounded down."""
        # As written, not as stored: 0.29 of 100 is 29, which binary floats make 28.99.
        return int(LIMITS[bucket] * Decimal(str(self._share)))

    def left(self, bucket: Bucket) -> int:
        """Units that may still be spent today; 0 after `exhaust` until the reset.

        Raises:
            YouTubeError: the file cannot be read.
        """
        if not self._path.exists():
            return self.ceiling(bucket)
        with self.transaction("DEFERRED") as store:
            units, exhausted = _row(store, self._charged(store)[0], bucket)
        return 0 if exhausted else max(0, self.ceiling(bucket) - units)

    def spend(self, bucket: Bucket, units: int = 1) -> None:
        """Take units out of today's quota; they are on the disk when this returns.

        Raises:
            QuotaSpentError: they would go over the ceiling, or YouTube has said that nothing is
                left; nothing was taken.
            YouTubeError: the file cannot be written.
        """
        if units < 1:
            raise ValueError(f"{units} units cannot be spent")
        with self.transaction("IMMEDIATE") as store:
            day, exhausted = self._charge(store, bucket, units)
        if day is None:
            raise self._refusal(bucket, exhausted)

    def exhaust(self, bucket: Bucket) -> None:
        """Note that YouTube itself says the bucket is empty: nothing is left until the reset.

        Raises:
            YouTubeError: the file cannot be written.
        """
        with self.transaction("IMMEDIATE") as store:
            day = self._turn_to_day(store)
            _add(store, day, bucket, 0, exhausted=1)

    def spent_error(self, bucket: Bucket) -> QuotaSpentError:
        """The error for a bucket of which YouTube says that it is empty."""
        return self._refusal(bucket, exhausted=True)

    def resets_at(self) -> dt.datetime:
        """The next midnight Pacific time, in UTC: a day there has 23, 24 or 25 hours."""
        tomorrow = pacific_day(self.now()) + _DAY
        return dt.datetime.combine(tomorrow, dt.time(), tzinfo=PACIFIC).astimezone(dt.UTC)

    def spent(self) -> list[tuple[dt.date, Bucket, int]]:
        """Units spent by Pacific day and bucket, oldest first.

        Raises:
            YouTubeError: the file cannot be read.
        """
        if not self._path.exists():
            return []
        with self.transaction("DEFERRED") as store:
            rows = store.execute(
                "SELECT day, bucket, units FROM quota_spent WHERE units > 0 ORDER BY day, bucket"
            ).fetchall()
        return [(dt.date.fromisoformat(day), Bucket(name), units) for day, name, units in rows]

    def _charge(
        self, store: sqlite3.Connection, bucket: Bucket, units: int
    ) -> tuple[str | None, bool]:
        """Write the units; gives the day charged, None where there was no room."""
        day = self._turn_to_day(store)
        before, exhausted = _row(store, day, bucket)
        if exhausted or before + units > self.ceiling(bucket):
            return None, exhausted
        _add(store, day, bucket, units, exhausted=0)
        return day, False

    def _charged(self, store: sqlite3.Connection) -> tuple[str, str, str | None]:
        """The day to charge, and the row of `quota_clock` that goes with it."""
        today = pacific_day(self.now())
        row = store.execute("SELECT latest, behind_since FROM quota_clock").fetchone()
        if row is None or today >= dt.date.fromisoformat(row[0]):
            return today.isoformat(), today.isoformat(), None
        latest, since = row[0], dt.date.fromisoformat(row[1]) if row[1] else today
        if today > since + _DAY:
            # A whole day has passed on the clock set back: the later one was wrong, and waiting
            # for its date could take years.
            return today.isoformat(), today.isoformat(), None
        return latest, latest, min(since, today).isoformat()

    def _turn_to_day(self, store: sqlite3.Connection) -> str:
        day, latest, since = self._charged(store)
        store.execute("INSERT OR REPLACE INTO quota_clock VALUES (1, ?, ?)", (latest, since))
        return day

    def _refusal(self, bucket: Bucket, exhausted: bool) -> QuotaSpentError:
        reset = self.resets_at()
        until = f"until {reset:%Y-%m-%d %H:%M} UTC"
        if exhausted:
            text = f"YouTube says that the {bucket} quota is spent {until}; collect again then"
        elif self._share < 1:
            text = (
                f"today's {bucket} quota is spent {until}: {self.ceiling(bucket)} of "
                f"{LIMITS[bucket]} may be used; raise KPOP_QUOTA_SHARE={self._share:g} for more"
            )
        else:
            text = f"today's {bucket} quota is spent {until}: KPOP_QUOTA_SHARE is 1, all of it"
        return QuotaSpentError(text, bucket, reset)

    @contextmanager
    def transaction(self, kind: str) -> Iterator[sqlite3.Connection]:
        """A transaction on a connection of its own, so that threads and forks never share one.

        Raises:
            YouTubeError: the file cannot be used.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(
                sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
            ) as store:
                store.execute("PRAGMA synchronous=FULL")
                if kind == "IMMEDIATE" or not _has_tables(store):
                    store.execute("BEGIN IMMEDIATE")
                    for statement in _SCHEMA:
                        store.execute(statement)
                else:
                    store.execute("BEGIN")
                yield store
                store.execute("COMMIT")  # without it, closing rolls back
        except (sqlite3.Error, OSError) as error:
            raise YouTubeError(
                f"cannot use the quota ledger {self._path}: {error}; nothing is sent without it: "
                "check the disk and the file's owner"
            ) from error


def _has_tables(store: sqlite3.Connection) -> bool:
    found = store.execute(
        "SELECT count(*) FROM sqlite_master WHERE name LIKE 'quota\\_%' ESCAPE '\\'"
    )
    return bool(found.fetchone()[0] == len(_SCHEMA))


def _row(store: sqlite3.Connection, day: str, bucket: Bucket) -> tuple[int, bool]:
    row = store.execute(
        "SELECT units, exhausted FROM quota_spent WHERE day = ? AND bucket = ?",
        (day, bucket.value),
    ).fetchone()
    return (row[0], bool(row[1])) if row else (0, False)


def _add(store: sqlite3.Connection, day: str, bucket: Bucket, units: int, exhausted: int) -> None:
    store.execute(
        "INSERT INTO quota_spent VALUES (?, ?, ?, ?) ON CONFLICT (day, bucket) DO UPDATE SET"
        " units = units + excluded.units, exhausted = max(exhausted, excluded.exhausted)",
        (day, bucket.value, units, exhausted),
    )
