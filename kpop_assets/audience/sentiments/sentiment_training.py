"""One training of sentiment: every family held to texts about subjects it had not learnt of.

Belongs here: what is fitted on what, and what is measured. Does not belong here: families
(sentiment_families.py), which one answers (sentiment_front.py), or tables (sentiment_steps.py).

Texts about one subject lie on one side of each fold: a film's name and cast tell its rating.
A part scores each text as it was fitted without that text's subjects; chances are made of these
scores, and are themselves measured on folds that they were not fitted on.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_calibration import fit_chances
from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily
from kpop_assets.audience.sentiments.sentiment_figures import SentimentFigures, measure_moods
from kpop_assets.audience.sentiments.sentiment_model import SentimentModel
from kpop_assets.audience.sentiments.sentiment_parts import FittedPart, PartRecipe
from kpop_assets.audience.sentiments.sentiment_readers import TextReader
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts
from kpop_assets.contracts import audience_rules as rules

Floats = NDArray[np.float64]
_LATENCY_TEXTS, _LATENCY_REPEATS = 1000, 3


@dataclass(frozen=True, eq=False)
class JudgedSentiment:
    """A family after a training.

    Attributes:
        family: its entry in the registry.
        model: fitted on all texts.
        chances: P(mood) of all texts, each as it was scored without its subject, shape (n, 3).
        figures: of these.
        accuracy_low, accuracy_high: 95 % interval of the accuracy by Student's t over the folds.
        latency_ms: median time of 1,000 texts.
        fit_seconds: of one fit of its parts on all texts, reading included.
    """

    family: SentimentFamily
    model: SentimentModel
    chances: Floats
    figures: SentimentFigures
    accuracy_low: float
    accuracy_high: float
    latency_ms: float
    fit_seconds: float


def sentiment_refusal(rows: RatedTexts) -> str | None:
    """What is missing for a training, as a sentence; None where nothing is."""
    fewest = min(int(rows.is_positive.sum()), int(rows.is_negative.sum()))
    if fewest < rules.LEAST_RATED_TEXTS:
        return (
            f"{int(rows.is_positive.sum()):,} texts with a good rating and "
            f"{int(rows.is_negative.sum()):,} with a bad one: a training needs "
            f"{rules.LEAST_RATED_TEXTS:,} of each"
        )
    subjects = len(np.unique(rows.subjects))
    if subjects < rules.LEAST_RATED_SUBJECTS:
        return f"rated texts are about {subjects}: a training needs {rules.LEAST_RATED_SUBJECTS}"
    return None


def train_sentiment(
    rows: RatedTexts, families: Sequence[SentimentFamily], lang: str, seed: int = 42
) -> Iterator[JudgedSentiment]:
    """Fit the families and hold each to texts of subjects that it had not learnt of.

    Args:
        rows: texts without a refusal.
        families: what competes.
        lang: of the texts.
        seed: of the folds.
    """
    folds = subject_folds(rows.subjects, rules.SENTIMENT_FOLDS, seed)
    bench = _Bench(rows, folds)
    for family in families:
        scores = np.stack([bench.unseen_scores(part) for part in family.parts], axis=1)
        chances = _unseen_chances(scores, rows, folds)
        parts = tuple(bench.fitted(part) for part in family.parts)
        model = SentimentModel(family.name, lang, parts, fit_chances(scores, rows))
        low, high = _interval(chances, rows, folds)
        yield JudgedSentiment(
            family=family,
            model=model,
            chances=chances,
            figures=measure_moods(chances, rows),
            accuracy_low=low,
            accuracy_high=high,
            latency_ms=sentiment_latency(model, rows.texts),
            fit_seconds=sum(bench.seconds[part] for part in family.parts),
        )


def subject_folds(subjects: NDArray[np.int64], count: int, seed: int) -> NDArray[np.int64]:
    """The fold of each text, 0 to count - 1: subjects by chance, so that folds are much alike."""
    generator = np.random.default_rng(seed)
    distinct, places = np.unique(subjects, return_inverse=True)
    fold_of = np.arange(len(distinct)) % count
    generator.shuffle(fold_of)
    return fold_of[places]


def sentiment_latency(model: SentimentModel, texts: Sequence[str]) -> float:
    """Milliseconds of 1,000 texts: the median of three calls after one to warm up."""
    many = [texts[place % len(texts)] for place in range(_LATENCY_TEXTS)]
    model.moods(many)
    times = []
    for _ in range(_LATENCY_REPEATS):
        started = time.perf_counter()
        model.moods(many)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


class _Bench:
    """Rows, and what was made of them, each once for all families.

    Attributes:
        seconds: what the fit of a part on all rows took.
    """

    def __init__(self, rows: RatedTexts, folds: NDArray[np.int64]) -> None:
        self._rows, self._folds = rows, folds
        self._read: dict[TextReader, tuple[Any, float]] = {}
        self._unseen: dict[PartRecipe, Floats] = {}
        self._fitted: dict[PartRecipe, FittedPart] = {}
        self.seconds: dict[PartRecipe, float] = {}

    def unseen_scores(self, part: PartRecipe) -> Floats:
        """Scores of all rows, each by a fit without its fold."""
        if part not in self._unseen:
            read, _ = self._reading(part.reader)
            scores = np.zeros(len(self._rows.texts))
            for fold in np.unique(self._folds):
                held = np.flatnonzero(self._folds == fold)
                learnt = np.flatnonzero(self._folds != fold)
                fitted = part.fit(read[learnt], self._rows.take(learnt))
                scores[held] = fitted.score_read(read[held])
            self._unseen[part] = scores
        return self._unseen[part]

    def fitted(self, part: PartRecipe) -> FittedPart:
        """A fit on all rows."""
        if part not in self._fitted:
            read, seconds = self._reading(part.reader)
            started = time.perf_counter()
            self._fitted[part] = part.fit(read, self._rows)
            self.seconds[part] = seconds + time.perf_counter() - started
        return self._fitted[part]

    def _reading(self, reader: TextReader) -> tuple[Any, float]:
        if reader not in self._read:
            started = time.perf_counter()
            read = reader.read(self._rows.texts)
            self._read[reader] = read, time.perf_counter() - started
        return self._read[reader]


def _unseen_chances(scores: Floats, rows: RatedTexts, folds: NDArray[np.int64]) -> Floats:
    """P(mood) of each row by chances that were fitted on the other folds."""
    chances = np.zeros((len(scores), 3))
    for fold in np.unique(folds):
        others = np.flatnonzero(folds != fold)
        fitted = fit_chances(scores[others], rows.take(others))
        held = folds == fold
        chances[held] = fitted.chances(scores[held])
    return chances


def _interval(chances: Floats, rows: RatedTexts, folds: NDArray[np.int64]) -> tuple[float, float]:
    """Mean accuracy over the folds, less and plus what chance may add."""
    # SciPy takes long to load, and who answers needs none of it.
    from scipy.stats import t

    places = (np.flatnonzero(folds == fold) for fold in np.unique(folds))
    each = [measure_moods(chances[some], rows.take(some)).accuracy for some in places]
    spread = float(t.ppf(0.975, len(each) - 1)) * statistics.stdev(each) / len(each) ** 0.5
    return statistics.mean(each) - spread, statistics.mean(each) + spread
