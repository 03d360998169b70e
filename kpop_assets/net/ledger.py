"""The quota ledger: what was spent of a service's quotas, kept through crashes and restarts.

Belongs here: the file that counts. Does not belong here: when a bucket is full again (bucket.py),
the buckets of a service, or what its quota is best spent on (the service's own room).

A unit is in the file before its request is on the wire: a crash in between loses a unit, never
gains one.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.errors import QuotaSpentError
from kpop_assets.net.state import StateFile

_TABLES = {
    "quota_spent": "day TEXT, bucket TEXT, units INTEGER NOT NULL,"
    " exhausted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day, bucket)",
    # The latest day charged, and the day on which the clock was first seen behind it.
    "quota_day": "bucket TEXT PRIMARY KEY, latest TEXT NOT NULL, behind_since TEXT",
}


def utc_now() -> dt.datetime:
    """The clock, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


class QuotaLedger:
    """Counts units by bucket and day in an SQLite file.

    Any number of processes and threads may share the file: a unit is granted inside one exclusive
    transaction. A clock that steps back gives nothing back: units are charged to the latest day
    seen until the clock, as it now runs, has passed a whole day.

    Args:
        path: the file, created with its folder at the first spending.
        buckets: every bucket that is spent from.
        service: whose quota it is, for its reader.
        share: part of each limit that may be spent, above 0 up to 1.
        share_name: the setting that holds the share; empty without one.
        now: the clock (aware).
    """

    def __init__(
        self,
        path: Path,
        buckets: Iterable[QuotaBucket],
        service: str,
        *,
        share: float = 1.0,
        share_name: str = "",
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"share {share} is not above 0 and up to 1")
        self.buckets = {bucket.name: bucket for bucket in buckets}
        self.now = now
        self.path = path
        self._service = service
        self._share = share
        self._share_name = share_name
        self._file = StateFile(path, "the quota ledger", _TABLES, set_up=_take_over)

    def ceiling(self, bucket: str) -> int:
        """Units a day that may be spent: the limit times the share, rounded down."""
        # As written, not as stored: 0.29 of 100 is 29, which binary floats make 28.99.
        return int(self.buckets[bucket].limit * Decimal(str(self._share)))

    def left(self, bucket: str) -> int:
        """Units that may still be spent today; 0 after `exhaust` until the reset.

        Raises:
            StateError: the file cannot be read.
        """
        if not self.path.exists():
            return self.ceiling(bucket)
        with self._file.reading() as store:
            units, exhausted = _row(store, self._charged(store, bucket)[0], bucket)
        return 0 if exhausted else max(0, self.ceiling(bucket) - units)

    def is_exhausted(self, bucket: str) -> bool:
        """Whether the service itself says that nothing is left today, whatever we have spent.

        Raises:
            StateError: the file cannot be read.
        """
        if not self.path.exists():
            return False
        with self._file.reading() as store:
            return _row(store, self._charged(store, bucket)[0], bucket)[1]

    def spend(self, bucket: str, units: int = 1) -> None:
        """Take units out of today's quota; they are on the disk when this returns.

        Raises:
            QuotaSpentError: they would go over the ceiling, or the service has said that nothing
                is left; nothing was taken.
            StateError: the file cannot be written.
        """
        if units < 1:
            raise ValueError(f"{units} units cannot be spent")
        with self._file.writing() as store:
            day = self._turn_to_day(store, bucket)
            before, exhausted = _row(store, day, bucket)
            is_granted = not exhausted and before + units <= self.ceiling(bucket)
            if is_granted:
                _add(store, day, bucket, units, exhausted=0)
        if not is_granted:
            raise self.spent_error(bucket, is_said=exhausted)

    def exhaust(self, bucket: str) -> None:
        """Note that the service itself says the bucket is empty: nothing is left until the reset.

        Raises:
            StateError: the file cannot be written.
        """
        with self._file.writing() as store:
            _add(store, self._turn_to_day(store, bucket), bucket, 0, exhausted=1)

    def resets_at(self, bucket: str) -> dt.datetime:
        """When the bucket is full again, in UTC."""
        return self.buckets[bucket].resets_at(self.now())

    def spent(self) -> list[tuple[dt.date, str, int]]:
        """Units spent by the bucket's own day (or hour) and bucket, oldest first.

        Raises:
            StateError: the file cannot be read.
        """
        if not self.path.exists():
            return []
        with self._file.reading() as store:
            rows = store.execute(
                "SELECT day, bucket, units FROM quota_spent WHERE units > 0 ORDER BY day, bucket"
            ).fetchall()
        return [
            (self.buckets[name].parsed(day), name, units)
            for day, name, units in rows
            if name in self.buckets
        ]

    def spent_error(self, bucket: str, is_said: bool) -> QuotaSpentError:
        """The error for an empty bucket.

        Args:
            bucket: its name.
            is_said: whether the service itself says so, and not our own count.
        """
        reset = self.resets_at(bucket)
        until = f"until {reset:%Y-%m-%d %H:%M} UTC"
        span = "this hour's" if self.buckets[bucket].is_hourly else "today's"
        what = f"{span} {bucket} quota is spent {until}"
        way_out = f"{self.ceiling(bucket)} of {self.buckets[bucket].limit} may be used"
        if is_said:
            what = f"{self._service} says that the {bucket} quota is spent {until}"
            way_out = "collect again then"
        elif self._share_name and self._share == 1:
            way_out = f"{self._share_name} is 1, all of it"
        elif self._share_name:
            way_out += f"; raise {self._share_name}={self._share:g} for more"
        return QuotaSpentError(what, way_out, bucket=bucket, resets_at=reset)

    def _charged(self, store: sqlite3.Connection, bucket: str) -> tuple[str, str | None]:
        """The day to charge, and since when the clock is behind it."""
        kind = self.buckets[bucket]
        today = kind.day(self.now())
        row = store.execute(
            "SELECT latest, behind_since FROM quota_day WHERE bucket = ?", (bucket,)
        ).fetchone()
        if row is None or today >= kind.parsed(row[0]):
            return today.isoformat(), None
        latest, since = row[0], kind.parsed(row[1]) if row[1] else today
        if today > since + kind.period:
            # A whole day (or hour) has passed on the clock set back: the later one was wrong, and
            # waiting for its date could take years.
            return today.isoformat(), None
        return latest, min(since, today).isoformat()

    def _turn_to_day(self, store: sqlite3.Connection, bucket: str) -> str:
        day, since = self._charged(store, bucket)
        store.execute("INSERT OR REPLACE INTO quota_day VALUES (?, ?, ?)", (bucket, day, since))
        return day


def _take_over(store: sqlite3.Connection) -> None:
    """A file of an earlier version has one latest day for all buckets."""
    if store.execute("SELECT 1 FROM sqlite_master WHERE name = 'quota_clock'").fetchone():
        store.execute(
            "INSERT OR IGNORE INTO quota_day SELECT DISTINCT bucket, latest, behind_since"
            " FROM quota_spent, quota_clock"
        )
        store.execute("DROP TABLE quota_clock")


def _row(store: sqlite3.Connection, day: str, bucket: str) -> tuple[int, bool]:
    row = store.execute(
        "SELECT units, exhausted FROM quota_spent WHERE day = ? AND bucket = ?", (day, bucket)
    ).fetchone()
    return (row[0], bool(row[1])) if row else (0, False)


def _add(store: sqlite3.Connection, day: str, bucket: str, units: int, exhausted: int) -> None:
    store.execute(
        "INSERT INTO quota_spent VALUES (?, ?, ?, ?) ON CONFLICT (day, bucket) DO UPDATE SET"
        " units = units + excluded.units, exhausted = max(exhausted, excluded.exhausted)",
        (day, bucket, units, exhausted),
    )
