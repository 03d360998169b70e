"""Reservoir sampling: a fair sample of fixed size from a stream of unknown length.

Belongs here: the algorithm, usable by any source. What is sampled is the caller's affair.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

DEFAULT_SAMPLE_SIZE = 64


class Reservoir(Generic[T]):
    """Vitter's Algorithm R (1985), one item at a time.

    The first k items fill the sample. Item number i after them (counted from 1) replaces a
    random member with probability k / i, so every item seen is in the sample with the same chance.
    """

    def __init__(self, k: int = DEFAULT_SAMPLE_SIZE, *, seed: int) -> None:
        if k < 1:
            raise ValueError(f"a sample has at least one item, not {k}")
        self.sample: list[T] = []
        self.seen_count = 0
        self._k = k
        self._random = random.Random(seed)  # noqa: S311 - a sample, no secret

    def add(self, item: T) -> None:
        """Offer the next item of the stream."""
        self.seen_count += 1
        if len(self.sample) < self._k:
            self.sample.append(item)
            return
        place = self._random.randrange(self.seen_count)
        if place < self._k:
            self.sample[place] = item


def reservoir_sample(items: Iterable[T], k: int = DEFAULT_SAMPLE_SIZE, *, seed: int) -> list[T]:
    """Return k items drawn fairly from a stream, in one pass; all of them if there are fewer.

    Args:
        items: Any iterable, read once.
        k: The sample size.
        seed: The same items with the same seed give the same sample.
    """
    reservoir: Reservoir[T] = Reservoir(k, seed=seed)
    for item in items:
        reservoir.add(item)
    return reservoir.sample
