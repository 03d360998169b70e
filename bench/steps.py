"""How a contestant says where its time goes: one `step<TAB>seconds` line per step.

Belongs here: the clock that all contestants share. Does not belong here: any work that is timed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the seconds that the block took, under `name`."""
    started = time.perf_counter()
    yield
    print(f"{name}\t{time.perf_counter() - started:.3f}", flush=True)
