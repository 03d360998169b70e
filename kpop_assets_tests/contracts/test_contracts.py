"""What holds for every contract: keys, names, types and words, over the whole registry."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from pyspark.sql import types as T

from kpop_assets.contracts.registry import ALL_TABLES, TABLES
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.lake.schemas import spark_schema

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
each_table = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.path)

# What the design names alike: in `silver/artist_windows` it counts observations, elsewhere videos;
# a rating of a play is of five, one of a review of the scale beside it.
TWO_MEANINGS = {"video_count", "rating"}
# One quantity, described for the rows it stands in: per artist, per tier, per file.
OTHER_WORDS = TWO_MEANINGS | {"event_count", "event_at", "total_engagement", "market_share"}
OTHER_WORDS |= {"text", "author_name", "kind", "rank", "reason"}
OTHER_WORDS |= {"play_count", "total_play_count", "played_ms", "rating"}
OTHER_WORDS |= {"event_id", "received_at"}
OTHER_WORDS |= {"experiment", "variant", "is_simulated"}
OTHER_WORDS |= {"latency_ms", "is_best", "listener_count", "recipe_digest"}
OTHER_WORDS |= {"author_id", "lang", "review_id", "subject", "subject_kind"}


def test_the_registry_names_each_table_once_and_its_layers_in_order():
    paths = [table.path for table in TABLES]
    assert len(set(paths)) == len(paths)
    layers = list(dict.fromkeys(table.layer for table in TABLES))
    order = ["bronze", "silver", "catalog", "gold"]
    assert layers[: len(order)] == order


@each_table
def test_the_ingest_date_comes_first_and_the_key_begins_with_it(table: Table):
    assert table.columns[0] is INGEST_DATE
    assert table.primary_key[0] == "ingest_date"


@each_table
def test_key_columns_exist_once_and_are_required(table: Table):
    assert len(set(table.primary_key)) == len(table.primary_key)
    assert set(table.primary_key) <= set(table.required)


@each_table
def test_names_are_unique_and_snake_case(table: Table):
    names = table.column_names
    assert len(set(names)) == len(names)
    for name in [table.layer, table.name, *names]:
        assert SNAKE_CASE.fullmatch(name), name


@each_table
def test_table_and_columns_are_described_in_sentences_and_owned(table: Table):
    texts = {table.path: table.description} | {c.name: c.description for c in table.columns}
    for name, text in texts.items():
        assert text == text.strip() and text.endswith("."), name
        assert len(text) >= 8, name
        assert "\n" not in text and "  " not in text, name
    assert re.fullmatch(r"(team:|\S+@)\S+", table.owner)


@each_table
def test_a_name_says_what_type_and_unit_the_column_has(table: Table):
    for column in table.columns:
        check_name(column)


def check_name(column: Column) -> None:
    """The endings of the house style against type and unit."""
    endings = {"_at": "timestamp", "_date": "date", "_id": "string", "_count": "long"}
    endings |= {"_bytes": "long", "_seconds": "long", "_sketch": "binary"}
    for ending, kind in endings.items():
        if column.name.endswith(ending):
            assert column.type == kind, column.name
    if column.type == "timestamp":
        assert column.name.endswith("_at"), column.name
        assert column.unit == "UTC", column.name
    if column.type == "date":
        assert column.name.endswith("_date"), column.name
    if column.type == "boolean":
        assert column.name.startswith(("is_", "has_", "may_")), column.name
    if column.name.endswith(("_count", "_gained", "_bytes", "_seconds")):
        assert column.unit, f"{column.name} has no unit"


@each_table
def test_the_spark_schema_is_the_contract(table: Table):
    schema = spark_schema(table)
    assert schema.fieldNames() == table.column_names
    assert [f.name for f in schema.fields if not f.nullable] == table.required
    short = {"long": "bigint"}
    kinds = [field.dataType.simpleString() for field in schema.fields]
    assert kinds == [short.get(column.type, column.type) for column in table.columns]
    assert not any(isinstance(f.dataType, T.NullType) for f in schema.fields)


def columns_by_name() -> dict[str, list[tuple[str, Column]]]:
    """Every column of the registry with its tables."""
    found: dict[str, list[tuple[str, Column]]] = defaultdict(list)
    for table in ALL_TABLES:
        for column in table.columns:
            found[column.name].append((table.path, column))
    return found


@pytest.mark.parametrize("name", sorted(columns_by_name()))
def test_one_name_has_one_type_in_every_table_and_one_unit(name: str):
    found = columns_by_name()[name]
    assert len({column.type for _, column in found}) == 1, found
    assert (len({column.unit for _, column in found}) > 1) == (name in TWO_MEANINGS), found


@pytest.mark.parametrize("name", sorted(set(columns_by_name()) - OTHER_WORDS))
def test_one_name_is_described_in_the_same_words_in_every_table(name: str):
    assert len({column.description for _, column in columns_by_name()[name]}) == 1


def test_the_names_that_may_be_described_in_other_words_are():
    found = columns_by_name()
    assert all(len({column.description for _, column in found[n]}) > 1 for n in OTHER_WORDS)


@pytest.mark.parametrize("name", sorted(columns_by_name()))
def test_two_quantities_never_share_a_name_by_a_letter_or_an_ending(name: str):
    """`view_count` beside `views_count` or `view_counts` would be one quantity with two names."""
    # All acts of a title; the one it counts for is the first of them.
    others = set(columns_by_name()) - {name, "artists"}
    close = {f"{name}s", name.replace("_count", "s_count"), name.replace("_count", "_num")}
    assert not others & close
