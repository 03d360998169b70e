"""`kpop take` in a data folder: one process, from where the last one was, until it is stopped.

Belongs here: what a process sets up around the taking. Does not belong here: taking (taker.py).
"""

from __future__ import annotations

from collections.abc import Callable

from kpop_assets.contracts.record import Record
from kpop_assets.lake.lock import locked
from kpop_assets.landing.kafka.errors import KafkaError
from kpop_assets.landing.kafka.taker import BATCH_LINES, Batch, Taker
from kpop_assets.settings import Settings
from kpop_assets.stopping import stopped_by_signals


def take(
    settings: Settings,
    record: Record,
    topic_name: str,
    every_seconds: float | None,
    report: Callable[[Batch], None],
    warn: Callable[[str], None],
    batch_lines: int = BATCH_LINES,
) -> None:
    """Take a topic into the landing folder until SIGINT or SIGTERM.

    Args:
        settings: cluster and landing folder.
        record: the kind of the lines.
        topic_name: the topic.
        every_seconds: how long a message waits at most; None takes what is there, and ends.
        report: called after each batch.
        warn: called with what cannot be mended, such as messages that the cluster removed.
        batch_lines: lines after which a batch is landed.

    Raises:
        KafkaError: no cluster is named, none answers, or its topic does not go on where we were.
        LandingError: a file cannot be written, or the key of listeners cannot be used.
        InUseError: another process takes this kind into this folder.
    """
    if not settings.kafka:
        raise KafkaError("no Kafka is named", "set KPOP_KAFKA=host:port")
    # Its package is an extra.
    from kpop_assets.landing.kafka.topic import Topic

    with stopped_by_signals() as stop, locked(settings.home / ".locks", f"take/{record.kind}", 0):
        taker = Taker(record, settings.landing, batch_lines)
        known = taker.positions
        if known.topic not in ("", topic_name):
            raise KafkaError(
                f"{settings.landing} takes topic {known.topic}, not {topic_name}",
                f"name that, or move {record.kind}/.take away to begin with another",
            )
        topic = Topic(settings.kafka, topic_name)
        try:
            for lost in topic.begin(known.next_offsets):
                warn(
                    f"partition {lost.partition} of {topic_name}: {lost.message_count:,} messages "
                    "were removed by the cluster before they were taken"
                )
            taker.run(topic, every_seconds, stop, report)
        finally:
            topic.close()
