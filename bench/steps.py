"""How a contestant is called, and how it says where its time goes.

Belongs here: what all contestants share: arguments, and one `step<TAB>seconds` line per step. Does
not belong here: any work that is timed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the seconds that the block took, under `name`."""
    started = time.perf_counter()
    yield
    print(f"{name}\t{time.perf_counter() - started:.3f}", flush=True)


def contestant(
    module: str, description: str | None, engines: Sequence[str] = ()
) -> argparse.ArgumentParser:
    """The command line of a contestant: landing files, output, and the days [start, end).

    Args:
        module: what `python -m` is given.
        description: of the program.
        engines: what can be chosen, as the first argument; empty for a program without choice.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    if engines:
        parser.add_argument("engine", choices=engines)
    parser.add_argument("landing", type=Path)
    parser.add_argument("out", type=Path, help="folder of the tables")
    parser.add_argument("start", type=dt.date.fromisoformat, help="first day")
    parser.add_argument("end", type=dt.date.fromisoformat, help="first day after the range")
    return parser
