"""What the collector remembers between collections: videos, playlists, when it searched for what.

Belongs here: the tables `video`, `playlist`, `searched` and `pending` of the store. Does not
belong here: the work of one collection (store.py).

Nothing that came from the API stays longer than it may be stored: `forget` removes it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from kpop_assets.contracts.bronze import YOUTUBE_SOURCE
from kpop_assets.days import seoul_day
from kpop_assets.landing.youtube.calls import RefreshCandidate
from kpop_assets.landing.youtube.records import KnownVideo
from kpop_assets.landing.youtube.schema import Database

_DAY_MS = 86_400_000
PLAYLIST_DAYS = 30
# A channel that shows no list of uploads is looked at again after so long.
REST_DAYS = 7
# Some days before YouTube's limit of 30: a day's quota can be spent.
TEXT_DAYS = 25

_OBSERVE = """
INSERT INTO video (video_id, about, published_ms, observed_ms, view_count, about_ms)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (video_id) DO UPDATE SET
    pace = CASE WHEN excluded.view_count IS NULL OR video.view_count IS NULL
        OR excluded.observed_ms - video.observed_ms < 3600000 THEN video.pace
        ELSE (excluded.view_count - video.view_count) * 86400000.0
            / (excluded.observed_ms - video.observed_ms) END,
    about = excluded.about, published_ms = excluded.published_ms,
    observed_ms = excluded.observed_ms,
    view_count = coalesce(excluded.view_count, video.view_count),
    about_ms = max(coalesce(video.about_ms, 0), excluded.about_ms),
    is_gone = 0, missed_day = NULL
