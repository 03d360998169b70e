"""The API's real processes: a killed worker is replaced, and a stop ends them all."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import psutil

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


def test_a_stop_ends_all_of_its_processes_in_order(tmp_path: Path):
    with Service(tmp_path / "home", tmp_path / "log") as service:
        processes = [psutil.Process(service.pid), *service.workers()]
        assert service.stop() < 30
        assert not psutil.wait_procs(processes, timeout=10)[1]
        assert "Traceback" not in (tmp_path / "log").read_text()
