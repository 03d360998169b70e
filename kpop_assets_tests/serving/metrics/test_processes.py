"""A real server of two processes: what it counts is whole, whoever answered and whoever died."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from serving.metrics import folder

WAIT_SECONDS = 60.0
HEALTHZ = {"route": "/healthz", "method": "GET", "status": "200"}


def wait_for(is_there: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not is_there():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def sum_of(client: httpx.Client, name: str, labels: dict[str, str] | None = None) -> float:
    told = client.get("/metrics").text
    return sum(
        sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == name and (labels is None or sample.labels == labels)
    )


def workers_of(server: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Its processes but the one that only watches over Python's shared resources."""
    children = psutil.Process(server.pid).children()
    living = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in living if "spawn_main" in " ".join(child.cmdline())]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], httpx.Client]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[subprocess.Popen[bytes], httpx.Client]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "serving", "--port", str(port), "--workers", "2"],
            env={**os.environ, "KPOP_HOME": str(tmp_path)},
            stderr=subprocess.DEVNULL,
        )
        started.append(server)
        # Each request is a connection of its own, so that both processes get some.
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Connection": "close"}, timeout=20
        )
        wait_for(lambda: is_alive(client))
        return server, client

    yield start
    for server in started:
        for process in workers_of(server) if server.poll() is None else ():
            process.kill()
        server.kill()
        server.wait()


def is_alive(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def folders_of(server: subprocess.Popen[bytes]) -> list[Path]:
    return [*Path("/dev/shm").glob(f"kpop-metrics-{server.pid}-*")]


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no folder in memory here")
def test_two_processes_count_as_one_over_a_kill_and_leave_nothing(serve):
    server, client = serve()
    wait_for(lambda: len(workers_of(server)) == 2)
    before = sum_of(client, "kpop_requests_total", HEALTHZ)
    answered = Counter(client.get("/healthz").status_code for _ in range(40))
    assert answered == {200: 40}
    assert sum_of(client, "kpop_requests_total", HEALTHZ) == before + 40
    [place] = folders_of(server)
    victim = workers_of(server)[0]
    victim.send_signal(signal.SIGKILL)
    wait_for(lambda: victim not in workers_of(server) and len(workers_of(server)) == 2)
    wait_for(lambda: is_alive(client))
    # What the killed one counted is not taken back, and a state of it is no state any more.
    assert sum_of(client, "kpop_requests_total", HEALTHZ) >= before + 40
    wait_for(lambda: sum_of(client, "kpop_requests_in_progress") == 1)
    assert not [*place.glob(f"gauge_live*_{victim.pid}.db")]
    server.send_signal(signal.SIGTERM)
    server.wait(WAIT_SECONDS)
    assert folders_of(server) == []


def test_what_a_killed_server_left_is_removed_by_the_next_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(folder, "MEMORY", tmp_path)
    monkeypatch.setenv(folder.FOLDER_VARIABLE, "")
    del os.environ[folder.FOLDER_VARIABLE]
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    dead, living = tmp_path / f"kpop-metrics-{ended.pid}-a", tmp_path / "kpop-metrics-1-b"
    other = tmp_path / "kpop-metrics-notes-c"
    for path in (dead, living, other):
        path.mkdir()
    with folder.counted_together() as place:
        assert os.environ[folder.FOLDER_VARIABLE] == str(place)
        assert place.stat().st_mode & 0o077 == 0
        assert {*tmp_path.iterdir()} == {living, other, place}
    assert {*tmp_path.iterdir()} == {living, other}
