"""What a work is made of, as vectors: how it sounds, and words about it.

Belongs here: scaled audio features, TF-IDF of words, and how near two works are by both. Does not
belong here: finding the nearest among many (near_index.py), or reading tables (similar.py).

Only what models may learn from is used. Features are scaled to standard deviations over the works
that have them, and a missing one stands at the mean; a work without any has no sound. Words are its
act, the act's label and generation, and those of its title; both parts are compared by cosine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_matrix

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.names import normalise
from kpop_assets.contracts import recommend_rules as rules

Floats = npt.NDArray[np.float32]
_SEED = 42
# Who it is by says more than a word that two titles happen to have in common.
_TIMES = 3


@dataclass(frozen=True)
class Contents:
    """Works as vectors, a row each.

    Attributes:
        sound: scaled features of length 1; zeros where nothing is known.
        words: TF-IDF of length 1.
        vectors: both, weighted, in few numbers: the product of two is about their nearness.
    """

    sound: Floats
    words: csr_matrix
    vectors: Floats

    def nearness(self, row: int, rows: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
        """How near a work is to others: by sound and by words, -1 to 1 and 0 to 1."""
        words = (self.words[rows] @ self.words[row].T).toarray()[:, 0]
        return self.sound[rows] @ self.sound[row], words.astype(np.float32)


def describe_contents(works: pl.DataFrame, catalog: Catalog) -> Contents:
    """Vectors of works.

    Args:
        works: a row each with `artist`, `artist_name`, `work_title`, `may_learn_text`, and the
            audio features that may be learned from (null where there are none).
        catalog: labels and generations of acts.
    """
    # Here and below, so that who only reads works loads no scikit-learn: a second and 100 MB.
    from sklearn.preprocessing import normalize

    sound = _scaled(works.select(rules.FEATURES))
    words = _weighted(list(_texts(works, catalog)))
    few = _in_few_numbers(words)
    parts = (
        np.sqrt(rules.SOUND_WEIGHT) * sound,
        np.sqrt(rules.WORDS_WEIGHT) * normalize(few, copy=False),
    )
    return Contents(sound, words.tocsr(), np.hstack(parts).astype(np.float32))


def nearness_of(sound: Floats, words: Floats) -> Floats:
    """Both as one number."""
    return rules.SOUND_WEIGHT * sound + rules.WORDS_WEIGHT * words


def _weighted(texts: list[str]) -> csr_matrix:
    """TF-IDF of words; one that is nowhere where no text has any."""
    if not any(map(str.strip, texts)):
        return csr_matrix((len(texts), 1), dtype=np.float32)
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer=str.split, sublinear_tf=True, dtype=np.float32, token_pattern=None
    )
    return vectorizer.fit_transform(texts)


def _scaled(features: pl.DataFrame) -> Floats:
    from sklearn.preprocessing import normalize

    values = features.to_numpy().astype(np.float64)
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0).sum(axis=0) / count
    away = np.where(known, values - mean, 0)
    spread = np.sqrt((away**2).sum(axis=0) / count)
    return normalize(away / np.where(spread > 0, spread, 1)).astype(np.float32)


def _in_few_numbers(words: csr_matrix) -> Floats:
    """Words thrown onto so many numbers that their products stay about the same."""
    width = rules.WORD_DIMENSIONS
    if words.shape[1] <= width:
        return np.pad(words.toarray(), ((0, 0), (0, width - words.shape[1])))
    from sklearn.random_projection import SparseRandomProjection

    thrown = SparseRandomProjection(width, density=1 / 3, dense_output=True, random_state=_SEED)
    return thrown.fit_transform(words)


def _texts(works: pl.DataFrame, catalog: Catalog) -> Iterable[str]:
    """The words of each work; act, label and generation are one word each."""
    acts = {act.artist: act for act in catalog}
    about: dict[str, str] = {}
    for artist, name, title, may_learn in works.select(
        "artist", "artist_name", "work_title", "may_learn_text"
    ).iter_rows():
        act = acts.get(artist)
        whose = artist if artist != OTHER else name if may_learn else ""
        if whose not in about:
            told = [_word("act", whose)]
            if act is not None:
                told += [_word("label", act.agency), _word("generation", act.generation)]
            about[whose] = " ".join(_TIMES * [word for word in told if word])
        yield f"{about[whose]} {normalise(title) if may_learn else ''}"


def _word(kind: str, value: object) -> str:
    spelled = re.sub(r"\s+", "_", normalise(str(value))) if value else ""
    return f"{kind}:{spelled}" if spelled else ""
