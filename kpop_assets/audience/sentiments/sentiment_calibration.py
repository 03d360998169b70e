"""Scores of several parts made one, and that one made chances of three moods.

Belongs here: the weights of the parts and the chances. Does not belong here: the scores
(sentiment_linear.py and the others), or how good the chances are (sentiment_figures.py).

Both are fitted on scores of texts that the parts had not learnt from: a part is always too sure of
what it knows. Platt (1999), Probabilistic outputs for support vector machines; the square lets the
neutral lie between the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts

Floats = NDArray[np.float64]
MOODS = ("negative", "neutral", "positive")
# Log-odds of what never came.
_NEVER = -50.0


@dataclass(frozen=True)
class MoodChances:
    """How scores become chances.

    Attributes:
        part_weights: of each part's score in the one score, shape (parts,).
        shift: added to it.
        coefficients: of 1, the score and its square in the log-odds of each mood, shape (3, 3).
    """

    part_weights: Floats
    shift: float
    coefficients: Floats

    def joint(self, scores: Floats) -> Floats:
        """The one score, log-odds of positive against negative, of scores of shape (n, parts)."""
        return scores @ self.part_weights + self.shift

    def chances(self, scores: Floats) -> Floats:
        """P(mood) of each text in the order of `MOODS`, shape (n, 3), of scores (n, parts)."""
        logits = _powers(self.joint(scores)) @ self.coefficients.T
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)


def fit_chances(scores: Floats, rows: RatedTexts) -> MoodChances:
    """Fit weights on the rated ends, then chances on all rows.

    Negative and positive count alike whatever their numbers, as nobody knows of a subject how many
    there will be of each; the neutral count as many as they are.

    Args:
        scores: of texts that the parts had not learnt from, shape (n, parts).
        rows: what these texts were rated, n of them.
    """
    # Imported late: answering needs none of it, and it takes a second.
    from sklearn.linear_model import LogisticRegression

    ends = rows.is_end
    joined = LogisticRegression(C=1.0, max_iter=1000)
    joined.fit(scores[ends], rows.is_positive[ends], sample_weight=rows.weight[ends])
    part_weights, shift = joined.coef_[0], float(joined.intercept_[0])
    mood = 1 + rows.is_positive.astype(int) - rows.is_negative.astype(int)
    powers = _powers(scores @ part_weights + shift)
    weight = np.where(ends, rows.weight, 1.0)
    model = LogisticRegression(C=1e4, fit_intercept=False, max_iter=1000)
    model.fit(powers, mood, sample_weight=weight)
    coefficients = np.zeros((len(MOODS), powers.shape[1]))
    if len(model.classes_) == len(MOODS):
        coefficients[:] = model.coef_
    else:
        # No neutral text was rated: they have no chance.
        coefficients[2] = model.coef_[0]
        coefficients[1, 0] = _NEVER
    return MoodChances(part_weights, shift, coefficients)


def _powers(joint: Floats) -> Floats:
    # Beyond these no text lies but one that says one thing over and over.
    near = np.clip(joint, -12.0, 12.0)
    return np.stack([np.ones_like(near), near, near * near / 10], axis=1)
