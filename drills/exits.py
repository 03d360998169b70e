"""Short commands end as they should, under load: none aborts when its interpreter ends.

    python -m drills.exits [--runs 1000] [--at-once 3] [--busy 2] [--seed 1]

Belongs here: running commands again and again, and counting how they ended. Does not belong here:
what they print (kpop_assets_tests/cli), or kills from outside (kills.py).

A thread of a library that outlives the interpreter can end a process by SIGABRT after all its work
is done; how often depends on how busy the machine is, so some processes do nothing but compute
meanwhile. A command has its own expected exit code, and ten minutes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KPOP = [str(Path(sys.executable).with_name("kpop"))]
LAST = dt.date(2026, 2, 28)
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Command:
    """A command, how it may end, and how often it is run among twenty."""

    words: str
    codes: tuple[int, ...]
    share: int


COMMANDS = (
    Command("rank", (0,), 6),
    Command("risers", (0,), 4),
    Command(f"rank --day {LAST - dt.timedelta(days=300)}", (1,), 2),
    # Old days are a warning, a machine without room is a problem.
    Command("doctor", (0, 1), 2),
    Command(f"run {LAST} {LAST} --select gold", (0,), 1),
    Command("--help", (0,), 2),
    Command("rank --day yesterday", (2,), 2),
    Command("import none nowhere", (1, 2), 1),
)


@dataclass(frozen=True)
class Ending:
    """How one run ended; `code` is negative where a signal ended it."""

    command: Command
    code: int
    seconds: float
    said: str

    @property
    def is_expected(self) -> bool:
        """Whether the command may end so."""
        return self.code in self.command.codes


def main() -> None:
    """Run, count, print; exit code 1 where any run ended otherwise."""
    parser = argparse.ArgumentParser(prog="python -m drills.exits", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--busy", type=int, default=os.cpu_count() or 2, help="busy processes")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    commands = random.Random(args.seed).choices(
        COMMANDS, [command.share for command in COMMANDS], k=args.runs
    )
    with tempfile.TemporaryDirectory(prefix="kpop-exits-") as name:
        _prepare(Path(name))
        with _busy(args.busy), ThreadPoolExecutor(args.at_once) as pool:
            endings = list(pool.map(lambda command: _run(command, Path(name)), commands))
    sys.exit(0 if report(endings) else 1)


def _prepare(home: Path) -> None:
    words = f"demo --days 45 --events-per-day 60 --end {LAST}"
    made = _run(Command(words, (0,), 0), home)
    if not made.is_expected:
        sys.exit(f"the demo ended with {made.code}: {made.said}")


def _run(command: Command, home: Path) -> Ending:
    started = time.monotonic()
    environment = {**os.environ, "KPOP_HOME": str(home), "PYTHONFAULTHANDLER": "1"}
    try:
        ran = subprocess.run(
            [*KPOP, *command.words.split()],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        code, said = ran.returncode, ran.stderr.strip()
    except subprocess.TimeoutExpired:
        code, said = 124, f"no end within {PATIENCE_SECONDS} s"
    return Ending(command, code, time.monotonic() - started, said)


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Processes that compute for nothing, inside the block."""
    spin = [sys.executable, "-c", "while True: pass"]
    spinning = [subprocess.Popen(spin) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def report(endings: list[Ending]) -> bool:
    """Print a line for each command and for each run that ended otherwise; whether none did."""
    by_words: dict[str, list[Ending]] = defaultdict(list)
    for ending in endings:
        by_words[ending.command.words].append(ending)
    print(f"{'command':36}{'runs':>6}{'aborts':>8}{'unexpected':>12}{'median s':>10}  codes")
    for words, some in sorted(by_words.items()):
        middle = sorted(ending.seconds for ending in some)[len(some) // 2]
        codes = dict(Counter(ending.code for ending in some))
        print(f"{_counts(words, some)}{middle:>10.1f}  {codes}")
    print(_counts("all", endings))
    for ending in endings:
        if not ending.is_expected:
            print(f"kpop {ending.command.words}: {ending.code}: {ending.said[-600:]}")
    return all(ending.is_expected for ending in endings)


def _counts(name: str, endings: list[Ending]) -> str:
    return f"{name:36}{len(endings):>6}{_aborts(endings):>8}{_others(endings):>12}"


def _aborts(endings: list[Ending]) -> int:
    """Runs that a signal ended, their own threads' or another's."""
    return sum(ending.code < 0 for ending in endings)


def _others(endings: list[Ending]) -> int:
    return sum(ending.code >= 0 and not ending.is_expected for ending in endings)


if __name__ == "__main__":
    main()
