"""What listeners played in the last minutes and days, shared by the processes that answer.

Belongs here: a store with one row a listener, and how a bundle's history goes on with it. Does not
belong here: taking plays in, or the lake's history (heard_since.py).

Each process writes what it takes in and reads what all took in: SQLite in WAL mode, on a disk of
the machine. A row has the newest plays and a stamp that changes with them, by which lists that were
kept for a listener are known to be old. It is the time of the change in nanoseconds, so that it
never comes again, not even of a listener who was forgotten and is there anew. Plays are durable
elsewhere: after a power cut the last ones may be missing here.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from kpop_assets.contracts.play_rules import CLOCK_AHEAD_SECONDS, DAY_SECONDS, SEOUL_OFFSET_SECONDS
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.service.online_repeats import (
    play_identity,
    play_row,
    plays_once,
    read_play_rows,
)
from kpop_assets.recommend.service.online_store import OnlineFile

ONLINE_FILE = "online.db"
# Newest plays of a listener that are kept; older ones are in the lake by then.
MOST_PLAYS = 200
# Who removes somebody waits longer: they must go.
FORGETTING_WAITS_SECONDS = 60.0
_ROWS = """CREATE TABLE IF NOT EXISTS listeners
    (user_id TEXT PRIMARY KEY, stamp INTEGER NOT NULL, plays TEXT NOT NULL) WITHOUT ROWID"""
# Days of the lake lay here before they had a file of their own (online_days.py).
_MOVED = ("DROP TABLE IF EXISTS listener_days", "DROP TABLE IF EXISTS days_taken")
_BY_STAMP = "CREATE INDEX IF NOT EXISTS listeners_by_stamp ON listeners (stamp)"
_STAYS_SECONDS, _GONE_AT_ONCE, _NANOSECONDS = 2 * DAY_SECONDS, 500, 10**9
_EPOCH = dt.date(1970, 1, 1)
_NOTHING = Heard.of(np.zeros(0, dtype=np.int32))


@dataclass(frozen=True)
class OnlinePlay:
    """One play.

    Attributes:
        track_id: which track.
        played_at: when it began, in milliseconds since 1970.
        event_id: what its player calls it; None of one without a name.
    """

    track_id: str
    played_at: int
    event_id: str | None = None


class OnlinePlays(Protocol):
    """Recent plays of listeners, one row each."""

    def add(self, plays: Mapping[str, Sequence[OnlinePlay]]) -> int:
        """Note plays by hashed id; how many were new. A repeat is no other play."""

    def let_go(self, covered_until: dt.date) -> int:
        """Remove whose plays all came before the end of a day that the lake has; how many."""

    def stamp(self, user_id: str) -> int:
        """What changes with each new play of a listener; 0 of whom none is known."""

    def ahead(self, user_id: str, moment_ms: int) -> int:
        """How many plays of a listener begin after a moment: their clock is ahead."""

    def plays(self, user_id: str) -> list[OnlinePlay]:
        """Plays of a listener, oldest first and without the names of events."""

    def forget(self, user_id: str) -> bool:
        """Remove a listener; whether they were there."""


class SqlitePlays:
    """Recent plays in one file of the data folder, for all processes of the machine.

    Args:
        path: the file; it is made with the first play.
        forgetting_waits_seconds: for others who use it, before somebody is removed.
        clock: nanoseconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        forgetting_waits_seconds: float = FORGETTING_WAITS_SECONDS,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._clock = clock
        self._forgetting_waits_seconds = forgetting_waits_seconds
        self._file = OnlineFile(path, (_ROWS, _BY_STAMP, *_MOVED))

    def add(self, plays: Mapping[str, Sequence[OnlinePlay]]) -> int:
        """Note plays by hashed id; how many were new. A repeat is no other play."""
        new_count, now = 0, self._clock()
        with self._file.changing() as file:
            for user_id, given in plays.items():
                before = read_play_rows(self._row(user_id, "plays"))
                new = (play_row(one.played_at, one.track_id, one.event_id) for one in given)
                kept = plays_once([*before, *new])[-MOST_PLAYS:]
                if kept == before:
                    continue
                new_count += len({*map(play_identity, kept)} - {*map(play_identity, before)})
                file.execute(
                    "INSERT INTO listeners VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE "
                    "SET stamp = max(stamp + 1, excluded.stamp), plays = excluded.plays",
                    (user_id, now, json.dumps(kept)),
                )
        return new_count

    def let_go(self, covered_until: dt.date) -> int:
        """Remove whose plays all came before the end of a day that the lake has; how many.

        What came in the last two days stays: it may belong to a day that the lake had before.
        """
        if not self._file.exists():
            return 0
        end = ((covered_until - _EPOCH).days + 1) * DAY_SECONDS - SEOUL_OFFSET_SECONDS
        # By clocks that are ahead the next day had begun.
        end -= CLOCK_AHEAD_SECONDS
        before = min(end * _NANOSECONDS, self._clock() - _STAYS_SECONDS * _NANOSECONDS)
        gone, last = 0, _GONE_AT_ONCE
        while last == _GONE_AT_ONCE:
            # Few at a time: nobody who plays waits for many.
            with self._file.changing() as file:
                last = file.execute(
                    "DELETE FROM listeners WHERE user_id IN "
                    "(SELECT user_id FROM listeners WHERE stamp < ? LIMIT ?)",
                    (before, _GONE_AT_ONCE),
                ).rowcount
            gone += last
        return gone

    def stamp(self, user_id: str) -> int:
        """What changes with each new play of a listener; 0 of whom none is known."""
        row = self._row(user_id, "stamp") if self._file.exists() else None
        return int(row) if row is not None else 0

    def ahead(self, user_id: str, moment_ms: int) -> int:
        """How many plays of a listener begin after a moment: their clock is ahead."""
        if not self._file.exists():
            return 0
        # The newest is the last; of most listeners it has begun, and the others need no reading.
        newest = "json_extract(plays, '$[#-1][0]')"
        plays = self._row(user_id, f"CASE WHEN {newest} > {int(moment_ms)} THEN plays END")
        return sum(played_at > moment_ms for played_at, _, _ in read_play_rows(plays))

    def plays(self, user_id: str) -> list[OnlinePlay]:
        """Plays of a listener, oldest first and without the names of events."""
        if not self._file.exists():
            return []
        told = read_play_rows(self._row(user_id, "plays"))
        return [OnlinePlay(track_id, played_at) for played_at, track_id, _ in told]

    def forget(self, user_id: str) -> bool:
        """Remove a listener; whether they were there. Their plays leave the file's pages, too.

        Raises:
            OnlineStoreError: others use the file for too long.
        """
        if not self._file.exists():
            return False
        with self._file.waiting(self._forgetting_waits_seconds) as file:
            gone = file.execute("DELETE FROM listeners WHERE user_id = ?", (user_id,)).rowcount
            # What was written before lies in the log until that is taken over as a whole.
            if file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise self._file.busy()
        return gone > 0

    def _row(self, user_id: str, column: str) -> str | int | None:
        query = f"SELECT {column} FROM listeners WHERE user_id = ?"  # noqa: S608 - ours
        row = self._file.open().execute(query, (user_id,)).fetchone()
        return None if row is None else row[0]


