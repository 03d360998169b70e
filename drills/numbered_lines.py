"""Numbered plays and feedback by HTTP, each batch sent until it is accepted, and what came of them.

Belongs here: lines with ids of their own, sending them while something else happens, and counting
each in landing files and tables. Does not belong here: what is done to the server meanwhile
(serving_plays.py, composed.py).

Batches are due at fixed moments, whatever the server does; whoever gets no 202 sends the same batch
again until it does. Simulated data.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from kpop_assets.contracts.feedback import ACTIONS, FEEDBACK
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_start_ms, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.journal.segments import journal_root, kinds_in, segments_in

BATCH_LINES, LEFT_AFTER_SECONDS = 20, 120.0
_AGAIN_SECONDS = 0.2
_AT_ONCE = 64
# By which lines of a drill are told from a data folder's others.
_MARK = "sent-"


def a_sent_play(number: int, base_ms: int) -> dict[str, object]:
    """A play of its own."""
    return {
        "event_id": f"{_MARK}{number}",
        "user_id": f"listener {number % 9973}",
        "track_id": f"t{number % 997}",
        "played_at": base_ms + number,
        "played_ms": 180_000,
    }


def a_sent_feedback(number: int, base_ms: int) -> dict[str, object]:
    """Something that was done, of its own."""
    return {
        "event_id": f"{_MARK}{number}",
        "user_id": f"listener {number % 9973}",
        "track_id": f"t{number % 997}",
        "acted_at": base_ms + number,
        "action": ACTIONS[number % len(ACTIONS)],
    }


_MAKERS = {PLAYS.name: a_sent_play, FEEDBACK.name: a_sent_feedback}


class NumberedLines:
    """Lines of a kind, sent from a thread of its own for as long as a block runs.

    Args:
        address: of the server.
        table: of the kind.
        rate: lines a second.
        most: lines after which it is over; None sends until the block ends.

    Attributes:
        table: as given.
        day: of all lines: yesterday.
        line_count: lines; once the block has ended accepted, or left after two minutes.
        request_count: requests, repeats too.
        failures: requests without a 202, by what came in its place.
        seconds: until the last line was accepted.
    """

    def __init__(self, address: str, table: Table, rate: float, most: int | None = None) -> None:
        self.table = table
        self.day: dt.date = seoul_now().date() - dt.timedelta(days=1)
        self.line_count = self.request_count = 0
        self.failures: Counter[str] = Counter()
        self.seconds = 0.0
        self._address, self._rate, self._most = address, rate, most
        self._is_over, self._is_dropped = threading.Event(), threading.Event()
        self._thread = ThreadPoolExecutor(1, f"sends {table.name}")

    def __enter__(self) -> NumberedLines:
        self._sending = self._thread.submit(asyncio.run, self._send())
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._most is None or kind is not None:
            self._is_over.set()
            # Nobody may be there any more who accepts what is left.
            wait([self._sending], LEFT_AFTER_SECONDS if kind is None else 0)
            self._is_dropped.set()
        self._thread.shutdown()
        if kind is None:
            self._sending.result()

    async def _send(self) -> None:
        began, base_ms = time.monotonic(), day_start_ms(self.day)
        make, room, batches = _MAKERS[self.table.name], asyncio.Semaphore(_AT_ONCE), []
        async with httpx.AsyncClient(base_url=self._address, timeout=10) as client:
            while not self._is_over.is_set() and self.line_count != self._most:
                due = began + self.line_count / self._rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                end = min(
                    self.line_count + BATCH_LINES, self._most or self.line_count + BATCH_LINES
                )
                lines = [make(number, base_ms) for number in range(self.line_count, end)]
                self.line_count = end
                batches.append(asyncio.create_task(self._until_accepted(client, lines, room)))
            await asyncio.gather(*batches)
        self.seconds = time.monotonic() - began

    async def _until_accepted(
        self, client: httpx.AsyncClient, lines: list[dict[str, object]], room: asyncio.Semaphore
    ) -> None:
        body = json.dumps({self.table.name: lines}).encode()
        route, headers = f"/v1/{self.table.name}", {"Content-Type": "application/json"}
        while not self._is_dropped.is_set():
            async with room:
                self.request_count += 1
                try:
                    answer = await client.post(route, content=body, headers=headers)
                    failed = str(answer.status_code)
                except httpx.HTTPError as error:
                    failed = type(error).__name__
            if failed == "202" and answer.json()["accepted"] == len(lines):
                return
            if failed in ("202", "400", "404", "422"):
                raise RuntimeError(f"lines of a drill are refused: {answer.text}")
            self.failures[failed] += 1
            await asyncio.sleep(_AGAIN_SECONDS)


@dataclass(frozen=True)
class LineAccount:
    """What came of lines that were sent and accepted.

    Attributes:
        kind: of the lines.
        sent: how many.
        landed: of them, how many stand in landing files.
        landed_lines: in how many lines there.
        rows: rows of the table that are theirs.
        in_table: how many of them have one.
        messages: by Kafka alone: that were taken from it.
        odd_messages: by Kafka alone: taken twice or left out.
        past_kafka: by Kafka alone: landed lines that did not come through it.
    """

    kind: str
    sent: int
    landed: int
    landed_lines: int
    rows: int
    in_table: int
    messages: int | None = None
    odd_messages: int = 0
    past_kafka: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether each was landed and is one row, and nothing was taken twice."""
        each_once = self.sent == self.landed == self.in_table == self.rows > 0
        return each_once and not self.odd_messages and not self.past_kafka

    def __str__(self) -> str:
        lost, doubled = self.sent - self.in_table, self.rows - self.in_table
        told = f"{self.kind}: {self.sent:,} sent, {self.landed:,} landed (in {self.landed_lines:,} "
        told += f"lines), {self.rows:,} rows: {lost:,} lost, {doubled:,} doubled"
        if self.messages is None:
            return told
        told += f"; {self.messages:,} messages of Kafka, {self.odd_messages:,} of them taken twice "
        return f"{told}or left out, {self.past_kafka:,} lines past it"


