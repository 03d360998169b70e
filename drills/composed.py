"""The composed system from an empty folder: seen, killed part by part, healed, and nothing lost.

    python -m drills.composed [--with containers|units] [--build] [--days 5] [--events-per-day 200]

Belongs here: what must be seen, what must hold after each kill, and the account. Does not belong
here: how the parts are started (composed_containers.py, composed_units.py).

Containers where an engine and a program for compose files are, else the commands of the systemd
units. Simulated days are filled through the system itself; viewer and API must show them. Then each
part's processes are killed (SIGKILL) in turn; meanwhile the API is asked for the ranking all the
time. In the end every table must have the rows that it had, and every landing file the bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx

from drills.composed_containers import ComposedContainers, find_compose
from drills.composed_sight import account, losses, show_simulated
from drills.composed_units import ComposedUnits

PATIENCE_SECONDS = 300.0
HEALTH = {"viewer": "/_stcore/health", "api": "/healthz", "webserver": "/server_info"}
ASKED = "/v1/ranking?limit=20"
PAUSE_SECONDS = 0.05


class System(Protocol):
    """What is composed, however it is started."""

    name: str
    parts: tuple[str, ...]
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

    def kpop(self, *words: str) -> None:
        """Run a command of the product within the system."""

    def is_healthy(self, part: str) -> bool:
        """Whether a part that has no address is well."""

    def end(self) -> None:
        """End every part, and remove what it kept."""


class Caller:
    """Asks the API all the time, and counts what it answers."""

    def __init__(self, address: str) -> None:
        self.sent = self.answered = self.wrong = 0
        self._address = address
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Caller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _ask(self) -> None:
        expected = None
        with httpx.Client(timeout=10) as client:
            while not self._is_over.wait(PAUSE_SECONDS):
                self.sent += 1
                try:
                    answer = client.get(self._address)
                except httpx.TransportError:
                    continue
                if answer.status_code >= 500:
                    continue
                rows = answer.json().get("rows")
                expected = expected or rows
                self.answered += 1
                self.wrong += answer.status_code != 200 or rows != expected


def main() -> None:
    """Start, fill, look, kill, compare; exit code 1 where something is lost or does not heal."""
    parser = argparse.ArgumentParser(prog="python -m drills.composed", description=__doc__)
    compose = find_compose()
    parser.add_argument(
        "--with",
        dest="way",
        choices=["containers", "units"],
        default="containers" if compose else "units",
    )
    parser.add_argument("--compose", default=compose, help="the command that reads compose files")
    parser.add_argument("--build", action="store_true", help="build the images first")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--events-per-day", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-composed-") as name:
        folder = Path(name)
        system: System = (
            ComposedContainers(folder, asked.compose, asked.build)
            if asked.way == "containers"
            else ComposedUnits(folder)
        )
        print(system.name, flush=True)
        try:
            is_good = drill(system, asked.days, asked.events_per_day)
        finally:
            system.end()
    sys.exit(0 if is_good else 1)


def drill(system: System, days: int, events: int) -> bool:
    """All of it; whether nothing was lost and everything healed."""
    print(f"{timed(system.start):6.1f} s  started", flush=True)
    print(f"{timed(lambda: wait(system, system.parts)):6.1f} s  until all are well", flush=True)
    words = ("demo", "--days", str(days), "--events-per-day", str(events))
    print(f"{timed(lambda: system.kpop(*words)):6.1f} s  {days} simulated days", flush=True)
    print(f"{timed(lambda: look(system)):6.1f} s  until viewer and API show them", flush=True)
    before = account(system.home)
    with Caller(system.addresses["api"] + ASKED) as caller:
        for part in system.parts:
            print(f"{kill_and_wait(system, part):6.1f} s  {part} killed and well again", flush=True)
    print(f"the ranking meanwhile: {caller.answered} of {caller.sent} answered", flush=True)
    lost = losses(before, account(system.home))
    print(f"{len(before)} files and tables; lost: {lost or 'nothing'}; wrong: {caller.wrong}")
    return not lost and not caller.wrong


def look(system: System) -> None:
    """Look at what viewer and API show."""
    show_simulated(system.addresses["api"] + ASKED, system.addresses["viewer"])


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


if __name__ == "__main__":
    main()
