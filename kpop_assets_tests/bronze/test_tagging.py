"""Titles go to the matcher inside the engine, and each answer comes back to its own rows."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.bronze.tagging import ADDED, tag_artists
from kpop_assets.catalog.catalog import OTHER, load_catalog
from kpop_assets.catalog.credits import artists_json
from kpop_assets.catalog.matcher import matcher_of

SCHEMA = "text string, author_id string, author_name string, source string"
# One of each kind of evidence, and of each odd letter.
ROWS = [
    ("IVE 'Rebel Heart' MV", None, None, "youtube"),
    ("𝐈𝐕𝐄 'Paper Star' 𝐌𝐕", None, None, "youtube"),
    ("뉴진스의 하루", None, None, "youtube"),
    ("STRAY KİDS konser", None, None, "youtube"),
    ("MEOVV x KiiiKiii 'Paper Planes' Special Stage", None, None, "youtube"),
    ("Feel Special", None, "TWICE", "youtube"),
    ("Secret", None, "CAMO - Topic", "youtube"),
    ("Who", None, "Jimin", "spotify_chart"),
    ("위너 컴백", None, None, "youtube"),
    ("nature documentary", None, "A CAT IN NATURE", "youtube"),
    ("ㅋㅋ \0 \ufffd 🔥", None, "\u200b", ""),
]


@pytest.mark.both_engines
def test_an_engine_gives_what_the_function_gives(spark: SparkSession) -> None:
    catalog = load_catalog()
    tagged = tag_artists(spark.createDataFrame(ROWS, SCHEMA), catalog)
    assert tagged.columns == ["text", "author_id", "author_name", "source", *ADDED]
    for row in tagged.collect():
        wanted = matcher_of(catalog).match(row.text, row.author_name, row.author_id, row.source)
        assert (row.artist, row.artist_evidence) == (wanted.artist, wanted.evidence)
        assert row.artists == (None if row.artist == OTHER else artists_json(wanted))


def test_artists_are_named_in_order_with_their_roles(spark: SparkSession) -> None:
    row = tag_artists(spark.createDataFrame(ROWS[4:5], SCHEMA), load_catalog()).collect()[0]
    assert json.loads(row.artists) == [
        {"artist": "MEOVV", "role": "main"},
        {"artist": "KiiiKiii", "role": "main"},
    ]


@pytest.mark.both_engines
def test_nulls_and_equal_titles_keep_their_own_row(spark: SparkSession) -> None:
    rows = [
        (1, "winner", None, None, "youtube"),
        (2, "winner", None, "WINNER", "youtube"),
        (3, "winner", None, None, "youtube"),
        (4, "winner", None, "WINNER - Topic", None),
        (5, "winner", "WINNER", None, "youtube"),
    ]
    tagged = tag_artists(spark.createDataFrame(rows, f"number int, {SCHEMA}"), load_catalog())
    assert {row.number: row.artist for row in tagged.collect()} == {
        1: OTHER,
        2: "WINNER",
        3: OTHER,
        4: "WINNER",
        5: OTHER,
    }


def test_other_columns_pass_and_an_old_artist_is_replaced(spark: SparkSession) -> None:
    events = spark.createDataFrame([("IVE", None, None, "youtube")], SCHEMA)
    events = events.select("*", F.lit("x").alias("artist"), F.lit(1).alias("other"))
    tagged = tag_artists(events, load_catalog())
    assert tagged.columns == [*events.columns[:4], "other", *ADDED]
    row = tuple(tagged.collect()[0])
    assert row[:7] == ("IVE", None, None, "youtube", 1, "IVE", "clear_name")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.text(), st.none() | st.text(), st.none() | st.text()), max_size=20))
def test_every_row_comes_back_once_with_an_artist(
    spark: SparkSession, rows: list[tuple[str, str | None, str | None]]
) -> None:
    rows = [tuple(_encodable(cell) for cell in row) for row in rows]  # type: ignore[misc]
    numbered = [(number, *row, "youtube") for number, row in enumerate(rows)]
    events = spark.createDataFrame(numbered, f"number int, {SCHEMA}")
    tagged = tag_artists(events, load_catalog())
    known = {act.artist for act in load_catalog()} | {OTHER}
    collected = sorted(tagged.collect())
    assert [tuple(row)[:-3] for row in collected] == numbered
    assert {row.artist for row in collected} <= known


def _encodable(cell: str | None) -> str | None:
    return cell and cell.encode("utf-8", "ignore").decode("utf-8")
