"""Plays through a real Kafka, consumer and broker killed at random: nothing lost, nothing doubled.

    python -m drills.plays [--plays 1000000] [--users 10000] [--kills 20] [--way take stream]

Belongs here: sending, killing, starting again, and the verdict. Does not belong here: what is sent
and what plain Python counts of it (plays_sent.py).

First each way takes the whole topic undisturbed, for seconds and memory. Then, in a folder and on a
topic of its own, plays are sent in as many parts as there are kills; during each part the broker is
killed and started again, and then the consumer is killed. At the end every message of the topic
must stand in the landing files once (by partition and offset), every play once in the tables, and
the hours must be those of plain Python. Simulated data.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil

from drills.kafka_broker import Broker
from drills.numbered_lines import deliveries
from drills.plays_sent import DAYS, Play, hours_of, make_plays, send
from drills.processes import KPOP, end_group, start_apart
from kpop_assets.contracts.live_plays import LIVE_PLAYS, LIVE_PLAYS_HOURLY
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_plays import PLAYS_HOURLY
from kpop_assets.contracts.table import Table
from kpop_assets.days import seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.persons import person_ids
from kpop_assets.live.checkpoints import EVER

WAYS = ("take", "stream")
# From the start of a consumer to its kill: before it reads, while it does, and after.
_ALIVE_SECONDS = {"take": (1.0, 5.0), "stream": (10.0, 40.0)}


class Run:
    """One way, in a data folder and on a topic of its own.

    Args:
        way: `take` or `stream`.
        home: the data folder.
        broker: with the topic.
        topic: its name.
    """

    def __init__(self, way: str, home: Path, broker: Broker, topic: str) -> None:
        self.way, self.home, self.topic = way, home, topic
        self._environ = os.environ | {"KPOP_HOME": str(home), "KPOP_KAFKA": broker.address}
        self._environ["KPOP_ENGINE"] = "spark" if way == "stream" else "sail"

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Start the consumer, in a group of its own: Spark's JVM is ended with it."""
        words = [*KPOP, self.way, "plays", "--topic", self.topic, *options]
        return start_apart(words, self._environ, self.home.with_suffix(".log"))

    def finish(self) -> tuple[float, float]:
        """Take what is left, and end; returns the seconds, and the most memory in MB."""
        began, most = time.monotonic(), 0.0
        for _ in range(5):
            process = self.start("--once")
            while process.poll() is None:
                most = max(most, _memory_mb(process.pid))
                time.sleep(0.2)
            if process.returncode == 0:
                return time.monotonic() - began, most
        raise SystemExit(f"{self.way} does not end: see {self.home.with_suffix('.log')}")

    def fill(self, first: str, last: str) -> None:
        """Let the graph count what was taken."""
        tables = ("--select", PLAYS.path, "--select", PLAYS_HOURLY.path)
        words = [*KPOP, "run", first, last, *tables]
        done = subprocess.run(words, env=self._environ, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"kpop run ends with {done.returncode}: {done.stderr[-2000:]}")


def main() -> None:
    """Send, kill, start again, compare; exit code 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m drills.plays", description=__doc__)
    parser.add_argument("--plays", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--way", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    plays = make_plays(asked.plays, asked.users, asked.seed, seoul_now().date())
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder) / "kafka")
        broker.start()
        try:
            faults = [
                fault
                for way in asked.way
                for fault in _drill(way, Path(folder), broker, plays, asked.kills, asked.seed)
            ]
        finally:
            broker.kill()
    print("\n".join(faults) or "nothing lost, nothing doubled, hours equal")
    sys.exit(1 if faults else 0)


def _drill(
    way: str, folder: Path, broker: Broker, plays: list[Play], kills: int, seed: int
) -> list[str]:
    calm = Run(way, folder / f"{way}-calm", broker, f"{way}-calm")
    broker.create_topic(calm.topic)
    began = time.monotonic()
    sent = send(broker.address, calm.topic, plays, seed)
    print(f"{way}: {sent:,} messages of {len(plays):,} plays, sent in {_since(began)}")
    seconds, most = calm.finish()
    print(f"{way}: taken in {seconds:.1f} s ({sent / seconds:,.0f}/s), at most {most:,.0f} MB")
    faults = _verdict(calm, plays, sent)
    killed = Run(way, folder / f"{way}-killed", broker, f"{way}-killed")
    broker.create_topic(killed.topic)
    sent = _kill(killed, broker, plays, kills, seed)
    return faults + _verdict(killed, plays, sent)


def _kill(run: Run, broker: Broker, plays: list[Play], kills: int, seed: int) -> int:
    """Send the plays in parts; in each the broker is killed, and the consumer. Counts messages."""
    rng, sent = random.Random(seed), [0]
    for part in range(kills):
        share = plays[part::kills]

        def send_part(share: list[Play] = share, part: int = part) -> None:
            sent[0] += send(broker.address, run.topic, share, seed + part)

        sending = threading.Thread(target=send_part)
        consumer = run.start(
            *(("--every", "1", "--batch", "20000") if run.way == "take" else ("--every", "2"))
        )
        sending.start()
        alive = rng.uniform(*_ALIVE_SECONDS[run.way])
        time.sleep(alive * rng.random())
        broker.kill()
        broker.start()
        time.sleep(alive * rng.random())
        end_group(consumer)
        sending.join()
        print(f"{run.way}: part {part + 1} of {kills}, {sent[0]:,} sent, both killed", flush=True)
    run.finish()
    return sent[0]


def _memory_mb(pid: int) -> float:
    """Resident memory of a process and those that it started."""
    try:
        group = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return sum(one.memory_info().rss for one in group) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def _verdict(run: Run, plays: list[Play], sent: int) -> list[str]:
    """What differs between what was sent and what stands in a data folder."""
    today = seoul_now().date()
    faults = []
    if run.way == "take":
        messages = deliveries(run.home)
        doubled, lost = messages.total() - len(messages), sent - len(messages)
        if lost or doubled:
            faults.append(f"{run.home.name}: {lost:,} messages lost, {doubled:,} doubled")
        run.fill(str(today.fromordinal(today.toordinal() - DAYS)), str(today))
        tables = (PLAYS, PLAYS_HOURLY)
    else:
        tables = (LIVE_PLAYS, LIVE_PLAYS_HOURLY)
    lake = LakeReader(run.home / "lake")
    kept = lake.row_count(tables[0])
    if kept != len(plays):
        faults.append(f"{run.home.name}: {kept:,} rows of {len(plays):,} plays")
    expected = hours_of(plays, person_ids(run.home / "landing", PLAYS.name).id_of)
    if (found := _hours_in(lake, tables[1])) != expected:
        faults.append(f"{run.home.name}: {len(found - expected)} hours too many or too full")
    print(
        f"{run.home.name}: {kept:,} plays, {len(found):,} hours, {len(faults)} faults", flush=True
    )
    return faults


def _hours_in(lake: LakeReader, table: Table) -> Counter:
    names = ["ingest_date", "user_id", "hour", "play_count"]
    rows = lake.arrow(table, *EVER, names).to_pylist()
    return Counter({(r["ingest_date"], r["user_id"], r["hour"]): r["play_count"] for r in rows})


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


if __name__ == "__main__":
    main()
