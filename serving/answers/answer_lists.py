"""Lists of one process: kept ones, those made within a deadline, and what stands in for them.

Belongs here: caches, the thread that makes lists, and the fallback. Does not belong here: a list
itself (answer_maker.py), or who asks (answers.py).

Lists are made by one thread beside the one that serves: they are work for a processor, and two
would only wait for each other. What is not there in 50 ms is answered by what is popular at the
hour, said so in answer and log, and kept for the next question when it comes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import orjson

from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.service.online_days import ListenedDays, heard_by_days
from kpop_assets.recommend.service.online_plays import OnlinePlays, heard_with
from kpop_assets.rising_slot.rising_slots import RisingSlots
from serving.answers.answer_bundles import AnsweringBundle
from serving.answers.answer_cache import ProcessCache, RedisCache
from serving.answers.answer_maker import Question, make_list
from serving.finding.known_acts import ActsOfHome, KnownActs
from serving.metrics.meters import Meters

LATE_SECONDS = 0.05
# More that wait for the thread would be late anyway.
MOST_WAITING = 8
# Of a list that is nobody's own: nothing is drawn for it.
_NO_REQUEST = uuid.UUID(int=0)
_log = logging.getLogger("kpop.answers")


class AnswerLists:
    """What one process has made and makes.

    Args:
        acts: who is an act, and by which names.
        slots: choose the rising act.
        plays: what listeners played lately.
        days: what they played on the days since the training.
        meters: count what is looked up.
        late_seconds: from which a list counts as late.
        shared: keeps lists for other processes, too; None is nowhere.

    Attributes:
        late_seconds: as given.
    """

    def __init__(
        self,
        acts: ActsOfHome,
        slots: RisingSlots,
        plays: OnlinePlays,
        days: ListenedDays,
        meters: Meters,
        late_seconds: float = LATE_SECONDS,
        shared: RedisCache | None = None,
    ) -> None:
        self._acts, self._slots, self._plays, self._days = acts, slots, plays, days
        self._meters, self.late_seconds = meters, late_seconds
        self._cache, self._shared = ProcessCache(), shared
        self._sending: set[asyncio.Task[None]] = set()
        self._maker = ThreadPoolExecutor(1, "answers")
        self._waiting = 0

    async def stop(self) -> None:
        """End what is being made."""
        await asyncio.to_thread(self._maker.shutdown, cancel_futures=True)
        if self._shared is not None:
            await asyncio.gather(*self._sending)
            await self._shared.close()

    async def list_of(
        self,
        answering: AnsweringBundle,
        question: Question,
        user_id: str | None,
        begun: float,
        request_id: uuid.UUID,
    ) -> tuple[dict[str, Any], str | None, str]:
        """A list, why another stands in for it, and which cache it came from.

        What is drawn for it is drawn by the request's id, and kept with it under that.
        """
        bundle = answering.bundle
        if not answering.is_whole:
            return self.popular(bundle, question), "no_model", "none"
        acts = self._acts.read()
        key = question.key(f"{bundle.state} {acts.state}", user_id, self._stamp(user_id))
        kept = self._cache.get(key)
        self._meters.looked_up("process", "miss" if kept is None else "hit")
        if kept is not None:
            return orjson.loads(kept), None, "process"
        if self._shared is not None and (kept := await self._shared.get(key)) is not None:
            self._cache.put(key, kept)
            return orjson.loads(kept), None, "redis"
        if self._waiting >= MOST_WAITING:
            return self.popular(bundle, question), "busy", "none"
        self._waiting += 1
        work = self._maker.submit(self._make, bundle, acts, question, user_id, request_id)
        loop = asyncio.get_running_loop()
        work.add_done_callback(lambda done: loop.call_soon_threadsafe(self._done, key, done))
        left = self.late_seconds - (time.perf_counter() - begun)
        waited = asyncio.wrap_future(work)
        await asyncio.wait({waited}, timeout=max(left, 0.0))
        if not waited.done():
            # Whatever becomes of it is looked at where it is kept.
            waited.add_done_callback(lambda late: late.cancelled() or late.exception())
            return self.popular(bundle, question), "late", "none"
        if waited.exception() is not None:
            return self.popular(bundle, question), "failed", "none"
        return waited.result(), None, "none"

    def _done(self, key: str, work: Future[dict[str, Any]]) -> None:
        self._waiting -= 1
        if work.cancelled():
            return
        if error := work.exception():
            _log.error("no list could be made", exc_info=error)
            return
        told = orjson.dumps(work.result())
        self._cache.put(key, told)
        if self._shared is not None:
            sending = asyncio.get_running_loop().create_task(self._shared.put(key, told))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    def _make(
        self,
        bundle: Bundle,
        acts: KnownActs,
        question: Question,
        user_id: str | None,
        request_id: uuid.UUID,
    ) -> dict[str, Any]:
        heard = None if user_id is None else self.heard(bundle, user_id)
        return make_list(bundle, acts.korean, self._slots, question, heard, request_id)

    def heard(self, bundle: Bundle, user_id: str) -> Heard | None:
        """What a listener has played up to now, by their hashed id; None of whom none is known."""
        known = bundle.heard(user_id)
        try:
            days, until = self._days.tracks(user_id), self._days.until()
            lately = self._plays.plays(user_id)
        except (OSError, sqlite3.Error) as error:
            _log.warning("plays of the last days cannot be read: %s", error)
            self._meters.outside_failed("online_store")
            return known
        known_until = max(bundle.training_day, until or bundle.training_day)
        with_days = heard_by_days(bundle, known, days)
        return heard_with(bundle, with_days, known_until, lately, _epoch_ms())

    def popular(self, bundle: Bundle, question: Question) -> dict[str, Any]:
        """What is popular in the context: nobody's own, and so made once."""
        plain = replace(
            question, seeds=(), acts=(), clusters=(), device=None, order="popular", policy="none"
        )
        acts = self._acts.read()
        key = plain.key(f"{bundle.state} {acts.state}", None, "")
        kept = self._cache.get(key)
        if kept is None:
            made = make_list(bundle, acts.korean, self._slots, plain, None, _NO_REQUEST)
            kept = orjson.dumps(made)
            self._cache.put(key, kept)
        return orjson.loads(kept)

    def _stamp(self, user_id: str | None) -> str:
        """What changes with all that is known of a listener beside the bundle.

        A play that lies ahead changes it twice: when it was taken in, and when its time has come.
        """
        if user_id is None:
            return ""
        try:
            # In this order: of a play that comes in between the earlier stamp never comes again.
            stamp = self._plays.stamp(user_id)
            ahead = self._plays.ahead(user_id, _epoch_ms())
            return f"{stamp} {ahead} {self._days.stamp(user_id)}"
        except (OSError, sqlite3.Error):
            self._meters.outside_failed("online_store")
            return str(time.time_ns())


def _epoch_ms() -> int:
    return time.time_ns() // 1_000_000
