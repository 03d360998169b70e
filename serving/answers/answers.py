"""Answers of one process: who asks, by which variants, and what is noted of it.

Belongs here: the way of a request to its answer, log and counts. Does not belong here: lists, their
caches and deadline (answer_lists.py), routes (answer_routes.py), or taking plays in.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import sqlite3
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.days import seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.persons import PersonIds
from kpop_assets.recommend.service.online_days import ListenedDays
from kpop_assets.recommend.service.online_plays import (
    OnlinePlays,
    SqlitePlays,
    online_file,
    plays_of_lines,
)
from kpop_assets.rising_slot.rising_slots import RisingSlots
from kpop_assets.settings import Settings
from serving.answers.answer_bundles import AnswerBundles
from serving.answers.answer_cache import RedisCache
from serving.answers.answer_days import DaysTaker
from serving.answers.answer_forms import WantedAnswer
from serving.answers.answer_lists import LATE_SECONDS, AnswerLists
from serving.answers.answer_maker import question_of
from serving.finding.known_acts import ActsOfHome
from serving.intake.intake import LineLog
from serving.metrics.answer_seen import AnswerSeen
from serving.metrics.meters import Meters
from serving.trials.trials import Applied, Trials

_RISING = "rising"
# The fallback of a named listener whom nobody can know.
NO_KEY = "no_key"
_log = logging.getLogger("kpop.answers")


@dataclass(frozen=True)
class GivenAnswer:
    """An answer to a request.

    Attributes:
        told: as it is sent.
        is_personal: whether it is one listener's own.
    """

    told: dict[str, Any]
    is_personal: bool


class Answers:
    """What one process answers from `start` to `stop`.

    Args:
        settings: the data folder.
        meters: count what is answered.
        ids: what makes ids of listeners, once it is asked for.
        log: gets a line an answer.
        trials: which variants hold; None is none.
        exposures: gets a line of each listener who meets a variant.
        late_seconds: from which a list counts as late.

    Attributes:
        bundles: what answers.
        plays: what listeners played lately.
        days: takes what they played since the training.
        lists: what is made of all that.
        acts: who is an act, and by which names.
    """

    def __init__(
        self,
        settings: Settings,
        meters: Meters,
        ids: Callable[[], PersonIds],
        log: LineLog | None = None,
        trials: Trials | None = None,
        exposures: LineLog | None = None,
        late_seconds: float = LATE_SECONDS,
    ) -> None:
        self.bundles = AnswerBundles(settings.home, meters)
        self.plays: OnlinePlays = SqlitePlays(online_file(settings.home))
        self.acts = ActsOfHome(settings.home)
        slots = RisingSlots(settings.home)
        url = settings.redis_url
        shared = RedisCache(url, meters) if url else None
        days = ListenedDays(settings.home)
        self.days = DaysTaker(self.bundles, days, self.plays, LakeReader(settings.lake))
        self.lists = AnswerLists(self.acts, slots, self.plays, days, meters, late_seconds, shared)
        self._meters, self._ids = meters, ids
        self._log, self._trials, self._exposures = log, trials, exposures
        self._lacks_key = False

    def start(self) -> None:
        """Open what answers, and look for what is newer from now on."""
        self.bundles.start()
        self.days.start()

    async def stop(self) -> None:
        """End what is being made."""
        await asyncio.to_thread(self.bundles.stop)
        await asyncio.to_thread(self.days.stop)
        await self.lists.stop()

    def take_plays(self, lines: Sequence[Mapping[str, object]]) -> None:
        """Count plays from now on that were taken in, by hashed ids of listeners."""
        try:
            self.plays.add(plays_of_lines(lines))
        except (OSError, sqlite3.Error) as error:
            # They are durable where they were taken in, and count with the next day.
            _log.warning("plays do not count at once: %s", error)
            self._meters.outside_failed("online_store")
            self._meters.play_counts(DAY_SECONDS)
            return
        now = time.time()
        received = [at for line in lines if isinstance(at := line.get("received_at"), int)]
        if received:
            # A clock that was set back meanwhile makes no play count before it came.
            self._meters.play_counts(max(0.0, now - min(received) / 1000))

    async def answer(self, wanted: WantedAnswer) -> GivenAnswer:
        """What to hear next.

        Raises:
            BundleError: nothing answers yet.
            ProblemError: a seed or an act is not known.
        """
        begun = time.perf_counter()
        now = dt.datetime.now(dt.UTC)
        request_id = uuid.uuid4()
        answering = self.bundles.now()
        user_id = self._id_of(wanted.user_id)
        trials = self._trials
        applied = Applied() if trials is None else trials.applied(user_id, now)
        hour = seoul_now(now).hour
        settings = {**applied.settings}
        if user_id is None:
            # What is drawn for a list that all share would be one draw, shown to all of them.
            settings.pop("rising_slot", None)
        question = question_of(answering.bundle, self.acts.read().catalog, wanted, hour, settings)
        listed: tuple[dict[str, Any], str | None, str]
        if user_id is None and wanted.user_id is not None:
            listed = self.lists.popular(answering.bundle, question), NO_KEY, "none"
        else:
            listed = await self.lists.list_of(answering, question, user_id, begun, request_id)
        made, fallback, cache = listed
        seconds = time.perf_counter() - begun
        told = {
            "request_id": request_id.hex,
            "basis": made["answer"]["basis"],
            "fallback": fallback,
            "cache": cache,
            **made["answer"],
        }
        line = {
            **made["log"],
            "request_id": request_id.hex,
            "answered_at": int(now.timestamp() * 1000),
            "variants": applied.named,
            "model": told["model"],
            "basis": told["basis"],
            "fallback": fallback,
            "cache": cache,
            "response_ms": round(seconds * 1000, 3),
            "hour": question.hour,
            "device": question.device,
            "language": question.language,
            "user_id": user_id,
        }
        if self._log is not None:
            self._log.add({name: value for name, value in line.items() if value is not None})
        if trials is not None and self._exposures is not None:
            for exposure in trials.exposures(user_id, applied, now):
                self._exposures.add({**exposure})
        self._count(told, applied.variants, seconds)
        return GivenAnswer(told, wanted.user_id is not None)

    def _id_of(self, given: str | None) -> str | None:
        """Their hashed id; None of nobody, and where the key of listeners cannot be used."""
        if given is None:
            return None
        try:
            hashed = self._ids().id_of(given)
        except LandingError as error:
            if not self._lacks_key:
                _log.warning("listeners get what is popular: %s", error)
            self._lacks_key = True
            return None
        self._lacks_key = False
        return hashed

    def _count(self, told: dict[str, Any], variants: Mapping[str, str], seconds: float) -> None:
        works = told["works"]
        self._meters.answered(
            AnswerSeen(
                seconds,
                told["basis"],
                variants,
                told["fallback"],
                told["cache"] != "none",
                len(works),
                len({work["artist_name"] for work in works}),
                sum(work["reason"]["kind"] == _RISING for work in works),
            )
        )
