"""`kpop take`: messages of a topic become landing files, batch by batch, until it is stopped.

Belongs here: what of a message becomes a line, and when a batch is landed. Does not belong here:
the client (topic.py), or how a batch is landed whole and once (handover.py).
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from kpop_assets.contracts.record import Record
from kpop_assets.landing.door import door_of
from kpop_assets.landing.kafka.handover import Handover, Positions
from kpop_assets.landing.kafka.message_lines import MessageLines
from kpop_assets.landing.sources.base import Repairs

# A batch is landed when it is so large, or its first message waited so long.
BATCH_LINES = 100_000
_READ_AT_ONCE = 10_000
_READ_SECONDS = 0.5


class Delivery(NamedTuple):
    """One message.

    Attributes:
        partition, offset: where in the topic it stands.
        received_ms: when the cluster got it.
        value: its text; None where it has none.
    """

    partition: int
    offset: int
    received_ms: int
    value: bytes | None


class Deliveries(Protocol):
    """A topic, as topic.py has it."""

    name: str

    @property
    def is_at_end(self) -> bool:
        """Whether all that was there was read."""

    def read(self, most: int, seconds: float) -> list[Delivery]:
        """What comes within a time, in each partition's order."""

    def commit(self, next_offsets: Mapping[int, int]) -> bool:
        """Tell how far it was taken; False where nobody listens."""


@dataclass(frozen=True)
class Batch:
    """What one batch brought.

    Attributes:
        number: of the batch, from 1.
        line_count: lines that were landed.
        empty_count: messages without a text, which a line cannot be.
        files: the files that were landed.
        is_committed: whether the cluster was told; where it was not, we know all the same.
        repairs: what was left out of lines.
    """

    number: int
    line_count: int
    empty_count: int
    files: list[Path]
    is_committed: bool
    repairs: Counter[str]


class Taker:
    """Takes one topic into one landing folder; one process at a time.

    Args:
        record: the kind of the lines.
        root: the landing folder.
        batch_lines: lines after which a batch is landed.

    Raises:
        LandingError: the key of listeners cannot be used, or a file not be moved.
    """

    def __init__(self, record: Record, root: Path, batch_lines: int = BATCH_LINES) -> None:
        self._lines = MessageLines(record, door_of(record, root))
        self._handover = Handover(root, record.kind)
        self._batch_lines = batch_lines
        self.positions: Positions = self._handover.recover()

    def run(
        self,
        topic: Deliveries,
        every_seconds: float | None,
        stop: threading.Event,
        report: Callable[[Batch], None],
    ) -> None:
        """Land what comes until `stop` is set; without an interval, what is there, and end.

        What was read when it is stopped is landed first.

        Raises:
            KafkaError: the cluster refuses us.
            LandingError: a file cannot be written; nothing is lost.
        """
        pending: list[Delivery] = []
        since = time.monotonic()
        while not stop.is_set():
            room = self._batch_lines - len(pending)
            read = topic.read(min(room, _READ_AT_ONCE), _READ_SECONDS)
            since = since if pending else time.monotonic()
            pending += read
            is_over = every_seconds is None and topic.is_at_end and not read
            has_waited = every_seconds is not None and time.monotonic() - since >= every_seconds
            if pending and (len(pending) >= self._batch_lines or has_waited or is_over):
                report(self._land(topic, pending))
                pending = []
            if is_over:
                break
        if pending:
            report(self._land(topic, pending))

    def _land(self, topic: Deliveries, messages: list[Delivery]) -> Batch:
        repairs: Repairs = Counter()
        days: dict[dt.date, list[bytes]] = defaultdict(list)
        offsets = dict(self.positions.next_offsets)
        empty = 0
        for message in messages:
            offsets[message.partition] = message.offset + 1
            if message.value is None:
                empty += 1
            else:
                delivery = f"{topic.name}/{message.partition}/{message.offset}"
                received = message.received_ms
                day, line = self._lines.line(message.value, received, delivery, repairs)
                days[day].append(line)
        number = self.positions.batch_count + 1
        positions = Positions(topic.name, offsets, number)
        files = self._handover.land(days, messages[0].received_ms, positions)
        self.positions = positions
        count = sum(map(len, days.values()))
        return Batch(number, count, empty, files, topic.commit(offsets), repairs)
