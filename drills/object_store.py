"""Is a lake in a bucket as good as one in a folder? With a real S3 server, and all three readers.

Belongs here: the server, the runs, and what must be equal or must not be lost. Does not belong
here: how two tables are compared (compare.py).

The server is Versity's S3 gateway in a temporary folder, on loopback, with invented credentials;
or whatever AWS_ENDPOINT_URL names, if that is set with `--bucket`.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import polars.selectors as cs
from deltalake import DeltaTable

from drills.compare import Tolerance, compare_tables, read_table
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.lake.place import Bucket, list_folders

LAST_DAY = "2026-10-31"
KPOP = [sys.executable, "-c", "from kpop_assets.cli.main import main; main()"]
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


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(program: str, folder: Path) -> Iterator[dict[str, str]]:
    """The gateway with one bucket `lake`; gives the AWS variables that reach it."""
    (folder / "objects" / "lake").mkdir(parents=True)
    port, key, secret = free_port(), secrets.token_hex(8), secrets.token_hex(16)
    command = [program, "--quiet", "--port", f"127.0.0.1:{port}", "posix", str(folder / "objects")]
    environ = os.environ | {"ROOT_ACCESS_KEY": key, "ROOT_SECRET_KEY": secret}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            sys.exit("the S3 server has ended: see its --help, or name another with --server")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the S3 server does not answer")


@dataclass(frozen=True)
class Bench:
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


def fill(bench: Bench, days: int, events: int) -> None:
    """The same demo into a folder and into the bucket."""
    ask = ["demo", "--days", str(days), "--events-per-day", str(events), "--end", LAST_DAY]
    local = bench.kpop("local", *ask, in_bucket=False)
    remote = bench.kpop("remote", *ask, in_bucket=True)
    bench.report.add(f"demo of {days} days, sail: folder, bucket", f"{local:.1f} s, {remote:.1f} s")
    bench.compare("all tables against the folder, by delta-rs")
    left = list_folders(bench.bucket / ".staged")
    bench.report.add("staged folders left in the bucket", str(len(left)), not left)


def rerun(bench: Bench, engine: str) -> None:
    """One day once more, by an engine, on the bucket."""
    ask = ["run", LAST_DAY, LAST_DAY, "--select", RERUN]
    seconds = bench.kpop("remote", *ask, in_bucket=True, KPOP_ENGINE=engine)
    bench.report.add(f"one day once more, {engine} on the bucket", f"{seconds:.1f} s")
    bench.compare(f"all tables after {engine}'s rerun, by delta-rs")


def race(bench: Bench, engines: list[str], rounds: int, is_safe: bool) -> None:
    """Machines that write one table at once: what one was told is written has to be there."""
    name = "-".join(engines)
    url = f"{bench.bucket.url}/race-{name}"
    writers = [_Writer(bench, engine, url, n, rounds) for n, engine in enumerate(engines)]
    for writer in writers:
        writer.start()
    results = [writer.result() for writer in writers]
    told = {row for result in results for row in result if not row.startswith("refused")}
    refused = sum(row.startswith("refused") for result in results for row in result)
    lost = told - _names(DeltaTable(f"{url}/test/marks"))
    text = f"{len(told)} written, {refused} refused, {len(lost)} lost"
    bench.report.add(f"{len(engines)} machines at once ({name})", text, not (lost and is_safe))


class _Writer:
    """A process that stands for a machine: a home, and so locks, of its own."""

    def __init__(self, bench: Bench, engine: str, url: str, number: int, rounds: int) -> None:
        home = bench.folder / f"machine-{number}"
        command = [*WRITER, engine, url, str(home), str(number), str(rounds)]
        with (bench.folder / f"machine-{number}.log").open("w") as log:
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


def kill(bench: Bench, tries: int) -> None:
    """Kill a writer at its work; the table is as before, and the next write goes through."""
    url = f"{bench.bucket.url}/killed"
    first = _Writer(bench, "sail", url, 0, 1)
    first.start()
    first.result()
    good = 0
    for number in range(1, tries + 1):
        before = DeltaTable(f"{url}/test/marks")
        names = _names(before)
        writer = _Writer(bench, "sail", url, 0, 1_000_000)
        writer.start()
        time.sleep(0.05 * number)
        writer.process.kill()
        writer.process.wait()
        after = DeltaTable(f"{url}/test/marks")
        # Every commit adds a row, and none is lost.
        good += after.version() >= before.version() and names <= _names(after)
        last = _Writer(bench, "sail", url, 0, 1)
        last.start()
        good -= bool([row for row in last.result() if row.startswith("refused")])
    bench.report.add("kill -9 in a write: table sound, next write goes", f"{good} of {tries}")
    bench.report.is_good &= good == tries


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
    bench = Bench(folder, Bucket(url, folder / "remote" / "lake"), Report())
    steps = {
        "fill": lambda: fill(bench, args.days, args.events),
        "sail": lambda: rerun(bench, "sail"),
        "spark": lambda: rerun(bench, "spark"),
        "race": lambda: race(bench, ["sail"] * 3, 8, is_safe=True),
        "race-spark": lambda: race(bench, ["spark", "spark"], 8, is_safe=False),
        "kill": lambda: kill(bench, 5),
    }
    for name in args.only.split(","):
        steps[name]()
    sys.exit(0 if bench.report.is_good else 1)


if __name__ == "__main__":
    main()
