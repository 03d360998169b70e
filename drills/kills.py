"""A whole run that is killed at random moments, again and again, loses and doubles nothing.

    python -m drills.kills [--kills 200] [--each 10] [--days 5] [--lines 40] [--seed 1]

Belongs here: killing and starting again, and the verdict. Does not belong here: what is looked at
after a run (killed.py), or faults of collecting (faults.py).

Some simulated days are carried through every layer by processes of their own, as `kpop demo` does.
Each is killed (SIGKILL) at a moment drawn evenly from the time that an undisturbed one takes. After
`--each` kills one may finish: its tables must be those of the undisturbed run to the last bit, no
lock may be held, no run be unfinished. Every second round begins with an empty folder, the
others where the one before ended.

Processes are forked from one that has imported everything and started nothing, which spares the
imports. Before each fork it is checked that no thread runs but those that libraries start on
import and that hold no lock a child could need.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from drills import killed
from drills.killed import Work
from kpop_assets.settings import load_settings

FIRST_DAY = dt.date(2026, 1, 1)
PATIENCE_SECONDS = 600.0
# Of jemalloc (three libraries bring one; it makes itself anew in a child) and Polars' spilling.
IDLE_THREADS = {"jemalloc_bg_thd", "polars-ooc-clea"}


def main() -> None:
    """Kill, finish, compare; exit code 1 where anything differs or is left."""
    parser = argparse.ArgumentParser(prog="python -m drills.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--each", type=int, default=10, help="kills before a run may finish")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--lines", type=int, default=40, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        # Else it has threads from the moment that it is imported.
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "drills.kills", *sys.argv[1:]])
    with tempfile.TemporaryDirectory(prefix="kpop-kills-") as name:
        whole, tried = (_work(Path(name) / kind, args) for kind in ("whole", "tried"))
        started = time.monotonic()
        _must(lambda: killed.run_days(whole))
        seconds = time.monotonic() - started
        _must(lambda: killed.keep_tables(whole))
        print(f"undisturbed: {seconds:.1f} s", flush=True)
        places, is_sound = _rounds(whole, tried, args, seconds)
    print(f"\n{sum(places.values())} kills, seed {args.seed}")
    for place, count in sorted(places.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:>6}  {place}")
    minutes = (time.monotonic() - started) / 60
    print(f"{'nothing lost' if is_sound else 'SOMETHING WAS LOST'}, {minutes:.1f} minutes")
    sys.exit(0 if is_sound else 1)


def _work(home: Path, args: argparse.Namespace) -> Work:
    settings = load_settings({**os.environ, "KPOP_HOME": str(home)})
    return Work(settings, FIRST_DAY, FIRST_DAY + dt.timedelta(days=args.days - 1), args.lines)


def _rounds(
    whole: Work, tried: Work, args: argparse.Namespace, seconds: float
) -> tuple[Counter[str], bool]:
    """All rounds: where the kills fell, and whether every finished run was as the undisturbed."""
    rng, places, is_sound = random.Random(args.seed), Counter[str](), True
    for number in range(-(-args.kills // args.each)):
        if number % 2 == 0:
            killed.clear(tried)
        left, tries = min(args.each, args.kills - number * args.each), 0
        while left:
            tries += 1
            place = _kill(tried, rng.uniform(0, seconds))
            places.update([place] if place else [])
            left -= 1 if place else 0
        code = _wait(_fork(lambda: killed.run_days(tried)))
        code = code or _wait(_fork(lambda: killed.judge(tried, whole)))
        is_sound = is_sound and code == 0
        print(f"round {number + 1}: {tries} started, {'sound' if code == 0 else 'NOT SOUND'}")
        sys.stdout.flush()
    return places, is_sound


def _kill(work: Work, delay: float) -> str | None:
    """Start the run and kill it after `delay` seconds; where it was, None if it had ended."""
    child = _fork(lambda: killed.run_days(work))
    deadline = time.monotonic() + delay
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            if os.waitstatus_to_exitcode(status):
                raise SystemExit(f"a run failed by itself, exit status {status}: see above")
            return None
        time.sleep(min(0.02, max(0.0, deadline - time.monotonic())))
    # With its group: an engine's JVM would go on writing.
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return killed.last_step(work)


def _must(act: Callable[[], bool]) -> None:
    if _wait(_fork(act)):
        raise SystemExit("the undisturbed run failed: see above")


def _fork(act: Callable[[], bool]) -> int:
    """Start a process that does `act` and ends with code 0 if that is true; its id."""
    tasks = [task for task in Path("/proc/self/task").iterdir() if task.name != str(os.getpid())]
    names = {(task / "comm").read_text().strip() for task in tasks}
    if names - IDLE_THREADS:
        raise SystemExit(f"threads {names} before a fork: a lock of theirs could stay shut")
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.setpgid(child, child)
        return child
    code = 1
    try:
        code = 0 if act() else 1
    except KeyboardInterrupt:
        pass
    except Exception as error:  # noqa: BLE001 - the end of a process: said, and the code is 1
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _wait(child: int) -> int:
    """The exit code of a process; one that hangs is killed and counts as failed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    print(f"no end after {PATIENCE_SECONDS:.0f} s", flush=True)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


if __name__ == "__main__":
    main()
