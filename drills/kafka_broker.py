"""A Kafka of one node on this machine: Apache's own jars in KRaft mode, on loopback, no Docker.

    python -m drills.kafka_broker FOLDER [--port 9092] [--topic plays] [--partitions 3]

Belongs here: starting it, ending it in either way, and its topics. Does not belong here: its jars
(kafka_jars.py), or what is sent through it.

What it was sent stays in its folder: started again there on its port, it goes on.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from drills.kafka_jars import kafka_jars
from drills.processes import LOOPBACK, free_port

READY_SECONDS = 60
# One partition of offsets in place of 50, and nothing waits for other members of a group.
_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/log
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""
_JAVA = ("java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


class Broker:
    """A broker whose data lies in a folder.

    Args:
        folder: its own; made where it is missing.
        port: where it listens; a free one by default.

    Raises:
        NoJarsError: its jars cannot be had.
    """

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._folder = folder
        self._jars = kafka_jars()
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = folder / "server.properties"
        self.port = port or free_port()
        if not self._settings.exists():
            self._format()

    @property
    def address(self) -> str:
        """`host:port`, as `KPOP_KAFKA` has it."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def command(self) -> list[str]:
        """What starts it, for who keeps it running in another way than `start`."""
        return [*self._java(), "kafka.Kafka", str(self._settings)]

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            TimeoutError: it does not answer in time; what it said stands in its folder.
        """
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log)
        process = self._process
        try:
            self.wait(lambda: process.poll() is not None)
        except TimeoutError:
            self.kill()
            raise

    def wait(self, has_ended: Callable[[], bool] = lambda: False) -> None:
        """Wait until it answers, whoever started it.

        Raises:
            TimeoutError: it does not answer in time, or has ended.
        """
        until = time.monotonic() + READY_SECONDS
        while not self.answers():
            if time.monotonic() > until or has_ended():
                raise TimeoutError(f"Kafka does not start: see {self._folder / 'broker.log'}")
            time.sleep(0.2)

    def answers(self) -> bool:
        """Whether it answers now."""
        try:
            return bool(self._admin().list_topics(timeout=1).brokers)
        except KafkaException:
            return False

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def create_topic(self, name: str, partitions: int = 3) -> None:
        """Make a topic."""
        admin = self._admin()
        admin.create_topics([NewTopic(name, partitions, 1)])[name].result(READY_SECONDS)

    def resident_mb(self) -> float:
        """Memory that it holds now."""
        if self._process is None:
            return 0.0
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * 4096 / 1e6

    def _format(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        text = _PROPERTIES.format(
            host=LOOPBACK, port=self.port, controller=free_port(), folder=self._folder.absolute()
        )
        self._settings.write_text(text)
        command = [*self._java(), "kafka.tools.StorageTool", "format", "--config"]
        command += [str(self._settings), "--cluster-id", uuid.uuid4().hex[:22]]
        subprocess.run(command, check=True, capture_output=True, timeout=READY_SECONDS)

    def _java(self) -> list[str]:
        return [*_JAVA, "-cp", f"{self._jars}/*"]

    def _admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.address, "log_level": 0})

    def _end(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(sign)
            self._process.wait(READY_SECONDS)
            self._process = None


def main() -> None:
    """Run a broker until it is interrupted."""
    parser = argparse.ArgumentParser(prog="python -m drills.kafka_broker", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--topic", default="plays")
    parser.add_argument("--partitions", type=int, default=3)
    asked = parser.parse_args()
    is_new = not asked.folder.exists()
    broker = Broker(asked.folder, asked.port)
    broker.start()
    try:
        if is_new:
            broker.create_topic(asked.topic, asked.partitions)
        print(f"Kafka answers on {broker.address}; export KPOP_KAFKA={broker.address}")
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        broker.stop()


if __name__ == "__main__":
    main()
