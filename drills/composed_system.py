"""What is composed, however it is started: its parts, whether each is well, and killing one.

Belongs here: what all ways of starting have in common. Does not belong here: the ways
(composed_containers.py, composed_units.py), or what must hold (composed.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx

PATIENCE_SECONDS = 300.0
HEALTH = {"viewer": "/_stcore/health", "api": "/healthz", "webserver": "/server_info"}


class System(Protocol):
    """A composed system.

    Attributes:
        name: how it is started.
        parts: all of them.
        outside: of them those that the product uses and may be without for a while.
        addresses: of the parts that have one.
    """

    name: str
    parts: tuple[str, ...]
    outside: tuple[str, ...]
    addresses: dict[str, str]

    @property
    def home(self) -> Path:
        """The data folder, as this machine sees it."""

    def start(self) -> None:
        """Start every part."""

    def pid(self, part: str) -> int | None:
        """The first process of a part, while it runs."""

    def kill(self, part: str) -> None:
        """End a part's processes at once."""

    def stop(self, part: str) -> None:
        """End a part in order; it stays ended."""

    def resume(self, part: str) -> None:
        """Start a part that was stopped."""

    def kpop(self, *words: str) -> None:
        """Run a command of the product within the system."""

    def is_healthy(self, part: str) -> bool:
        """Whether a part that has no address is well."""

    def end(self) -> None:
        """End every part, and remove what it kept."""


def timed(act: Callable[[], object]) -> float:
    """How many seconds something takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def kill_and_wait(system: System, part: str) -> float:
    """Kill a part; the seconds until another process of it is well."""
    pid = system.pid(part)
    system.kill(part)
    until = time.monotonic() + PATIENCE_SECONDS

    def heal() -> None:
        while system.pid(part) in (None, pid):
            if time.monotonic() > until:
                raise SystemExit(f"{part} is not started anew")
            time.sleep(0.1)
        wait(system, (part,))

    return timed(heal)


def wait(system: System, parts: tuple[str, ...]) -> None:
    """Wait until parts are well.

    Raises:
        SystemExit: one is not in time.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    for part in parts:
        while not is_well(system, part):
            if time.monotonic() > until:
                raise SystemExit(f"{part} is not well after {PATIENCE_SECONDS:.0f} s")
            time.sleep(0.2)


def is_well(system: System, part: str) -> bool:
    """Whether a part answers at its address, or is well by its own check."""
    if part not in HEALTH:
        return system.is_healthy(part)
    try:
        return httpx.get(system.addresses[part] + HEALTH[part], timeout=5).is_success
    except httpx.TransportError:
        return False


def say(seconds: float, what: str) -> None:
    """Print how long something took."""
    print(f"{seconds:6.1f} s  {what}", flush=True)
