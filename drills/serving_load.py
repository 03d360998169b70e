"""Requests that keep coming at the HTTP API, and the account of what came of them.

Belongs here: a client that sends at a fixed rate whatever comes back, and which accounts are good.
Does not belong here: the API's processes (serving_process.py), or what is done to it
(serving_faults.py).
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

# A client of a site asks once more where a connection broke.
REPEAT_PAUSE_SECONDS = 0.1
# What stands in for a list while a process opens a bundle; any other reason is never right.
COLD_REASONS = frozenset({"late", "busy"})
# For as long may lists be stood in for each time that caches are empty.
COLD_SECONDS = 0.5


@dataclass
class Tally:
    """What came of requests.

    Attributes:
        sent: how many there were.
        answered: with less than 400 at the first time.
        repeated: at the second, after the connection broke at the first.
        statuses: other answers, by number.
        broken: connections that broke at both times, by how at the second.
        broken_first: those that broke at the first, by how.
        seconds: how long each answer took.
        caches: recommendations by the cache that they came from; none is one of them.
        fallbacks: those where something stood in for the model's list, by why.
    """

    sent: int = 0
    answered: int = 0
    repeated: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    broken_first: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    caches: Counter[str] = field(default_factory=Counter)
    fallbacks: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        told = f"{self.answered} of {self.sent} answered at once, {self.repeated} at a repeat"
        others = ", ".join(f"{n} of {k}" for k, n in (*self.statuses.items(), *self.broken.items()))
        longest = max(self.seconds, default=0.0) * 1000
        told += f"; others: {others or 'none'}; the longest took {longest:.0f} ms"
        if not self.caches:
            return told
        reasons = ", ".join(f"{n} {why}" for why, n in sorted(self.fallbacks.items()))
        caches = ", ".join(f"{n} {name}" for name, n in sorted(self.caches.items()))
        told += f"; of {self.caches.total()} recommendations {self.fallbacks.total()} fell back"
        return f"{told} ({reasons or 'none'}), by cache: {caches}"

    def note(self, told: Any) -> None:
        """Count what an answer says of itself; only recommendations do."""
        if isinstance(told, dict) and "fallback" in told:
            self.caches[told["cache"]] += 1
            if told["fallback"] is not None:
                self.fallbacks[told["fallback"]] += 1

    @property
    def is_whole(self) -> bool:
        """Whether every request was answered well, if need be at a repeat."""
        return self.answered + self.repeated == self.sent > 0

    def is_by_model(self, cold_starts: int, seconds: float) -> bool:
        """Whether recommendations are the model's, but for a moment after each cold start.

        Args:
            cold_starts: how often caches were emptied: by another bundle, or in a new process.
            seconds: for how long requests came.
        """
        lists, fallbacks = self.caches.total(), self.fallbacks
        explained = lists * min(1.0, cold_starts * COLD_SECONDS / seconds)
        return lists > 0 and {*fallbacks} <= COLD_REASONS and fallbacks.total() <= explained


Ask = Callable[[httpx.AsyncClient, int], Any]


class Load:
    """Requests at a fixed rate, from a thread of its own, for as long as a block runs.

    Two of four keep their connections, as proxies do; the others open one each, so that every
    process gets some.

    Args:
        address: of the service.
        ask: sends the request of a number.
        per_second: the rate; nobody waits for an answer to send the next one.

    Attributes:
        tally: what came of them.
        seconds: for how long they came, once the block has ended.
    """

    def __init__(self, address: str, ask: Ask, per_second: float = 40.0) -> None:
        self.tally, self.seconds = Tally(), 0.0
        self._address, self._ask, self._pause = address, ask, 1 / per_second
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    async def _run(self) -> None:
        began = due = time.perf_counter()
        async with self._client(50) as keeping, self._client(0) as opening:
            tasks: set[asyncio.Task[None]] = set()
            while not self._is_over.is_set():
                number = self.tally.sent
                client = keeping if number % 4 < 2 else opening
                task = asyncio.create_task(self._send(client, number))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                self.tally.sent += 1
                due += self._pause
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.seconds = time.perf_counter() - began
            await asyncio.gather(*tasks)

    def _client(self, kept: int) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=kept)
        return httpx.AsyncClient(base_url=self._address, timeout=15, limits=limits)

    async def _send(self, client: httpx.AsyncClient, number: int) -> None:
        started = time.perf_counter()
        for attempt in (1, 2):
            try:
                answer = await self._ask(client, number)
            except httpx.TransportError as error:
                if attempt == 1:
                    self.tally.broken_first[type(error).__name__] += 1
                else:
                    self.tally.broken[type(error).__name__] += 1
                    return
                await asyncio.sleep(REPEAT_PAUSE_SECONDS)
                continue
            self.tally.seconds.append(time.perf_counter() - started)
            if answer.status_code >= 400:
                self.tally.statuses[answer.status_code] += 1
                return
            self.tally.note(answer.json())
            if attempt == 1:
                self.tally.answered += 1
            else:
                self.tally.repeated += 1
            return
