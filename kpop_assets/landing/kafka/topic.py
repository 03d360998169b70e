"""A topic of a Kafka cluster, read from where we left it.

Belongs here: the client, and what its answers mean. Does not belong here: what becomes of messages
(taker.py) or how far they were taken (handover.py).

One process takes a topic: partitions are assigned and not shared out by a group, so nothing is
ever taken by two. What is committed to the group tells others how far we are; we ourselves go by
what stands on our disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple, TypeVar

from kpop_assets.landing.kafka.errors import KafkaError
from kpop_assets.landing.kafka.taker import Delivery
from kpop_assets.landing.sources.base import ingest_day

GROUP = "kpop-take"

_ANSWER_SECONDS = 30.0
_AGAIN_SECONDS = 0.5
_Answer = TypeVar("_Answer")
# A broker that was ended comes back, and the client goes on by itself. Names are what its errors
# are called by; their numbers it keeps to itself.
_END_OF_PARTITION = "_PARTITION_EOF"
_MAY_COME_BACK = frozenset(
    {
        *("_ALL_BROKERS_DOWN", "_TRANSPORT", "_TIMED_OUT", "_RESOLVE", "_MAX_POLL_EXCEEDED"),
        *("LEADER_NOT_AVAILABLE", "NOT_LEADER_FOR_PARTITION", "REQUEST_TIMED_OUT"),
        *("UNKNOWN_TOPIC_OR_PART", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"),
        "COORDINATOR_LOAD_IN_PROGRESS",
    }
)
_START_ANEW = "take a topic of another name, or move landing/<kind>/.take away to begin anew"

try:
    from confluent_kafka import (
        OFFSET_BEGINNING,
        Consumer,
        KafkaException,
        Message,
        TopicPartition,
    )
except ImportError as error:
    raise KafkaError(
        "taking from Kafka needs the package confluent-kafka",
        "pip install 'kpop-assets[kafka]'",
    ) from error


class Lost(NamedTuple):
    """Messages that the cluster removed before they were taken."""

    partition: int
    message_count: int


class Topic:
    """The messages of a topic, in each partition's order.

    Args:
        servers: `host:port[,host:port]`.
        name: of the topic.

    Raises:
        KafkaError: no cluster answers, or it has no such topic.
    """

    def __init__(self, servers: str, name: str) -> None:
        self.name = name
        self._servers = servers
        self._ended: set[int] = set()
        self._consumer = Consumer(
            {
                "bootstrap.servers": servers,
                "group.id": GROUP,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                # What it says of brokers that went is said again by what we do.
                "log_level": 0,
            }
        )
        self.partitions = self._find_partitions()

    def begin(self, next_offsets: Mapping[int, int]) -> list[Lost]:
        """Read on from these offsets; without one from where the group is, else the start.

        Returns:
            What the cluster removed meanwhile.

        Raises:
            KafkaError: the topic ends before an offset: it was deleted and made anew.
        """
        places = [TopicPartition(self.name, number) for number in self.partitions]
        committed = self._asked(lambda: self._consumer.committed(places, timeout=_ANSWER_SECONDS))
        edges = [
            self._asked(partial(self._consumer.get_watermark_offsets, p, timeout=_ANSWER_SECONDS))
            for p in places
        ]
        lost = []
        for place, group, (first, end) in zip(places, committed, edges, strict=True):
            known = next_offsets.get(place.partition)
            if known is not None and known > end:
                raise KafkaError(
                    f"topic {self.name} was made anew: partition {place.partition} ends at {end}, "
                    f"and was taken up to {known}",
                    _START_ANEW,
                )
            if known is not None and known < first:
                lost.append(Lost(place.partition, first - known))
            place.offset = known if known is not None else group.offset
            if place.offset < 0:
                place.offset = OFFSET_BEGINNING
        self._consumer.assign(places)
        return lost

    def read(self, most: int, seconds: float) -> list[Delivery]:
        """Messages that come within a time; none where nothing does, or nobody answers.

        Raises:
            KafkaError: the cluster refuses us.
        """
        found = []
        for message in self._consumer.consume(most, seconds):
            fault, partition = message.error(), message.partition()
            if fault is None and partition is not None:
                self._ended.discard(partition)
                found.append(_delivery(message, partition))
            elif fault is not None and fault.name() == _END_OF_PARTITION and partition is not None:
                self._ended.add(partition)
            elif fault is not None and not (fault.retriable() or fault.name() in _MAY_COME_BACK):
                raise KafkaError(f"topic {self.name} cannot be read: {fault.str()}")
        return found

    @property
    def is_at_end(self) -> bool:
        """Whether every partition was read to its end."""
        return self._ended >= set(self.partitions)

    def commit(self, next_offsets: Mapping[int, int]) -> bool:
        """Tell the cluster how far we are; False where it does not answer, which costs nothing."""
        places = [TopicPartition(self.name, n, offset) for n, offset in next_offsets.items()]
        try:
            self._consumer.commit(offsets=places, asynchronous=False)
        except KafkaException:
            return False
        return True

    def close(self) -> None:
        """Leave the cluster."""
        self._consumer.close()

    def _find_partitions(self) -> list[int]:
        found = self._asked(lambda: self._consumer.list_topics(self.name, timeout=_ANSWER_SECONDS))
        numbers = sorted(found.topics[self.name].partitions)
        if not numbers:
            raise KafkaError(
                f"{self._servers} has no topic {self.name}", "make it, or name another with --topic"
            )
        return numbers

    def _asked(self, ask: Callable[[], _Answer]) -> _Answer:
        """An answer of the cluster; one that has just been started is not ready at once."""
        until = time.monotonic() + _ANSWER_SECONDS
        while True:
            try:
                return ask()
            except KafkaException as error:
                fault = error.args[0]
                if fault.name() not in _MAY_COME_BACK or time.monotonic() > until:
                    raise KafkaError(
                        f"no Kafka answers at {self._servers}: {fault.str()}",
                        "start it, or mend KPOP_KAFKA",
                        may_pass=True,
                    ) from error
            time.sleep(_AGAIN_SECONDS)


def _delivery(message: Message, partition: int) -> Delivery:
    stated = message.timestamp()[1]
    # A producer may state any time, or none.
    received_ms = stated if ingest_day(stated) else time.time_ns() // 1_000_000
    return Delivery(partition, message.offset() or 0, received_ms, message.value())
