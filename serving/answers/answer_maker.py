"""One list made of a bundle, what was asked, and what is known of the listener at that moment.

Belongs here: whom and what a request means, the list with its reasons as it is sent, and what the
log needs of it. Does not belong here: deadlines, caches and the log (answers.py), or which works
suit (kpop_assets/recommend/service/answer.py).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.rising_rules import RISING_PLACE, RISING_POLICIES
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.matrices.bundle_lookups import act_key
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask
from kpop_assets.recommend.service.answer import (
    ListeningAnswer,
    ListeningWish,
    NamedWork,
    RecommendedWork,
    recommend,
)
from kpop_assets.recommend.service.served_candidates import Order
from kpop_assets.rising_slot.rising_choice import ChosenAct, logged_choice, rising_offers
from kpop_assets.rising_slot.rising_context import RisingContext, device_named, most_played_cluster
from kpop_assets.rising_slot.rising_slots import RisingSlots
from serving.answers.answer_forms import WantedAnswer
from serving.problems import ProblemError

_CERTAIN = "1"
ORDERS: tuple[Order, ...] = ("trees", "mix", "popular")


@dataclass(frozen=True)
class Question:
    """What a list depends on beside the bundle and what the listener played.

    Attributes:
        seeds: items that were named.
        acts: chosen acts as the bundle calls them.
        clusters: chosen sounds.
        count: works that are wanted.
        hour: of the day in Seoul.
        device: what is listened on, of few words; None is unknown.
        language: of what is popular; None is any.
        order: what orders.
        policy: who chooses the rising act.
    """

    seeds: tuple[int, ...]
    acts: tuple[str, ...]
    clusters: tuple[int, ...]
    count: int
    hour: int
    device: str | None
    language: str | None
    order: Order = "trees"
    policy: str = "none"

    def key(self, state: str, user_id: str | None, stamp: str) -> str:
        """What makes two questions the same.

        Args:
            state: of the bundle, and of the names of acts.
            user_id: who asks, by their hashed id.
            stamp: of what is known of them beside the bundle.
        """
        told = json.dumps([state, user_id, stamp, asdict(self)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def question_of(
    bundle: Bundle, acts: Catalog, wanted: WantedAnswer, hour: int, settings: dict[str, str]
) -> Question:
    """What a request means.

    Args:
        bundle: whose works and acts are named.
        acts: who is an act.
        wanted: as it came.
        hour: of now, where none is asked for.
        settings: what experiments set for the listener.

    Raises:
        ProblemError: a seed or an act is not known.
    """
    items = bundle.items_of(wanted.seeds).tolist()
    for name, item in zip(wanted.seeds, items, strict=True):
        if item < 0:
            raise ProblemError(
                422, f"seeds: {name[:100]!r} is no work", "/v1/tracks/search finds works and ids"
            )
    for number in wanted.clusters:
        if not (bundle.clusters[: bundle.learnt_count] == number).any():
            raise ProblemError(
                422, f"clusters: no sound has the number {number}", "/v1/onboarding numbers sounds"
            )
    order, policy = settings.get("order"), settings.get("rising_slot")
    return Question(
        seeds=tuple(items),
        acts=tuple(_act_of(bundle, acts, name) for name in wanted.acts),
        clusters=tuple(wanted.clusters),
        count=wanted.n,
        hour=hour if wanted.context.hour is None else wanted.context.hour,
        device=device_named(wanted.context.device),
        language=wanted.language,
        order=cast(Order, order) if order in ORDERS else "trees",
        policy=policy if policy in RISING_POLICIES else "none",
    )


def _act_of(bundle: Bundle, acts: Catalog, name: str) -> str:
    known = acts.find(name)
    for key in (known.artist if known else name, act_key(OTHER, name)):
        if bundle.act_code(key) is not None:
            return key
    raise ProblemError(
        422, f"acts: no work is by {name[:100]!r}", "/v1/artists lists acts; leave it out"
    )


class PolicySlot:
    """The slot for a rising act of one list, and what was drawn for it.

    Args:
        bundle: whose acts are offered.
        slots: what is known of acts.
        policy: who chooses.
        context: where the list goes.
        seed: of the draw.

    Attributes:
        chosen: what was drawn; None where nothing was.
    """

    def __init__(
        self,
        bundle: Bundle,
        slots: RisingSlots,
        policy: str,
        context: RisingContext,
        seed: int,
    ) -> None:
        self.chosen: ChosenAct | None = None
        self._bundle, self._slots = bundle, slots
        self._policy, self._context, self._seed = policy, context, seed

    def __call__(self, items: Codes, acts: Codes, fit: Floats, is_rising: Mask) -> int | None:
        """The best work of the act that was drawn."""
        names = self._bundle.act_names
        offers = {
            str(names[code]): item
            for code, item in rising_offers(items, acts, fit, is_rising).items()
        }
        self.chosen = self._slots.choose(self._policy, [*offers], self._context, self._seed)
        return None if self.chosen is None else offers[self.chosen.act]


def make_list(
    bundle: Bundle,
    korean: Mapping[str, str | None],
    slots: RisingSlots,
    question: Question,
    heard: Heard | None,
    request_id: uuid.UUID,
) -> dict[str, Any]:
    """A list as it is sent and kept: `answer`, and what only the `log` has."""
    context = RisingContext.of(question.hour, question.device, _cluster_of(bundle, heard))
    slot = PolicySlot(bundle, slots, question.policy, context, request_id.int)
    wish = ListeningWish(
        seeds=question.seeds,
        heard=heard,
        acts=question.acts,
        clusters=question.clusters,
        hour=question.hour,
        language=question.language,
        count=question.count,
        order=question.order,
        slot=None if question.policy == "none" else slot,
    )
    told = recommend(bundle, wish)
    return {
        "answer": {
            "basis": told.basis,
            "model": bundle.version,
            "is_simulated": bundle.manifest.is_simulated,
            "works": [_row(korean, place, row) for place, row in enumerate(told.rows, 1)],
        },
        "log": _logged(told, slot.chosen, context, request_id),
    }


def _cluster_of(bundle: Bundle, heard: Heard | None) -> str | None:
    if heard is None or not len(heard):
        return None
    names = [bundle.cluster_names[number] for number in bundle.clusters[heard.items].tolist()]
    return most_played_cluster(names, heard.counts.tolist())


def _logged(
    told: ListeningAnswer, chosen: ChosenAct | None, context: RisingContext, request_id: uuid.UUID
) -> dict[str, Any]:
    propensities = [_CERTAIN] * len(told.rows)
    line: dict[str, Any] = {"context": json.dumps(context.told(), ensure_ascii=False)}
    if chosen is not None:
        # Kept with the list: answers that show it again tell of the same draw.
        drawn = {"rising_position": RISING_PLACE, "drawn_by": request_id.hex}
        line = {**logged_choice(chosen, context), **drawn}
        propensities[RISING_PLACE - 1] = repr(chosen.propensity)
    return {
        **line,
        "work_ids": [row.work.work_id for row in told.rows],
        "scores": [repr(round(row.score, 6)) for row in told.rows],
        "propensities": propensities,
        "reasons": [row.reason.kind for row in told.rows],
    }


def _row(korean: Mapping[str, str | None], place: int, row: RecommendedWork) -> dict[str, Any]:
    reason = row.reason
    why = {
        "kind": reason.kind,
        "because": None if row.because is None else shown_work(korean, row.because),
        "sound": reason.sound,
        "rise_chance": reason.rise_chance,
        "age_days": reason.age_days,
    }
    return {"rank": place, **shown_work(korean, row.work), "score": row.score, "reason": why}


def shown_work(korean: Mapping[str, str | None], work: NamedWork) -> dict[str, Any]:
    """A work as it is sent, its act in both languages."""
    return {
        "work_id": work.work_id,
        "title": work.title,
        "artist": work.artist,
        "artist_name": work.artist_name,
        "name_en": work.artist if work.artist in korean else None,
        "name_ko": korean.get(work.artist),
    }
