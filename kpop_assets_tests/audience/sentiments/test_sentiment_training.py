"""A training: nothing is held to what it learnt of, and the same comes of the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily, sentiment_families
from kpop_assets.audience.sentiments.sentiment_linear import fit_logistic
from kpop_assets.audience.sentiments.sentiment_parts import ColumnRecipe, SpeechPart
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader, PlainReader, TextReader
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, rated_texts
from kpop_assets.audience.sentiments.sentiment_training import (
    sentiment_refusal,
    subject_folds,
    train_sentiment,
)
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets_tests.audience.sentiment_world import simulated_ratings

LETTERS = ColumnRecipe(LetterReader(LetterGrams(1, 3, 16)), fit_logistic)
FAMILY = SentimentFamily("letters", (LETTERS, SpeechPart()))


def test_texts_about_one_subject_lie_in_one_fold_and_folds_are_much_alike():
    subjects = simulated_ratings(1000, subjects=53).subjects
    folds = subject_folds(subjects, 5, seed=42)
    assert set(folds) == set(range(5))
    for subject in np.unique(subjects):
        assert len(set(folds[subjects == subject])) == 1
    assert np.bincount(folds).min() > 100
    assert np.array_equal(folds, subject_folds(subjects, 5, seed=42))


@dataclass(frozen=True)
class Recording:
    """A part that knows the texts it was fitted on, and asks for none of them."""

    log: list[tuple[frozenset[int], frozenset[int]]] = field(hash=False, compare=False)
    size_bytes: int = 0
    learnt: frozenset[int] = frozenset()

    @property
    def reader(self) -> TextReader:
        """The texts as they are."""
        return PlainReader()

    def fit(self, read: np.ndarray, rows: RatedTexts) -> Recording:
        """Itself, knowing them."""
        return Recording(self.log, learnt=frozenset(rows.subjects.tolist()))

    def score_read(self, read: np.ndarray) -> np.ndarray:
        """Any numbers; what was asked is noted."""
        asked = frozenset(int(text.split()[0].removeprefix("작품")) for text in read)
        self.log.append((self.learnt, asked))
        return np.linspace(-1, 1, len(read))


def test_no_part_is_held_to_a_subject_it_learnt_of():
    log: list[tuple[frozenset[int], frozenset[int]]] = []
    rows = simulated_ratings(300)
    everything = frozenset(rows.subjects.tolist())
    list(train_sentiment(rows, [SentimentFamily("spy", (Recording(log),))], "ko"))
    folds = [(learnt, asked) for learnt, asked in log if learnt != everything]
    assert len(folds) == 5
    assert all(not learnt & asked for learnt, asked in folds)
    assert frozenset().union(*(asked for _, asked in folds)) == everything


def test_ratings_by_chance_teach_nothing():
    """Else a figure would be of what was learnt by heart."""
    rows = simulated_ratings(1200)
    shuffled = np.random.default_rng(5).permutation(rows.rating)
    by_chance = rated_texts(rows.texts, rows.subjects, shuffled)
    (judged,) = train_sentiment(by_chance, [FAMILY], "ko")
    assert judged.figures.accuracy == pytest.approx(0.5, abs=0.06)
    assert judged.figures.ece < 0.1


def test_what_words_tell_is_learnt_and_the_same_each_time():
    rows = simulated_ratings(1200)
    (one,), (again,) = (list(train_sentiment(rows, [FAMILY], "ko")) for _ in range(2))
    assert one.figures.accuracy > 0.97
    assert one.accuracy_low <= one.figures.accuracy + 0.01
    assert one.accuracy_low <= one.accuracy_high
    assert one.model.version == again.model.version
    assert np.array_equal(one.chances, again.chances)
    texts = ["정말 최고의 무대", "그냥 볼만한 정도", "돈이 아깝다"]
    assert one.model.moods(texts).argmax(axis=1).tolist() == [2, 1, 0]


def test_too_few_ratings_are_refused_in_a_sentence():
    refusal = sentiment_refusal(simulated_ratings(500))
    assert refusal is not None
    assert refusal.endswith("a training needs 1,000 of each")
    few = simulated_ratings(6000, subjects=5)
    assert sentiment_refusal(few) == "rated texts are about 5: a training needs 20"
    assert sentiment_refusal(simulated_ratings(6000)) is None


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_family_has_a_name_of_its_own_and_one_that_may_answer_without_learning(lang: str):
    families = sentiment_families(lang)
    names = [one.name for one in families]
    assert len(set(names)) == len(names)
    assert any(one.is_baseline and one.may_answer for one in families)
    assert {"naive_bayes", "svm", "logistic", "weighed"} <= set(names)
    assert ("vader" in names) == (lang == "en")
    assert ("morphemes" in names) == (lang == "ko")
