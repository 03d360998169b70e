"""A client at a fake YouTube, with what it slept and what goes wrong in the hands of the test.

Belongs here: set-up without an assertion. Does not belong here: the server (server.py) or a whole
collection (kit.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.quota import open_ledger
from kpop_assets_tests.landing.youtube.server import KEY, FakeYouTube, Fault, make_world

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
WORLD = make_world(NOW)
IDS = [video.id for video in WORLD.videos]


class ClientBench:
    """A client at a server."""

    def __init__(self, folder: Path, share: float = 1.0) -> None:
        self.faults: Callable[[int], Fault | None] = lambda number: None
        self.slept: list[float] = []
        self.seconds = 0.0
        self.server = FakeYouTube(WORLD, lambda: NOW, lambda number: self.faults(number))
        self.ledger = open_ledger(folder / "collection.db", share, lambda: NOW)
        self.client = self.make_client()

    def make_client(
        self, key: str = KEY, seed: int = 1, timeout_seconds: float = 20.0
    ) -> YouTubeClient:
        """Another client at the same server."""
        return YouTubeClient(
            key,
            self.ledger,
            self.server.endpoint,
            sleep=self.slept.append,
            seed=seed,
            clock=lambda: self.seconds,
            timeout_seconds=timeout_seconds,
        )

    def fail(self, *faults: str | Fault, then: str | None = None) -> None:
        """The next requests fail in these ways, those after them all in one or not at all."""
        kinds = [Fault(fault) if isinstance(fault, str) else fault for fault in faults]
        first = len(self.server.requests) + 1
        rest = Fault(then) if then else None
        self.faults = lambda n: kinds[n - first] if n - first < len(kinds) else rest

    def paid(self) -> dict[str, int]:
        """What stands in the ledger, by bucket."""
        return {bucket: units for _, bucket, units in self.ledger.spent()}
