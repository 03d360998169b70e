"""A page of a serving bundle: offers, places kept for rising acts, and the one that a policy fills.

Belongs here: which candidates a page is composed of. Does not belong here: the rules of a page
(page.py), who chooses for the slot (rising_slot/), or reasons (served_reasons.py).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.rising_rules import RISING_PLACE
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.learners.item_facts import rising_share
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask
from kpop_assets.recommend.matrices.top_items import best_of
from kpop_assets.recommend.service.page import Offers, compose, rising_places


class Slot(Protocol):
    """Who chooses for the one place of a page that shows a rising act."""

    def __call__(self, items: Codes, acts: Codes, fit: Floats, is_rising: Mask) -> int | None:
        """One of the items; None where none is to be shown. Of what is -inf none may be."""


def served_page(
    bundle: Bundle,
    heard: Heard,
    items: Codes,
    fit: Floats,
    count: int,
    slot: Slot | None = None,
) -> tuple[Codes, Mask]:
    """Rows of what is shown, from the top, and which stand at places kept for rising acts.

    Args:
        bundle: an open bundle.
        heard: what the page rests on.
        items: candidates.
        fit: how well each suits; -inf may not be shown.
        count: places of the page.
        slot: chooses for one place, in place of one that is kept; None leaves all to the page.
    """
    chosen = None
    if slot is not None and count >= RISING_PLACE:
        is_rising = bundle.rise_chances[items] >= rules.LIKELY_TO_RISE
        chosen = slot(items, bundle.acts[items], fit, is_rising)
    if chosen is None:
        return _page(bundle, heard, items, fit, count)
    row = np.flatnonzero(items == chosen)[:1].astype(np.int32)
    others = np.where(items == chosen, -np.inf, fit)
    shown, is_kept = _page(bundle, heard, items, others, count - 1, kept_places=-1)
    above = RISING_PLACE - 1
    return np.concatenate([shown[:above], row, shown[above:]]), np.insert(is_kept, above, True)


def _page(
    bundle: Bundle, heard: Heard, items: Codes, fit: Floats, count: int, kept_places: int = 0
) -> tuple[Codes, Mask]:
    """Rows of what is shown, and which of them are there for places kept for rising acts.

    Of these there are `kept_places` more than the listener's own share of plays gives.

    A page chooses among the best few times as many as it has places: further down, being unlike
    what stands above would count for more than suiting. Where its rules leave too few,
    among twice as many, and so on.
    """
    is_rising = bundle.rise_chances[items] >= rules.LIKELY_TO_RISE
    has_risen = bundle.rise_chances[heard.items] >= rules.LIKELY_TO_RISE
    share = rising_share(heard.counts.astype(np.int64), has_risen)
    places = max(0, rising_places(share, count) + kept_places)
    more = best_of(np.where(is_rising, fit, -np.inf), count)
    depth = rules.PAGE_OFFER_TIMES * count
    while True:
        rows = np.union1d(best_of(fit, depth), more).astype(np.int32)
        offers = _offers(bundle, items[rows], fit[rows], is_rising[rows])
        shown = compose(offers, places, count)
        if len(shown) == count or depth >= len(items):
            break
        depth *= 2
    kept = offers.is_rising[shown]
    if kept.any():
        kept &= ~np.isin(shown, compose(offers, 0, count))
    return rows[shown], kept


def _offers(bundle: Bundle, items: Codes, fit: Floats, is_rising: Mask) -> Offers:
    """Items as a page takes them: each is a work of its own."""
    alike = bundle.units(items).astype(np.float64)
    return Offers(items, fit, items, bundle.acts[items], alike, is_rising)
