"""`kpop stream plays` from a real Kafka: the hours of plain Python, and nobody by name."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from confluent_kafka import Producer

from drills.kafka_broker import Broker
from drills.processes import KPOP
from kpop_assets.contracts.live_plays import LIVE_PLAYS, LIVE_PLAYS_HOURLY
from kpop_assets.days import SEOUL, day_start_ms, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.persons import person_ids
from kpop_assets.live.checkpoints import EVER

TOPIC = "streamed"
EARLIER = day_start_ms(seoul_now().date()) - 86_400_000
USERS = ("kim.minji@mail.test", "lee", "park")


def send(broker: Broker, numbers: range) -> None:
    producer = Producer({"bootstrap.servers": broker.address, "acks": "all"})
    for number in numbers:
        play = {"user_id": USERS[number % 3], "track_id": "t", "played_at": at(number)}
        producer.produce(TOPIC, json.dumps(play).encode())
    producer.produce(TOPIC, b"no play")
    assert producer.flush(60) == 0


def at(number: int) -> int:
    """Minutes apart, over the whole of yesterday."""
    return EARLIER + number * 240_000


def stream(home: Path, broker: Broker) -> str:
    environ = {"KPOP_HOME": str(home), "KPOP_ENGINE": "spark", "KPOP_KAFKA": broker.address}
    words = [*KPOP, "stream", "plays", "--once", "--topic", TOPIC]
    done = subprocess.run(
        words, env=os.environ | environ, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.spark_only
@pytest.mark.timeout(600)
def test_hours_from_a_topic_are_those_of_plain_python(broker: Broker, tmp_path: Path):
    home = tmp_path / "home"
    broker.create_topic(TOPIC)
    send(broker, range(200))
    assert ", 1 unusable" in stream(home, broker)
    # Half of them come again.
    send(broker, range(100, 300))
    stream(home, broker)
    lake = LakeReader(home / "lake")
    assert lake.row_count(LIVE_PLAYS) == 300
    ids = person_ids(home / "landing", "plays")
    expected = Counter(
        (ids.id_of(USERS[n % 3]), dt.datetime.fromtimestamp(at(n) / 1000, SEOUL).hour)
        for n in range(300)
    )
    rows = lake.arrow(LIVE_PLAYS_HOURLY, *EVER).to_pylist()
    assert {(row["user_id"], row["hour"]): row["play_count"] for row in rows} == expected
    stored = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert USERS[0].encode() not in stored
