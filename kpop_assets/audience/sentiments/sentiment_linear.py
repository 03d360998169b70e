"""Weights over runs of letters: the families of sentiment that are sums, and how each is fitted.

Belongs here: naive Bayes, the linear SVM, logistic regression, and both on columns weighed by
naive Bayes. Does not belong here: the columns (words/letter_grams.py), probabilities
(sentiment_calibration.py), or which family answers (sentiment_front.py).

All score a text by the weights of the columns it has, divided by the length of its vector of
scales: one shape, so that what is fitted by scikit-learn is kept and answered with as two arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float64]
# A run that one text alone has says who wrote it.
_LEAST_TEXTS = 2
# Fits end within a tenth of it; it bounds what a fit that does not may cost.
_MOST_ROUNDS = 2000
_SEED = 42


@dataclass(frozen=True, eq=False)
class ColumnWeights:
    """A fitted sum over columns.

    Attributes:
        weights: of each column, float32, shape (width,).
        scales: what a column adds to the length of a text's vector; all 0 where the sum is not
            divided.
        intercept: added to each sum.
    """

    weights: NDArray[np.float32]
    scales: NDArray[np.float32]
    intercept: float

    def score(self, columns: sp.csr_matrix) -> Floats:
        """A number for each row of ones: above 0 rather positive, and the surer the further."""
        sums = columns @ self.weights
        lengths = np.sqrt(columns @ (self.scales * self.scales))
        return (sums / np.where(lengths > 0, lengths, 1.0) + self.intercept).astype(np.float64)

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """The columns that say anything, with what they say."""
        places = np.flatnonzero((self.weights != 0) | (self.scales != 0)).astype(np.int32)
        return {
            "places": places,
            "weights": self.weights[places],
            "scales": self.scales[places],
        }

    @classmethod
    def of_arrays(
        cls, width: int, arrays: Mapping[str, NDArray[Any]], intercept: float
    ) -> ColumnWeights:
        """The weights that `as_arrays` took apart.

        Raises:
            KeyError, ValueError, IndexError: they are none of so many columns.
        """
        weights, scales = np.zeros(width, np.float32), np.zeros(width, np.float32)
        weights[arrays["places"]] = arrays["weights"]
        scales[arrays["places"]] = arrays["scales"]
        return cls(weights, scales, intercept)


# Fits one family on ones of columns.
ColumnFit = Callable[["sp.csr_matrix", RatedTexts], ColumnWeights]


def fit_naive_bayes(columns: sp.csr_matrix, rows: RatedTexts) -> ColumnWeights:
    """The log ratio of each column among positive texts to that among negative ones.

    Multinomial, one added to each count, classes alike. McCallum and Nigam (1998), AAAI workshop.
    """
    ratios = _log_ratios(columns, rows)
    nothing = np.zeros(columns.shape[1], dtype=np.float32)
    return ColumnWeights(ratios.astype(np.float32), nothing, 0.0)


def fit_svm(columns: sp.csr_matrix, rows: RatedTexts) -> ColumnWeights:
    """A linear SVM with squared hinge loss on the rated ends, columns by rarity."""
    from sklearn.svm import LinearSVC

    scales = _rarity(columns)
    ends = rows.is_end
    model = LinearSVC(C=0.1, max_iter=_MOST_ROUNDS, random_state=_SEED)
    scaled, used = _used(_scaled(columns, scales))
    model.fit(scaled[ends], rows.is_positive[ends], sample_weight=rows.weight[ends])
    return _unscaled(model.coef_[0], model.intercept_, used, scales, scales)


def fit_logistic(columns: sp.csr_matrix, rows: RatedTexts) -> ColumnWeights:
    """Logistic regression on shares of positive, columns by rarity."""
    scales = _rarity(columns)
    return _fit_logistic(_scaled(columns, scales), rows, scales, scales)


def fit_weighed(columns: sp.csr_matrix, rows: RatedTexts) -> ColumnWeights:
    """The same on columns times their naive Bayes ratio.

    Wang and Manning (2012), Baselines and bigrams, ACL: their NBSVM, with logistic loss, which
    takes shares of positive and gave more by cross-validation.
    """
    import scipy.sparse as sp

    scales = _rarity(columns)
    ratios = _log_ratios(columns, rows)
    weighed = (_scaled(columns, scales) @ sp.diags(ratios)).tocsr()
    return _fit_logistic(weighed, rows, scales * ratios, scales)


def _fit_logistic(
    columns: sp.csr_matrix, rows: RatedTexts, factors: Floats, scales: Floats
) -> ColumnWeights:
    """Each row stands twice, as positive and negative, by its share of each."""
    import scipy.sparse as sp
    from sklearn.linear_model import LogisticRegression

    some, used = _used(columns)
    twice = sp.vstack([some, some], format="csr")
    outcomes = np.repeat([1, 0], len(rows.share))
    weights = np.concatenate([rows.share, 1 - rows.share]) * np.tile(rows.weight, 2)
    model = LogisticRegression(C=10.0, solver="liblinear", max_iter=_MOST_ROUNDS)
    model.fit(twice, outcomes, sample_weight=weights)
    return _unscaled(model.coef_[0], model.intercept_, used, factors, scales)


def _used(columns: sp.csr_matrix) -> tuple[sp.csr_matrix, NDArray[np.int64]]:
    """The columns that any row has, and which these are.

    A column without a row has no weight in any fit here, but liblinear takes it along in each
    round: of 2^21 columns 655,000 are used by 45,465 reviews, and a fit on all took 13.6 s in
    place of 5.0.
    """
    used = np.flatnonzero(np.bincount(columns.indices, minlength=columns.shape[1]))
    return columns[:, used], used


def _rarity(columns: sp.csr_matrix) -> Floats:
    """log((1 + texts) / (1 + texts with it)) + 1 of each column; 0 of one that too few have."""
    counts = np.bincount(columns.indices, minlength=columns.shape[1])
    rarity = np.log((1 + columns.shape[0]) / (1 + counts)) + 1
    return np.where(counts >= _LEAST_TEXTS, rarity, 0.0)


def _log_ratios(columns: sp.csr_matrix, rows: RatedTexts) -> Floats:
    positive = columns.T @ (rows.share * rows.weight) + 1
    negative = columns.T @ ((1 - rows.share) * rows.weight) + 1
    ratios = np.log((positive / positive.sum()) / (negative / negative.sum()))
    counts = np.bincount(columns.indices, minlength=columns.shape[1])
    return np.where(counts >= _LEAST_TEXTS, ratios, 0.0)


def _scaled(columns: sp.csr_matrix, scales: Floats) -> sp.csr_matrix:
    """Columns by their scales, each text's vector of length 1."""
    import scipy.sparse as sp

    scaled = (columns @ sp.diags(scales)).tocsr()
    scaled.eliminate_zeros()
    lengths = np.sqrt(columns @ (scales * scales))
    return (sp.diags(1 / np.where(lengths > 0, lengths, 1.0)) @ scaled).tocsr()


def _unscaled(
    fitted: Floats, intercept: Floats, used: NDArray[np.int64], factors: Floats, scales: Floats
) -> ColumnWeights:
    weights = np.zeros(len(scales), dtype=np.float32)
    weights[used] = fitted * factors[used]
    return ColumnWeights(weights, scales.astype(np.float32), float(intercept[0]))
