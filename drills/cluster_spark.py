"""A standalone Spark master with workers, from the installed PySpark, one on each host.

Belongs here: starting, killing and ending their processes, and what a driver's event log says of
the tasks. Does not belong here: which work they do (cluster.py).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pyspark

from drills.cluster_hosts import Host
from drills.processes import ROOT, free_port, is_listening
from kpop_assets.engine.jars import SCALA

SPARK_HOME = Path(pyspark.__path__[0])
PACKAGE = ROOT / "kpop_assets"
START_SECONDS = 120
DAEMON_HEAP = "256m"
WORKER_MEMORY = "1g"


@dataclass
class Cluster:
    """A master and its workers.

    Attributes:
        master: URL for `KPOP_SPARK_MASTER`.
        workers: the processes, by host name.
    """

    master: str
    workers: dict[str, subprocess.Popen] = field(default_factory=dict)


@contextmanager
def open_cluster(hosts: Mapping[str, Host], folder: Path) -> Iterator[Cluster]:
    """A master on host `master` and a worker on each host `worker…`; all are ended at the end.

    They start with an almost empty environment, in folders of their own, and where hosts are
    namespaces they cannot see the package's source.
    """
    master = hosts["master"]
    # A namespace is new: nobody listens there.
    port = 7077 if master.namespace else free_port(master.address)
    with ExitStack() as stack:
        cluster = Cluster(f"spark://{master.address}:{port}")
        words = ["--port", str(port), "--webui-port", "0"]
        _start(stack, master, "master.Master", words, folder)
        _wait_for(master, port)
        for name in (name for name in hosts if name.startswith("worker")):
            words = ["--cores", "1", "--memory", WORKER_MEMORY, "--webui-port", "0"]
            words += ["--work-dir", str(folder / name / "work"), cluster.master]
            cluster.workers[name] = _start(stack, hosts[name], "worker.Worker", words, folder)
        yield cluster


def _start(
    stack: ExitStack, host: Host, name: str, words: list[str], folder: Path
) -> subprocess.Popen:
    here = folder / host.name
    (here / "local").mkdir(parents=True)
    command = ["java", f"-Xmx{DAEMON_HEAP}", "-cp", f"{SPARK_HOME / 'jars'}/*"]
    command += [f"org.apache.spark.deploy.{name}", "--host", host.address, *words]
    environ = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "SPARK_HOME": str(SPARK_HOME),
        # What Spark's own scripts set: without it a worker looks for a build of Spark's source.
        "SPARK_SCALA_VERSION": SCALA,
        "SPARK_LOCAL_IP": host.address,
        "SPARK_LOCAL_DIRS": str(here / "local"),
    }
    with (here / "log").open("wb") as log:
        process = subprocess.Popen(
            host.command(command, hidden=PACKAGE),
            cwd=here,
            env=environ,
            stdout=log,
            stderr=log,
            # Ctrl-C is ours to handle.
            start_new_session=True,
        )
    stack.callback(kill_tree, process)
    return process


def kill_tree(process: subprocess.Popen) -> None:
    """SIGKILL a process and everything it started: a worker with its executors."""
    if process.poll() is None:
        root = psutil.Process(process.pid)
        root.send_signal(signal.SIGSTOP)  # it must not start an executor anew meanwhile
        for child in [*root.children(recursive=True), root]:
            try:
                child.kill()
            except psutil.NoSuchProcess:
                continue
        process.wait()


def _wait_for(host: Host, port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while not is_listening(host.address, port):
        if time.monotonic() > until:
            sys.exit(f"cluster: nobody listens at {host.address}:{port}")
        time.sleep(0.2)


def busy_executor(ui: str, work: Path, least_done: int) -> dict | None:
    """A worker's executor in the middle of a stage; None while there is none.

    Args:
        ui: address of the driver's pages.
        work: the worker's folder, where each of its executors has one of its own.
        least_done: tasks that the executor must have finished.
    """
    try:
        with urllib.request.urlopen(f"{ui}/api/v1/applications", timeout=5) as answer:
            (application,) = json.load(answer)
        address = f"{ui}/api/v1/applications/{application['id']}/executors"
        with urllib.request.urlopen(address, timeout=5) as answer:
            executors = json.load(answer)
    except (OSError, ValueError):
        return None
    names = {path.name for path in work.glob("app-*/*")}
    at_work = [e for e in executors if e["id"] in names and e["activeTasks"]]
    return next((e for e in at_work if e["completedTasks"] >= least_done), None)


@dataclass
class Account:
    """What the driver's event log says of the tasks.

    Attributes:
        hosts: tasks that succeeded, by the executor's host.
        reasons: tasks that did not, by reason.
        repeated_stages: stages that were begun again because their input was lost.
        lost_executors: executors that went away, with the reason.
    """

    hosts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    repeated_stages: int = 0
    lost_executors: list[str] = field(default_factory=list)


def read_events(folder: Path) -> Account:
    """The account of the only application whose event log is in `folder`."""
    account = Account()
    (log,) = (path for path in folder.iterdir() if path.is_file())
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        kind = event["Event"]
        if kind == "SparkListenerTaskEnd":
            reason = event["Task End Reason"]["Reason"]
            if reason == "Success":
                account.hosts[f"{event['Task Info']['Host']}"] += 1
            else:
                account.reasons[reason] += 1
        elif kind == "SparkListenerStageSubmitted":
            account.repeated_stages += event["Stage Info"]["Stage Attempt ID"] > 0
        elif kind == "SparkListenerExecutorRemoved":
            account.lost_executors.append(event["Removed Reason"])
    return account
