"""Parts that need no listeners' taste: what is new, whose act is likely to rise, what sounds alike.

Belongs here: scores from facts of items, for candidates and for the mix. Does not belong here:
popularity (popularity.py), or how facts are measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kpop_assets.contracts.recommend_rules import RECENCY_HALF_LIFE_DAYS
from kpop_assets.recommend.learners.fitted import EqualForAll
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask, Wholes


def recency(age_days: Floats, half_life_days: float = RECENCY_HALF_LIFE_DAYS) -> EqualForAll:
    """1 on the day of release, half after each half-life; an unknown release date counts 0.

    What is not yet released (a negative age) counts as of today.
    """
    known = np.where(np.isnan(age_days), np.inf, np.maximum(age_days, 0))
    return EqualForAll(0.5 ** (known / half_life_days))


def rising(acts: Codes, rise_chances: Floats) -> EqualForAll:
    """P(rise) of the act of each item, by code of the act; an unknown chance counts 0."""
    return EqualForAll(np.nan_to_num(rise_chances, nan=0.0)[acts])


@dataclass(frozen=True)
class SoundsAlike:
    """Cosine between an item and the mean direction of what a listener has.

    Attributes:
        history: what each listener has; how often weighs.
        units: vectors of length 1 by item; rows of zeros where nothing is known.
    """

    history: sp.csr_matrix
    units: Floats

    @classmethod
    def of(cls, history: sp.csr_matrix, vectors: Floats) -> SoundsAlike:
        """Of vectors of any length; where one has an unknown part (NaN) the item has none."""
        known = np.where(np.isnan(vectors).any(axis=1, keepdims=True), 0.0, vectors)
        lengths = np.linalg.norm(known, axis=1, keepdims=True)
        return cls(history, known / np.where(lengths > 0, lengths, 1))

    def score(self, users: Codes) -> Floats:
        """-1 to 1; 0 of items without vector, and for listeners who have none with one."""
        means = np.asarray(self.history[users] @ self.units)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return (means / np.where(lengths > 0, lengths, 1)) @ self.units.T


def rising_share(counts: Wholes, is_rising: Mask) -> float:
    """Share of plays that are of acts likely to rise; 0 of no plays."""
    total = counts.sum()
    return float((counts * is_rising).sum() / total) if total else 0.0
