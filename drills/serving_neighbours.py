"""The HTTP API while Redis, Kafka or the disk beside it fails: what it promised must be kept.

Belongs here: planting the fault while plays and questions come, and counting what was promised
against what lies in landing files. Does not belong here: the API's own processes
(serving_faults.py).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from drills.kafka_broker import Broker
from drills.kafka_jars import NoJarsError
from drills.processes import KPOP, ROOT, free_port, is_listening
from drills.serving_process import Load, Service
from kpop_assets_tests.lake.worker import can_mount

LEFT_OUT = "left out"
PAUSE_SECONDS = 3.0
WAIT_SECONDS = 90.0
# Room for some segments of a journal and no more.
DISK_SIZE = "3m"
LINES_OF_A_BATCH = 200


class Player:
    """Sends batches of plays, each with ids of its own, and remembers what was promised."""

    def __init__(self) -> None:
        self.promised: set[str] = set()
        self.sent = 0

    async def send(self, client: httpx.AsyncClient, number: int) -> httpx.Response:
        """Send the batch of a number; a repeat sends the same ids."""
        self.sent += 1
        batch = self.batch(number, 5)
        answer = await client.post("/v1/plays", json={"plays": batch})
        self.note(batch, answer)
        return answer

    def note(self, batch: list[dict[str, object]], answer: httpx.Response) -> None:
        """Remember what an answer promised."""
        if answer.status_code == 202:
            self.promised |= {str(line["event_id"]) for line in batch}

    def batch(self, number: int, count: int) -> list[dict[str, object]]:
        """A batch of plays."""
        started = int(dt.datetime.now(dt.UTC).timestamp() * 1000) - 600_000
        return [
            {
                "event_id": f"drill-{number}-{line}",
                "user_id": f"drill {number}",
                "track_id": f"drill-{line}",
                "played_at": started + number,
                "played_ms": 1000,
            }
            for line in range(count)
        ]


def redis_gone(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Redis is killed, and comes back."""
    program = shutil.which("redis-server")
    if program is None:
        return True, f"{LEFT_OUT}, redis-server is not installed"
    port = free_port()
    command = [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"]

    async def ask(client: httpx.AsyncClient, number: int) -> httpx.Response:
        return await client.post("/v1/recommendations", json={"user_id": f"drill {number % 9}"})

    environ = {"KPOP_REDIS": f"redis://127.0.0.1:{port}/0"}
    with Service(home, home / "api.log", environ=environ) as service:
        with running(command, port), Load(service.address, ask, rate) as before:
            time.sleep(PAUSE_SECONDS)
        with Load(service.address, ask, rate) as without:
            time.sleep(2 * PAUSE_SECONDS)
        with running(command, port), Load(service.address, ask, rate) as after:
            time.sleep(2 * PAUSE_SECONDS)
    tallies = {"with it": before.tally, "without": without.tally, "with it again": after.tally}
    is_good = all(t.answered + t.repeated == t.sent for t in tallies.values())
    return is_good, "".join(f"\n    {name}: {tally}" for name, tally in tallies.items())


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server that listens on a port, killed at the end."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/tmp") as process:
        while not is_listening("127.0.0.1", port):
            time.sleep(0.05)
        try:
            yield
        finally:
            process.kill()


def kafka_gone(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Kafka is killed while plays come, comes back, and gets all that were promised."""
    try:
        broker = Broker(home.with_name("broker"))
    except NoJarsError as error:
        return True, f"{LEFT_OUT}: {error}"
    broker.start()
    player = Player()
    environ = {"KPOP_KAFKA": broker.address}
    try:
        for topic in ("plays", "feedback"):
            broker.create_topic(topic)
        with Service(home, home / "api.log", environ=environ) as service:
            with Load(service.address, player.send, rate) as load:
                time.sleep(PAUSE_SECONDS)
                broker.kill()
                time.sleep(2 * PAUSE_SECONDS)
            broker.start()
            service.stop()
            # Another server finds what the first could not deliver, if there is anything.
            service.start()
            taken = wait_for_plays(home, player.promised, lambda: take(home, broker.address))
            service.stop()
    finally:
        broker.stop()
    return verdict(player, taken, load)


def take(home: Path, servers: str) -> None:
    """Bring what the cluster has into landing files."""
    environ = {**os.environ, "KPOP_HOME": str(home), "KPOP_KAFKA": servers}
    command = [*KPOP, "take", "plays", "--once"]
    subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def wait_for_plays(home: Path, promised: set[str], act: Callable[[], None]) -> list[str]:
    """The event ids of all landed plays, once those that were promised are there or time is up."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        act()
        landed = landed_ids(home / "landing")
        if promised <= set(landed) or time.monotonic() > until:
            return landed
        time.sleep(2)


def landed_ids(landing: Path) -> list[str]:
    """The event ids of the drill's plays in landing files, as often as they stand there."""
    found = []
    for path in (landing / "plays").glob("*/*.json"):
        for line in path.read_text(encoding="utf-8").splitlines():
            # A home's other plays may lack one, or be no JSON.
            if '"drill-' in line:
                found.append(json.loads(line)["event_id"])
    return found


def verdict(player: Player, landed: list[str], load: Load) -> tuple[bool, str]:
    """Whether all that was promised has landed."""
    lost = len(player.promised - set(landed))
    told = f"{len(player.promised)} plays promised, {lost} of them not landed"
    told += f", {len(landed) - len(set(landed))} landed more than once (one row of a table each)"
    return not lost and bool(player.promised), f"{told}; {load.tally}"


def disk_full(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Journals on a disk that fills up: 503, and all that was promised lands once there is room."""
    if not can_mount():
        return True, f"{LEFT_OUT}, this machine allows no mounts"
    journal = home / "serving" / "journal"
    journal.mkdir(parents=True, exist_ok=True)
    script = f'mount -t tmpfs -o size={DISK_SIZE} none "$0" && exec "$@"'
    before = ("unshare", "-rm", "sh", "-c", script, str(journal))
    player, statuses = Player(), []
    with Service(home, home / "api.log", before=before) as service:
        with httpx.Client(base_url=service.address, timeout=30) as client:
            filler = Path(f"/proc/{service.pid}/root{journal}/filler")
            filler.write_bytes(b"")
            for number in range(60):
                if number == 20:
                    fill(filler)
                if number == 40:
                    filler.unlink()
                batch = player.batch(number, LINES_OF_A_BATCH)
                answer = client.post("/v1/plays", json={"plays": batch})
                player.note(batch, answer)
                statuses.append(answer.status_code)
                if answer.status_code not in (202, 503):
                    break
        service.stop()
    lost = player.promised - set(landed_ids(home / "landing"))
    refused = statuses.count(503)
    is_good = not lost and refused > 0 and statuses[-1] == 202 and set(statuses) <= {202, 503}
    told = f"{statuses.count(202)} batches taken, {refused} refused with 503 while it was full"
    return is_good, f"{told}; {len(player.promised)} plays promised, {len(lost)} lost"


def fill(path: Path) -> None:
    """Fill a disk to its last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
