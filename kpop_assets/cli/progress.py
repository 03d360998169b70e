"""How far a command is: a bar on a terminal, a line now and then where there is none.

Belongs here: how progress is shown, on stderr, so that what is printed can be piped. Does not
belong here: what is counted, which whoever does the work knows.
"""

from __future__ import annotations

import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.text import Text

# Often enough to see that it lives, seldom enough for a log.
LINE_SECONDS = 10.0
# Before so much is done, nobody can say how long the rest takes.
_TELLING_PART = 0.05


class Progress(ABC):
    """What whoever works tells; any thread may."""

    @abstractmethod
    def say(self, what: str) -> None:
        """What is being done now."""

    @abstractmethod
    def done(self, done: float, total: float) -> None:
        """So much of so much is done."""


@contextmanager
def show_progress(what: str, line_seconds: float = LINE_SECONDS) -> Iterator[Progress]:
    """Show how far the block is, as it tells.

    Args:
        what: what is done, as long as nothing else is said.
        line_seconds: from one line to the next, where no terminal shows a bar.
    """
    shown = _bar(what) if sys.stderr.isatty() else _lines(what, line_seconds)
    with shown as progress:
        yield progress


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    from rich import progress as rich
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    said = Text(what)
    bar = rich.Progress(
        rich.SpinnerColumn(),
        rich.BarColumn(bar_width=24),
        rich.TaskProgressColumn(),
        rich.TimeElapsedColumn(),
        rich.TextColumn("{task.description}"),
        rich.TimeRemainingColumn(),
        # Parts take from a second to minutes: the whole time tells more than the last half minute.
        speed_estimate_period=3600,
    )
    # A line of its own for the words, so that a narrow terminal wraps them and cuts nothing.
    with Live(Group(said, bar), console=Console(stderr=True), transient=True):
        yield _Bar(bar, said)


class _Bar(Progress):
    """A bar below what is said, kept alive by Rich."""

    def __init__(self, bar: RichProgress, said: Text) -> None:
        self._bar, self._said = bar, said
        self._task = bar.add_task("", total=None)

    def say(self, what: str) -> None:
        self._said.plain = what

    def done(self, done: float, total: float) -> None:
        self._bar.update(self._task, completed=done, total=total, description="left")


@contextmanager
def _lines(what: str, seconds: float) -> Iterator[Progress]:
    lines, is_over = _Lines(what), threading.Event()

    def speak() -> None:
        while not is_over.wait(seconds):
            print(lines, file=sys.stderr, flush=True)

    # As a daemon: it never holds up a process that ends.
    speaker = threading.Thread(target=speak, name="progress", daemon=True)
    speaker.start()
    try:
        yield lines
    finally:
        is_over.set()
        speaker.join()


class _Lines(Progress):
    """What the next line says."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._part = 0.0
        self._started = time.monotonic()
        self._counted_from: float | None = None

    def say(self, what: str) -> None:
        self._what = what

    def done(self, done: float, total: float) -> None:
        # What was loaded before the first amount was known says nothing of the rest.
        self._counted_from = self._counted_from or time.monotonic()
        self._part = done / total if total else 0.0

    def __str__(self) -> str:
        now = time.monotonic()
        parts = [f"kpop: {self._what}"]
        if self._counted_from:
            parts.append(f"{100 * self._part:.0f} %")
        parts.append(f"{_span(now - self._started)} so far")
        if self._counted_from and self._part >= _TELLING_PART:
            left = (now - self._counted_from) * (1 - self._part) / self._part
            parts.append(f"about {_span(left)} left")
        return "; ".join(parts)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
