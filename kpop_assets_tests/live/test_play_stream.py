"""`kpop stream plays`: the hours are those of plain Python, from files and from a real Kafka."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.contracts.live_plays import LIVE_PLAYS, LIVE_PLAYS_HOURLY
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.engine.jars import jars_conf, kafka_coordinates
from kpop_assets.lake.errors import EngineError
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.persons import person_ids
from kpop_assets.live.checkpoints import EVER
from kpop_assets.live.play_intake import LandedPlays, PlaySource
from kpop_assets.live.play_stream import LivePlays, PlayBatch
from kpop_assets.settings import Settings
from kpop_assets_tests.recommend.play_days import DAY, hours, play

NEXT = DAY + dt.timedelta(days=1)


def plays_of(users: int, first: int) -> list[dict[str, Any]]:
    """Plays of two days, each known by its track; a bot and repeats among them."""
    found = [
        play(f"u{n % users}", (n * 4_777) % 172_800, f"t{first + n}", event_id=f"e{n // 2}")
        for n in range(40)
    ]
    found += [play("bot", 3_600 + n, f"b{first + n}", played_ms=1_500_000) for n in range(9)]
    return found


def message(one: dict[str, Any]) -> bytes:
    line = {name: one[name] for name in ("user_id", "track_id", "event_id", "played_ms")}
    return json.dumps(line | {"played_at": int(one["played_at"].timestamp() * 1000)}).encode()


def run(lake: Lake, source: PlaySource) -> list[PlayBatch]:
    batches: list[PlayBatch] = []
    LivePlays(lake, source, batches.append, today=lambda: NEXT).run(None, threading.Event())
    return batches


def streamed(lake: Lake) -> dict[tuple, int]:
    rows = lake.arrow(LIVE_PLAYS_HOURLY, *EVER).to_pylist()
    return {(r["ingest_date"], r["user_id"], r["hour"]): r["play_count"] for r in rows}


def expected(settings: Settings, plays: list[dict[str, Any]]) -> Counter:
    """What plain Python counts, by the ids that stand in the tables."""
    ids = person_ids(settings.landing, PLAYS.name)
    return hours([one | {"user_id": ids.id_of(one["user_id"])} for one in plays])


@pytest.mark.spark_only
@pytest.mark.timeout(300)
def test_hours_of_landed_plays_are_those_of_plain_python(
    settings: Settings, lake: Lake, tmp_path: Path
):
    source = LandedPlays(settings.landing)
    sent: list[dict[str, Any]] = []
    for number in range(2):
        plays = plays_of(4, 1000 * number)
        path = tmp_path / f"{number}.json"
        # The first part comes again with the second.
        path.write_bytes(
            b"\n".join(map(message, [*sent[:10], *plays])) + b"\n" + b"{" * (number + 1)
        )
        import_files("landing-plays", path, settings.landing)
        sent += plays
        batches = run(lake, source)
        assert sum(batch.unusable_count for batch in batches) == 1
        assert streamed(lake) == expected(settings, sent)
    assert run(lake, source) == []
    assert lake.row_count(LIVE_PLAYS) == len(sent)


@pytest.mark.spark_only
def test_days_that_are_no_longer_kept_are_counted_and_left_out(
    settings: Settings, lake: Lake, tmp_path: Path
):
    old = play("u", -40 * 86_400)
    (tmp_path / "a.json").write_bytes(b"\n".join(map(message, [old, play("u", 5)])))
    import_files("landing-plays", tmp_path / "a.json", settings.landing)
    batches = run(lake, LandedPlays(settings.landing))
    assert (sum(b.line_count for b in batches), sum(b.old_count for b in batches)) == (2, 1)
    assert sum(streamed(lake).values()) == 1


def test_the_jars_that_read_kafka_are_asked_for_where_a_cluster_is_named(tmp_path: Path):
    assert kafka_coordinates() not in jars_conf("", {})["spark.jars.packages"]
    packages = jars_conf("", {}, has_kafka=True)["spark.jars.packages"]
    assert packages.endswith(f",{kafka_coordinates()}")
    for name in ("delta-spark_4.2_2.13-4.4.0.jar", "delta-storage-4.4.0.jar"):
        (tmp_path / name).touch()
    with pytest.raises(EngineError, match=r"lacks spark-sql-kafka-0-10_2\.13"):
        jars_conf(str(tmp_path), {}, has_kafka=True)
    others = ("org.apache.spark_spark-sql-kafka-0-10_2.13-4.2.0", "kafka-clients-3.9.2")
    others = (*others, "spark-token-provider-kafka-0-10_2.13-4.2.0", "commons-pool2-2.13.1")
    for name in others:
        (tmp_path / f"{name}.jar").touch()
    assert "kafka-clients" in jars_conf(str(tmp_path), {}, has_kafka=True)["spark.jars"]
