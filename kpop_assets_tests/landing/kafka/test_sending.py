"""Plays of a journal on their way into a real Kafka that goes away: sent once it is back."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

from drills.kafka_broker import Broker
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.landing.journal.journal import Journal
from kpop_assets.landing.journal.lander import land_segments
from kpop_assets.landing.journal.segments import framed, journal_root, segments_in
from kpop_assets.landing.journal.sinks import Sinks, land_left
from kpop_assets.landing.kafka.errors import KafkaError
from kpop_assets.landing.kafka.taker import Batch, Taker
from kpop_assets.landing.kafka.topic import Topic
from kpop_assets.landing.persons import person_ids
from kpop_assets.settings import Settings
from kpop_assets_tests.landing.journal.kit import JOURNAL_DAY, landed_tracks, stored, tracks

PLAYS_KIND, LOG = PLAY_LINES.kind, RECOMMENDATION_LINES.kind


def journalled(settings: Settings, kind: str, *lines: bytes) -> None:
    journal = Journal(journal_root(settings.home) / kind)
    journal.append([*lines]).result(10)
    journal.close()


def test_while_the_cluster_is_gone_plays_wait_on_the_disk_and_the_log_is_landed(
    broker: Broker, tmp_path: Path
):
    settings = Settings(tmp_path / "home", kafka=broker.address)
    root = journal_root(settings.home)
    # As a server has made it by its first line.
    person_ids(settings.landing, PLAYS_KIND)
    broker.create_topic(PLAYS_KIND)
    sinks = Sinks(settings)
    journalled(settings, PLAYS_KIND, *(stored(n) for n in range(10)))
    assert not land_segments(root, sinks.of_kind).errors
    broker.kill()
    journalled(settings, PLAYS_KIND, *(stored(n) for n in range(10, 20)))
    journalled(settings, LOG, framed(JOURNAL_DAY, json.dumps({"track_id": "t1"}).encode() + b"\n"))
    errors = land_segments(root, sinks.of_kind).errors
    assert [type(error) for error in errors.values()] == [KafkaError]
    assert errors[PLAYS_KIND].may_pass
    assert landed_tracks(settings.landing, LOG) == tracks(1)
    # What the graph lands that a killed server left is not what a cluster is to get.
    land_left(settings)
    assert len(segments_in(root / PLAYS_KIND)) == 1
    broker.start()
    assert not land_segments(root, sinks.of_kind).errors
    sinks.close()
    assert segments_in(root / PLAYS_KIND) == []
    assert landed_tracks(settings.landing) == [], "they are landed by whoever takes the topic"
    batches: list[Batch] = []
    topic = Topic(broker.address, PLAYS_KIND)
    taker = Taker(PLAY_LINES, settings.landing)
    topic.begin(taker.positions.next_offsets)
    taker.run(topic, None, threading.Event(), batches.append)
    topic.close()
    # Sent at least once: a line of a try that failed half way may come twice.
    assert sorted(set(landed_tracks(settings.landing)), key=lambda t: int(t[1:])) == tracks(
        *range(20)
    )


def test_without_a_cluster_the_graph_lands_what_a_killed_server_left(tmp_path: Path):
    settings = Settings(tmp_path / "home")
    journalled(settings, PLAYS_KIND, stored(1))
    land_left(replace(settings, kafka="localhost:1"))
    assert landed_tracks(settings.landing) == []
    land_left(settings)
    assert landed_tracks(settings.landing) == tracks(1)
