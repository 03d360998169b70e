"""The systemd units: what they start is there, and what they have in common stands once."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from kpop_assets.operate.pages import PAGES, PARTS

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
every_unit = pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)


def read_unit(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    # As systemd: names of settings are written in one way.
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read(path)
    return unit


def test_the_target_starts_every_unit():
    wanted = read_unit(FOLDER / "kpop.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == [path.name for path in UNITS] and len(UNITS) == 6


@every_unit
def test_a_unit_runs_a_command_that_there_is(path: Path):
    program, *words = read_unit(path)["Service"]["ExecStart"].split()
    if Path(program).name == "python":
        assert words[:2] == ["-m", "kpop_assets.operate.pages"]
        assert words[2] in {**PAGES, **PARTS} and not words[3:]
    else:
        assert Path(program).name == "kpop" and words == path.stem.split("-")[1:]


@every_unit
def test_user_limits_and_restarts_stand_in_one_place(path: Path):
    common = read_unit(FOLDER / "kpop-.service.d" / "all.conf")
    service = common["Service"]
    assert (service["User"], service["Restart"]) == ("kpop", "always")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert common["Unit"]["StartLimitIntervalSec"] == "0"
    # Files of variables add up, all else is said once.
    assert set(read_unit(path)["Service"]) & set(service) <= {"EnvironmentFile"}


@every_unit
def test_memory_has_a_limit_and_the_daemon_alone_has_keys_of_sources(path: Path):
    service = read_unit(path)["Service"]
    assert service["MemoryMax"] in ("1G", "2G", "4G", "8G")
    wanted = "-/etc/kpop/collect.env" if path.stem == "kpop-daemon" else None
    assert service.get("EnvironmentFile") == wanted


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@every_unit
def test_systemd_reads_the_units_and_finds_little_exposed(path: Path, tmp_path: Path):
    shutil.copytree(FOLDER, tmp_path / "etc/systemd/system")
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager"]
    command += ["--threshold=25", f"--root={tmp_path}", path.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "OK" in done.stdout.splitlines()[-1], done.stderr
