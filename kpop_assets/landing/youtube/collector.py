"""One collection: plan it or go on with it, fetch page by page, land what was read.

Belongs here: the order of the calls and what a failure of each kind ends. Does not belong here:
what is wanted (request.py), what fits (calls.py), what is kept (store.py), retries (net/).

A spent bucket ends the calls of that bucket, a request that YouTube refuses ends itself, anything
else ends the run. What was read is landed in each case, and the next run goes on from there.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from kpop_assets.landing.youtube.calls import make_plan
from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.errors import RefusedError
from kpop_assets.landing.youtube.items import gone_ids
from kpop_assets.landing.youtube.outbox import land_records
from kpop_assets.landing.youtube.quota import PAGE_SIZE, Quota
from kpop_assets.landing.youtube.records import from_stats, from_video
from kpop_assets.landing.youtube.request import (
    Ask,
    Scope,
    next_window,
    rounds_until,
    to_instant,
    to_ms,
    want,
    works_of,
)
from kpop_assets.landing.youtube.rounds import (
    LOOKUP,
    OPEN,
    REFRESH,
    SEARCH,
    UPLOAD,
    Collection,
    CollectionReport,
    Work,
)
from kpop_assets.landing.youtube.schema import collecting_alone
from kpop_assets.landing.youtube.store import Store
from kpop_assets.net.ledger import QuotaLedger, utc_now

# A collection that stopped is gone on with for so long; later a new plan serves better.
RESUME_HOURS = 5
STORED_DAYS = 30
_NOT_FOUND = 404

# Observations in landing form since an instant (epoch ms), from whatever collected them.
Seen = Callable[[int], Iterable[Mapping[str, Any]]]
Units = dict[Quota, int]


class Collector:
    """Collects on one store, one run at a time.

    Args:
        client: the API.
        ledger: what is left of the quotas.
        store: the store's file; a lock beside it keeps a second collection out.
        landing: the landing folder.
        scope: what the plan of the day covers.
        seen: observations of other collectors, to be refreshed too.
        now: the clock (aware).
        resume_hours: how long a stopped collection is gone on with.
    """

    def __init__(
        self,
        client: YouTubeClient,
        ledger: QuotaLedger,
        store: Path,
        landing: Path,
        scope: Scope,
        seen: Seen = lambda since_ms: (),
        now: Callable[[], dt.datetime] = utc_now,
        resume_hours: float = RESUME_HOURS,
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._path = store
        self._landing = landing
        self._scope = scope
        self._seen = seen
        self._now = now
        self._resume_ms = int(resume_hours * 3_600_000)

    def run(self, ask: Ask) -> CollectionReport:
        """Collect what is asked for, as far as the quota goes.

        Raises:
            CollectionBusyError: another collection is running.
            KeyRefusedError: no call can work; what was read before is landed.
            UnavailableError: YouTube fails; what was read before is landed, the next run goes on.
            LandingError: a file cannot be written; what was read stays in the store.
            YouTubeError: the store cannot be used.
            StateError: the ledger cannot be used; what was read stays in the store.
        """
        with collecting_alone(self._path), Store(self._path) as store:
            before, now_ms = self._units(), self._now_ms()
            store.end_stale(now_ms - self._resume_ms, now_ms)
            store.forget(now_ms - STORED_DAYS * 86_400_000)
            collection = store.unfinished(ask.key(), now_ms - self._resume_ms)
            is_resumed = collection is not None
            collection = collection or self._begin(store, ask, now_ms)
            report = CollectionReport(collection.day, collection.round, is_resumed)
            try:
                self._fetch(store, collection, report)
            except Exception:
                land_records(store.database, self._landing)
                raise
            report.landed = land_records(store.database, self._landing)
            self._sum_up(store, collection, report, before)
            return report

    def _begin(self, store: Store, ask: Ask, now_ms: int) -> Collection:
        since_ms = now_ms - min(ask.refresh_days, STORED_DAYS) * 86_400_000
        store.take_in(list(self._seen(since_ms)), now_ms, None if ask.queries else since_ms)
        left = {bucket: self._ledger.left(bucket) for bucket in Quota}
        if not ask.queries:
            rounds = rounds_until(self._now(), self._ledger.resets_at(Quota.SEARCH))
            left[Quota.SEARCH] = math.ceil(left[Quota.SEARCH] / rounds)
        uncounted = 0 if ask.queries else store.subscribers.expected(since_ms, now_ms)
        plan = make_plan(want(ask, self._scope, store.known, now_ms, uncounted), left, now_ms)
        works = works_of(plan, ask, store.known)
        return store.begin(ask.key(), now_ms, works, plan.left_out)

    def _fetch(self, store: Store, collection: Collection, report: CollectionReport) -> None:
        """Every call that is planned; the details of what is found come before further finding."""
        steps = {
            REFRESH: self._refresh,
            LOOKUP: self._look_up,
            UPLOAD: self._read_uploads,
            SEARCH: self._search,
        }
        for kind, step in steps.items():
            with report.until_spent():
                for work in store.works(collection.id, OPEN, kind):
                    try:
                        step(store, collection, work)
                    except RefusedError as error:
                        store.refuse(work, str(error), self._now_ms())
            with report.until_spent():
                if kind != LOOKUP:
                    self._read_details(store, collection, report)
        with report.until_spent():
            ask = self._client.subscriber_counts
            report.refused += store.subscribers.ask(ask, self._now_ms)

    def _refresh(self, store: Store, collection: Collection, work: Work) -> None:
        ids = work.params["ids"]
        page = self._client.batch_stats(ids)
        items = {item["id"]: item for item in page.items}
        now_ms = self._now_ms()
        known = store.known.videos(ids)
        records = [from_stats(items[i], known[i], now_ms) for i in ids if i in items and i in known]
        store.keep_records(collection.id, records, gone_ids(ids, page.named), now_ms, work)

    def _look_up(self, store: Store, collection: Collection, work: Work) -> None:
        ids = work.params["ids"]
        playlists = self._client.uploads_playlists(ids)
        if missing := [channel for channel in ids if channel not in playlists]:
            # A channel of the catalogue is hardly ever gone: once more, before it is given up.
            playlists |= self._client.uploads_playlists(missing)
        store.keep_playlists(work, playlists, self._now_ms())

    def _read_uploads(self, store: Store, collection: Collection, work: Work) -> None:
        playlist = store.known.playlists(self._now_ms()).get(work.name)
        if playlist is None:
            store.rest_channel(work, "YouTube names no list of its uploads", self._now_ms())
            return
        later: Work | None = work
        while later:
            try:
                page = self._client.playlist_page(playlist, later.token)
            except RefusedError as error:
                if error.status != _NOT_FOUND:
                    raise
                store.rest_channel(work, "its list of uploads is not found", self._now_ms())
                return
            ids = [item["contentDetails"]["videoId"] for item in page.items]
            later = store.keep_uploads(later, ids, page.next_token, self._now_ms())

    def _search(self, store: Store, collection: Collection, work: Work) -> None:
        later: Work | None = work
        while later:
            params = later.params
            page = self._client.search(
                later.name,
                region=params["region"],
                language=params["language"],
                after=to_instant(params["after"]),
                before=to_instant(params["before"]),
                token=later.token,
            )
            hits = [from_video(item, 0) for item in page.items]
            ids = [str(hit["video_id"]) for hit in hits]
            params = next_window(params, hits, page.next_token)
            is_more = page.next_token is not None or params["before"] != later.params["before"]
            later = store.keep_hits(later, ids, page.next_token, params, is_more, self._now_ms())

    def _read_details(self, store: Store, collection: Collection, report: CollectionReport) -> None:
        while waiting := store.known.pending(PAGE_SIZE):
            ids = [pending.video_id for pending in waiting]
            try:
                page = self._client.videos(ids)
            except RefusedError as error:
                report.refused.append(str(error))
                store.drop_pending(ids)
                continue
            now_ms = self._now_ms()
            origin = {pending.video_id: pending for pending in waiting}
            records = [
                from_video(i, now_ms, origin[i["id"]].query or None, origin[i["id"]].region or None)
                for i in page.items
                if i["id"] in origin
            ]
            gone = gone_ids(ids, page.named)
            if not page.named and not gone:
                store.drop_pending(ids)
            store.keep_records(collection.id, records, gone, now_ms)
            # What an answer names and does not tell would be asked for again at once, for ever.
            told = {record["video_id"] for record in records}
            store.put_off([i for i in ids if i in page.named and i not in told], now_ms)

    def _sum_up(
        self, store: Store, collection: Collection, report: CollectionReport, before: Units
    ) -> None:
        waiting = len(store.known.pending())
        store.sum_up(collection, report)
        if waiting:
            report.left_out["details"] = report.left_out.get("details", 0) + waiting
        report.spent = {quota: units - before[quota] for quota, units in self._units().items()}
        report.left = {quota: self._ledger.left(quota) for quota in Quota}
        report.odd = dict(self._client.odd)
        if not store.works(collection.id, OPEN) and not waiting:
            store.end(collection.id, self._now_ms())

    def _units(self) -> Units:
        spent = self._ledger.spent()
        return {q: sum(units for _, name, units in spent if name == q) for q in Quota}

    def _now_ms(self) -> int:
        return to_ms(self._now())
