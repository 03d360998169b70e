"""The HTTP API while Redis, Kafka or the disk beside it fails: what it promised must be kept.

Belongs here: planting the fault while plays and questions come, and counting what was sent
against what lies in landing files. Does not belong here: the API's own processes
(serving_faults.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from drills.kafka_broker import Broker
from drills.kafka_jars import NoJarsError
from drills.numbered_lines import BATCH_LINES, NumberedLines, landed_events
from drills.processes import KPOP, ROOT, free_port, is_listening
from drills.serving_load import Ask, Load
from drills.serving_process import Service
from kpop_assets.contracts.plays import PLAYS
from kpop_assets_tests.lake.worker import can_mount

LEFT_OUT = "left out"
PAUSE_SECONDS = 3.0
WAIT_SECONDS = 90.0
# Room for some segments of a journal and no more.
DISK_SIZE = "3m"
DISK_LINES_PER_SECOND = 500.0
# So many that each process gets some.
REQUESTS_OF_A_LISTENER = 10


def redis_gone(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Redis is killed, and comes back."""
    program = shutil.which("redis-server")
    if program is None:
        return True, f"{LEFT_OUT}, redis-server is not installed"
    port = free_port()
    command = [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    environ = {"KPOP_REDIS": f"redis://127.0.0.1:{port}/0"}
    with Service(home, home / "api.log", environ=environ) as service:
        with running(command, port), Load(service.address, asks_of("with it"), rate) as before:
            time.sleep(2 * PAUSE_SECONDS)
        with Load(service.address, asks_of("without"), rate) as without:
            time.sleep(2 * PAUSE_SECONDS)
        with running(command, port), Load(service.address, asks_of("again"), rate) as after:
            time.sleep(2 * PAUSE_SECONDS)
    return verdict_of_redis(before, without, after)


def asks_of(name: str) -> Ask:
    """Requests of listeners whose lists no process has yet, some of each and then the next's."""

    async def ask(client: httpx.AsyncClient, number: int) -> httpx.Response:
        listener = f"{name} {number // REQUESTS_OF_A_LISTENER}"
        return await client.post("/v1/recommendations", json={"user_id": listener})

    return ask


def verdict_of_redis(before: Load, without: Load, after: Load) -> tuple[bool, str]:
    """Whether all were answered, and from Redis while it is there and only then."""
    loads = {"with it": before, "without": without, "with it again": after}
    is_good = all(load.tally.is_whole for load in loads.values())
    is_good &= all(load.tally.is_by_model(1, load.seconds) for load in loads.values())
    is_shared = [load.tally.caches["redis"] > 0 for load in loads.values()]
    told = "".join(f"\n    {name}: {load.tally}" for name, load in loads.items())
    return is_good and is_shared == [True, False, True], told


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
    environ = {"KPOP_KAFKA": broker.address}
    try:
        for topic in ("plays", "feedback"):
            broker.create_topic(topic)
        with Service(home, home / "api.log", environ=environ) as service:
            with NumberedLines(service.address, PLAYS, rate * BATCH_LINES) as sent:
                time.sleep(PAUSE_SECONDS)
                broker.kill()
                time.sleep(2 * PAUSE_SECONDS)
            broker.start()
            service.stop()
            # Another server finds what the first could not deliver, if there is anything.
            service.start()
            landed = wait_for_plays(home, sent.line_count, lambda: take(home, broker.address))
            service.stop()
    finally:
        broker.stop()
    return verdict_of_plays(sent, landed, set())


def take(home: Path, servers: str) -> None:
    """Bring what the cluster has into landing files."""
    environ = {**os.environ, "KPOP_HOME": str(home), "KPOP_KAFKA": servers}
    command = [*KPOP, "take", "plays", "--once"]
    subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def wait_for_plays(home: Path, count: int, act: Callable[[], None]) -> Counter[str]:
    """How often each play was landed, once all are there or time is up."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        act()
        landed = landed_events(home)
        if len(landed) >= count or time.monotonic() > until:
            return landed
        time.sleep(2)


def verdict_of_plays(
    sent: NumberedLines, landed: Counter[str], refusals: set[str]
) -> tuple[bool, str]:
    """Whether all plays have landed, and batches were refused in just the ways that must be."""
    lost = sent.line_count - len(landed)
    told = f"{sent.line_count} plays in {sent.request_count} requests, refused: "
    told += f"{dict(sent.failures) or 'none'}; {lost} of them not landed"
    told += f", {landed.total() - len(landed)} landed more than once (one row of a table each)"
    return not lost and sent.line_count > 0 and {*sent.failures} == refusals, told


def disk_full(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Journals on a disk that fills up: 503, and all that was promised lands once there is room."""
    if not can_mount():
        return True, f"{LEFT_OUT}, this machine allows no mounts"
    journal = home / "serving" / "journal"
    journal.mkdir(parents=True, exist_ok=True)
    script = f'mount -t tmpfs -o size={DISK_SIZE} none "$0" && exec "$@"'
    before = ("unshare", "-rm", "sh", "-c", script, str(journal))
    with Service(home, home / "api.log", before=before) as service:
        filler = Path(f"/proc/{service.pid}/root{journal}/filler")
        with NumberedLines(service.address, PLAYS, DISK_LINES_PER_SECOND) as sent:
            time.sleep(PAUSE_SECONDS)
            fill(filler)
            time.sleep(PAUSE_SECONDS)
            filler.unlink()
            time.sleep(PAUSE_SECONDS)
        service.stop()
    return verdict_of_plays(sent, landed_events(home), {"503"})


def fill(path: Path) -> None:
    """Fill a disk to its last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
