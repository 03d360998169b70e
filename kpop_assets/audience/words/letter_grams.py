"""Runs of letters of many texts at once, hashed to columns: what sentiment is learnt from.

Belongs here: the columns that a text has. Does not belong here: what is done to a text before
(plain_texts.py), or weights of columns (sentiments/sentiment_linear.py).

No vocabulary is kept: a run's column is its hash, so that a model is its weights alone and a text
costs the same whatever was learnt. All windows of all texts are hashed by whole arrays, n letters
from n - 1, which takes a tenth of the time of a loop over texts. Weinberger et al. (2009), Feature
hashing for large scale multitask learning, ICML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import scipy.sparse as sp

# Odd numbers of 64 bits without a pattern: the golden ratio's fraction, and one of MurmurHash3's.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(33)
# So many texts at once: their windows stay within a processor's cache, and within 100 MB.
_PORTION = 4000


@dataclass(frozen=True)
class LetterGrams:
    """The runs of `shortest` to `longest` letters of a text, a blank at each end being one.

    Attributes:
        shortest: fewest letters of a run.
        longest: most.
        bits: there are 2^bits columns.
        is_spaced: whether blanks count; else they are left out, as writers of Korean do.
    """

    shortest: int
    longest: int
    bits: int
    is_spaced: bool = True

    @property
    def width(self) -> int:
        """How many columns there are."""
        return 1 << self.bits

    def present(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Which columns each text has, as ones: shape (texts, width)."""
        import scipy.sparse as sp

        portions = [
            self._portion(texts[start : start + _PORTION])
            for start in range(0, len(texts), _PORTION)
        ]
        if not portions:
            return sp.csr_matrix((0, self.width), dtype=np.float32)
        return sp.vstack(portions, format="csr")

    def _portion(self, texts: Sequence[str]) -> sp.csr_matrix:
        import scipy.sparse as sp

        letters, rows = _letters([self._framed(text) for text in texts])
        width = np.int64(self.bits)
        keys = [
            (rows[starts] << width) | (_mixed(hashes) >> np.uint64(64 - self.bits)).astype(np.int64)
            for starts, hashes in self._windows(letters)
        ]
        found = _each_once(np.concatenate(keys))
        columns = (found & np.int64(self.width - 1)).astype(np.int32)
        ends = np.searchsorted(found, np.arange(len(texts) + 1, dtype=np.int64) << width)
        ones = np.ones(len(columns), dtype=np.float32)
        return sp.csr_matrix((ones, columns, ends), shape=(len(texts), self.width))

    def _framed(self, text: str) -> str:
        # A NUL would end the text; it is a blank.
        text = text.replace("\0", " ")
        return f" {text} " if self.is_spaced else text.replace(" ", "")

    def _windows(self, letters: NDArray[np.uint64]) -> Iterator[tuple[NDArray, NDArray]]:
        """Starts and hashes of the windows of each length that lie within one text."""
        is_end = letters == 0
        hashes, is_whole = letters, ~is_end
        for length in range(1, self.longest + 1):
            if length > 1:
                hashes = hashes[:-1] * _STEP + letters[length - 1 :]
                is_whole = is_whole[:-1] & ~is_end[length - 1 :]
            if length >= self.shortest:
                starts = np.flatnonzero(is_whole)
                yield starts, hashes[starts] + np.uint64(length)


def _each_once(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sorted, and each once: a text has a run or has it not.

    `np.unique` of NumPy 2.4 fills a hash table first: 2.0 s for 1.6 M keys, where this takes 0.02.
    """
    keys.sort()
    is_first = np.ones(len(keys), dtype=bool)
    is_first[1:] = keys[1:] != keys[:-1]
    return keys[is_first]


def _letters(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All letters as numbers, a 0 after each text; and whose each is."""
    # A lone half of a surrogate pair, which no text of a table has, is a letter like any other.
    joined = "".join(f"{text}\0" for text in texts)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    is_end = letters == 0
    rows = np.cumsum(is_end) - is_end
    return letters.astype(np.uint64), rows.astype(np.int64)


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same with every bit resting on every other, so that the first ones can be taken."""
    mixed = (hashes ^ (hashes >> _HALF)) * _MIX
    return (mixed ^ (mixed >> _HALF)) * _STEP
