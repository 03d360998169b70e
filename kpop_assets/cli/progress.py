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

# Often enough to see that it lives, seldom enough for a log.
LINE_SECONDS = 10.0


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
    from rich.console import Console
    from rich.table import Column

    columns = (
        rich.SpinnerColumn(),
        rich.TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(no_wrap=False, overflow="fold"),
        ),
        rich.BarColumn(bar_width=16),
        rich.TaskProgressColumn(),
        rich.TimeElapsedColumn(),
        rich.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bar(bar, what)


class _Bar(Progress):
    """A bar, kept alive by Rich."""

    def __init__(self, bar: RichProgress, what: str) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=None)

    def say(self, what: str) -> None:
        self._bar.update(self._task, description=what)

    def done(self, done: float, total: float) -> None:
        self._bar.update(self._task, completed=done, total=total)


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

    def say(self, what: str) -> None:
        self._what = what

    def done(self, done: float, total: float) -> None:
        self._part = done / total if total else 0.0

    def __str__(self) -> str:
        elapsed = time.monotonic() - self._started
        if not self._part:
            return f"kpop: {self._what}; {_span(elapsed)} so far"
        left = elapsed / self._part - elapsed
        return (
            f"kpop: {self._what}; {100 * self._part:.0f} %, {_span(elapsed)} so far, "
            f"about {_span(left)} left"
        )


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
