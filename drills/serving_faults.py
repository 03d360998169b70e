"""The HTTP API while its bundle is swapped, its workers are killed and its neighbours fail.

    python -m drills.serving_faults HOME [--only swaps,kills,stops,hostile,redis,kafka,disk]
        [--times 20] [--rate 40]

Belongs here: planting each fault in a copy of a data folder that has a serving bundle, while
requests keep coming, and the account of what was answered. Does not belong here: durability of
plays under kills (serving_plays.py), or speed (`bench/`).

Requests come at a fixed rate whatever is answered, half of them for recommendations, and are
sent once more where a connection broke, as browsers and proxies do; both are counted.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

from drills.hostile import Hostile, hostile_requests, request, send, why_wrong
from drills.serving_callers import Callers
from drills.serving_load import Load, Tally
from drills.serving_neighbours import disk_full, kafka_gone, redis_gone
from drills.serving_process import Service
from drills.serving_swaps import swap, until_named, verdict_of_swaps
from kpop_assets.recommend.bundle.bundle_write import bundles
from kpop_assets.recommend.matrices.bundle_parts import serving_folder

KEY = "drill-key"
PAUSE_SECONDS = 1.0
# In which every worker must answer by a new bundle, one that takes a killed one's place too.
RECOVERY_SECONDS = 90.0


def main() -> None:
    """Plant each fault; exit code 1 where what must hold meanwhile does not."""
    parser = argparse.ArgumentParser(prog="python -m drills.serving_faults", description=__doc__)
    parser.add_argument("home", type=Path, help="a data folder with a serving bundle")
    parser.add_argument("--only", default=",".join(FAULTS))
    parser.add_argument("--times", type=int, default=20, help="swaps, kills and stops")
    parser.add_argument("--rate", type=float, default=40.0, help="requests a second")
    asked = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="kpop-serving-") as name:
        for fault in asked.only.split(","):
            home = copy_of(asked.home, Path(name) / fault)
            is_good, told = FAULTS[fault](home, asked.times, asked.rate)
            wrong += not is_good
            print(f"{fault}: {told}{'' if is_good else '   <-- WRONG'}", flush=True)
            shutil.rmtree(home, ignore_errors=True)
    sys.exit(1 if wrong else 0)


def copy_of(home: Path, target: Path) -> Path:
    """A copy of what the API reads."""
    target.mkdir()
    for part in ("lake", "serving", "landing"):
        if (home / part).is_dir():
            shutil.copytree(home / part, target / part, symlinks=True)
    shutil.copy(home / "listener.key", target)
    return target


async def ask(client: httpx.AsyncClient, number: int) -> httpx.Response:
    """A request as a site sends it: recommendations, and a list every other time."""
    if number % 2:
        return await client.get("/v1/ranking?limit=10")
    return await client.post("/v1/recommendations", json={"user_id": f"drill {number % 97}"})


def swaps(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Another bundle answers, again and again."""
    waits, load = swapped(home, times, rate, lambda service: None)
    return verdict_of_swaps(times, waits, load)


def kills(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """A worker is killed just before each swap."""
    rng = random.Random(1)
    waits, load = swapped(home, times, rate, lambda service: rng.choice(service.workers()).kill())
    return verdict_of_swaps(times, waits, load, begun=times)


def swapped(
    home: Path, times: int, rate: float, before: Callable[[Service], None]
) -> tuple[list[float], Load]:
    """Swap bundles until one does not arrive: the seconds that each took, and what came then."""
    root = serving_folder(home)
    origin = bundles(root)[-1]
    waits: list[float] = []
    with Service(home, home / "api.log") as service, Load(service.address, ask, rate) as load:
        time.sleep(PAUSE_SECONDS)
        for number in range(times):
            before(service)
            name = swap(root, origin, number)
            waited = until_named(service, name, RECOVERY_SECONDS)
            if waited is None:
                break
            waits.append(waited)
            time.sleep(PAUSE_SECONDS)
    return waits, load


def stops(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """It is asked to end while requests are being answered, and started again."""
    total, longest, dropped, callers_told = Tally(), 0.0, 0, Counter[str]()
    for _ in range(max(1, times // 5)):
        with Service(home, home / "api.log") as service:
            with Load(service.address, ask, rate) as load, Callers(service.port) as callers:
                time.sleep(3 * PAUSE_SECONDS)
                longest = max(longest, service.stop())
            # What came after the end met no server; what it had taken must be answered.
            dropped += load.tally.broken_first.total() - load.tally.broken_first["ConnectError"]
            total.sent += load.tally.sent
            total.answered += load.tally.answered
            callers_told += callers.outcomes
    told = f"{total.answered} of {total.sent} answered before the end, {dropped} dropped; "
    lost, answered = callers_told["lost"], callers_told["answered"]
    told += f"of a connection a request {answered} answered, {lost} let in and lost"
    return not dropped + lost, f"{told}; the longest stop took {longest:.1f} s"


def hostile(home: Path, times: int, rate: float) -> tuple[bool, str]:
    """Requests that no good client sends, and a slow one beside others."""
    keys = {"KPOP_API_KEYS": hashlib.sha256(KEY.encode()).hexdigest()}
    wrong, count = [], 0
    with Service(home, home / "api.log", environ=keys) as service:
        before = service.resident_mb()
        for one in hostile_requests():
            count += 1
            # Only those about keys come without one.
            named = one if "key" in one.name else with_key(one)
            why = why_wrong(named, send(service.port, named))
            wrong += [f"\n    {one.name}: {why}"] if why else []
        slow = slow_client(service)
        wrong += [f"\n    {slow}"] if slow else []
        grown = service.resident_mb() - before
    told = f"{count} requests and a slow client, {count + 1 - len(wrong)} answered as they must be"
    return not wrong, f"{told}; workers grew by {grown:.0f} MB{''.join(wrong)}"


def with_key(one: Hostile) -> Hostile:
    """The same request with the right key."""
    head = one.head.replace("Host: ", f"Authorization: Bearer {KEY}\r\nHost: ", 1)
    return Hostile(one.name, head, one.statuses, one.body, one.pause_seconds)


def slow_client(service: Service) -> str:
    """Many connections that send a sign at a time; why others had to wait, if they had."""
    head = request("/v1/ranking", "GET", f"Authorization: Bearer {KEY}")
    slow = Hostile("slow", head[:20], (0,), tuple(s.encode() for s in head[20:60]), 0.2)
    threads = [threading.Thread(target=send, args=(service.port, slow)) for _ in range(50)]
    for thread in threads:
        thread.start()
    started = time.perf_counter()
    with httpx.Client(headers={"Authorization": f"Bearer {KEY}"}) as client:
        statuses = {client.get(f"{service.address}/v1/ranking").status_code for _ in range(20)}
    seconds = time.perf_counter() - started
    return "" if statuses == {200} and seconds < 5 else f"others got {statuses} in {seconds:.1f} s"


FAULTS: dict[str, Callable[[Path, int, float], tuple[bool, str]]] = {
    "swaps": swaps,
    "kills": kills,
    "stops": stops,
    "hostile": hostile,
    "redis": redis_gone,
    "kafka": kafka_gone,
    "disk": disk_full,
}


if __name__ == "__main__":
    main()
