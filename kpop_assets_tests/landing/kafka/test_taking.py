"""`kpop take` from a real Kafka, both killed: each message is landed once, and nobody by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confluent_kafka import Producer

from drills.kafka_broker import Broker
from drills.processes import KPOP
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.days import day_start_ms, seoul_now
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.kafka.errors import KafkaError
from kpop_assets.landing.kafka.topic import Topic

# Of its own: the broker is that of other tests, too.
TOPIC = "heard"
NAME = "kim.minji@mail.test"
EARLIER = day_start_ms(seoul_now().date()) - 86_400_000


def send(broker: Broker, first: int, count: int) -> None:
    producer = Producer({"bootstrap.servers": broker.address, "acks": "all"})
    for number in range(first, first + count):
        play = {"user_id": NAME, "track_id": f"t{number}", "played_at": EARLIER + number * 1000}
        producer.produce(TOPIC, json.dumps(play).encode())
    assert producer.flush(60) == 0


def command(home: Path, broker: Broker, *arguments: str) -> subprocess.Popen[bytes]:
    environ = os.environ | {"KPOP_HOME": str(home), "KPOP_KAFKA": broker.address}
    words = [*KPOP, "take", "plays", "--topic", TOPIC, "--batch", "40", *arguments]
    with said_in(home).open("ab") as said:
        return subprocess.Popen(words, env=environ, stdout=said, stderr=said)


def said_in(home: Path) -> Path:
    return home.with_name("said.txt")


def landed(root: Path) -> list[dict]:
    kind = PLAY_LINES.kind
    paths = [path for day in list_days(root, kind) for path in list_landed(root, day, kind)]
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


@pytest.mark.timeout(600)
def test_consumer_and_broker_are_killed_and_each_message_is_landed_once(
    broker: Broker, tmp_path: Path
):
    home = tmp_path / "home"
    broker.create_topic(TOPIC)
    send(broker, 0, 300)
    taking = command(home, broker, "--every", "1")
    while not landed(home / "landing"):
        assert taking.poll() is None, said_in(home).read_text()
        time.sleep(0.05)
    taking.kill()
    taking.wait()
    broker.kill()
    broker.start()
    send(broker, 300, 200)
    for _ in range(2):
        done = command(home, broker, "--once")
        assert done.wait(120) == 0, said_in(home).read_text()
    lines = landed(home / "landing")
    assert len({line["delivery"] for line in lines}) == len(lines) == 500
    assert {line["track_id"] for line in lines} == {f"t{number}" for number in range(500)}
    assert all(line["received_at"] >= line["played_at"] for line in lines)
    stored = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert NAME.encode() not in stored


def test_a_topic_that_was_made_anew_or_is_not_there_is_said(broker: Broker):
    with pytest.raises(KafkaError, match="has no topic nothing"):
        Topic(broker.address, "nothing")
    broker.create_topic("anew", 1)
    topic = Topic(broker.address, "anew")
    with pytest.raises(KafkaError, match="was made anew: partition 0 ends at 0"):
        topic.begin({0: 5})
    topic.close()


def test_without_its_package_one_line_says_what_to_install():
    code = (
        "import sys; sys.modules['confluent_kafka'] = None\n"
        "from kpop_assets.errors import KpopError\n"
        "try:\n    import kpop_assets.landing.kafka.topic\n"
        "except KpopError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "taking from Kafka needs the package confluent-kafka: pip install 'kpop-assets[kafka]'\n"
    )
