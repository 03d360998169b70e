"""Words that stand where listed words stand: what a list of aspects may lack, learnt of a corpus.

Belongs here: vectors of words by their neighbours, and the words near to those of an aspect. Does
not belong here: the lists (a person reads what is proposed and enters it in aspect_words.toml), or
how a clause is judged.

Vectors are the first singular vectors of positive pointwise mutual information, which is what
skip-gram with negative sampling approaches (Levy and Goldberg 2014, "Neural Word Embedding as
Implicit Matrix Factorization"), with contexts to the power of 0.75 (Levy, Goldberg and Dagan 2015).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from kpop_assets.audience.words.phrases import phrase_text
from kpop_assets.catalog.names import PARTICLES

_WORD = re.compile("[가-힣]+|[a-z][a-z']+")
_LONGEST_PARTICLE = 3
# Words on each side that are a word's context.
_WINDOW = 3
_CONTEXT_POWER = 0.75
_DIMENSIONS = 100
_SEED = 19


class Neighbour(NamedTuple):
    """A word near to those of an aspect.

    Attributes:
        word: without its particle.
        aspect: the aspect whose words are nearest.
        similarity: cosine to the mean of that aspect's words.
        lead: how much less the next aspect has.
        times: how often the corpus has the word.
    """

    word: str
    aspect: str
    similarity: float
    lead: float
    times: int


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Vectors of length 1 of the words of a corpus; `words` and rows are in one order."""

    words: list[str]
    counts: NDArray[np.int64]
    vectors: NDArray[np.float64]


def words_of(text: str) -> list[str]:
    """The words of a text in order, Korean ones without their particle."""
    return [_bare(word) for word in _WORD.findall(phrase_text(text))]


def learn_vectors(texts: Sequence[str], least_count: int = 20) -> WordVectors:
    """Vectors of all words that stand at least so often in the texts.

    Args:
        texts: a corpus.
        least_count: rarer words are left out; they count as nobody's context.
    """
    split = [words_of(text) for text in texts]
    counts = Counter(word for words in split for word in words)
    known = sorted(word for word, count in counts.items() if count >= least_count)
    places = {word: place for place, word in enumerate(known)}
    pairs = Counter(pair for words in split for pair in _pairs(words, places))
    size = len(known)
    found = np.array([(*pair, count) for pair, count in pairs.items()], dtype=np.float64)
    found = found.reshape(-1, 3)
    near = sp.csr_matrix((found[:, 2], (found[:, 0], found[:, 1])), shape=(size, size))
    vectors = _factors(_positive_information(near), min(_DIMENSIONS, size - 1))
    return WordVectors(known, np.array([counts[word] for word in known]), vectors)


def near_words(learned: WordVectors, listed: Mapping[str, Sequence[str]]) -> list[Neighbour]:
    """Words that are in no list, by the aspect to which they are nearest; the nearest first.

    Args:
        learned: vectors of a corpus.
        listed: words of each aspect; an aspect without a known word has no neighbours.
    """
    places = {word: place for place, word in enumerate(learned.words)}
    rows = {
        aspect: [places[word] for word in words if word in places]
        for aspect, words in listed.items()
    }
    aspects = [aspect for aspect, own in rows.items() if own]
    if len(aspects) < 2:
        return []
    centres = np.array([learned.vectors[rows[aspect]].mean(axis=0) for aspect in aspects])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    similar = learned.vectors @ centres.T
    order = np.argsort(similar, axis=1)
    known = {word for words in listed.values() for word in words}
    found = [
        Neighbour(
            word,
            aspects[order[place, -1]],
            float(similar[place, order[place, -1]]),
            float(similar[place, order[place, -1]] - similar[place, order[place, -2]]),
            int(learned.counts[place]),
        )
        for place, word in enumerate(learned.words)
        if word not in known
    ]
    return sorted(found, key=lambda each: (-each.similarity, each.word))


def _bare(word: str) -> str:
    for length in range(min(_LONGEST_PARTICLE, len(word) - 2), 0, -1):
        if word[-length:] in PARTICLES:
            return word[:-length]
    return word


def _pairs(words: Sequence[str], places: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    own = [places.get(word) for word in words]
    for at, left in enumerate(own):
        for right in own[at + 1 : at + 1 + _WINDOW]:
            if left is not None and right is not None:
                yield left, right
                yield right, left


def _positive_information(near: sp.csr_matrix) -> sp.csr_matrix:
    """log(P(w, c) / P(w) P(c)^0.75), where that is above 0."""
    pairs = near.tocoo()
    of_word = np.asarray(near.sum(axis=1)).ravel()
    of_context = np.asarray(near.sum(axis=0)).ravel() ** _CONTEXT_POWER
    share = pairs.data * of_context.sum() / (of_word[pairs.row] * of_context[pairs.col])
    values = np.maximum(np.log(share), 0)
    return sp.csr_matrix((values, (pairs.row, pairs.col)), shape=near.shape)


def _factors(information: sp.csr_matrix, dimensions: int) -> NDArray[np.float64]:
    start = np.random.default_rng(_SEED).uniform(size=min(information.shape))
    left, strength, _ = svds(information, k=dimensions, v0=start)
    vectors = left * np.sqrt(strength)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