def account_of_lines(home: Path, sent: NumberedLines, is_by_kafka: bool = False) -> LineAccount:
    """Count what was sent in landing files and in the table that the graph filled from them."""
    table = sent.table
    landed = landed_events(home, table)
    found = LakeReader(home / "lake").rows(table, columns=["event_id"])["event_id"]
    rows = Counter(name for name in found if name and name.startswith(_MARK))
    there, odd, past = None, 0, 0
    if is_by_kafka:
        messages = deliveries(home, table)
        there = len(messages)
        odd = messages.total() - there + len(left_out(messages))
        past = sum(not line.get("delivery") for line in lines_with(home, table, f'"{_MARK}'))
    return LineAccount(
        kind=table.name,
        sent=sent.line_count,
        landed=len(landed),
        landed_lines=landed.total(),
        rows=rows.total(),
        in_table=len(rows),
        messages=there,
        odd_messages=odd,
        past_kafka=past,
    )


def landed_events(home: Path, table: Table = PLAYS) -> Counter[str]:
    """How often each line that was sent stands in the landing files."""
    return Counter(line["event_id"] for line in lines_with(home, table, f'"{_MARK}'))


def deliveries(home: Path, table: Table = PLAYS) -> Counter[str]:
    """How often each message of a topic stands in the landing files: topic/partition/offset."""
    return Counter(line["delivery"] for line in lines_with(home, table, '"delivery"'))


def left_out(messages: Counter[str]) -> list[str]:
    """Messages that are not there, though later ones of their partitions are."""
    offsets: dict[str, set[int]] = defaultdict(set)
    for name in messages:
        partition, _, offset = name.rpartition("/")
        offsets[partition].add(int(offset))
    return [
        f"{partition}/{offset}"
        for partition, there in offsets.items()
        for offset in range(max(there))
        if offset not in there
    ]


def lines_with(home: Path, table: Table, text: str) -> Iterator[dict[str, Any]]:
    """Landed lines of a kind in which a text stands; others may be no JSON at all."""
    landing = home / "landing"
    for day in list_days(landing, table.name):
        for path in list_landed(landing, day, table.name):
            with path.open(encoding="utf-8") as file:
                yield from (json.loads(line) for line in file if text in line)


def left_in_journals(home: Path) -> int:
    """Segments that nobody landed."""
    root = journal_root(home)
    return sum(len(segments_in(root / kind)) for kind in kinds_in(root))
