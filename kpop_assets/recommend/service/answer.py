"""What to hear next, from a serving bundle alone: a page with a reason for each row.

Belongs here: what an answer rests on, and why each work stands there. Does not belong here:
candidates and their order (served_candidates.py), which of them a page has (served_page.py), whom a
text means (works/similar.py), or words (the command line and the viewer have those).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal

import numpy as np

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.learners.cold_start import (
    CHOSEN_EACH,
    history_of_choices,
    onboarding_items,
)
from kpop_assets.recommend.learners.mixing import shares_of_some
from kpop_assets.recommend.matrices.interactions import Codes, Floats
from kpop_assets.recommend.service.listening_reasons import ListeningReason
from kpop_assets.recommend.service.served_candidates import Order, served_candidates, served_fit
from kpop_assets.recommend.service.served_page import Slot, served_page
from kpop_assets.recommend.service.served_reasons import served_reasons

Basis = Literal["seeds", "history", "choices", "popular"]
_NOBODY = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class NamedWork:
    """A work as it is shown."""

    item: int
    work_id: str
    artist: str
    artist_name: str
    title: str


@dataclass(frozen=True)
class RecommendedWork:
    """One row of a page.

    Attributes:
        work: what is shown.
        score: how well it fits, by trees or mix; comparable within an answer alone.
        parts: by part, which share of the candidates it thinks less of, 0 to 1; empty where the
            answer rests on popularity, or nobody asked for it.
        reason: why it stands here.
        because: the work that the reason names.
    """

    work: NamedWork
    score: float
    parts: Mapping[str, float]
    reason: ListeningReason
    because: NamedWork | None


@dataclass(frozen=True)
class ListeningAnswer:
    """A page.

    Attributes:
        basis: what it rests on: named seeds, what was played, chosen acts or clusters, or nothing
            but what is popular.
        seeds: works that were named, or played last.
        rows: the page, from the top.
    """

    basis: Basis
    seeds: tuple[NamedWork, ...]
    rows: tuple[RecommendedWork, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class ListeningWish:
    """What a page is asked for. The first of these that says anything is what it rests on.

    Attributes:
        seeds: items that were named, the most important first.
        heard: what the listener played; None of whom nothing is known.
        acts: chosen acts, of `Bundle.act_names`; others are passed over.
        clusters: numbers of chosen clusters.
        hour: of the day in Seoul; None is any.
        language: `ko`, `ja` or `en`: what is popular in it is proposed; None is any.
        count: rows of the page.
        order: what orders candidates: the trees where there are any, or the mix; `popular` shows
            what is popular whatever is known of whom.
        slot: chooses a work of a rising act for one place (`rising_rules.RISING_PLACE`), instead
            of one of those that are kept for such acts. None leaves them to the page.
        with_parts: whether rows tell what each part thinks of them.
    """

    seeds: Sequence[int] = ()
    heard: Heard | None = None
    acts: Sequence[str] = ()
    clusters: Sequence[int] = ()
    hour: int | None = None
    language: str | None = None
    count: int = rules.PAGE_ITEMS
    order: Order = "trees"
    slot: Slot | None = None
    with_parts: bool = False


def recommend(bundle: Bundle, wish: ListeningWish) -> ListeningAnswer:
    """The page that a wish gets.

    What the listener has played is never shown, nor a seed. Of whom nothing is known, and who
    names and chooses nothing, gets what is popular at the hour.
    """
    basis, heard = _rests_on(bundle, wish)
    popular = popular_now(bundle, wish.hour, wish.language)
    if basis == "popular":
        items = np.flatnonzero(np.isfinite(popular)).astype(np.int32)
        fit, parts, places = popular[items], {}, items
    else:
        found = served_candidates(bundle, heard, popular)
        items, fit = found.items, served_fit(bundle, heard, found, wish.order)
        parts, places = found.told.scores if wish.with_parts else {}, found.rows
    if wish.heard is not None:
        # Who names a seed has played other works.
        fit = np.where(np.isin(items, wish.heard.items), -np.inf, fit)
    shown, is_kept = served_page(bundle, heard, items, fit, wish.count, wish.slot)
    seeds = heard.items if basis == "seeds" else heard.last(rules.SEED_PLAYS).items
    reasons = served_reasons(
        *(bundle, heard.items, seeds, items[shown], is_kept, basis == "seeds", basis == "history")
    )
    below = {name: shares_of_some(told[None, :], places[shown])[0] for name, told in parts.items()}
    # One work speaks for several.
    named = cache(partial(named_work, bundle))
    rows = tuple(
        RecommendedWork(
            named(int(items[row])),
            float(fit[row]),
            {name: float(shares[place]) for name, shares in below.items()},
            reason,
            None if reason.because is None else named(reason.because),
        )
        for place, (row, reason) in enumerate(zip(shown, reasons, strict=True))
    )
    return ListeningAnswer(basis, tuple(named(int(seed)) for seed in seeds), rows)


def named_work(bundle: Bundle, item: int) -> NamedWork:
    """A work by its code."""
    columns = ("work_id", "artist", "artist_name", "title")
    return NamedWork(int(item), *(bundle.told(name, item) for name in columns))


def onboarding(bundle: Bundle) -> tuple[NamedWork, ...]:
    """Well-known works, as unlike each other as can be, for whom nothing is known of."""
    popular = popular_now(bundle)
    works = np.arange(len(popular), dtype=np.int32)
    chosen = onboarding_items(
        popular, works, bundle.acts[: len(works)], bundle.clusters[: len(works)]
    )
    return tuple(named_work(bundle, int(item)) for item in chosen)


def popular_now(bundle: Bundle, hour: int | None = None, language: str | None = None) -> Floats:
    """How popular each learnt item is at an hour and in a language; -inf: it may not be shown."""
    by_hour = bundle.arrays.get("popular_by_hour")
    if hour is not None and by_hour is not None:
        found = by_hour[hour].astype(np.float64)
    elif "popular" in bundle.parts and bundle.parts["popular"].kind == "same":
        found = bundle.parts["popular"].arrays["scores"].astype(np.float64)
    else:
        found = bundle.item_listeners.astype(np.float64)
    if language is not None:
        found[~bundle.may_be_in(language)] = -np.inf
    return found


def _rests_on(bundle: Bundle, wish: ListeningWish) -> tuple[Basis, Heard]:
    if wish.order == "popular":
        return "popular", Heard.of(_NOBODY)
    if len(wish.seeds):
        return "seeds", Heard.of(np.array(wish.seeds, dtype=np.int32))
    if wish.heard is not None and len(wish.heard):
        return "history", wish.heard
    items = _of_choices(bundle, wish)
    if len(items):
        return "choices", Heard.of(items)
    return "popular", Heard.of(_NOBODY)


def _of_choices(bundle: Bundle, wish: ListeningWish) -> Codes:
    """A first history: the most played works of each chosen act and cluster.

    Of an act none of whose works was learnt, those that are told to be popular.
    """
    codes = [code for name in wish.acts if (code := bundle.act_code(name)) is not None]
    if not codes and not len(wish.clusters):
        return _NOBODY
    popular = popular_now(bundle)
    learnt = bundle.learnt_count
    chosen = (np.array(codes, dtype=np.int32), np.array(wish.clusters, dtype=np.int32))
    row = history_of_choices(*chosen, popular, bundle.acts[:learnt], bundle.clusters[:learnt])
    others = [own[:CHOSEN_EACH] for c in codes if (own := bundle.items_of_act(c))[0] >= learnt]
    return np.concatenate([row.indices, *others]).astype(np.int32)
