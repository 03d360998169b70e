"""Subscribers of the channels whose videos a collection has read.

Belongs here: the table `channel` of the store, and writing counts into records that wait to be
landed. Does not belong here: when they are asked for (collector.py) or the answer (client.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set

from kpop_assets.landing.youtube.errors import RefusedError
from kpop_assets.landing.youtube.items import gone_ids
from kpop_assets.landing.youtube.quota import PAGE_SIZE
from kpop_assets.landing.youtube.schema import Database

# A count is asked for once a day, by whichever round comes first, and goes with a day's records.
ASK_AGAIN_MS = 20 * 3_600_000
_GOES_WITH_MS = 24 * 3_600_000
_CHANNEL_ID = re.compile(r"UC[0-9A-Za-z_-]{22}", re.ASCII)
CountsOf = Callable[[Sequence[str]], tuple[Mapping[str, int], Set[str]]]
_AUTHOR = "json_extract(CAST(line AS TEXT), '$.author_id')"


class Subscribers:
    """Reads and writes of subscriber counts; writes belong into a transaction of the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def expected(self, since_ms: int, now_ms: int) -> int:
        """Channels of the videos seen since then whose count will be asked for."""
        return self._database.number(
            "SELECT count(DISTINCT json_extract(about, '$.author_id')) FROM video"
            " WHERE observed_ms >= ? AND NOT is_gone AND about IS NOT NULL"
            " AND json_extract(about, '$.author_id') NOT IN"
            " (SELECT channel_id FROM channel WHERE fetched_ms > ?)",
            since_ms,
            now_ms - ASK_AGAIN_MS,
        )

    def ask(self, counts_of: CountsOf, now_ms: Callable[[], int]) -> list[str]:
        """Ask for what is not known of channels whose records wait to be landed.

        Args:
            counts_of: counts of up to 50 channels, and the ids that the answer named.
            now_ms: the clock, epoch ms.

        Returns:
            What was refused, a line each.
        """
        ids = self._wanted(now_ms())
        for batch in (ids[i : i + PAGE_SIZE] for i in range(0, len(ids), PAGE_SIZE)):
            try:
                counts, named = counts_of(batch)
            except RefusedError as error:
                return [str(error)]
            with self._database.transaction():
                self._add(named | gone_ids(batch, named), counts, now_ms())
        return []

    def forget(self, before_ms: int) -> None:
        """Remove what was told before an instant."""
        self._database.connection.execute("DELETE FROM channel WHERE fetched_ms < ?", (before_ms,))

    def write_counts(self) -> None:
        """Write what is known into the records that are in no batch yet."""
        rows = self._database.rows(
            "SELECT record.rowid, line, subscriber_count FROM record JOIN channel"  # noqa: S608
            f" ON channel_id = {_AUTHOR} WHERE batch IS NULL"
            " AND subscriber_count IS NOT NULL AND abs(fetched_ms - observed_ms) <= ?",
            _GOES_WITH_MS,
        )
        self._database.connection.executemany(
            "UPDATE record SET line = ? WHERE rowid = ?",
            ((_with_count(line, count), rowid) for rowid, line, count in rows),
        )

    def _wanted(self, now_ms: int) -> list[str]:
        rows = self._database.rows(
            f"SELECT DISTINCT {_AUTHOR} AS author FROM record"  # noqa: S608
            " WHERE batch IS NULL AND author NOT IN"
            " (SELECT channel_id FROM channel WHERE fetched_ms > ?) ORDER BY author",
            now_ms - ASK_AGAIN_MS,
        )
        return [row[0] for row in rows if _CHANNEL_ID.fullmatch(str(row[0]))]

    def _add(self, told: Set[str], counts: Mapping[str, int], now_ms: int) -> None:
        """A channel without a count hides it, or is gone: it is not asked for again at once."""
        self._database.connection.executemany(
            "INSERT OR REPLACE INTO channel VALUES (?, ?, ?)",
            [(channel, counts.get(channel), now_ms) for channel in told],
        )


def _with_count(line: bytes, count: int) -> bytes:
    return line.removesuffix(b"}\n") + b', "author_subscriber_count": %d}\n' % count
