"""Runs whose process is gone are marked failed, also where containers count processes anew."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.operate.lost_runs import (
    PROCESS_TAG,
    SPACE_TAG,
    become_daemon,
    fail_lost_runs,
    held_space,
    space_of_here,
)
from kpop_assets.stopping import is_alive
from kpop_assets_tests.lake.worker import can_mount

ROOT = Path(__file__).parents[2]
# Prints its space, and holds it until its input ends.
ELSEWHERE = """
import sys
from pathlib import Path
from kpop_assets.operate import lost_runs
home = Path(sys.argv[1])
if sys.argv[2] == "daemon":
    lost_runs.become_daemon(home)
with lost_runs.held_space(home):
    print(lost_runs.space_of_here(), flush=True)
    sys.stdin.read()
"""
needs_namespaces = pytest.mark.skipif(not can_mount(), reason="this machine allows no namespaces")


@dg.job
def empty():
    pass


def record(instance: dg.DagsterInstance, **tags: str) -> str:
    status = dg.DagsterRunStatus.STARTED
    return instance.create_run_for_job(empty, status=status, tags=tags).run_id


@contextmanager
def process_elsewhere(home: Path, role: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A process in a space of its own, as in a container, and the space's name."""
    inside = ["unshare", "-r", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command = [*inside, sys.executable, "-c", ELSEWHERE, str(home), role]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().decode().strip()
        finally:
            process.kill()


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTED"])
def test_a_run_that_was_killed_before_dagster_noted_its_process_is_lost(
    status: str, tmp_path: Path
):
    """Between the record of a run and its first event lies a moment in which it can die."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    with dg.DagsterInstance.ephemeral() as instance:
        gone, here = (
            instance.create_run_for_job(
                empty, status=dg.DagsterRunStatus[status], tags={PROCESS_TAG: str(pid)}
            ).run_id
            for pid in (process.pid, os.getpid())
        )
        fail_lost_runs(instance, tmp_path)
        found = {run.run_id: run.status for run in instance.get_runs()}
    assert found == {gone: dg.DagsterRunStatus.FAILURE, here: dg.DagsterRunStatus[status]}


def test_a_run_at_work_is_left_alone(tmp_path: Path):
    seen = []

    @dg.op
    def looks(context: dg.OpExecutionContext) -> None:
        fail_lost_runs(context.instance, tmp_path)
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


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of another space, and wait until that has gone with it."""
    process.kill()
    assert process.stdout and process.stdout.read() == b""


@needs_namespaces
def test_a_run_of_another_space_is_lost_with_the_space_whatever_its_process_id_is_here(
    tmp_path: Path,
):
    """Both ids mean another process here: one that lives, and one that does not."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    with dg.DagsterInstance.ephemeral() as instance:
        with process_elsewhere(tmp_path, "command") as (process, space):
            assert space != space_of_here()
            pids = (os.getpid(), gone.pid)
            runs = [record(instance, **{PROCESS_TAG: str(pid), SPACE_TAG: space}) for pid in pids]
            fail_lost_runs(instance, tmp_path)
            assert all(not instance.get_run_by_id(run).is_finished for run in runs)
            end(process)
        fail_lost_runs(instance, tmp_path)
        assert all(instance.get_run_by_id(run).is_failure for run in runs)


@needs_namespaces
def test_runs_of_a_daemon_of_another_space_are_left_to_it_and_are_lost_with_it(tmp_path: Path):
    with dg.DagsterInstance.ephemeral() as instance:
        with process_elsewhere(tmp_path, "daemon") as (process, _):
            run = record(instance)
            fail_lost_runs(instance, tmp_path)
            assert not instance.get_run_by_id(run).is_finished
            end(process)
        fail_lost_runs(instance, tmp_path)
        assert instance.get_run_by_id(run).is_failure


def test_where_all_are_of_one_space_the_process_alone_decides(tmp_path: Path):
    become_daemon(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance, held_space(tmp_path):
        own = {PROCESS_TAG: str(os.getpid()), SPACE_TAG: space_of_here()}
        runs = [record(instance, **own), record(instance)]
        fail_lost_runs(instance, tmp_path)
        assert all(not instance.get_run_by_id(run).is_finished for run in runs)
