"""The drill's supervisor does what a unit says: started anew after a pause, ended for good."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drills.composed_units import FOLDER, TAKERS, ComposedUnits, read_unit, start_unit

# `python PROGRAM` in place of a server: it writes that it began, and waits.
WAITS = "import sys, time; print('began', flush=True); time.sleep(600)"


@pytest.fixture
def unit_file(tmp_path: Path) -> Path:
    path = tmp_path / "kpop-waits.service"
    program = tmp_path / "waits.py"
    program.write_text(WAITS)
    path.write_text(f"[Service]\nExecStart=/opt/kpop/.venv/bin/python {program}\nRestartSec=0.3\n")
    return path


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_command_is_started_anew_after_its_pause_and_an_ended_one_is_not(
    unit_file: Path, tmp_path: Path
):
    log = tmp_path / "log"
    unit = start_unit(unit_file, dict(os.environ), [], log)
    until(lambda: log.exists() and log.read_text() == "began\n")
    first = unit.pid
    killed_at = time.monotonic()
    unit.kill()
    until(lambda: unit.pid not in (None, first))
    assert time.monotonic() - killed_at >= 0.3
    until(lambda: log.read_text() == "began\n" * 2)
    unit.end()
    time.sleep(0.5)
    assert unit.pid is None and log.read_text() == "began\n" * 2


def test_a_unit_that_was_stopped_is_started_again(unit_file: Path, tmp_path: Path):
    log = tmp_path / "log"
    unit = start_unit(unit_file, dict(os.environ), [], log)
    until(lambda: log.exists() and log.read_text() == "began\n")
    unit.end()
    unit.start()
    until(lambda: log.read_text() == "began\n" * 2)
    assert unit.pid is not None
    unit.end()


def test_every_unit_is_started_by_the_drill_those_that_take_where_there_is_a_cluster(
    tmp_path: Path,
):
    units = {path.stem.removeprefix("kpop-") for path in FOLDER.glob("*.service")}
    beside = ComposedUnits(tmp_path)
    assert set(ComposedUnits(tmp_path, is_alone=True).parts) == units - set(TAKERS)
    expected = units if "kafka" in beside.outside else units - set(TAKERS)
    assert set(beside.parts) == expected | set(beside.outside)
    pause = read_unit(FOLDER / "kpop-.service.d" / "all.conf")["Service"]["RestartSec"]
    assert float(pause) > 0
