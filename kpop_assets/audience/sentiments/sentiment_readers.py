"""What parts of sentiment models read of plain texts, made once for all that read the same.

Belongs here: letters, morphemes, sayings and texts themselves as readers. Does not belong here:
what is learnt of them (sentiment_linear.py, sentiment_networks.py).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets.audience.words.negation import mark_negated
from kpop_assets.audience.words.speech_lexicon import speech_scores

if TYPE_CHECKING:
    import scipy.sparse as sp
    from kiwipiepy import Kiwi

_MOST_THREADS = 2


class TextReader(Protocol):
    """Makes of plain texts what a part is fitted on and scores: something with rows to index."""

    def read(self, texts: Sequence[str]) -> Any:
        """One row a text, in order."""


@dataclass(frozen=True)
class LetterReader:
    """Runs of letters, what is denied told apart or not."""

    grams: LetterGrams
    is_marked: bool = False

    def read(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Which columns each text has, as ones."""
        return self.grams.present([*map(mark_negated, texts)] if self.is_marked else texts)


@dataclass(frozen=True)
class MorphemeReader:
    """Morphemes and pairs of neighbours, by kiwipiepy: slow, and so for trainings alone.

    Attributes:
        bits: there are 2^bits columns.
    """

    bits: int = 20

    def read(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Which columns each text has, as ones."""
        import scipy.sparse as sp

        columns, ends = list[int](), [0]
        for tokens in _kiwi().tokenize(list(texts)):
            said = [f"{token.form}/{token.tag}" for token in tokens]
            pairs = map(" ".join, pairwise(said))
            columns += sorted({self._column(one) for one in (*said, *pairs)})
            ends.append(len(columns))
        ones = np.ones(len(columns), dtype=np.float32)
        return sp.csr_matrix((ones, columns, ends), shape=(len(texts), 1 << self.bits))

    def _column(self, said: str) -> int:
        return zlib.crc32(said.encode()) & ((1 << self.bits) - 1)


@dataclass(frozen=True)
class SpeechReader:
    """The sum of sayings of the list, turned where they are denied."""

    def read(self, texts: Sequence[str]) -> np.ndarray:
        """A number for each text."""
        return speech_scores(texts)


@dataclass(frozen=True)
class PlainReader:
    """The texts as they are."""

    def read(self, texts: Sequence[str]) -> np.ndarray:
        """The same texts, to be indexed as arrays are."""
        found = np.empty(len(texts), dtype=object)
        found[:] = texts
        return found


@lru_cache(maxsize=1)
def _kiwi() -> Kiwi:
    # Takes a second and 300 MB: who reads letters alone loads nothing.
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=_MOST_THREADS, load_multi_dict=False, load_typo_dict=False)
