"""The day's filter: the library's own bits, no id lost, and as many false hits as promised."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from pybloom_live import BloomFilter
from pyspark.sql import SparkSession

from kpop_assets.bronze import bloom_filter
from kpop_assets.bronze.bloom import build_filters
from kpop_assets.bronze.bloom_filter import (
    describe_filter,
    fill,
    from_bytes,
    may_hold,
    measure_false_positives,
    to_bytes,
)
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import BLOOM
from kpop_assets.lake.schemas import spark_schema

DAY = dt.date(2026, 3, 2)
IDS = [f"id-{number}" for number in range(3_000)] + ["뉴진스", "🔥", "", " ", "a" * 300, "id\0"]


@pytest.mark.parametrize("count", [0, 1, 2, 7, len(IDS)])
def test_filling_at_once_sets_the_bits_that_adding_one_by_one_sets(count: int):
    ids = IDS[-count:] if count else []
    one_by_one = BloomFilter(rules.BLOOM_CAPACITY, rules.BLOOM_ERROR_RATE)
    for video_id in ids:
        one_by_one.add(video_id)
    at_once = fill(ids)
    assert at_once.bitarray == one_by_one.bitarray
    assert at_once.count == one_by_one.count == count
    assert to_bytes(at_once) == to_bytes(one_by_one)


def test_the_file_form_comes_back_as_the_same_filter_and_takes_more_ids():
    bloom = fill(IDS)
    back = from_bytes(to_bytes(bloom))
    assert back.bitarray == bloom.bitarray
    assert (back.capacity, back.error_rate, back.count) == (
        rules.BLOOM_CAPACITY,
        rules.BLOOM_ERROR_RATE,
        len(IDS),
    )
    assert all(video_id in back for video_id in IDS)
    back.add("one more")
    assert "one more" in back and "one more" not in bloom


@pytest.fixture(scope="module")
def full() -> BloomFilter:
    """A filter with as many ids as it is made for."""
    return fill([f"id-{number}" for number in range(rules.BLOOM_CAPACITY)])


def test_a_full_filter_forgets_no_id(full: BloomFilter):
    assert full.capacity == rules.BLOOM_CAPACITY
    assert all(f"id-{number}" in full for number in range(0, rules.BLOOM_CAPACITY, 10))


def test_a_full_filter_has_false_hits_for_one_id_in_a_hundred(full: BloomFilter):
    tried = 50_000
    hits = sum(f"new-{number}" in full for number in range(tried))
    # Binomial with p = 0.01: the standard deviation is 0.044 %, so this is nine of them.
    assert hits / tried == pytest.approx(rules.BLOOM_ERROR_RATE, abs=0.004)
    row = {"ingest_date": DAY, "capacity": full.capacity, "error_rate": full.error_rate}
    about = describe_filter(row | {"id_count": full.count, "filter": to_bytes(full)})
    assert about["estimated_false_positive_rate"] == pytest.approx(hits / tried, abs=0.004)
    assert json.loads(json.dumps(about)) == about
    assert about["size_bytes"] < 700_000


def test_a_day_beyond_the_capacity_gets_a_larger_filter_and_not_more_false_hits():
    bloom = fill([f"id-{number}" for number in range(rules.BLOOM_CAPACITY * 6 // 5)])
    assert bloom.capacity == rules.BLOOM_CAPACITY * 6 // 5
    assert all(f"id-{number}" in bloom for number in range(0, bloom.capacity, 50))
    assert sum(f"new-{number}" in bloom for number in range(20_000)) / 20_000 < 0.015


def test_a_look_up_over_several_days_names_the_days_whose_filter_hits():
    days = [DAY + dt.timedelta(days=n) for n in range(3)]
    filters = list(zip(days, [fill(["a", "b"]), fill(["b"]), fill([])], strict=True))
    assert may_hold(filters, "a") == days[:1]
    assert may_hold(iter(filters), "b") == days[:2]
    assert may_hold(filters, "c") == may_hold([], "a") == []


def test_made_up_ids_hit_as_often_as_the_library_says_and_never_count_a_real_id(
    full: BloomFilter, monkeypatch: pytest.MonkeyPatch
):
    asked_ids: list[list[str]] = []
    placed = bloom_filter.places

    def spy(bloom: BloomFilter, ids: list[str]):
        asked_ids.append(ids)
        return placed(bloom, ids)

    monkeypatch.setattr(bloom_filter, "places", spy)
    hits, asked = measure_false_positives(full, [], 10_000)
    assert asked == 10_000 and 0.005 < hits / asked < 0.015
    assert (hits, asked) == measure_false_positives(full, [], 10_000)
    made_up = asked_ids[0]
    assert len(set(made_up)) == 10_000
    assert hits == sum(video_id in full for video_id in made_up)
    # Were they real, not one would be asked for, and no hit would be false.
    assert measure_false_positives(full, made_up, 10_000) == (0, 0)
    assert measure_false_positives(full, made_up[:1_000], 10_000)[1] == 9_000


def test_an_empty_filter_never_hits():
    assert measure_false_positives(fill([]), [], 1_000) == (0, 1_000)


@pytest.mark.both_engines
def test_the_engine_builds_one_filter_a_day_of_distinct_ids(spark: SparkSession):
    next_day = DAY + dt.timedelta(days=1)
    rows = [(DAY, "v1"), (DAY, "v2"), (DAY, "v1"), (next_day, "v3"), (next_day, "뉴")]
    events = spark.createDataFrame(rows, "ingest_date date, video_id string")
    frame = build_filters(events)
    assert [(f.name, f.dataType) for f in frame.schema.fields] == [
        (f.name, f.dataType) for f in spark_schema(BLOOM).fields
    ]
    built = {row["ingest_date"]: row for row in frame.collect()}
    assert set(built) == {DAY, next_day}
    assert built[DAY]["id_count"] == built[next_day]["id_count"] == 2
    assert built[DAY]["filter"] == to_bytes(fill(["v1", "v2"]))
    assert built[next_day]["filter"] == to_bytes(fill(["v3", "뉴"]))
    assert (built[DAY]["capacity"], built[DAY]["error_rate"]) == (
        rules.BLOOM_CAPACITY,
        rules.BLOOM_ERROR_RATE,
    )


def test_a_day_without_events_has_no_filter(spark: SparkSession):
    events = spark.createDataFrame([], "ingest_date date, video_id string")
    assert build_filters(events).collect() == []
