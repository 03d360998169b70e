"""A thread that ended by an error is seen from outside; a fault that passes ends none."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.journal.lander import held_in_journals
from kpop_assets_tests.serving.intake.kit import application
from serving import ended_threads
from serving.ended_threads import EndedThreads
from serving.intake import intake as intake_module


def test_a_thread_that_ended_by_an_error_is_named_and_counted_and_nothing_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise ZeroDivisionError

    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda ended: told.append(ended.thread.name))
    app = application(tmp_path)
    with TestClient(app) as client:
        assert client.get("/readyz").status_code == 200
        ending = threading.Thread(target=fail, name="lander")
        ending.start()
        ending.join()
        refused = client.get("/readyz")
    assert refused.status_code == 503
    assert refused.json()["detail"].startswith("threads: lander ended by an error")
    assert app.state.meters.registry.get_sample_value("kpop_ended_threads_total") == 1
    assert told == ["lander"], "the log has it as well"


def test_a_process_ends_itself_once_and_not_before_it_has_lived_a_while(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(threading, "excepthook", lambda ended: None)
    monkeypatch.setattr(ended_threads, "LEAST_SECONDS", 0.4)
    monkeypatch.setattr(ended_threads, "SPREAD_SECONDS", 0.0)
    began, ends, counted = time.monotonic(), [], []
    ended = EndedThreads(lambda: counted.append(1), lambda: ends.append(time.monotonic() - began))

    async def lose_two() -> None:
        async with ended.noticed(None):
            for name in ("lander", "days"):
                ending = threading.Thread(target=lambda: 1 / 0, name=name)
                ending.start()
                ending.join()
            assert ended.trouble() == (
                "lander, days ended by an error (see the log): the process ends and begins anew"
            )
            await asyncio.sleep(0.8)

    asyncio.run(lose_two())
    assert len(counted) == 2
    (after,) = ends
    assert after >= 0.4


def test_a_process_that_stops_anyway_is_not_asked_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(threading, "excepthook", lambda ended: None)
    monkeypatch.setattr(ended_threads, "LEAST_SECONDS", 0.2)
    monkeypatch.setattr(ended_threads, "SPREAD_SECONDS", 0.0)
    ends: list[int] = []

    async def lose_one() -> None:
        async with EndedThreads(lambda: None, lambda: ends.append(1)).noticed(None):
            ending = threading.Thread(target=lambda: 1 / 0)
            ending.start()
            ending.join()

    asyncio.run(lose_one())
    time.sleep(0.4)
    assert ends == []


@pytest.mark.parametrize("name", ["held_in_journals", "asked_to_close"])
def test_what_lands_goes_on_after_a_fault_that_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    turns: list[int] = []

    def refuse(root: Path) -> int:
        turns.append(1)
        raise LandingError("cannot look: Too many open files", "run again")

    monkeypatch.setattr(intake_module, name, refuse)
    with TestClient(application(tmp_path)) as client:
        until = time.monotonic() + 10
        while len(turns) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(turns) >= 2, "it looked again"
        assert "lander" in {thread.name for thread in threading.enumerate()}
        assert client.get("/readyz").status_code == 200
    assert held_in_journals(tmp_path / "serving" / "journal") == (0, None)
