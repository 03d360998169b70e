"""Is a lake in a bucket as good as one in a folder? With a real S3 server, and all three readers.

Belongs here: the runs, and what must be equal or must not be lost. Does not belong here: the server
(gateway.py), or how two tables are compared (compare.py).

The server is Versity's S3 gateway in a temporary folder, on loopback, with invented credentials;
or whatever AWS_ENDPOINT_URL names, if that is set with `--bucket`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import polars.selectors as cs
from deltalake import DeltaTable

from drills.compare import Tolerance, compare_tables, read_table
from drills.gateway import serving
from drills.processes import KPOP
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.lake.place import Bucket, list_folders

LAST_DAY = "2026-10-31"
WRITER = [sys.executable, "-m", "drills.object_store_writer"]
RERUN = "bronze/events+"


@dataclass
class Report:
    """Lines of the table that is printed, and whether all is well."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)
    is_good: bool = True

    def add(self, what: str, figure: str, is_good: bool = True) -> None:
        """A line; printed at once."""
        self.is_good &= is_good
        self.rows.append((what, figure, "" if is_good else "WRONG"))
        print(f"{what:58} {figure:>24} {'' if is_good else 'WRONG'}", flush=True)


@dataclass(frozen=True)
class Trial:
    """One run of this program: its folder, its bucket and what it found so far."""

    folder: Path
    bucket: Bucket
    report: Report

    def kpop(self, home: str, *args: str, in_bucket: bool, **more: str) -> float:
        """Run a command of the product; the seconds it took."""
        environ = os.environ | {"KPOP_HOME": str(self.folder / home)} | more
        environ["KPOP_LAKE_URL"] = self.bucket.url if in_bucket else ""
        started = time.perf_counter()
        run = subprocess.run([*KPOP, *args], env=environ, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"kpop {' '.join(args)} failed: {run.stderr.strip()[-500:]}")
        return time.perf_counter() - started

    def compare(self, what: str, tolerance: Tolerance = Tolerance(1e-10)) -> None:  # noqa: B008
        """Every table of the bucket, read by delta-rs, against the folder's."""
        equal = 0
        for table in TABLES:
            local = read_table(self.folder / "local" / "lake", table)
            if local is None:
                continue
            found = compare_tables(table, local, self.read(table), tolerance)
            if not found.is_equal:
                print(found)
                self.report.is_good = False
            equal += found.is_equal
        self.report.add(what, f"{equal} tables equal", equal > 0)

    def read(self, table: Table) -> pl.DataFrame:
        """A table of the bucket by delta-rs."""
        frame = pl.read_delta(str(self.bucket / table.path)).select(table.column_names)
        return frame.with_columns(cs.datetime(time_zone=None).dt.replace_time_zone("UTC"))


def fill(trial: Trial, days: int, events: int) -> None:
    """The same demo into a folder and into the bucket."""
    ask = ["demo", "--days", str(days), "--events-per-day", str(events), "--end", LAST_DAY]
    local = trial.kpop("local", *ask, in_bucket=False)
    remote = trial.kpop("remote", *ask, in_bucket=True)
    trial.report.add(f"demo of {days} days, sail: folder, bucket", f"{local:.1f} s, {remote:.1f} s")
    trial.compare("all tables against the folder, by delta-rs")
    left = list_folders(trial.bucket / ".staged")
    trial.report.add("staged folders left in the bucket", str(len(left)), not left)


def rerun(trial: Trial, engine: str) -> None:
    """One day once more, by an engine, on the bucket."""
    ask = ["run", LAST_DAY, LAST_DAY, "--select", RERUN]
    seconds = trial.kpop("remote", *ask, in_bucket=True, KPOP_ENGINE=engine)
    trial.report.add(f"one day once more, {engine} on the bucket", f"{seconds:.1f} s")
    trial.compare(f"all tables after {engine}'s rerun, by delta-rs")


