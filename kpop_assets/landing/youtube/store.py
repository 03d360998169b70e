"""The work of a collection, kept so that it goes on where it stopped, however it stopped.

Belongs here: collections, their work items and records. Does not belong here: what is remembered
beyond a collection (known.py), landing the records (outbox.py) or asking YouTube (collector.py).

Each page is committed in one transaction with what follows from it: records, found videos and the
token of the next page. A kill in between can cost the page that was on its way, no other.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from kpop_assets.days import seoul_day
from kpop_assets.landing.reservoir import reservoir_sample
from kpop_assets.landing.sources.base import SourceRecord
from kpop_assets.landing.youtube.comment_store import SeenComments
from kpop_assets.landing.youtube.known import REST_DAYS, Known
from kpop_assets.landing.youtube.rounds import DONE, OPEN, REFUSED, SEARCH, UPLOAD, Rounds, Work
from kpop_assets.landing.youtube.schema import Database, unusable
from kpop_assets.landing.youtube.subscribers import Subscribers


class Store(Rounds):
    """The collector's file; one collector uses it at a time (collector.py holds the lock)."""

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path))
        self._path = path
        self.known = Known(self.database)
        self.subscribers = Subscribers(self.database)
        self.comments = SeenComments(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.database.close()
        if isinstance(error, sqlite3.Error):
            raise unusable(self._path, error) from error

    def end(self, collection: int, now_ms: int) -> None:
        """End a collection: nothing of it is fetched any more; what it read stays to be landed."""
        works = self.works(collection, OPEN)
        with self.database.transaction() as store:
            for work in works:
                self._settle(work, now_ms)
            store.execute("UPDATE collection SET is_open = 0 WHERE id = ?", (collection,))

    def end_stale(self, since_ms: int, now_ms: int) -> None:
        """End the collections that were started before `since_ms`."""
        rows = self.database.rows(
            "SELECT id FROM collection WHERE is_open AND started_ms < ?", since_ms
        )
        for row in rows:
            self.end(row["id"], now_ms)

    def keep_records(
        self,
        collection: int,
        records: Sequence[Mapping[str, Any]],
        gone: Set[str],
        now_ms: int,
        work: Work | None = None,
    ) -> None:
        """Commit an answer about videos.

        Args:
            collection: number of the collection.
            records: in landing form; a video has one record in a collection, the first stays.
            gone: ids asked for that YouTube does not name.
            now_ms: when the answer came.
            work: the item that this finishes; none for details.
        """
        ids = [r["video_id"] for r in records]
        known = self.known.videos(ids)
        rows = [
            (
                collection,
                r["video_id"],
                now_ms,
                seoul_day(now_ms).isoformat(),
                r["video_id"] not in known,
                SourceRecord(seoul_day(now_ms), now_ms, dict(r)).line(),
            )
            for r in records
        ]
        with self.database.transaction() as store:
            store.executemany(
                "INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?, ?, NULL)",
                rows,
            )
            self.known.add_observed(records, has_text=work is None)
            self.known.add_missed(gone, now_ms)
            self.known.drop_pending([*ids, *gone])
            if work:
                self._set_state(work, DONE)

    def keep_playlists(self, work: Work, playlists: Mapping[str, str], now_ms: int) -> None:
        """Commit the playlists of the channels that an item asks for."""
        with self.database.transaction():
            self.known.add_playlists(playlists, now_ms)
            self._set_state(work, DONE)

    def keep_uploads(
        self, work: Work, ids: Sequence[str], token: str | None, now_ms: int
    ) -> Work | None:
        """Commit a page of a channel's uploads; the item with its next page, None at its end.

        It ends at the first page with only known videos, unless an earlier look ended before it
        came to one: then it goes on from there, so that nothing older is missed.
        """
        with self.database.transaction():
            unknown = self.known.unknown(ids, now_ms)
            self.known.add_pending(unknown, "", "", now_ms)
            if ids and not unknown:
                token = self.known.rest(work.name)
                self.known.set_rest(work.name, None)
            later = self._turn(work, work.params, token, len(ids), token is not None)
            if later is None and token:
                self.known.set_rest(work.name, token)
        return later

    def keep_hits(
        self,
        work: Work,
        ids: Sequence[str],
        token: str | None,
        params: dict[str, Any],
        is_more: bool,
        now_ms: int,
    ) -> Work | None:
        """Commit a page of results; at the last one, draw the sample whose details are read.

        Args:
            work: the query.
            ids: the results of the page.
            token: the next page; None for the first one of a later window.
            params: what the next call needs.
            is_more: whether there can be a next call.
            now_ms: when the answer came.
        """
        with self.database.transaction() as store:
            first = self.database.number("SELECT count(*) FROM hit WHERE work = ?", work.id)
            store.executemany(
                "INSERT INTO hit VALUES (?, ?, ?)",
                [(work.id, first + i, video_id) for i, video_id in enumerate(ids)],
            )
            later = self._turn(work, params, token, len(ids), is_more)
            if later is None:
                self._settle(work, now_ms)
                self.known.add_searched(work.name, now_ms)
        return later

    def take_in(
        self, seen: Sequence[Mapping[str, Any]], now_ms: int, renew_since_ms: int | None
    ) -> None:
        """Commit what others observed; with an instant, old texts of videos seen since wait."""
        with self.database.transaction():
            self.known.add_observed(seen)
            if renew_since_ms is not None:
                self.known.renew(renew_since_ms, now_ms)

    def drop_pending(self, video_ids: Sequence[str]) -> None:
        """Give found videos up: YouTube refuses to tell their details."""
        with self.database.transaction():
            self.known.drop_pending(video_ids)

    def put_off(self, video_ids: Collection[str], now_ms: int) -> None:
        """Let found videos wait no longer: the answer named them and did not tell them."""
        with self.database.transaction():
            self.known.drop_pending(video_ids)
            self.known.add_untold(video_ids, now_ms)

    def rest_channel(self, work: Work, why: str, now_ms: int) -> None:
        """Ask for nothing of a channel for some days; the report of this collection names it."""
        note = f"channel {work.name}: {why}; it rests for {REST_DAYS} days: check its id"
        with self.database.transaction() as store:
            self.known.rest_channel(work.name, now_ms)
            self._set_state(work, REFUSED)
            store.execute("UPDATE work SET note = ? WHERE id = ?", (note, work.id))

    def refuse(self, work: Work, note: str, now_ms: int) -> None:
        """Give an item up: YouTube refuses it for itself."""
        with self.database.transaction() as store:
            self._settle(work, now_ms)
            self._set_state(work, REFUSED)
            store.execute("UPDATE work SET note = ? WHERE id = ?", (note, work.id))

    def forget(self, before_ms: int) -> None:
        """Remove what was seen, and collections that were started, before an instant.

        Whether they ended or not; only records that are not landed stay, with their collection.
        """
        with self.database.transaction() as store:
            self.known.forget(before_ms)
            self.subscribers.forget(before_ms)
            self.comments.forget(before_ms)
            for sql in (
                "UPDATE collection SET is_open = 0 WHERE is_open AND started_ms < ?",
                "DELETE FROM work WHERE collection IN"
                " (SELECT id FROM collection WHERE started_ms < ?)",
                "DELETE FROM record WHERE line IS NULL AND collection IN"
                " (SELECT id FROM collection WHERE started_ms < ?)",
                # Its number would be given again: a new collection would find records of its own.
                "DELETE FROM collection WHERE started_ms < ?"
                " AND id NOT IN (SELECT collection FROM record)",
            ):
                store.execute(sql, (before_ms,))
            store.execute("DELETE FROM hit WHERE work NOT IN (SELECT id FROM work)")

    def _turn(
        self, work: Work, params: dict[str, Any], token: str | None, found: int, is_more: bool
    ) -> Work | None:
        left = work.pages_left - 1
        later = replace(work, params=params, token=token, pages_left=left)
        goes_on = left > 0 and is_more
        self.database.connection.execute(
            "UPDATE work SET params = ?, token = ?, pages_left = ?, found = found + ?, state = ?"
            " WHERE id = ?",
            (json.dumps(params), token, left, found, OPEN if goes_on else DONE, work.id),
        )
        return later if goes_on else None

    def _set_state(self, work: Work, state: str) -> None:
        self.database.connection.execute("UPDATE work SET state = ? WHERE id = ?", (state, work.id))

    def _settle(self, work: Work, now_ms: int) -> None:
        """What an item leaves behind: a sample of the results, the rest of the uploads."""
        if work.kind == UPLOAD and work.token:
            self.known.set_rest(work.name, work.token)
        if work.kind != SEARCH:
            return
        rows = self.database.rows(
            "SELECT video_id FROM hit WHERE work = ? ORDER BY position", work.id
        )
        hits = list(dict.fromkeys(row[0] for row in rows))[: work.params["max_items"]]
        sample = reservoir_sample(hits, work.params["reservoir_k"], seed=work.params["seed"])
        wanted = sample if work.params["is_again"] else self.known.unknown(sample, now_ms)
        self.known.add_pending(wanted, work.name, work.params["region"], now_ms)
        self.database.connection.execute("DELETE FROM hit WHERE work = ?", (work.id,))