WHERE excluded.observed_ms > video.observed_ms
"""
_ABOUT = tuple(field.name for field in fields(KnownVideo))


class Pending(NamedTuple):
    """A video that was found and whose details are still to be read."""

    video_id: str
    query: str
    region: str


class Known:
    """Reads and writes of what is remembered; writes belong into a transaction of the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_observed(self, records: Iterable[Mapping[str, Any]], has_text: bool = False) -> None:
        """Take in observations in landing form; an older one than is known changes nothing.

        Args:
            records: the observations.
            has_text: whether titles and the like were read with the counters. Those of our own
                records may otherwise be copies of what was read earlier.
        """
        self._database.connection.executemany(
            _OBSERVE,
            (
                (*_row(r), r["observed_at"] if has_text or r.get("source") != YOUTUBE_SOURCE else 0)
                for r in records
            ),
        )

    def add_missed(self, video_ids: Iterable[str], now_ms: int) -> None:
        """Note that YouTube did not name a video; it is gone after misses on two Seoul days.

        A video can be hidden for a day, and one answer can be incomplete.
        """
        day = seoul_day(now_ms).isoformat()
        self._database.connection.executemany(
            "INSERT INTO video (video_id, observed_ms, missed_day) VALUES (?, ?, ?)"
            " ON CONFLICT (video_id) DO UPDATE SET"
            " is_gone = is_gone OR coalesce(missed_day < excluded.missed_day, 0),"
            " missed_day = excluded.missed_day",
            [(video_id, now_ms, day) for video_id in video_ids],
        )

    def add_untold(self, video_ids: Iterable[str], now_ms: int) -> None:
        """Note that YouTube named a video and did not tell it: it is there, and waits for a day."""
        day = seoul_day(now_ms).isoformat()
        self._database.connection.executemany(
            "INSERT INTO video (video_id, observed_ms, missed_day) VALUES (?, ?, ?)"
            " ON CONFLICT (video_id) DO UPDATE SET missed_day = excluded.missed_day",
            [(video_id, now_ms, day) for video_id in video_ids],
        )

    def candidates(self, since_ms: int) -> list[RefreshCandidate]:
        """The videos that can be refreshed: seen since then, not gone, not waiting for details."""
        rows = self._database.rows(
            "SELECT video_id, published_ms, observed_ms, pace FROM video"
            " WHERE observed_ms >= ? AND NOT is_gone AND about IS NOT NULL"
            " AND video_id NOT IN (SELECT video_id FROM pending)",
            since_ms,
        )
        return [RefreshCandidate(*row) for row in rows]

    def videos(self, video_ids: Collection[str]) -> dict[str, KnownVideo]:
        """What is known of up to 50 videos, by id."""
        rows = self._database.rows(
            f"SELECT about FROM video WHERE about IS NOT NULL AND video_id IN ({_marks(video_ids)})",  # noqa: S608, E501
            *video_ids,
        )
        known = (KnownVideo(**json.loads(row[0])) for row in rows)
        return {video.video_id: video for video in known}

    def unknown(self, video_ids: Iterable[str], now_ms: int) -> list[str]:
        """Those whose details should be read, each once, in order.

        Not the ones that were seen and are not gone, wait for their details, or were asked for
        today and not named: what is gone and found again is asked for again, once a day.
        """
        ids = list(dict.fromkeys(video_ids))
        rows = self._database.rows(
            f"SELECT video_id FROM video WHERE video_id IN ({_marks(ids)})"  # noqa: S608
            " AND (about IS NOT NULL AND NOT is_gone OR missed_day = ?) UNION "
            f"SELECT video_id FROM pending WHERE video_id IN ({_marks(ids)})",
            *ids,
            seoul_day(now_ms).isoformat(),
            *ids,
        )
        known = {row[0] for row in rows}
        return [video_id for video_id in ids if video_id not in known]

    def add_pending(self, video_ids: Iterable[str], query: str, region: str, now_ms: int) -> None:
        """Remember found videos until their details are read."""
        self._database.connection.executemany(
            "INSERT OR IGNORE INTO pending VALUES (?, ?, ?, ?)",
            [(video_id, query, region, now_ms) for video_id in video_ids],
        )

    def renew(self, since_ms: int, now_ms: int) -> None:
        """Let the videos seen since then wait for details where their texts are missing or old.

        The call that refreshes statistics gives no title, and a title may be stored 30 days.
        """
        self._database.connection.execute(
            "INSERT OR IGNORE INTO pending SELECT video_id,"
            " coalesce(json_extract(about, '$.query'), ''),"
            " coalesce(json_extract(about, '$.region'), ''), ?"
            " FROM video WHERE observed_ms >= ? AND NOT is_gone"
            " AND (about IS NULL OR coalesce(about_ms, 0) < ?)"
            " AND missed_day IS NOT ?",
            (now_ms, since_ms, now_ms - TEXT_DAYS * _DAY_MS, seoul_day(now_ms).isoformat()),
        )

    def drop_pending(self, video_ids: Iterable[str]) -> None:
        """Forget that they wait."""
        self._database.connection.executemany(
            "DELETE FROM pending WHERE video_id = ?", [(video_id,) for video_id in video_ids]
        )

    def pending(self, most: int = -1) -> list[Pending]:
        """The videos that wait for their details, those that wait longest first."""
        rows = self._database.rows(
            "SELECT video_id, query, region FROM pending ORDER BY found_ms, video_id LIMIT ?", most
        )
        return [Pending(*row) for row in rows]

    def playlists(self, now_ms: int) -> dict[str, str]:
        """Playlist of uploads by channel, as far as it was asked for in the last 30 days."""
        rows = self._database.rows(
            "SELECT channel_id, playlist_id FROM playlist"
            " WHERE fetched_ms >= ? AND playlist_id IS NOT NULL",
            now_ms - PLAYLIST_DAYS * _DAY_MS,
        )
        return {row[0]: row[1] for row in rows}

    def add_playlists(self, found: Mapping[str, str], now_ms: int) -> None:
        """Remember playlists by channel."""
        self._database.connection.executemany(
            "INSERT INTO playlist (channel_id, playlist_id, fetched_ms) VALUES (?, ?, ?)"
            " ON CONFLICT (channel_id) DO UPDATE SET"
            " playlist_id = excluded.playlist_id, fetched_ms = excluded.fetched_ms",
            [(channel, playlist, now_ms) for channel, playlist in found.items()],
        )

    def rest_channel(self, channel_id: str, now_ms: int) -> None:
        """Note that a channel has no list of uploads now: a row without a playlist says so."""
        self._database.connection.execute(
            "INSERT OR REPLACE INTO playlist (channel_id, playlist_id, fetched_ms)"
            " VALUES (?, NULL, ?)",
            (channel_id, now_ms),
        )

    def resting(self, now_ms: int) -> set[str]:
        """Channels of which nothing is asked now."""
        rows = self._database.rows(
            "SELECT channel_id FROM playlist WHERE playlist_id IS NULL AND fetched_ms >= ?",
            now_ms - REST_DAYS * _DAY_MS,
        )
        return {row[0] for row in rows}

    def rest(self, channel_id: str) -> str | None:
        """Token of the page at which the last look at the channel's uploads ended too early."""
        rows = self._database.rows("SELECT rest FROM playlist WHERE channel_id = ?", channel_id)
        return rows[0][0] if rows else None

    def set_rest(self, channel_id: str, token: str | None) -> None:
        """Remember where the next look has to go on after the newest videos; None is nowhere."""
        self._database.connection.execute(
            "UPDATE playlist SET rest = ? WHERE channel_id = ?", (token, channel_id)
        )

    def searched(self) -> dict[str, int]:
        """When each query was last searched for to its end, epoch ms."""
        return {row[0]: row[1] for row in self._database.rows("SELECT * FROM searched")}

    def add_searched(self, query: str, now_ms: int) -> None:
        """Note that a query was searched for."""
        self._database.connection.execute(
            "INSERT OR REPLACE INTO searched VALUES (?, ?)", (query, now_ms)
        )

    def forget(self, before_ms: int) -> None:
        """Remove what was last seen before an instant, and texts that were last read before it."""
        for sql in (
            "UPDATE video SET about = NULL, about_ms = NULL"
            " WHERE about IS NOT NULL AND coalesce(about_ms, 0) < ?",
            "DELETE FROM video WHERE observed_ms < ?",
            "DELETE FROM pending WHERE found_ms < ?",
            "DELETE FROM playlist WHERE fetched_ms < ?",
        ):
            self._database.connection.execute(sql, (before_ms,))


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _row(record: Mapping[str, Any]) -> tuple[object, ...]:
    """A row of `video`; what the API gives in a form that cannot be counted with is left out."""
    about = json.dumps({name: record.get(name) for name in _ABOUT})
    published, views = (
        value if isinstance(value, int) else None
        for value in (record.get("published_at"), record.get("view_count"))
    )
    return record["video_id"], about, published, record["observed_at"], views
