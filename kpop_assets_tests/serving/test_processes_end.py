"""The API's real processes: a killed worker is replaced, and a stop answers what it has taken."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import socket
import time
from pathlib import Path

import httpx
import psutil
import pytest

from drills.hostile import read_answer, request
from drills.numbered_lines import landed_events
from drills.serving_callers import Callers
from drills.serving_process import Service


def test_a_killed_worker_is_replaced_and_the_other_answers_meanwhile(tmp_path: Path):
    with Service(tmp_path / "home", tmp_path / "log") as service:
        first, other = service.workers()
        first.kill()
        psutil.wait_procs([first], timeout=5)
        assert httpx.get(f"{service.address}/healthz", timeout=20).is_success
        until = time.monotonic() + 60
        while len(service.workers()) < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert other in service.workers() and first not in service.workers()


def test_a_batch_that_is_being_sent_when_it_stops_is_answered_and_landed(tmp_path: Path):
    home = tmp_path / "home"
    now_ms = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
    play = {"event_id": "sent-1", "user_id": "kim", "track_id": "a", "played_at": now_ms - 60_000}
    body = json.dumps({"plays": [play]}).encode()
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    with Service(home, tmp_path / "log") as service:
        with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
            head = request("/v1/plays", "POST", *headers).encode()
            connection.sendall(head + body[:20])
            # Until a worker has taken the connection: what it has not seen it need not answer.
            time.sleep(0.5)
            os.kill(service.pid, signal.SIGTERM)
            time.sleep(0.5)
            connection.sendall(body[20:])
            status, _, answer = read_answer(connection)
        assert (status, json.loads(answer)["accepted"]) == (202, 1)
        psutil.Process(service.pid).wait(30)
    assert landed_events(home) == {"sent-1": 1}


def test_a_stop_ends_all_of_its_processes_in_order(tmp_path: Path):
    with Service(tmp_path / "home", tmp_path / "log") as service:
        processes = [psutil.Process(service.pid), *service.workers()]
        assert service.stop() < 30
        assert not psutil.wait_procs(processes, timeout=10)[1]
        assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_was_let_in_when_it_stops_is_answered(tmp_path: Path, workers: int):
    with Service(tmp_path / "home", tmp_path / "log", workers) as service:
        with Callers(service.port, 16) as callers:
            time.sleep(1.0)
            service.stop()
        told = callers.outcomes
    assert told["answered"] > 100
    assert not told["lost"], told


def test_a_worker_that_lost_a_thread_ends_and_another_takes_its_place(tmp_path: Path):
    home, log = tmp_path / "home", tmp_path / "log"
    module = "kpop_assets_tests.serving.ending_server"
    service = Service(home, log, module=module)
    with service, Callers(service.port, 2) as callers:
        until = time.monotonic() + 90
        while not (failed := re.search(r"ZeroDivisionError: (\d+)", log.read_text())):
            assert time.monotonic() < until
            time.sleep(0.1)
        while f"Child process [{failed[1]}] died" not in log.read_text():
            assert time.monotonic() < until
            time.sleep(0.1)
        while len(service.workers()) < 2 or httpx.get(f"{service.address}/readyz").is_error:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert int(failed[1]) not in {worker.pid for worker in service.workers()}
        # What was counted of a worker is not taken back with it.
        assert "kpop_ended_threads_total 1.0" in httpx.get(f"{service.address}/metrics").text
    assert not callers.outcomes["lost"] and callers.outcomes["answered"]
