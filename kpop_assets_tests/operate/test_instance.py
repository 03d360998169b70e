"""Runs that were lost with their process are found; those at work are left alone."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.operate.instance import (
    open_instance,
    prepare_dagster_home,
)
from kpop_assets.settings import Settings, SettingsError

KILLED = """
import os, signal, sys
import dagster as dg

@dg.op
def is_killed():
    os.kill(os.getpid(), signal.SIGKILL)

@dg.job
def lost():
    is_killed()

with dg.DagsterInstance.get() as instance:
    lost.execute_in_process(instance=instance)
"""


def test_a_run_whose_process_was_killed_is_marked_failed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")
    with open_instance(settings) as instance:
        killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, check=False)
        assert killed.returncode < 0
        (run,) = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.STARTED
    with open_instance(settings) as instance:
        (run,) = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.FAILURE


def test_a_home_that_is_a_file_is_named(tmp_path: Path):
    home = tmp_path / "data"
    home.write_bytes(b"")
    with pytest.raises(SettingsError, match=f"KPOP_HOME={home} cannot be a folder"):
        prepare_dagster_home(Settings(home=home))
