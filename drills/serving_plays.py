"""Plays by HTTP while the server is killed at random: nothing that was accepted is lost or doubled.

    python -m drills.serving_plays [--rate 2000] [--seconds 300] [--kills 20] [--workers 2]

Belongs here: killing, starting again, and the verdict. Does not belong here: sending and counting
(numbered_lines.py), or how fast an answer is (bench/).

At random moments one worker is killed (SIGKILL), or the whole server, which is then started again.
At the end the server is stopped, and the graph takes in what was landed: each play that was sent
must be a row of `bronze/plays` once. Simulated data.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from drills.numbered_lines import NumberedLines, account_of_lines, left_in_journals
from drills.processes import KPOP
from drills.serving_process import Service
from kpop_assets.contracts.plays import PLAYS


def send_plays(
    server: Service, rate: int, seconds: float, kills: int, seed: int = 1
) -> tuple[NumberedLines, Counter[str]]:
    """Send plays to a server that is killed so often; what was sent, and what was killed."""
    with NumberedLines(server.address, PLAYS, rate, most=int(rate * seconds)) as sent:
        return sent, kill_at_random(server, seconds, kills, random.Random(seed))


def kill_at_random(server: Service, seconds: float, kills: int, rng: random.Random) -> Counter[str]:
    """Kill a worker, of which the server starts another, and the server itself, in turn."""
    began, killed = time.monotonic(), Counter[str]()
    moments = sorted(rng.uniform(0.05, 0.95) * seconds for _ in range(kills))
    for number, moment in enumerate(moments):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        if number % 2:
            server.end()
            server.start()
        elif workers := server.workers():
            rng.choice(workers).kill()
        killed["server" if number % 2 else "worker"] += 1
    return killed


def main() -> None:
    """Exit code 1 where a play is lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m drills.serving_plays", description=__doc__)
    parser.add_argument("--rate", type=int, default=2_000, help="plays a second")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        server = Service(home, home.with_suffix(".log"), asked.workers)
        server.start()
        try:
            sent, killed = send_plays(server, asked.rate, asked.seconds, asked.kills, asked.seed)
            server.stop()
        except BaseException:
            server.end()
            raise
        print(
            f"{sent.line_count:,} plays in {sent.request_count:,} requests, all accepted after "
            f"{sent.seconds:.1f} s ({sent.line_count / sent.seconds:,.0f}/s)"
        )
        print(f"killed: {dict(killed)}; sent again after: {dict(sent.failures)}")
        sys.exit(0 if _holds(home, sent) else 1)


def _holds(home: Path, sent: NumberedLines) -> bool:
    """Print what came of the plays; whether each is there once."""
    words = [*KPOP, "run", str(sent.day), str(sent.day), "--select", PLAYS.path]
    environ = os.environ | {"KPOP_HOME": str(home)}
    # Before it runs: it lands what a killed server left, which one that was stopped has not.
    left = left_in_journals(home)
    done = subprocess.run(words, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"kpop run ends with {done.returncode}: {done.stderr[-2000:]}")
    account = account_of_lines(home, sent)
    print(f"{account}; {left} segments left")
    return account.is_whole and not left


if __name__ == "__main__":
    main()
