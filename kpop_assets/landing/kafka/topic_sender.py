"""Lines into the topics of a Kafka cluster, all of them or none that counts.

Belongs here: the client that sends. Does not belong here: where the lines lie until they are sent
(landing/journal/), or taking them out again (topic.py).

Lines that were sent before an error are sent again with the rest: a topic may hold a line twice,
and the tables count it once by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpop_assets.landing.kafka.errors import KafkaError

# What waits behind it, other kinds too, is landed only afterwards.
_SEND_SECONDS = 5.0
# What the client holds at a time.
_MOST_QUEUED = 100_000

try:
    from confluent_kafka import KafkaError as ClientError
    from confluent_kafka import KafkaException, Message, Producer
except ImportError as error:
    raise KafkaError(
        "sending to Kafka needs the package confluent-kafka",
        "pip install 'kpop-assets[kafka]'",
    ) from error


class TopicSender:
    """Sends to one cluster.

    Args:
        servers: `host:port[,host:port]`.
    """

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._producer = Producer(
            {
                "bootstrap.servers": servers,
                # What is acknowledged is on every replica in step.
                "acks": "all",
                "enable.idempotence": True,
                "delivery.timeout.ms": int(_SEND_SECONDS * 1000),
                "queue.buffering.max.messages": _MOST_QUEUED,
                "linger.ms": 5,
                # What it says of brokers that went is said again by what we do.
                "log_level": 0,
            }
        )

    def send(self, topic: str, lines: Sequence[bytes]) -> None:
        """Send lines, and wait until the cluster has all of them.

        Raises:
            KafkaError: it has not; all are to be sent again.
        """
        failed: list[ClientError] = []

        def told(fault: ClientError | None, _: Message) -> None:
            if fault is not None:
                failed.append(fault)

        try:
            for line in lines:
                self._produce(topic, line.rstrip(b"\n"), told)
            left = self._producer.flush(_SEND_SECONDS + 1)
        except KafkaException as error:
            raise self._gone(str(error.args[0])) from error
        if failed or left:
            # What is still under way must not come behind the lines that are sent again.
            self._producer.purge()
            self._producer.flush(1)
            raise self._gone(failed[0].str() if failed else "no answer in time")

    def close(self) -> None:
        """Leave the cluster."""
        self._producer.flush(1)

    def _produce(
        self, topic: str, line: bytes, told: Callable[[ClientError | None, Message], None]
    ) -> None:
        while True:
            try:
                self._producer.produce(topic, line, on_delivery=told)
            except BufferError:
                # It takes more once it has sent some.
                self._producer.poll(1)
            else:
                self._producer.poll(0)
                return

    def _gone(self, why: str) -> KafkaError:
        return KafkaError(
            f"the Kafka at {self._servers} takes nothing: {why}",
            "start it, or mend KPOP_KAFKA; what waits is sent once it answers",
            may_pass=True,
        )
