"""Runs that were lost with their process are found; those at work are left alone."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.operate.instance import (
    PROCESS_TAG,
    fail_lost_runs,
    is_alive,
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


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTED"])
def test_a_run_that_was_killed_before_dagster_noted_its_process_is_lost(status: str):
    """Between the record of a run and its first event lies a moment in which it can die."""

    @dg.job
    def empty():
        pass

    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    with dg.DagsterInstance.ephemeral() as instance:
        gone, here = (
            instance.create_run_for_job(
                empty, status=dg.DagsterRunStatus[status], tags={PROCESS_TAG: str(pid)}
            ).run_id
            for pid in (process.pid, os.getpid())
        )
        fail_lost_runs(instance)
        found = {run.run_id: run.status for run in instance.get_runs()}
    assert found == {gone: dg.DagsterRunStatus.FAILURE, here: dg.DagsterRunStatus[status]}


def test_a_run_at_work_is_left_alone():
    seen = []

    @dg.op
    def looks(context: dg.OpExecutionContext) -> None:
        fail_lost_runs(context.instance)
        run = context.instance.get_run_by_id(context.run.run_id)
        seen.append((run.status, os.getpid()))

    @dg.job
    def at_work():
        looks()

    with dg.DagsterInstance.ephemeral() as instance:
        assert at_work.execute_in_process(instance=instance).success
    assert seen == [(dg.DagsterRunStatus.STARTED, os.getpid())]


def test_a_killed_process_that_nobody_has_waited_for_is_gone():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert is_alive(process.pid)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(process.pid)


def test_a_home_that_is_a_file_is_named(tmp_path: Path):
    home = tmp_path / "data"
    home.write_bytes(b"")
    with pytest.raises(SettingsError, match=f"KPOP_HOME={home} cannot be a folder"):
        prepare_dagster_home(Settings(home=home))
