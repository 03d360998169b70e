"""How good chances of moods are, against what people rated.

Belongs here: the figures of one candidate. Does not belong here: comparing candidates
(sentiment_front.py), or scores of any classes (ml/metrics.py).

A rating at the lower end came true as negative, one at the upper end as positive, and what lies
between as neutral. Accuracy, F1 and calibration are of the two ends, as others report them, and
count each end alike: that is what a test of as many of each would say, without leaving any out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts

Floats = NDArray[np.float64]
_BINS = 10


@dataclass(frozen=True)
class SentimentFigures:
    """Figures of one candidate on texts it had not learnt from.

    Attributes:
        accuracy: of the ends, share whose likelier end came, each end alike.
        f1: macro F1 of the ends, each end alike.
        ece: calibration error of P(positive) among the ends, in ten bins, each end alike.
        mood_f1: macro F1 of negative, neutral and positive as they come; None without neutral.
        neutral_recall: share of the neutral that is held for neutral; None likewise.
        test_count: texts at the ends.
    """

    accuracy: float
    f1: float
    ece: float
    mood_f1: float | None
    neutral_recall: float | None
    test_count: int


def measure_moods(chances: Floats, rows: RatedTexts) -> SentimentFigures:
    """Figures of P(mood), shape (n, 3), of texts that were rated.

    Raises:
        ValueError: no text lies at one of the ends.
    """
    ends = rows.is_end
    came = rows.is_positive[ends]
    if not came.any() or came.all():
        raise ValueError("figures need texts at both ends")
    weight = np.where(came, 0.5 / came.sum(), 0.5 / (~came).sum())
    positive = chance_of_positive(chances[ends])
    said = positive > 0.5
    mood = 1 + rows.is_positive.astype(int) - rows.is_negative.astype(int)
    is_between = mood == 1
    likeliest = chances.argmax(axis=1)
    has_between = bool(is_between.any())
    return SentimentFigures(
        accuracy=float(weight[said == came].sum()),
        f1=float(np.mean([_f1(said == end, came == end, weight) for end in (False, True)])),
        ece=_weighted_ece(positive, came, weight),
        mood_f1=_mood_f1(likeliest, mood) if has_between else None,
        neutral_recall=float((likeliest[is_between] == 1).mean()) if has_between else None,
        test_count=int(ends.sum()),
    )


def chance_of_positive(chances: Floats) -> Floats:
    """P(positive) where the text is not neutral, of P(mood) of shape (n, 3)."""
    return chances[:, 2] / (chances[:, 0] + chances[:, 2])


def _mood_f1(said: NDArray[np.int64], came: NDArray[np.int64]) -> float:
    even = np.ones(len(came))
    return float(np.mean([_f1(said == mood, came == mood, even) for mood in range(3)]))


def _f1(said: NDArray[np.bool_], came: NDArray[np.bool_], weight: Floats) -> float:
    both = weight[said & came].sum()
    every = weight[said].sum() + weight[came].sum()
    return 2 * both / every if every else 0.0


def _weighted_ece(probability: Floats, came: NDArray[np.bool_], weight: Floats) -> float:
    """As `ml.metrics.ece`, rows by weight."""
    numbers = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(numbers, weights=weight * (came - probability))
    return float(np.abs(gaps).sum() / weight.sum())
