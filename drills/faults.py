"""One collection through random faults: nothing lost, nothing double, no call over the quota.

    python -m drills.faults [--faults 1000] [--seed 1]

Belongs here: faults, restarts, the account against the invented world's truth. Does not belong
here: the simulated week (bench/week.py). All data is invented, by kpop_assets_tests.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.collector import Collector
from kpop_assets.landing.youtube.errors import KeyRefusedError
from kpop_assets.landing.youtube.quota import Quota, open_ledger
from kpop_assets.landing.youtube.request import Ask, Scope
from kpop_assets.net.errors import UnavailableError
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets_tests.landing.youtube import server as fake
from kpop_assets_tests.landing.youtube.server import KEY, FakeVideo, FakeYouTube, Fault, World

START = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)  # 09:00 in Seoul
# How often each kind comes; a day of waiting follows a spent quota, and slow ones take real time.
KINDS = {
    "http_500": 12,
    "http_503": 12,
    "http_429": 8,
    "rate_limit": 8,
    "user_rate_limit": 8,
    "cut_before": 12,
    "cut_body": 12,
    "truncated_json": 8,
    "html": 8,
    "empty_page": 8,
    "key_invalid": 3,
    "access_not_configured": 3,
    "ip_blocked": 1,
    "suspended": 1,
    "slow": 1,
    "quota_exceeded": 1,
    "quota_exceeded_429": 0.5,
    "daily_limit_exceeded": 0.5,
    "restart": 12,
}


class Clock:
    """Simulated time."""

    def __init__(self, now: dt.datetime = START) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        """The simulated instant."""
        return self.now


class Restart(BaseException):
    """The process dies here: nothing may catch it."""


class Faults:
    """Draws what goes wrong with each request, until a number of faults has been drawn."""

    def __init__(self, count: int, rate: float, seed: int) -> None:
        self.injected: Counter[str] = Counter()
        self._count, self._rate = count, rate
        self._random, self._dies = random.Random(seed), False

    def __call__(self, number: int) -> Fault | None:
        """What goes wrong with a request; called by the server."""
        drawn = self._random.random()
        if sum(self.injected.values()) >= self._count or drawn >= self._rate:
            return None
        (kind,) = self._random.choices(list(KINDS), list(KINDS.values()))
        self.injected[kind] += 1
        if kind == "restart":
            self._dies = True
            return None
        retry_after = "2" if kind in ("http_429", "http_503") and drawn < self._rate / 2 else None
        return Fault(kind, retry_after, seconds=0.6)

    def die(self) -> None:
        """Called when an answer has come and is not committed yet."""
        if self._dies:
            self._dies = False
            raise Restart


@dataclass
class Account:
    """What came of it, against the world's truth."""

    faults: Counter[str]
    wanted: int
    landed: int
    lost: int
    double: int
    over_quota: int
    paid_twice: int
    restarts: int
    runs: int
    days: int
    files: int

    def is_bad(self) -> bool:
        """Whether a figure that must be 0 is not, or more was paid twice than kills explain."""
        return bool(self.lost or self.double or self.over_quota or self.paid_twice > self.restarts)

    def print(self) -> None:
        """The figures, one a line."""
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.faults.most_common())
        print(f"faults injected: {self.faults.total():,} ({kinds})")
        print(f"videos asked for: {self.wanted:,}; records landed: {self.landed:,}")
        print(f"records lost: {self.lost}; double: {self.double}")
        print(f"calls over quota: {self.over_quota}")
        print(
            f"good pages paid for twice: {self.paid_twice}; the process was killed {self.restarts} "
            "times between an answer and its commit"
        )
        print(f"runs of the collector: {self.runs}; Pacific days: {self.days}; files: {self.files}")


def collect_with_faults(
    home: Path, faults: int, videos_each: int, rate: float, seed: int
) -> Account:
    """Collect one world to the end, whatever happens.

    Half of each of 60 channels' videos is known and refreshed; the newer half is to be found.
    """
    world = fake.make_world(START, channels=60, videos_each=videos_each, seed=seed)
    clock, drawn = Clock(), Faults(faults, rate, seed)
    known = [v for c in world.channels for v in world.uploads[c.uploads][videos_each // 2 :]]
    runs = 0
    with FakeYouTube(world, clock, drawn) as server:
        done = False
        while not done:
            runs += 1
            done = _run_once(home, server, clock, drawn, known)
        return _account(home, server, world, drawn, runs)


def _run_once(home: Path, server: FakeYouTube, clock: Clock, drawn: Faults, known: list) -> bool:
    """A new process, as far as it comes; whether the collection is done."""
    ledger = open_ledger(home / "collection.db", now=clock)
    client = YouTubeClient(
        KEY, ledger, server.endpoint, lambda seconds: None, seed=0, timeout_seconds=0.3
    )

    def now() -> dt.datetime:
        drawn.die()
        return clock()

    def seen(since_ms: int) -> list[dict]:
        return [as_record(video, START - dt.timedelta(hours=6)) for video in known]

    collector = Collector(
        client,
        ledger,
        home / "collection.db",
        home / "landing",
        Scope(tuple(server.world.channel), tuple(c.title for c in server.world.channels[:10])),
        seen,
        now,
        resume_hours=10_000,
    )
    try:
        report = collector.run(Ask(upload_pages=500))
    except (Restart, KeyRefusedError):
        return False
    except UnavailableError:
        clock.now += dt.timedelta(minutes=10)
        return False
    if report.stopped:
        clock.now = ledger.resets_at(Quota.READS)
    return not report.stopped


def as_record(video: FakeVideo, observed_at: dt.datetime) -> dict:
    """An earlier observation of a video, in landing form."""
    return {
        "video_id": video.id,
        "text": video.title,
        "author_id": video.channel_id,
        "published_at": int(video.published_at.timestamp() * 1000),
        "observed_at": int(observed_at.timestamp() * 1000),
        "view_count": video.counts(observed_at)["viewCount"],
    }


def landed_records(home: Path) -> list[dict]:
    """Every line that was landed."""
    paths = sorted((home / "landing").glob("*/events_*.json"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def over_quota(server: FakeYouTube, ledger: QuotaLedger) -> int:
    """Requests that the server got over the ceiling of a bucket and Pacific day."""
    return sum(
        max(0, count - ledger.ceiling(Quota(bucket))) for (_, bucket), count in server.calls.items()
    )


def _account(home: Path, server: FakeYouTube, world: World, drawn: Faults, runs: int) -> Account:
    lines = Counter(record["video_id"] for record in landed_records(home))
    good = Counter(r.target for r in server.requests if r.status == 200 and r.fault is None)
    return Account(
        drawn.injected,
        len(world.videos),
        lines.total(),
        len(world.video.keys() - lines.keys()),
        sum(count - 1 for count in lines.values()),
        over_quota(server, open_ledger(home / "collection.db")),
        sum(count - 1 for count in good.values()),
        drawn.injected["restart"],
        runs,
        len({day for day, _ in server.calls}),
        len(list((home / "landing").glob("*/events_*.json"))),
    )


def main() -> None:
    """Print the account; exit code 1 where a figure that must be 0 is not."""
    parser = argparse.ArgumentParser(prog="python -m drills.faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    # At this rate, a world of 6,000 videos takes some more faults than 1,000.
    with tempfile.TemporaryDirectory(prefix="kpop-faults-") as name:
        account = collect_with_faults(Path(name), args.faults, 100, 0.88, args.seed)
    account.print()
    raise SystemExit(1 if account.is_bad() or account.faults.total() != args.faults else 0)


if __name__ == "__main__":
    main()
