"""A filled data folder that is broken on purpose: copies of it, `kpop` on them, and the comparison.

Belongs here: running a command as a user does and doing what its one line says. Does not belong
here: any fault (breakage.py).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from drills.compare import Tolerance, compare_outputs
from drills.processes import KPOP
from drills.snapshot import write_snapshot
from kpop_assets.settings import load_settings
from kpop_assets.wiring.resources import build_lake

_ADVICE = re.compile(r"`kpop ([^`]+)`")

# What Dagster itself prints where its event log cannot be written; ours is the line after them.
_DAGSTERS = (
    "Exception while ",
    "[SQL: ",
    "[parameters: ",
    "(Background on this",
    "Falling back to",
)


@dataclass(frozen=True)
class Base:
    """The filled folder that faults are planted in copies of."""

    home: Path
    first: dt.date
    last: dt.date
    lines: int

    def copy(self, name: str, only_landing: bool = False) -> Path:
        """A copy of the folder, or of its landing files alone."""
        target = self.home.with_name(name)
        part = "landing" if only_landing else ""
        shutil.copytree(self.home / part, target / part)
        return target

    @property
    def run(self) -> tuple[str, ...]:
        """The command that fills all days."""
        return ("run", str(self.first), str(self.last))


def kpop(home: Path, *args: str, before: tuple[str, ...] = ()) -> str:
    """Run `kpop`; its one line of failure, empty where it ended well.

    Raises:
        SystemExit: it failed in another way than with one line and exit code 1.
    """
    done = subprocess.run(
        [*before, *KPOP, *args],
        env={**os.environ, "KPOP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.strip().splitlines() if not line.startswith(_DAGSTERS)]
    if args[0] == "doctor":
        return " ".join(done.stdout.split())
    if done.returncode != 1 or len(lines) != 1 or not lines[0].startswith("kpop: "):
        raise SystemExit(f"kpop {' '.join(args)}: exit code {done.returncode}\n{done.stderr}")
    return lines[0]


def follow(home: Path, base: Base, said: str) -> None:
    """Do what a line says: run the command it names, after moving a table away if it says so."""
    moved = re.search(r"table (\w+/\w+) cannot be read.*move it away", said)
    if moved:
        (home / "lake" / moved[1]).rename(home / "moved-away")
    advised = _ADVICE.findall(said)
    if "doctor --files" in advised:
        found = kpop(home, "doctor", "--files")
        advised = [text for text in _ADVICE.findall(found) if "--select" in text]
    for text in advised:
        words = text.replace("START", str(base.first)).replace("END", str(base.last)).split()
        kpop(home, *words)


def differences(left: Path, right: Path) -> list[str]:
    """Tables of two data folders that are not equal to the last bit."""
    for home in (left, right):
        out = home.with_name(f"{home.name}-tables")
        shutil.rmtree(out, ignore_errors=True)
        write_snapshot(build_lake(load_settings({**os.environ, "KPOP_HOME": str(home)})), out)
    pair = [home.with_name(f"{home.name}-tables") for home in (left, right)]
    found = compare_outputs(pair[0], pair[1], Tolerance(relative=0.0))
    return [str(comparison) for comparison in found if not comparison.is_equal]
