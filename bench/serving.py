"""What the HTTP API stands: cold start, latency at a rate, where it saturates, memory of a worker.

    python -m bench.serving /tmp/world                       # made by bench.serving_world
    python -m bench.serving /tmp/world --rate 100 --seconds 300 --workers 2
    python -m bench.serving /tmp/world --mix search=1 --seconds 20

Belongs here: the server, what is asked of it, and the report. Does not belong here: sending
(serving_load.py), or the made-up bundle (serving_world.py). The load comes from this process, on
the same machine. Rates rise by a fifth. One counts as stood where at least 99 % are answered, and
none waits on: ten seconds of requests take no second more than ten. Of these, the model's own are
those up to which at least 99 % of answers are no stand-in.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from bench.arguments import make_parser, positive, run
from bench.serving_load import LoadResult, Wanted, send_load, wanted_get, wanted_post
from bench.serving_world import listener_name
from kpop_assets.recommend.matrices.bundle_parts import CURRENT, read_manifest, serving_folder

_MIX = "listener=8,seed=1,nobody=1"
_READY_SECONDS, _POLL_SECONDS = 120.0, 0.02
_STEP, _STEP_SECONDS, _LATE_SECONDS, _LEAST_ANSWERED = 1.2, 10.0, 1.0, 0.99
_WARM_SECONDS = 3.0
_TYPED = (
    "ne",
    "ba",
    "le",
    "뉴진스",
    "ㄴㅈㅅ",
    "newjeans",
    "blakcpink",
    "ㄱㄴ",
    "roo be",
    "iu - ma",
)
_STATES = ("phone", "desktop", "car")


def main() -> None:
    """Start the server, load it, report."""
    parser = make_parser("bench.serving", __doc__)
    parser.add_argument("home", type=Path, help="data folder with a serving bundle")
    parser.add_argument("--rate", type=positive, default=100, help="requests a second")
    parser.add_argument("--seconds", type=positive, default=60)
    parser.add_argument("--workers", type=positive, default=2)
    parser.add_argument("--mix", default=_MIX, help="listener, seed, nobody, similar, search")
    parser.add_argument("--no-saturation", action="store_true", help="that rate alone")
    args = parser.parse_args()
    make = maker(args.home, args.mix)
    with served(args.home, args.workers) as (port, server):
        warm = asyncio.run(send_load(port, args.rate, _WARM_SECONDS, make))
        _print_load(f"warming up, {args.rate}/s", warm)
        at_rate = asyncio.run(send_load(port, args.rate, args.seconds, make))
        _print_load(f"{args.rate}/s for {args.seconds} s", at_rate)
        _print_memory(server)
        if not args.no_saturation:
            _saturate(port, args.rate, make)
            _print_memory(server)


def maker(home: Path, mix: str) -> Callable[[int], Wanted]:
    """What is asked, by the number of a request; the same numbers ask the same."""
    folder = serving_folder(home)
    manifest = read_manifest(folder / (folder / CURRENT).read_text(encoding="utf-8").strip())
    listeners, works = manifest.counts["listeners"], manifest.counts["works"]
    shares = {name: float(share) for name, share in (one.split("=") for one in mix.split(","))}
    kinds = list(shares)
    rng = np.random.default_rng(time.time_ns())
    chances = np.array([*shares.values()]) / sum(shares.values())

    def make(number: int) -> Wanted:
        kind = kinds[int(rng.choice(len(kinds), p=chances))]
        work = f"made-up-{int(rng.integers(works)):08}"
        context = {"hour": int(rng.integers(24)), "device": _STATES[number % len(_STATES)]}
        if kind == "search":
            return wanted_get(kind, f"/v1/tracks/search?q={_quoted(_TYPED[number % len(_TYPED)])}")
        if kind == "similar":
            return wanted_get(kind, f"/v1/tracks/{work}/similar")
        told: dict[str, object] = {"n": 10, "context": context}
        if kind == "listener":
            told["user_id"] = listener_name(int(rng.integers(listeners)))
        elif kind == "seed":
            told["seeds"] = [work]
        return wanted_post(kind, "/v1/recommendations", told)

    return make


@contextmanager
def served(home: Path, workers: int) -> Iterator[tuple[int, psutil.Process]]:
    """`python -m serving` on a free port, from its first answer to its end."""
    port = _free_port()
    environment = {**os.environ, "KPOP_HOME": str(home.absolute())}
    begun = time.perf_counter()
    command = [sys.executable, "-m", "serving", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, env=environment)
    try:
        seconds = _first_answer(server, port, begun)
        print(f"cold start to the first answer: {seconds:.2f} s, {workers} workers", flush=True)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _first_answer(server: subprocess.Popen, port: int, begun: float) -> float:
    """Seconds until a list is answered by the model itself."""
    asked = wanted_post("nobody", "/v1/recommendations", {"n": 10})
    while time.perf_counter() - begun < _READY_SECONDS:
        if server.poll() is not None:
            sys.exit(f"bench: the server ended with {server.returncode}")
        told = asyncio.run(send_load(port, 1, 1, lambda _: asked))
        if told.told["fallback None"]:
            return time.perf_counter() - begun
        time.sleep(_POLL_SECONDS)
    sys.exit(f"bench: no answer within {_READY_SECONDS:.0f} s")


def _saturate(port: int, rate: float, make: Callable[[int], Wanted]) -> None:
    stood, last, own = 0.0, None, 0.0
    while True:
        result = asyncio.run(send_load(port, rate, _STEP_SECONDS, make))
        _print_load(f"{rate:.0f}/s for {_STEP_SECONDS:.0f} s", result)
        answered = result.statuses[200] / result.sent
        if answered < _LEAST_ANSWERED or result.lasted > _STEP_SECONDS + _LATE_SECONDS:
            break
        stood, last = rate, result
        if result.told["fallback None"] >= _LEAST_ANSWERED * result.sent:
            own = rate
        rate *= _STEP
    if last is not None:
        print(f"it stands {stood:.0f}/s; mean there {last.mean:.1f} ms", flush=True)
    print(f"the model's own answers stand {own:.0f}/s", flush=True)
    print(f"beyond, {rate:.0f}/s: {result.statuses[200] / result.lasted:.0f} answers a second")


def _print_load(name: str, result: LoadResult) -> None:
    told = ", ".join(f"{name} {count}" for name, count in sorted(result.told.items()))
    other = {status: count for status, count in result.statuses.items() if status != 200}
    print(
        f"{name}: sent {result.sent:,}, errors {result.errors} {other or ''}; "
        f"p50 {result.milliseconds(50):.2f}, p99 {result.milliseconds(99):.2f}, "
        f"most {result.milliseconds(100):.0f}, mean {result.mean:.2f} ms; {told}",
        flush=True,
    )


def _print_memory(server: psutil.Process) -> None:
    """Of each process: its own memory and what it shares, a part each (PSS), and all it has."""
    for process in (server, *server.children(recursive=True)):
        used = process.memory_full_info()
        print(f"process {process.pid}: PSS {used.pss / 1e6:.0f} MB, RSS {used.rss / 1e6:.0f} MB")


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    run(main)
