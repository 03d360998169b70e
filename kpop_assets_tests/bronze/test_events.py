"""Which of several equal events is kept, and what an event is made of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from kpop_assets.bronze.account import select_rows
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.lake.schemas import spark_schema
from kpop_assets_tests.bronze.kit import (
    DAY,
    DAY_MS,
    FEW_ACTS,
    NEXT,
    NOON_MS,
    land,
    line,
    load,
    parse_in_engine,
)
from kpop_assets_tests.bronze.outcomes import places


@pytest.mark.both_engines
def test_of_equal_events_the_first_by_file_name_and_line_is_kept(
    tmp_path: Path, spark: SparkSession
):
    first, second = line(text="first"), line(text="second")
    later, other = line(observed_at=NOON_MS + 1), line(video_id="v2")
    land(tmp_path, b"\n".join([b"", second, other, second]), "b.json")
    land(tmp_path, b"\n".join([b"broken", first, second, later]), "a.json")
    land(tmp_path, b"\n".join([other, first]), "c.json")
    # The same observation seen on another day stands in that day's folder, and is wrong there.
    land(tmp_path, first + b"\n" + line(observed_at=NOON_MS + DAY_MS), "a.json", NEXT)
    loaded = load(spark, tmp_path, DAY, NEXT + dt.timedelta(days=1))
    kept = [(r["ingest_date"], r["landing_file"], r["line_number"]) for r in loaded.rows]
    assert kept == [
        (DAY, "a.json", 2),
        (DAY, "a.json", 4),
        (DAY, "b.json", 3),
        (NEXT, "a.json", 2),
    ]
    assert loaded.rows[0]["text"] == "first"
    counts = {(r["ingest_date"], r["landing_file"]): r["duplicate_count"] for r in loaded.files}
    assert counts == {
        (DAY, "a.json"): 1,
        (DAY, "b.json"): 2,
        (DAY, "c.json"): 2,
        (NEXT, "a.json"): 0,
    }
    assert loaded.total("line_count") == 4 + 3 + 2 + 2
    assert loaded.total("quarantine_count") == 2


@pytest.mark.both_engines
def test_of_differing_repeats_the_higher_counter_is_kept_and_the_choice_is_counted(
    tmp_path: Path, spark: SparkSession
):
    views = [50_000, 52_000, None, 52_000, 51_000]
    data = b"\n".join(line(view_count=count, text=f"{i}") for i, count in enumerate(views))
    land(tmp_path, data, "a.json")
    land(tmp_path, line(view_count=51_000), "b.json")
    loaded = load(spark, tmp_path)
    assert [(row["view_count"], row["text"]) for row in loaded.rows] == [(52_000, "1")]
    assert [(r["duplicate_count"], r["differing_count"]) for r in loaded.files] == [(4, 3), (1, 1)]


@pytest.mark.both_engines
def test_a_hidden_or_odd_side_counter_costs_the_field_and_not_the_line(
    tmp_path: Path, spark: SparkSession
):
    lines = [
        line(video_id="v1", view_count=100, like_count=-1, comment_count="-1"),
        line(video_id="v2", view_count=100, like_count="", comment_count="1.2K"),
        line(video_id="v3", view_count=100, like_count=7, duration_seconds=-1),
        line(video_id="v4", view_count=-1, like_count=7),
    ]
    land(tmp_path, b"\n".join(lines))
    loaded = load(spark, tmp_path)
    counters = ("view_count", "like_count", "comment_count", "duration_seconds")
    assert [[row[name] for name in counters] for row in loaded.rows] == [
        [100, None, None, None],
        [100, None, None, None],
        [100, 7, None, None],
    ]
    assert loaded.reasons() == {4: ("impossible_value", "view_count")}
    assert (loaded.total("hidden_count"), loaded.total("unusable_count")) == (4, 1)


@pytest.mark.both_engines
def test_one_id_of_a_chart_in_two_countries_is_two_tracks_and_one_of_a_video_is_one(
    tmp_path: Path, spark: SparkSession
):
    chart = {"source": "spotify_chart", "video_id": "t"}
    lines = [
        line(**chart, region="KR", view_count=1_000_000),
        line(**chart, region="jp", view_count=3_000_000),
        line(**(chart | {"video_id": "u"})),
        line(**(chart | {"video_id": "spotify:KR:t"}), region="KR"),
        line(video_id="v1", region="KR", view_count=9),
        line(video_id="v1", region="US", view_count=9),
    ]
    land(tmp_path, b"\n".join(lines))
    loaded = load(spark, tmp_path)
    assert [row["video_id"] for row in loaded.rows] == ["t", "t:jp", "u", "spotify:KR:t", "v1"]
    assert (loaded.total("duplicate_count"), loaded.total("differing_count")) == (1, 0)


def test_file_names_are_ordered_by_their_letters_and_lines_by_their_numbers(
    tmp_path: Path, spark: SparkSession
):
    lines = [line(video_id="x") for _ in range(12)]
    for name in ("10.json", "9.json", "가.json", "Z.json", "a.json"):
        land(tmp_path, b"\n".join(lines), name)
    loaded = load(spark, tmp_path)
    assert places(loaded.rows) == [("10.json", 1)]
    assert loaded.total("duplicate_count") == 59


def test_ids_that_differ_in_case_space_or_composition_are_different(
    tmp_path: Path, spark: SparkSession
):
    ids = ["v1", "V1", "v1 ", " v1", "가", "\u1100\u1161", "v1\u200b", "v1\0"]
    land(tmp_path, b"\n".join(line(video_id=video_id) for video_id in ids))
    assert [row["video_id"] for row in load(spark, tmp_path).rows] == ids


def test_a_file_under_another_name_brings_no_event_whatever_states_its_times(
    tmp_path: Path, spark: SparkSession
):
    stated, silent = line(), line(video_id="v2", observed_at=...)
    data = b"\n".join([stated, silent, b"broken"])
    land(tmp_path, data, f"events_{NOON_MS}.json")
    land(tmp_path, data, f"events_{NOON_MS + 60_000}.json")
    land(tmp_path, data, "copy.json")
    loaded = load(spark, tmp_path)
    assert len(loaded.rows) == 2
    assert loaded.total("duplicate_count") == 4
    assert loaded.total("quarantine_count") == 3


@pytest.mark.both_engines
def test_the_events_of_a_day_have_the_columns_of_the_contract_and_an_artist(
    tmp_path: Path, spark: SparkSession
):
    lines = [
        line(text="[MV] NewJeans (뉴진스) &#39;Ditto&#39;"),
        line(video_id="v2", text="live cam"),
    ]
    land(tmp_path, b"\n".join([*lines, lines[0], b"broken"]))
    events = select_rows(parse_in_engine(spark, tmp_path), EVENT_LINES)
    assert [(f.name, f.dataType) for f in events.schema.fields] == [
        (f.name, f.dataType) for f in spark_schema(EVENTS).fields
    ]
    rows = {row["video_id"]: row for row in events.collect()}
    assert {name: row["artist"] for name, row in rows.items()} == {"v1": "NewJeans", "v2": "OTHER"}
    assert {row["catalog_version"] for row in rows.values()} == {FEW_ACTS.version}
    assert rows["v1"]["text"] == "[MV] NewJeans (뉴진스) 'Ditto'"
