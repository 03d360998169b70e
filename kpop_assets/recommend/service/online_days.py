"""What listeners played on the days since the training, taken from the lake, one row a listener.

Belongs here: the days that the bundle lacks, where answers have them in microseconds. Does not
belong here: plays of the last minutes (online_plays.py), or reading one listener's days at the
price of a table (heard_since.py).

One process of the machine reads the table when it has changed and writes a file aside, which then
stands in the place of the one before: nobody who takes plays in or answers waits for it, and a file
that has a name is never changed. A history is then the bundle's, with these days, and with the
plays that no day of the lake has yet.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import numpy as np
import polars as pl

from kpop_assets.contracts.play_rules import DAY_SECONDS, SEOUL_OFFSET_SECONDS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.lake.errors import InUseError
from kpop_assets.lake.lock import locked
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard

DAYS_FILE = "online_days.db"
_LOCK = "serving/online"
# Who removes somebody waits for whoever takes days.
_FORGETTING_WAITS_SECONDS = 600.0
_TABLES = (
    """CREATE TABLE listener_days
    (user_id TEXT PRIMARY KEY, tracks TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE days_taken (mark TEXT NOT NULL, until TEXT NOT NULL)",
)
_EPOCH = dt.date(1970, 1, 1)


class ListenedDays:
    """Days of listeners since a training, in a file of a data folder.

    Args:
        home: the data folder; the file is made with the first days.
    """

    def __init__(self, home: Path) -> None:
        self._locks, self._path = home / ".locks", days_file(home)
        self._staged = self._path.with_name(f".{DAYS_FILE}.part")
        self._local = threading.local()

    def take(self, bundle: Bundle, reader: LakeReader) -> bool:
        """Read the days since the training of a bundle, where the table or the bundle is another.

        Returns:
            Whether they were read: by whom does not matter.

        Raises:
            LakeError: there is no table yet, or it cannot be read.
            OSError: the file cannot be written.
        """
        mark = f"{bundle.version} {reader.delta(LISTENER_TRACKS).version()}"
        if self._taken()[0] == mark:
            return False
        try:
            with locked(self._locks, _LOCK, 0):
                self._fill(mark, bundle, reader)
        except InUseError:
            return False
        return True

    def until(self) -> dt.date | None:
        """The last day that was taken; None where none was."""
        told = self._taken()[1]
        return dt.date.fromisoformat(told) if told else None

    def tracks(self, user_id: str) -> list[tuple[str, int, int]]:
        """Of each track on each day: its id, plays, and the last in seconds of Seoul's clock."""
        file = self._open()
        if file is None:
            return []
        query = "SELECT tracks FROM listener_days WHERE user_id = ?"
        row = file.execute(query, (user_id,)).fetchone()
        return [tuple(one) for one in json.loads(row[0])] if row else []

    def stamp(self, user_id: str) -> str:
        """What changes with the days of a listener, and with the last day that was taken."""
        told = json.dumps([self._taken()[1], self.tracks(user_id)])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def forget(self, user_id: str) -> None:
        """Remove a listener: the file is written anew without them, and what killed tries left.

        Raises:
            InUseError: another process takes days for too long.
        """
        if not self._path.parent.exists():
            return
        with locked(self._locks, _LOCK, _FORGETTING_WAITS_SECONDS):
            self._staged.unlink(missing_ok=True)
            file = self._open()
            if file is None or not self.tracks(user_id):
                return
            others = file.execute("SELECT * FROM listener_days WHERE user_id <> ?", (user_id,))
            with self._written() as written:
                written.executemany("INSERT INTO listener_days VALUES (?, ?)", others)
                written.execute("INSERT INTO days_taken VALUES (?, ?)", self._taken())

    def _taken(self) -> tuple[str, str]:
        file = self._open()
        row = file and file.execute("SELECT mark, until FROM days_taken").fetchone()
        return (row[0], row[1]) if row else ("", "")

    def _open(self) -> sqlite3.Connection | None:
        """This thread's connection to the file that has the name now; None where there is none."""
        try:
            told = self._path.stat()
        except FileNotFoundError:
            return None
        known, now = getattr(self._local, "file", None), (told.st_ino, told.st_mtime_ns)
        if known is not None and known[0] == now:
            return known[1]
        if known is not None:
            known[1].close()
        # Immutable: nobody changes the file, and no lock need be asked for.
        address = f"file:{quote(str(self._path.absolute()))}?mode=ro&immutable=1"
        file = sqlite3.connect(address, uri=True, isolation_level=None)
        self._local.file = (now, file)
        return file

    @contextmanager
    def _written(self) -> Iterator[sqlite3.Connection]:
        """Write a file aside, and put it in the place of the one before."""
        self._staged.parent.mkdir(parents=True, exist_ok=True)
        self._staged.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(self._staged, isolation_level=None)) as file:
                # Until it is whole and on the disk the file has no name.
                file.execute("PRAGMA journal_mode=OFF")
                file.execute("PRAGMA synchronous=OFF")
                for table in _TABLES:
                    file.execute(table)
                file.execute("BEGIN")
                yield file
                file.execute("COMMIT")
            with self._staged.open("rb") as written:
                os.fsync(written.fileno())
            self._staged.replace(self._path)
        finally:
            self._staged.unlink(missing_ok=True)

    def _fill(self, mark: str, bundle: Bundle, reader: LakeReader) -> None:
        first = bundle.training_day + dt.timedelta(days=1)
        columns = ["ingest_date", "user_id", "track_id", "play_count", "last_played_at"]
        rows = reader.rows(LISTENER_TRACKS, first, None, columns, pl.col("play_count") > 0)
        last = rows["ingest_date"].max()
        until = last if isinstance(last, dt.date) else bundle.training_day
        seconds = pl.col("last_played_at").dt.epoch("s") + SEOUL_OFFSET_SECONDS
        listeners = (
            rows.with_columns(seconds.alias("last"))
            .group_by("user_id")
            .agg(pl.col("track_id", "play_count", "last"))
            .sort("user_id")
        )
        with self._written() as file:
            told = (
                (user_id, json.dumps([*zip(*lists, strict=True)]))
                for user_id, *lists in listeners.iter_rows()
            )
            file.executemany("INSERT INTO listener_days VALUES (?, ?)", told)
            file.execute("INSERT INTO days_taken VALUES (?, ?)", (mark, until.isoformat()))


def days_file(home: Path) -> Path:
    """Where the days of a data folder lie."""
    return home / "serving" / DAYS_FILE


def heard_by_days(
    bundle: Bundle, known: Heard | None, tracks: list[tuple[str, int, int]]
) -> Heard | None:
    """A history with the days since: counts add up, of times the last counts.

    Days that the history covers are left out: another bundle may have come since they were taken.
    """
    covered = ((bundle.training_day - _EPOCH).days + 1) * DAY_SECONDS
    new = [one for one in tracks if one[2] >= covered]
    items = bundle.items_of([track_id for track_id, _, _ in new])
    is_known = items >= 0
    counts, times = (np.array([one[at] for one in new], np.int64)[is_known] for at in (1, 2))
    before = Heard.of(np.zeros(0, dtype=np.int32)) if known is None else known
    every = np.concatenate([before.items, items[is_known]])
    if not len(every):
        return known
    distinct, places = np.unique(every, return_inverse=True)
    total, last = np.zeros(len(distinct)), np.zeros(len(distinct), dtype=np.int64)
    np.add.at(total, places, np.concatenate([before.counts, counts]))
    np.maximum.at(last, places, np.concatenate([before.times, times]))
    return Heard(distinct.astype(np.int32), total, last)
