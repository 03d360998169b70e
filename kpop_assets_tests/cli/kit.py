"""What tests of the command line share: how a command ended, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Kpop = Callable[..., Done]


def assert_one_line(done: Done, *words: str, code: int = 1) -> None:
    assert done.code == code
    assert done.err.startswith("kpop: ")
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err
