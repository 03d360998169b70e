"""Planted faults of the machine: a full disk, an engine that does not start, missing zones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest
from pyspark.errors import PySparkRuntimeError

from kpop_assets.engine.session import EngineError
from kpop_assets.operate.checkup.machine import check_disk, check_engine, check_folder, check_zones
from kpop_assets.settings import Settings

GB = 1_000_000_000


class Usage(NamedTuple):
    """What `shutil.disk_usage` returns."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [
        (100 * GB, 50 * GB, "ok"),
        (100 * GB, 9 * GB, "warning"),
        (10 * GB, 19 * GB // 10, "warning"),
        (10 * GB, GB // 10, "problem"),
    ],
)
def test_a_disk_that_fills_is_told(settings: Settings, total: int, free: int, state: str):
    finding = check_disk(settings, lambda path: Usage(total, total - free, free))
    assert finding.state == state
    assert f"{free / GB:.1f} GB free of {total / GB:.1f} GB" in finding.text


def test_a_lake_that_could_not_be_rewritten_is_told(settings: Settings):
    file = settings.lake / "bronze" / "part"
    file.parent.mkdir(parents=True)
    with file.open("wb") as sparse:
        sparse.truncate(60 * GB)
    finding = check_disk(settings, lambda path: Usage(100 * GB, 50 * GB, 50 * GB))
    assert finding.state == "warning"
    assert "the lake has 60.0 GB" in finding.text


def test_a_folder_that_is_not_there_yet_stands_on_some_disk(tmp_path: Path):
    assert check_disk(Settings(home=tmp_path / "a" / "b")).text.endswith("the lake has 0.0 GB")


def opener(error: Exception):
    def open_(settings: Settings) -> object:
        raise error

    return open_


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EngineError("engine spark needs Java 17: install it"), "needs Java 17"),
        (ImportError("No module named 'pysail'"), "lacks a package: No module named 'pysail'"),
        (PySparkRuntimeError("[JAVA_GATEWAY_EXITED] gone\nand more"), "JAVA_GATEWAY_EXITED"),
        (OSError("no port"), "does not start: no port"),
    ],
)
def test_an_engine_that_does_not_start_is_a_problem(
    settings: Settings, error: Exception, words: str
):
    finding = check_engine(settings, opener(error))
    assert finding.state == "problem"
    assert words in finding.text
    assert "\n" not in finding.text
    assert finding.advice


def test_the_engine_of_this_run_starts(settings: Settings):
    assert check_engine(settings).state == "ok"


def test_a_missing_time_zone_is_named():
    assert check_zones().state == "ok"
    finding = check_zones(("Asia/Seoul", "Moon/Tranquility"))
    assert finding.state == "problem"
    assert finding.text == "no data of Moon/Tranquility"


def test_a_home_on_a_network_folder_is_told_with_a_way_out(settings: Settings, tmp_path: Path):
    mounts = tmp_path / "mounts"
    there = f"{settings.home.resolve().parent}".replace(" ", r"\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {there} nfs4 rw 0 0\n")
    found = check_folder(settings, mounts)
    assert found.state == "warning"
    assert "network folder (nfs4)" in found.text
    mounts.write_text(f"server:/x / nfs4 rw 0 0\n/dev/sda1 {there} ext4 rw 0 0\n")
    assert check_folder(settings, mounts).state == "ok"
    assert check_folder(settings, tmp_path / "no such file").state == "ok"


def test_a_home_that_may_not_be_written_to_is_told_with_its_owner(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    # As for another user: root may write everywhere.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    found = check_folder(settings)
    assert found.state == "problem"
    assert f"belongs to {settings.home.parent.owner()}" in found.text
