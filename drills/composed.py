"""The composed system from an empty folder: seen, killed part by part, healed, and nothing lost.

    python -m drills.composed [--with containers|units|units-alone] [--build] [--days 5]

Belongs here: what must be seen, what must hold after each fault, and the account. Does not belong
here: how the parts are started (composed_containers.py, composed_units.py), or what is sent
(numbered_lines.py).

Containers where an engine and a program for compose files are, else the commands of the systemd
units, beside Redis and Kafka where this machine has them. Simulated days are filled through the
system itself; viewer and API must show them, and lists be shared by Redis. Then, while plays and
feedback come by the API, each batch until it is accepted, and the ranking is asked for, each part's
processes are killed (SIGKILL) in turn, and Redis, Kafka and PostgreSQL ended in order and started
again later. In the end every play and feedback must be landed, and be a row once; what came by
Kafka must have been taken once; every table must have the rows that it had, and every landing file
the bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from drills.composed_containers import ComposedContainers, find_compose
from drills.composed_sight import account, lists_from_redis, losses, show_simulated
from drills.composed_system import (
    PATIENCE_SECONDS,
    System,
    kill_and_wait,
    say,
    timed,
    wait,
)
from drills.composed_units import ComposedUnits
from drills.numbered_lines import NumberedLines, account_of_lines, landed_events
from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.plays import PLAYS

ASKED = "/v1/ranking?limit=20"
PAUSE_SECONDS = 0.05
# So few that a training of recommenders is short.
LISTENING = ("--plays-per-day", "400", "--listeners", "100")
# Lines a second; a minute of them lies in journals.
PLAYS_RATE, FEEDBACK_RATE = 40.0, 20.0
# For longer than a journal keeps what is to be sent: it must have tried in vain.
GONE_SECONDS = {"redis": 15.0, "kafka": 75.0, "postgres": 15.0}


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
        choices=["containers", "units", "units-alone"],
        default="containers" if compose else "units",
    )
    parser.add_argument("--compose", default=compose, help="the command that reads compose files")
    parser.add_argument("--build", action="store_true", help="build the images first")
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--events-per-day", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-composed-") as name:
        folder = Path(name)
        system: System = (
            ComposedContainers(folder, asked.compose, asked.build)
            if asked.way == "containers"
            else ComposedUnits(folder, is_alone=asked.way == "units-alone")
        )
        print(system.name, flush=True)
        try:
            is_good = drill(system, asked.days, asked.events_per_day)
        finally:
            system.end()
    sys.exit(0 if is_good else 1)


def drill(system: System, days: int, events: int) -> bool:
    """All of it; whether nothing was lost and everything healed."""
    began = time.perf_counter()
    say(timed(system.start), "started")
    say(timed(lambda: wait(system, system.parts)), "until all are well")
    words = ("demo", "--days", str(days), "--events-per-day", str(events), *LISTENING)
    say(timed(lambda: system.kpop(*words)), f"{days} simulated days")
    api = system.addresses["api"]
    say(timed(lambda: show_simulated(api + ASKED, system.addresses["viewer"])), "until it is shown")
    say(time.perf_counter() - began, "from an empty folder until viewer and API show it")
    say(timed(lambda: system.kpop("train", "recommend")), "a training of recommenders")
    wait_for_answers(api)
    before = account(system.home)
    with (
        Caller(api + ASKED) as caller,
        NumberedLines(api, PLAYS, PLAYS_RATE) as plays,
        NumberedLines(api, FEEDBACK, FEEDBACK_RATE) as feedback,
    ):
        is_shared = share_lists(system, "before")
        for part in system.parts:
            say(kill_and_wait(system, part), f"{part} killed and well again")
        for part in system.outside:
            is_shared &= be_without(system, part)
        is_shared &= share_lists(system, "after")
    print(f"the ranking meanwhile: {caller.answered} of {caller.sent} answered", flush=True)
    is_whole = count(system, plays) & count(system, feedback)
    lost = losses(before, account(system.home))
    print(f"{len(before)} files and tables; lost: {lost or 'nothing'}; wrong: {caller.wrong}")
    return is_shared and is_whole and not lost and not caller.wrong


def wait_for_answers(api: str) -> None:
    """Wait until the API has opened what was trained.

    Raises:
        SystemExit: it does not.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while httpx.post(f"{api}/v1/recommendations", json={}, timeout=10).status_code != 200:
        if time.monotonic() > until:
            raise SystemExit("the API recommends nothing")
        time.sleep(0.5)


def share_lists(system: System, name: str, is_there: bool = True) -> bool:
    """Whether processes of the API share lists by Redis; without it, whether all go on."""
    if "redis" not in system.outside:
        return True
    shared, asked, answered = lists_from_redis(system.addresses["api"], f"{name} {time.time()}")
    told = f"{shared} of 10 listeners got a list from Redis, {answered} of {asked} answered"
    print(f"{told} ({name})", flush=True)
    # Not all: on a busy machine Redis is often late, and lists are made once more instead.
    return answered == asked and (shared > 0) == is_there


def be_without(system: System, part: str) -> bool:
    """End a part in order and start it again later; whether lists are shared as they must be."""
    system.stop(part)
    is_right = part != "redis" or share_lists(system, "without Redis", is_there=False)
    time.sleep(GONE_SECONDS[part])
    system.resume(part)
    seconds = timed(lambda: wait(system, system.parts))
    say(seconds, f"{part} back after {GONE_SECONDS[part]:.0f} s without it, all well again")
    return is_right


def count(system: System, lines: NumberedLines) -> bool:
    """Wait until lines are landed, have the graph take them in, and print what came of each."""
    until = time.monotonic() + PATIENCE_SECONDS
    while len(landed_events(system.home, lines.table)) < lines.line_count:
        if time.monotonic() > until:
            break
        time.sleep(2)
    system.kpop("run", str(lines.day), str(lines.day), "--select", lines.table.path)
    found = account_of_lines(system.home, lines, "kafka" in system.outside)
    print(f"{found}; sent again after: {dict(lines.failures)}", flush=True)
    return found.is_whole


if __name__ == "__main__":
    main()