def race(trial: Trial, engines: list[str], rounds: int, is_safe: bool) -> None:
    """Machines that write one table at once: what one was told is written has to be there."""
    name = "-".join(engines)
    url = f"{trial.bucket.url}/race-{name}"
    writers = [_Writer(trial, engine, url, n, rounds) for n, engine in enumerate(engines)]
    for writer in writers:
        writer.start()
    results = [writer.result() for writer in writers]
    told = {row for result in results for row in result if not row.startswith("refused")}
    refused = sum(row.startswith("refused") for result in results for row in result)
    lost = told - _names(DeltaTable(f"{url}/test/marks"))
    text = f"{len(told)} written, {refused} refused, {len(lost)} lost"
    trial.report.add(f"{len(engines)} machines at once ({name})", text, not (lost and is_safe))


class _Writer:
    """A process that stands for a machine: a home, and so locks, of its own."""

    def __init__(self, trial: Trial, engine: str, url: str, number: int, rounds: int) -> None:
        home = trial.folder / f"machine-{number}"
        command = [*WRITER, engine, url, str(home), str(number), str(rounds)]
        with (trial.folder / f"machine-{number}.log").open("w") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self._read("ready")

    def _read(self, word: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(word):
                return line.removeprefix(word).strip()
        sys.exit(f"a writer has ended: {self.process.wait()}")

    def start(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def result(self) -> list[str]:
        found = self._read("wrote").split(";")
        self.process.wait()
        return [row for row in found if row]


def kill(trial: Trial, tries: int) -> None:
    """Kill a writer at its work; the table is as before, and the next write goes through."""
    url = f"{trial.bucket.url}/killed"
    first = _Writer(trial, "sail", url, 0, 1)
    first.start()
    first.result()
    good = 0
    for number in range(1, tries + 1):
        before = DeltaTable(f"{url}/test/marks")
        names = _names(before)
        writer = _Writer(trial, "sail", url, 0, 1_000_000)
        writer.start()
        time.sleep(0.05 * number)
        writer.process.kill()
        writer.process.wait()
        after = DeltaTable(f"{url}/test/marks")
        # Every commit adds a row, and none is lost.
        good += after.version() >= before.version() and names <= _names(after)
        last = _Writer(trial, "sail", url, 0, 1)
        last.start()
        good -= bool([row for row in last.result() if row.startswith("refused")])
    trial.report.add("kill -9 in a write: table sound, next write goes", f"{good} of {tries}")
    trial.report.is_good &= good == tries


def _names(table: DeltaTable) -> set[str]:
    return set(pl.scan_delta(table).select("name").collect()["name"])


def main() -> None:
    """Run all; exit code 1 where something is lost or differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="versitygw", help="the gateway's program")
    parser.add_argument("--bucket", help="s3://bucket/prefix of a server that runs already")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--events", type=int, default=100, help="lines a day")
    parser.add_argument("--only", default="fill,sail,spark,race,race-spark,kill")
    args = parser.parse_args()
    program = shutil.which(args.server)
    if not args.bucket and program is None:
        sys.exit(f"{args.server} is not on PATH: docs/object-storage.md says where it is from")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.bucket:
            _run(args, folder, args.bucket.rstrip("/"))
            return
        with serving(str(program), folder) as variables:
            os.environ.update(variables)
            _run(args, folder, "s3://lake/tables")


def _run(args: argparse.Namespace, folder: Path, url: str) -> None:
    trial = Trial(folder, Bucket(url, folder / "remote" / "lake"), Report())
    steps = {
        "fill": lambda: fill(trial, args.days, args.events),
        "sail": lambda: rerun(trial, "sail"),
        "spark": lambda: rerun(trial, "spark"),
        "race": lambda: race(trial, ["sail"] * 3, 8, is_safe=True),
        "race-spark": lambda: race(trial, ["spark", "spark"], 8, is_safe=False),
        "kill": lambda: kill(trial, 5),
    }
    for name in args.only.split(","):
        steps[name]()
    sys.exit(0 if trial.report.is_good else 1)


if __name__ == "__main__":
    main()
