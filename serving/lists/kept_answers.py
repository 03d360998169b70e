"""What was worked out for one request and may serve the next, in this process.

Belongs here: which answers are kept, and for how long. Does not belong here: what an answer follows
from: its key says that.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import polars as pl

MOST_KEPT = 64
# As rows of a frame; what has more is kept alone.
MOST_KEPT_BYTES = 64_000_000


@dataclass(frozen=True)
class _Kept:
    answer: Any
    size_bytes: int
    until: float


class KeptAnswers:
    """The answers that were asked for last, up to a number and a size."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._answers: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Any], seconds: float | None = None) -> Any:
        """The answer of a key: the kept one, or what `compute` returns.

        Two requests that ask at once may both compute it.

        Args:
            key: all that the answer follows from.
            compute: works it out; what it raises is not kept.
            seconds: for how long it is good; None is for ever.
        """
        with self._lock:
            kept = self._answers.get(key)
            if kept and kept.until > self._now():
                self._answers.move_to_end(key)
                return kept.answer
        answer = compute()
        until = float("inf") if seconds is None else self._now() + seconds
        with self._lock:
            self._answers[key] = _Kept(answer, _size_bytes(answer), until)
            self._answers.move_to_end(key)
            self._drop_oldest()
        return answer

    def _drop_oldest(self) -> None:
        whole = sum(kept.size_bytes for kept in self._answers.values())
        while len(self._answers) > 1 and (
            len(self._answers) > MOST_KEPT or whole > MOST_KEPT_BYTES
        ):
            _, dropped = self._answers.popitem(last=False)
            whole -= dropped.size_bytes


def _size_bytes(answer: Any) -> int:
    rows = answer if isinstance(answer, pl.DataFrame) else getattr(answer, "rows", None)
    return int(rows.estimated_size()) if isinstance(rows, pl.DataFrame) else 0
