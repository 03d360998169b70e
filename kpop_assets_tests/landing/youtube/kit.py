"""What the tests of collecting share: a fake YouTube, a collector on it, what was landed.

Belongs here: set-up without an assertion. Does not belong here: the server (server.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.collector import Collector, Seen
from kpop_assets.landing.youtube.quota import open_ledger
from kpop_assets.landing.youtube.request import Ask, Scope
from kpop_assets.landing.youtube.rounds import CollectionReport
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets_tests.landing.youtube.server import KEY, FakeYouTube, Fault, World, make_world

START = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)  # 09:00 in Seoul
DAY = dt.date(2026, 3, 2)


@dataclass
class Bench:
    """A home folder, a clock, a server and what goes wrong in it."""

    home: Path
    server: FakeYouTube
    now: dt.datetime = START
    share: float = 0.5
    faults: dict[int, Fault] = field(default_factory=dict)
    seen: list[dict] = field(default_factory=list)
    before_commit: Callable[[], None] = lambda: None

    @property
    def ledger(self) -> QuotaLedger:
        """Quota spent so far."""
        return open_ledger(self.home / "collection.db", self.share, lambda: self.now)

    def clock(self) -> dt.datetime:
        """The simulated instant; where a test lets a process die."""
        self.before_commit()
        return self.now

    def collector(
        self, scope: Scope | None = None, seen: Seen | None = None, store: Path | None = None
    ) -> Collector:
        """As a new process would build it."""
        ledger = self.ledger
        client = YouTubeClient(KEY, ledger, self.server.endpoint, lambda seconds: None, seed=0)
        world = self.server.world
        every = Scope(tuple(world.channel), tuple(c.title for c in world.channels))
        return Collector(
            client,
            ledger,
            store or self.home / "collection.db",
            self.home / "landing",
            scope or every,
            seen or (lambda since_ms: self.seen),
            self.clock,
        )

    def run(self, ask: Ask | None = None, scope: Scope | None = None) -> CollectionReport:
        """One run of a new process."""
        return self.collector(scope).run(ask or Ask())

    def files(self) -> list[Path]:
        """Landing files, by name."""
        return sorted((self.home / "landing").glob("*/*.json"))

    def records(self) -> list[dict]:
        """Every landed line."""
        return [
            json.loads(line)
            for path in self.files()
            for line in path.read_bytes().split(b"\n")
            if line
        ]

    def landed_ids(self) -> list[str]:
        """Video of every landed line, repeated where it is landed twice."""
        return sorted(record["video_id"] for record in self.records())

    def good_targets(self) -> list[str]:
        """Requests that got a good answer."""
        return [r.target for r in self.server.requests if r.status == 200 and r.fault is None]


@contextmanager
def bench_on(home: Path, world: World | None = None) -> Iterator[Bench]:
    """A bench on a world, by default of 3 channels with 60 videos each."""
    bench: list[Bench] = []

    def fault(number: int) -> Fault | None:
        return bench[0].faults.get(number)

    with FakeYouTube(world or make_world(START), lambda: bench[0].now, fault) as server:
        bench.append(Bench(home, server))
        yield bench[0]
