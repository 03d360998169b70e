"""Plays by HTTP while the server is killed at random: nothing that was accepted is lost or doubled.

    python -m drills.serving_plays [--rate 2000] [--seconds 300] [--kills 20] [--workers 2]

Belongs here: sending, killing, starting again, and the verdict. Does not belong here: how fast an
answer is (bench/).

Batches of 20 plays are due at fixed moments, whatever the server does; whoever gets no 202 sends
the same batch again until it does. At random moments one worker is killed (SIGKILL), or the whole
server, which is then started again. At the end the server is stopped, and the graph takes in what
was landed: each play that was sent must be a row of `bronze/plays` once. Simulated data.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from drills.processes import KPOP
from drills.serving_process import Service
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.days import day_start_ms, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.journal.segments import journal_root, kinds_in, segments_in

BATCH_PLAYS = 20
_AGAIN_SECONDS = 0.2
_AT_ONCE = 64


def kill_worker(server: Service, rng: random.Random) -> None:
    """Kill one worker; the server starts another."""
    if workers := server.workers():
        rng.choice(workers).kill()


@dataclass
class Sent:
    """What was sent.

    Attributes:
        day: of all plays: yesterday.
        play_count: plays, all of which were accepted in the end.
        request_count: requests, repeats too.
        failures: requests without a 202, by what came in its place.
        kills: of what.
        seconds: until the last play was accepted.
    """

    day: dt.date = field(default_factory=lambda: seoul_now().date() - dt.timedelta(days=1))
    play_count: int = 0
    request_count: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def send_plays(server: Service, rate: int, seconds: float, kills: int, seed: int = 1) -> Sent:
    """Send plays to a server that is killed so often; each is sent until it is accepted."""
    return asyncio.run(_send(server, rate, seconds, kills, random.Random(seed)))


async def _send(server: Service, rate: int, seconds: float, kills: int, rng: random.Random) -> Sent:
    sent = Sent()
    began = time.monotonic()
    room = asyncio.Semaphore(_AT_ONCE)
    base_ms = day_start_ms(sent.day)
    async with httpx.AsyncClient(base_url=server.address, timeout=10) as client:
        killing = asyncio.create_task(_kill_at_random(server, seconds, kills, sent, rng))
        batches = []
        for number in range(int(rate * seconds) // BATCH_PLAYS):
            await asyncio.sleep(max(0.0, began + number * BATCH_PLAYS / rate - time.monotonic()))
            plays = [a_sent_play(number * BATCH_PLAYS + n, base_ms) for n in range(BATCH_PLAYS)]
            body = json.dumps({"plays": plays}).encode()
            batches.append(asyncio.create_task(_until_accepted(client, body, sent, room)))
        await killing
        await asyncio.gather(*batches)
    sent.play_count = len(batches) * BATCH_PLAYS
    sent.seconds = time.monotonic() - began
    return sent


def a_sent_play(number: int, base_ms: int) -> dict[str, object]:
    """A play of its own."""
    return {
        "event_id": f"e{number}",
        "user_id": f"listener {number % 9973}",
        "track_id": f"t{number % 997}",
        "played_at": base_ms + number,
        "played_ms": 180_000,
    }


async def _until_accepted(
    client: httpx.AsyncClient, body: bytes, sent: Sent, room: asyncio.Semaphore
) -> None:
    headers = {"Content-Type": "application/json"}
    while True:
        async with room:
            sent.request_count += 1
            try:
                answer = await client.post("/v1/plays", content=body, headers=headers)
                if answer.status_code == 202:
                    return
                failed = str(answer.status_code)
            except httpx.HTTPError as error:
                failed = type(error).__name__
        sent.failures[failed] += 1
        await asyncio.sleep(_AGAIN_SECONDS)


async def _kill_at_random(
    server: Service, seconds: float, kills: int, sent: Sent, rng: random.Random
) -> None:
    began = time.monotonic()
    moments = sorted(rng.uniform(0.05, 0.95) * seconds for _ in range(kills))
    for number, moment in enumerate(moments):
        await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
        if number % 2:
            await asyncio.to_thread(server.end)
            await asyncio.to_thread(server.start)
        else:
            await asyncio.to_thread(kill_worker, server, rng)
        sent.kills["server" if number % 2 else "worker"] += 1


def landed_events(home: Path) -> Counter[str]:
    """How often each play stands in the landing files."""
    landing = home / "landing"
    found: Counter[str] = Counter()
    for day in list_days(landing, PLAYS.name):
        for path in list_landed(landing, day, PLAYS.name):
            with path.open() as file:
                found.update(json.loads(line)["event_id"] for line in file)
    return found


def left_in_journals(home: Path) -> int:
    """Segments that nobody landed."""
    root = journal_root(home)
    return sum(len(segments_in(root / kind)) for kind in kinds_in(root))


def main() -> None:
    """Exit code 1 where a play is lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m drills.serving_plays", description=__doc__)
    parser.add_argument("--rate", type=int, default=2_000, help="plays a second")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        server = Service(home, home.with_suffix(".log"), asked.workers)
        server.start()
        try:
            sent = send_plays(server, asked.rate, asked.seconds, asked.kills, asked.seed)
            server.stop()
        except BaseException:
            server.end()
            raise
        sys.exit(0 if _holds(home, sent) else 1)


def _holds(home: Path, sent: Sent) -> bool:
    """Print what came of the plays; whether each is there once."""
    print(
        f"{sent.play_count:,} plays in {sent.request_count:,} requests, all accepted after "
        f"{sent.seconds:.1f} s ({sent.play_count / sent.seconds:,.0f}/s)"
    )
    print(f"killed: {dict(sent.kills)}; sent again after: {dict(sent.failures)}")
    landed = landed_events(home)
    repeats, left = landed.total() - len(landed), left_in_journals(home)
    print(f"landed: {landed.total():,} lines, {repeats:,} of them repeats; {left} segments left")
    words = [*KPOP, "run", str(sent.day), str(sent.day), "--select", PLAYS.path]
    environ = os.environ | {"KPOP_HOME": str(home)}
    done = subprocess.run(words, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"kpop run ends with {done.returncode}: {done.stderr[-2000:]}")
    rows = Counter(LakeReader(home / "lake").rows(PLAYS, columns=["event_id"])["event_id"])
    lost, doubled = sent.play_count - len(rows), rows.total() - len(rows)
    print(f"bronze/plays: {rows.total():,} rows, {lost:,} lost, {doubled:,} doubled")
    return not (lost or doubled or left)


if __name__ == "__main__":
    main()
