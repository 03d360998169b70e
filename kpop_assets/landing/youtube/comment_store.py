"""Which comments the collector has seen, and under which videos it looked.

Belongs here: the tables `comment` and `commented` of the collector's file: ids and times, no word
and no author. Does not belong here: which videos are looked at (comment_plan.py), or asking for
their comments (comments.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpop_assets.landing.youtube.schema import Database

READ, DISABLED, GONE = "read", "disabled", "gone"
# Twice a day at most, as rounds come.
_AGAIN_MS = 5 * 3_600_000
# Where comments are closed or the video is gone hardly anything changes within a week.
_REST_MS = 7 * 86_400_000


class SeenComments:
    """Reads and writes of what was seen; writes belong into a transaction of the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, video_ids: Sequence[str], now_ms: int) -> list[str]:
        """Those of the videos that are looked at now, in order."""
        rows = self._database.rows("SELECT video_id, state, read_ms FROM commented")
        rests = {
            row["video_id"]
            for row in rows
            if now_ms - row["read_ms"] < (_AGAIN_MS if row["state"] == READ else _REST_MS)
        }
        return [video for video in dict.fromkeys(video_ids) if video not in rests]

    def known(self, video_id: str) -> dict[str, int]:
        """When each comment under a video that was seen was written, epoch ms, by id."""
        rows = self._database.rows(
            "SELECT comment_id, published_ms FROM comment WHERE video_id = ?", video_id
        )
        return {row["comment_id"]: row["published_ms"] for row in rows}

    def keep(self, video_id: str, state: str, now_ms: int) -> None:
        """Note that a video was looked at."""
        self._database.connection.execute(
            "INSERT OR REPLACE INTO commented VALUES (?, ?, ?)", (video_id, state, now_ms)
        )

    def add(self, video_id: str, seen: Mapping[str, int], gone: Iterable[str], now_ms: int) -> None:
        """Remember comments, and no longer those that are gone.

        Args:
            video_id: under which they stand.
            seen: when each was written (epoch ms), by id.
            gone: ids of those that are listed no more.
            now_ms: when they were seen.
        """
        store = self._database.connection
        store.executemany(
            "INSERT OR REPLACE INTO comment VALUES (?, ?, ?, ?)",
            [(comment, video_id, at, now_ms) for comment, at in seen.items()],
        )
        store.executemany("DELETE FROM comment WHERE comment_id = ?", [(one,) for one in gone])

    def forget(self, before_ms: int) -> None:
        """Remove what was last seen before an instant."""
        for sql in (
            "DELETE FROM comment WHERE seen_ms < ?",
            "DELETE FROM commented WHERE read_ms < ?",
        ):
            self._database.connection.execute(sql, (before_ms,))
