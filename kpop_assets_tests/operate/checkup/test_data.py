"""Planted faults of the data folder, each found and named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from dataclasses import replace

import pytest

from kpop_assets.contracts.bronze import EVENTS, QUARANTINE
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.retention import PURGES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.contracts.table import Column
from kpop_assets.lake.reader import LakeReader
from kpop_assets.ml.model_store import cannot_load
from kpop_assets.models.stored import MODEL_TYPES
from kpop_assets.operate.checkup import data
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.settings import Settings
from kpop_assets_tests.operate.checkup.kit import NOW, TODAY, write, write_lake

LATER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def reader(settings: Settings) -> LakeReader:
    write_lake(settings.lake)
    return LakeReader(settings.lake)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def assert_says(finding: Finding, state: str, *words: str) -> None:
    assert finding.state == state, finding
    for word in words:
        assert word in finding.text, finding
    assert finding.advice or state == "ok"


def test_a_whole_lake_is_well(reader: LakeReader):
    assert_says(data.check_tables(reader), "ok", "all ")
    assert_says(data.check_newest_days(reader, NOW), "ok", "2026-11-20")


def test_an_empty_folder_is_no_problem(settings: Settings):
    empty = LakeReader(settings.lake)
    assert_says(data.check_tables(empty), "warning", "none yet")
    assert_says(data.check_clock(empty, NOW), "ok")
    assert_says(data.check_champion(settings, empty), "ok", "none yet")
    assert_says(data.check_retention(settings, empty, NOW), "ok")
    assert_says(data.check_simulated(empty), "ok")
    assert_says(data.check_newest_days(empty, NOW), "warning", "no day yet")
    write(empty.root, PURGES)
    assert_says(data.check_tables(empty), "warning", "none yet")


def test_a_missing_table_is_named(reader: LakeReader):
    shutil.rmtree(reader.location(ARTIST_DAILY))
    assert_says(data.check_tables(reader), "warning", "not yet: silver/artist_daily")


def test_housekeeping_may_have_had_nothing_to_do(reader: LakeReader):
    shutil.rmtree(reader.location(PURGES))
    assert data.check_tables(reader).state == "ok"


def test_a_table_with_another_column_is_named(reader: LakeReader):
    other = Column("surplus", "long", "What no contract names.")
    changed = dataclasses.replace(ARTIST_FEATURES, columns=(*ARTIST_FEATURES.columns, other))
    write(reader.root, changed, {"ingest_date": TODAY})
    assert_says(data.check_tables(reader), "problem", "gold/artist_features was", "surplus")


def test_a_damaged_log_is_named(reader: LakeReader):
    log = reader.location(EVENTS) / "_delta_log" / "00000000000000000000.json"
    log.write_text("{broken")
    assert_says(data.check_tables(reader), "problem", "bronze/events cannot be read")


def test_damaged_data_files_are_named_with_their_days(reader: LakeReader):
    (path,) = reader.location(EVENTS).rglob("ingest_date=*/*.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    finding = data.check_files(reader)
    assert_says(finding, "problem", "damaged: bronze/events (2026-11-20)")
    assert finding.advice == "run `kpop run 2026-11-20 2026-11-20 --select bronze/events`"
    # The same size: only reading it tells.
    path.write_bytes(bytes(len(whole)))
    assert data.check_files(reader).state == "ok"
    assert data.check_files(reader, is_deep=True) == finding
    path.write_bytes(whole)
    assert_says(data.check_files(reader, is_deep=True), "ok", "all were read")


def test_old_data_is_told_with_its_age(reader: LakeReader):
    now = NOW + dt.timedelta(days=5)
    assert_says(data.check_newest_days(reader, now), "warning", "5 days ago")
    assert data.check_newest_days(reader, NOW + dt.timedelta(days=1)).state == "ok"


def test_days_that_are_missing_come_from_where_the_others_came(reader: LakeReader):
    later = NOW + dt.timedelta(days=5)
    without = data.check_newest_days(reader, later, has_key=False).advice
    assert "set KPOP_YOUTUBE_KEY" in without
    assert "kpop fetch" not in without
    assert (
        "`make dev` collects by itself"
        in data.check_newest_days(reader, later, has_key=True).advice
    )
    write_lake(reader.root, source="demo")
    for has_key in (False, True):
        advice = data.check_newest_days(reader, later, has_key).advice
        assert "KPOP_HOME" in advice
        assert "fetch" not in advice
        assert "import" not in advice


def test_a_layer_that_is_behind_is_named(reader: LakeReader):
    write(reader.root, ARTIST_FEATURES, {"ingest_date": ago(2)})
    finding = data.check_newest_days(reader, NOW)
    assert_says(finding, "warning", "behind: gold/artist_features (2026-11-18)")
    assert finding.advice == "`kpop run 2026-11-18 2026-11-20`"


def test_a_day_without_a_damaged_line_is_no_lag(reader: LakeReader):
    write(reader.root, QUARANTINE, {"ingest_date": ago(9)})
    assert data.check_newest_days(reader, NOW).state == "ok"


def test_a_day_of_the_future_tells_a_wrong_clock(reader: LakeReader):
    assert_says(data.check_clock(reader, LATER), "ok")
    past = NOW - dt.timedelta(days=3)
    assert_says(data.check_clock(reader, past), "problem", "bronze/events holds 2026-11-20")


def test_a_commit_of_the_future_tells_a_wrong_clock(reader: LakeReader):
    written = reader.delta(EVENTS).history(1)[0]["timestamp"] / 1000
    at = dt.datetime.fromtimestamp(written, dt.UTC)
    write(reader.root, EVENTS, {"ingest_date": dt.date(2017, 1, 1)})
    write(reader.root, ARTIST_DAILY, {"ingest_date": dt.date(2017, 1, 1)})
    finding = data.check_clock(reader, at - dt.timedelta(hours=1))
    assert_says(finding, "problem", "bronze/events was written later than now")
    assert data.check_clock(reader, at).state == "ok"


def test_a_champion_that_cannot_be_loaded_is_a_problem(reader: LakeReader, settings: Settings):
    uri = f"models:/m-{'0' * 32}"
    write(reader.root, CHAMPION, {"ingest_date": TODAY, "model_uri": uri, "candidate": "best"})

    def fails(model_uri: str) -> object:
        raise cannot_load(model_uri, MODEL_TYPES)

    assert_says(data.check_champion(settings, reader, fails), "problem", uri, "kpop train")
    assert_says(data.check_champion(settings, reader), "problem", uri)
    assert_says(data.check_champion(settings, reader, str), "ok", "best of 2026-11-20 loads")


def test_statistics_past_their_limit_are_a_problem(reader: LakeReader, settings: Settings):
    old = [{"ingest_date": ago(days), "source": "youtube"} for days in (60, 40, 0)]
    write(reader.root, EVENTS, *old)
    limited = replace(settings, retention_days=30)
    finding = data.check_retention(limited, reader, NOW)
    assert_says(finding, "problem", "2 days", str(ago(60)))
    accepted = replace(settings, retention_days=None)
    assert_says(data.check_retention(accepted, reader, NOW), "ok", "accepted")


def test_other_sources_may_be_kept(reader: LakeReader, settings: Settings):
    write(reader.root, EVENTS, {"ingest_date": ago(99), "source": "spotify_chart"})
    assert data.check_retention(settings, reader, NOW).state == "ok"


@pytest.mark.parametrize(
    ("sources", "state", "words"),
    [
        (["youtube"], "ok", "is from youtube"),
        (["demo"], "warning", "SIMULATED"),
        (["demo", "youtube"], "problem", "mixes"),
    ],
)
def test_simulated_data_is_named(reader: LakeReader, sources: list[str], state: str, words: str):
    rows = [{"ingest_date": TODAY, "source": source} for source in sources]
    write(reader.root, EVENTS, *rows)
    assert_says(data.check_simulated(reader), state, words)
