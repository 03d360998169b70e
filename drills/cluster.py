"""The same graph on a standalone Spark cluster, and a worker killed: `make cluster-demo`.

    python -m drills.cluster [--days 8] [--events 2000] [--kill-worker]

Belongs here: the runs, when a worker is killed, and the verdict. Does not belong here: the hosts
(cluster_hosts.py) and the cluster's processes (cluster_spark.py).

`kpop run` fills one home on Sail and one on the cluster from the same simulated files; every table
must be equal. The workers have neither the repository nor its variables: they get the code from
the driver. With `--kill-worker` a third home is filled while one of the two workers is killed
(SIGKILL, with its executor) in the middle of a stage.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from drills.cluster_hosts import Host, open_hosts
from drills.cluster_spark import (
    PACKAGE,
    Cluster,
    busy_executor,
    kill_tree,
    open_cluster,
    read_events,
)
from drills.compare import Tolerance, compare_outputs
from drills.processes import KPOP, free_port, start_apart
from drills.snapshot import write_snapshot
from kpop_assets.landing.sources.demo import write_demo_day
from kpop_assets.settings import load_settings
from kpop_assets.wiring.resources import build_lake

FIRST_DAY = dt.date(2026, 1, 4)
HOSTS = ("master", "worker1", "worker2", "driver")
VICTIM = "worker2"
DRIVER_CONF = """
spark.driver.memory 2g
spark.executor.memory 1g
spark.eventLog.enabled true
spark.eventLog.dir file:{events}
spark.eventLog.rolling.enabled false
spark.eventLog.compress false
spark.ui.enabled true
spark.ui.port {ui_port}
"""


def main() -> None:
    """Run, kill, compare; exit code 1 where a run fails or a table differs."""
    parser = argparse.ArgumentParser(prog="python -m drills.cluster", description=__doc__)
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--events", type=int, default=2000, help="a day")
    parser.add_argument("--select", action="append", default=[], help="a layer, or layer/table")
    parser.add_argument("--kill-worker", action="store_true", help="run once more, and kill one")
    parser.add_argument("--only-killed", action="store_true", help="leave out the run without")
    parser.add_argument("--tasks-before-kill", type=int, default=60, help="of the killed executor")
    args = parser.parse_args()
    # Being ended is an exit like Ctrl-C: everything started is ended, every namespace removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("cluster: ended"))
    days = [FIRST_DAY + dt.timedelta(days=i) for i in range(args.days)]
    with tempfile.TemporaryDirectory(prefix="kpop-cluster-") as name:
        demo = Demo(Path(name), days, args.select, args.tasks_before_kill)
        for day in days:
            write_demo_day(demo.home("sail") / "landing", day, args.events)
        demo.run_on_sail()
        with open_hosts(HOSTS) as hosts:
            if not args.only_killed:
                demo.run_on_cluster("cluster", hosts)
            if args.kill_worker or args.only_killed:
                demo.run_on_cluster("killed", hosts)
        equal = [demo.compare(name) for name in ("cluster", "killed") if demo.has(name)]
    sys.exit(0 if all(equal) else 1)


class Demo:
    """Runs of the same days in homes of their own."""

    def __init__(
        self, folder: Path, days: list[dt.date], select: list[str], tasks_before_kill: int
    ) -> None:
        self._folder, self._days = folder, days
        self._words = [word for name in select for word in ("--select", name)]
        self._tasks_before_kill = tasks_before_kill

    def home(self, name: str) -> Path:
        """The data folder of a run; every host sees it."""
        return self._folder / f"home-{name}"

    def has(self, name: str) -> bool:
        """Whether there was such a run."""
        return (self._folder / name).exists()

    def run_on_sail(self) -> None:
        """The run that the others are compared with."""
        self._wait("sail", self._kpop("sail", Host("here", "127.0.0.1"), {}))

    def run_on_cluster(self, name: str, hosts: dict[str, Host]) -> None:
        """A run on a cluster of its own; the one called `killed` loses a worker."""
        shutil.copytree(self.home("sail") / "landing", self.home(name) / "landing")
        driver, here = hosts["driver"], self._folder / f"hosts-{name}"
        events, conf = here / "events", here / "spark.conf"
        events.mkdir(parents=True)
        ui_port = 4040 if driver.namespace else free_port(driver.address)
        conf.write_text(DRIVER_CONF.format(events=events, ui_port=ui_port))
        with open_cluster(hosts, here) as cluster:
            print(f"\nmaster {cluster.master}, driver {driver.address}, workers", end=" ")
            print(*(f"{w} {hosts[w].address}" for w in cluster.workers), flush=True)
            if driver.namespace:
                print(f"master and workers see {PACKAGE.name}/ of the repository empty")
            process = self._kpop(
                name,
                driver,
                {
                    "KPOP_ENGINE": "spark",
                    "KPOP_SPARK_MASTER": cluster.master,
                    "KPOP_SPARK_CONF": str(conf),
                    "SPARK_LOCAL_IP": driver.address,
                },
            )
            try:
                if name == "killed":
                    self._kill(cluster, here, process, f"http://{driver.address}:{ui_port}")
                self._wait(name, process)
            finally:
                kill_tree(process)
        _print_events(events)

    def _kpop(self, name: str, host: Host, settings: dict[str, str]) -> subprocess.Popen:
        # PySpark leaves SPARK_CONNECT_MODE_ENABLED behind where a snapshot was taken on Sail.
        ours = ("KPOP_", "DAGSTER_", "SPARK_")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        if "KPOP_SPARK_JARS" in os.environ:
            environ["KPOP_SPARK_JARS"] = os.environ["KPOP_SPARK_JARS"]
        environ |= {"KPOP_HOME": str(self.home(name)), **settings}
        command = [*KPOP, "run", str(self._days[0]), str(self._days[-1]), *self._words]
        self._started = time.perf_counter()
        return start_apart(host.command(command), environ, self._folder / f"{name}.log")

    def _wait(self, name: str, process: subprocess.Popen) -> None:
        try:
            code = process.wait()
        finally:
            kill_tree(process)
        seconds = time.perf_counter() - self._started
        if code:
            text = (self._folder / f"{name}.log").read_text(errors="replace")
            sys.exit(f"cluster: the run {name} failed after {seconds:.0f} s:\n{text[-2000:]}")
        print(f"{name}: kpop run of {len(self._days)} days took {seconds:.1f} s", flush=True)
        write_snapshot(
            build_lake(load_settings({"KPOP_HOME": str(self.home(name))})), self._at(name)
        )

    def _at(self, name: str) -> Path:
        return self._folder / name

    def _kill(self, cluster: Cluster, here: Path, process: subprocess.Popen, ui: str) -> None:
        """Kill the victim and its executor as soon as that works on a stage."""
        while process.poll() is None:
            found = busy_executor(ui, here / VICTIM / "work", self._tasks_before_kill)
            if found:
                kill_tree(cluster.workers[VICTIM])
                seconds = time.perf_counter() - self._started
                print(
                    f"{VICTIM} killed after {seconds:.1f} s with executor {found['id']}: "
                    f"{found['activeTasks']} task at work, {found['completedTasks']} finished",
                    flush=True,
                )
                return
            time.sleep(0.02)
        print("no worker was killed: the run ended before", flush=True)

    def compare(self, name: str) -> bool:
        """Whether a run's tables are those of the run on Sail."""
        print(f"\nsail against {name}")
        found = compare_outputs(self._at("sail"), self._at(name), Tolerance(relative=1e-10))
        print(*found, sep="\n", flush=True)
        return bool(found) and all(comparison.is_equal for comparison in found)


def _print_events(folder: Path) -> None:
    account = read_events(folder)
    tasks = ", ".join(f"{count:,} on {host}" for host, count in sorted(account.hosts.items()))
    print(f"  tasks that succeeded: {tasks}")
    for reason, count in account.reasons.most_common():
        print(f"  tasks lost and repeated: {count} {reason}")
    for reason in account.lost_executors:
        print(f"  executor lost: {reason}")
    print(f"  stages begun again: {account.repeated_stages}", flush=True)


if __name__ == "__main__":
    main()
