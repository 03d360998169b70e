"""Third stage: what is shown, and in which order. Fit alone makes a page of one act's remasters.

Belongs here: the rules of a page, applied greedily from the top. Does not belong here: how well an
item fits (learners/ranking_stage.py, learners/mixing.py), or why it is shown
(listening_reasons.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from kpop_assets.contracts.recommend_rules import (
    DIVERSITY_WEIGHT,
    LEAST_RISING_SHARE,
    MOST_OF_AN_ACT,
    MOST_RISING_SHARE,
    PAGE_ITEMS,
)
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask


@dataclass(frozen=True)
class Offers:
    """Candidates of one listener, one entry each.

    Attributes:
        items: code of the item.
        fit: how well it suits, on any scale.
        works: code of the work: versions of one song are one work.
        acts: code of the act.
        vectors: what is alike has vectors of like direction; rows of zeros are like nothing.
        is_rising: whether its act is likely to rise.
    """

    items: Codes
    fit: Floats
    works: Codes
    acts: Codes
    vectors: Floats
    is_rising: Mask


def rising_places(own_share: float, count: int = PAGE_ITEMS) -> int:
    """Places that acts likely to rise get: the listener's own share of plays of such acts, bounded.

    So who plays newcomers sees more of them, and nobody none.
    """
    share = min(max(own_share, LEAST_RISING_SHARE), MOST_RISING_SHARE)
    return round(share * count)


def compose(
    offers: Offers,
    rising: int,
    count: int = PAGE_ITEMS,
    diversity: float = DIVERSITY_WEIGHT,
) -> Codes:
    """Places in `offers` of what is shown, from the top.

    Each place gets what has most of (1 - diversity) x fit - diversity x greatest likeness to what
    stands above (maximal marginal relevance, Carbonell and Goldstein 1998), fit as the share of
    offers that fit less. Never a work twice, nor an act a third time within ten places. The last
    places are kept for rising acts until `rising` of them stand on the page; where no such offer is
    left, others take them. A page is shorter than `count` where the rules leave nothing.
    """
    # Of ten thousand offers all cosines would take 800 MB: those of what is shown are enough.
    units = _units(offers.vectors)
    fit = _places(offers.fit)
    is_open = np.ones(len(offers.items), dtype=bool)
    likeness = np.zeros(len(offers.items))
    shown: list[int] = []
    while len(shown) < count:
        allowed = is_open & ~_too_often(offers.acts, shown)
        due = rising - int(offers.is_rising[shown].sum())
        if due >= count - len(shown) and (allowed & offers.is_rising).any():
            allowed &= offers.is_rising
        if not allowed.any():
            break
        worth = np.where(allowed, (1 - diversity) * fit - diversity * likeness, -np.inf)
        best = int(np.argmax(worth))
        shown.append(best)
        is_open &= offers.works != offers.works[best]
        likeness = np.maximum(likeness, units @ units[best])
    return np.array(shown, dtype=np.int32)


def _too_often(acts: Codes, shown: list[int]) -> Mask:
    counts = Counter(acts[shown[-(PAGE_ITEMS - 1) :]].tolist())
    found = np.zeros(len(acts), dtype=bool)
    for act, count in counts.items():
        if count >= MOST_OF_AN_ACT:
            found |= acts == act
    return found


def _units(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def _places(fit: Floats) -> Floats:
    """Share of offers that fit less: 0 to 1, equals the same."""
    return np.searchsorted(np.sort(fit), fit) / max(len(fit) - 1, 1)