def online_file(home: Path) -> Path:
    """Where the recent plays of a data folder lie."""
    return home / "serving" / ONLINE_FILE


def plays_of_lines(lines: Iterable[Mapping[str, object]]) -> dict[str, list[OnlinePlay]]:
    """Plays by hashed id, of landing lines as they are taken in; totals are no plays."""
    found: dict[str, list[OnlinePlay]] = {}
    for line in lines:
        played_at = line.get("played_at")
        if isinstance(played_at, int) and line.get("total_play_count") is None:
            event_id = line.get("event_id")
            name = None if event_id is None else str(event_id)
            play = OnlinePlay(str(line["track_id"]), played_at, name)
            found.setdefault(str(line["user_id"]), []).append(play)
    return found


def heard_with(
    bundle: Bundle,
    known: Heard | None,
    known_until: dt.date,
    plays: Sequence[OnlinePlay],
    moment_ms: int,
) -> Heard | None:
    """A history, and the plays that have come by a moment; None of whom nothing is known.

    A play of a day that the history covers counts where the history lacks it: it came late. What
    began after the moment counts never: nobody could know it then.

    Args:
        bundle: whose items.
        known: what is known, by the clock of Seoul.
        known_until: the last day that it covers.
        plays: what was played lately; tracks that the bundle does not know are left out.
        moment_ms: the moment, in milliseconds since 1970.
    """
    before = _NOTHING if known is None else known
    last = dict(zip(before.items.tolist(), before.times.tolist(), strict=True))
    counts = dict(zip(before.items.tolist(), before.counts.tolist(), strict=True))
    covered = ((known_until - _EPOCH).days + 1) * DAY_SECONDS
    items = bundle.items_of([play.track_id for play in plays])
    for item, play in zip(items.tolist(), plays, strict=True):
        seconds = play.played_at // 1000 + SEOUL_OFFSET_SECONDS
        is_known = seconds < covered and last.get(item, -1) >= seconds - seconds % DAY_SECONDS
        if item < 0 or is_known or play.played_at > moment_ms:
            continue
        counts[item] = counts.get(item, 0.0) + 1.0
        last[item] = max(seconds, last.get(item, 0))
    if not counts:
        return None
    order = sorted(counts)
    return Heard(
        np.array(order, dtype=np.int32),
        np.array([counts[item] for item in order], dtype=np.float64),
        np.array([last[item] for item in order], dtype=np.int64),
    )
