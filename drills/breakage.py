"""What a user sees when disks, files, clocks or neighbours fail, and that the way out works.

    python -m drills.breakage [--only full,read-only,data,log,clock,two] [--days 4] [--lines 30]

Belongs here: planting a fault in a whole data folder, running `kpop` as a user does, following the
advice that it gives, and comparing. Does not belong here: runs that are killed (kills.py), faults
of collecting (faults.py), and small tables on both engines (kpop_assets_tests/lake/).

Every fault starts from a copy of the same filled folder, or of its landing files. A command may end
well or with one line on standard error and exit code 1, never otherwise. Then what the line says is
done, and all tables must be those from before, to the last bit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from drills.broken import Base, differences, follow, kpop
from drills.processes import KPOP
from kpop_assets.days import seoul_now
from kpop_assets_tests.lake.worker import can_mount


def full_disks(base: Base) -> Iterator[tuple[str, str, Path]]:
    """A run on disks that are full sooner or later; then one with room, from what is there."""
    for size in ("600k", "1600k", "2600k", "3600k"):
        home = base.copy(f"full-{size}", only_landing=True)
        out = base.home.with_name(f"full-{size}-after")
        # The disk is the namespace's own, so all that happens on it is one command.
        script = (
            f'mount -t tmpfs -o size={size} none "$1" && cp -r "$0/landing" "$1" || exit 3; shift;'
            f' "$@"; code=$?; mount -o remount,size=99m {home}; "$@" >/dev/null || exit 4;'
            f" cp -r {home} {out}; exit $code"
        )
        before = ("unshare", "-rm", "sh", "-c", script, str(base.home), str(home))
        yield f"disk of {size}", kpop(home, *base.run, before=before), out


def read_only(base: Base) -> Iterator[tuple[str, str, Path]]:
    """A run over folders that cannot be written; then one where they can."""
    for part in ("", "lake", "artifacts", "dagster", "landing"):
        home = base.copy(f"read-only-{part or 'home'}")
        folder = home / part
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        said = kpop(home, *base.run, before=("unshare", "-rm", "sh", "-c", script, str(folder)))
        kpop(home, *base.run)
        yield f"{part or 'the data folder'} is read-only", said, home


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for i in range(4, len(content) // 2, 7):
        content[i] ^= 255
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


FILE_FAULTS: dict[str, Callable[[Path], object]] = {
    "cut in half": _cut,
    "changed inside": _flip,
    "gone": Path.unlink,
}
LOG_FAULTS: dict[str, Callable[[list[Path]], object]] = {
    "last commit cut in half": lambda log: _cut(log[-1]),
    "last commit empty": lambda log: log[-1].write_bytes(b""),
    "first commit missing": lambda log: log[0].unlink(),
    "no log": lambda log: shutil.rmtree(log[0].parent),
}
# What reads the table first: silver is made of events, the command line reads features.
READERS = {"bronze/events": ("--select", "silver"), "gold/artist_features": ()}


def _plant(base: Base, table: str, what: str, fault: Callable[[Path], object]) -> tuple[str, Path]:
    home = base.copy(f"{table}-{what}".replace("/", "-").replace(" ", "-"))
    fault(home / "lake" / table)
    select = READERS[table]
    said = kpop(home, "run", str(base.last), str(base.last), *select) if select else ""
    said = said or kpop(home, "rank")
    follow(home, base, said)
    return said, home


def damaged_data(base: Base) -> Iterator[tuple[str, str, Path]]:
    """A data file of the newest day is not as it was written."""
    for table in READERS:
        for what, fault in FILE_FAULTS.items():
            day = f"ingest_date={base.last}/*.parquet"
            said, home = _plant(base, table, what, lambda f: fault(next(f.glob(day))))  # noqa: B023
            yield f"data file of {table}: {what}", said, home


def damaged_log(base: Base) -> Iterator[tuple[str, str, Path]]:
    """A Delta log is not as it was written."""
    for table in READERS:
        for what, fault in LOG_FAULTS.items():
            commits = "_delta_log/*.json"
            said, home = _plant(base, table, what, lambda f: fault(sorted(f.glob(commits))))  # noqa: B023
            yield f"log of {table}: {what}", said, home


def clock_set_back(base: Base) -> Iterator[tuple[str, str, Path]]:
    """The newest day is run again with the clock behind what the folder has seen."""
    if shutil.which("faketime") is None:
        print("left out, faketime is not installed: the clock set back")
        return
    for back in ("-1h", "-1d", "-2d"):
        home = base.copy(f"clock{back}")
        said = kpop(home, *base.run, before=("faketime", "-f", back))
        kpop(home, *base.run)
        yield f"clock {back}", said, home


def two_at_once(base: Base) -> Iterator[tuple[str, str, Path]]:
    """Two processes fill the same, or overlapping, days at the same time."""
    middle = [base.first + (base.last - base.first) / 2 + dt.timedelta(days=i) for i in (0, 1)]
    demo = ("--days", str((base.last - base.first).days + 1), "--end", str(base.last))
    pairs = {
        "the same days twice": (base.run, base.run),
        "overlapping ranges": (
            ("run", str(base.first), str(middle[1])),
            ("run", str(middle[0]), str(base.last)),
        ),
        "beside a demo": (base.run, ("demo", *demo, "--events-per-day", str(base.lines))),
    }
    for what, (one, other) in pairs.items():
        home = base.copy(what.replace(" ", "-"), only_landing=True)
        environ = {**os.environ, "KPOP_HOME": str(home)}
        with subprocess.Popen([*KPOP, *other], env=environ, stdout=subprocess.DEVNULL) as beside:
            said = kpop(home, *one)
        if beside.returncode:
            raise SystemExit(f"{what}: the other process ended with {beside.returncode}")
        yield f"two runs: {what}", said, home


FAULTS: dict[str, Callable[[Base], Iterator[tuple[str, str, Path]]]] = {
    "full": full_disks,
    "read-only": read_only,
    "data": damaged_data,
    "log": damaged_log,
    "clock": clock_set_back,
    "two": two_at_once,
}


def main() -> None:
    """Plant each fault; exit code 1 where a table differs in the end."""
    parser = argparse.ArgumentParser(prog="python -m drills.breakage", description=__doc__)
    parser.add_argument("--only", default=",".join(FAULTS))
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--lines", type=int, default=30, help="a day")
    args = parser.parse_args()
    chosen = args.only.split(",")
    if not can_mount():
        print("left out, this machine allows no mounts: full and read-only disks")
        chosen = [name for name in chosen if name not in ("full", "read-only")]
    last = seoul_now().date() - dt.timedelta(days=1)
    lost = 0
    with tempfile.TemporaryDirectory(prefix="kpop-breakage-") as name:
        first = last - dt.timedelta(days=args.days - 1)
        base = Base(Path(name) / "base", first, last, args.lines)
        size = ("--days", str(args.days), "--events-per-day", str(args.lines))
        kpop(base.home, "demo", *size, "--end", str(last))
        for fault in chosen:
            for what, said, home in FAULTS[fault](base):
                found = differences(base.home, home)
                lost += bool(found)
                print(f"\n{what}\n  {said.replace(name, '…') or 'ends well'}")
                print(*(found or ["  then: nothing lost"]), sep="\n", flush=True)
                shutil.rmtree(home)
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
