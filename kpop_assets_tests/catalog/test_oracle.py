"""The engine's matcher against the plain-Python one, and invariants."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.matcher import tag_artists
from kpop_assets_tests.catalog.oracle import Oracle, korean, words

SHARED = Path(__file__).parents[3] / "shared" / "data" / "youtube_popular_kr"
SCHEMA = "text string, author_id string, author_name string, source string"
Row = tuple[str, str | None, str | None, str]
FILLERS = (
    *(
        "live",
        "exclusive",
        "하이브",
        "직캠",
        "MV",
        "#shorts",
        "하이라이트",
        "nature",
        "of",
        "의",
        "ㅋㅋ",
    ),
    *("'", " ", "(", ")", "|", "🔥", "�", "오늘", "vs", "Official", "the", "s", "from", "kpop"),
)
PARTICLE = ("는", "이", "의", "와", "에게", "님", "들", "s", "하는", "ㅋㅋ", "�")


def compare(spark: SparkSession, catalog: Catalog, rows: list[Row]) -> list[str]:
    oracle = Oracle(catalog)
    tagged = tag_artists(spark.createDataFrame(rows, SCHEMA), catalog).collect()
    assert len(tagged) == len(rows)
    return [
        f"{row.text!r} by {row.author_name!r}: engine {row.artist}, oracle {wanted}"
        for row in tagged
        if (wanted := oracle.tag(row.text, row.author_id, row.author_name, row.source))
        != row.artist
    ]


def generated(catalog: Catalog, count: int) -> list[Row]:
    rng = random.Random(20251104)
    rows: list[Row] = []
    names = [(act, name) for act in catalog for name in act.names]
    for _ in range(count):
        parts = []
        act, _ = rng.choice(names)
        for _ in range(rng.randint(1, 4)):
            if rng.random() < 0.6:
                act, _ = rng.choice(names)
            pool = [*act.names, *act.cues, *(catalog[act.group].names if act.group else ())]
            parts.append(rng.choice(pool) + (rng.choice(PARTICLE) if rng.random() < 0.2 else ""))
            parts.append(rng.choice(FILLERS) if rng.random() < 0.7 else "")
        author = rng.choice([None, act.artist, f"{act.artist} - Topic", f"{act.artist} TV", "뉴스"])
        channel = rng.choice(act.channels) if act.channels and rng.random() < 0.5 else None
        source = rng.choice(["youtube", "youtube", "youtube", "spotify_chart"])
        rows.append((rng.choice(["", " "]).join(parts), channel, author, source))
    return rows


def test_engine_equals_oracle_on_generated_titles(spark: SparkSession, catalog: Catalog) -> None:
    assert compare(spark, catalog, generated(catalog, 4000)) == []


@pytest.mark.realdata
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/data next to the repository")
def test_engine_equals_oracle_on_real_titles(spark: SparkSession, catalog: Catalog) -> None:
    rows: set[Row] = set()
    for path in sorted(SHARED.glob("KR-*.json")):
        for videos in json.loads(path.read_text(encoding="utf-8"))["categories"].values():
            rows |= {(v["title"], v["channelId"], v["channelName"], "youtube") for v in videos}
    assert len(rows) > 3000
    assert compare(spark, catalog, sorted(rows)) == []


def test_letters_on_both_sides_remove_the_match(spark: SparkSession, catalog: Catalog) -> None:
    """A whole word that contains a name is another word: 하이브, exclusive."""
    rows: list[Row] = []
    for act in catalog:
        for name in act.names:
            edges = "쿍쿍" if korean(words(name)) else "qq"
            if script_of_start(name) != script_of_start(edges):
                continue
            rows.append((edges + name.replace(" ", "") + edges, None, None, "youtube"))
    glued = [row for row in rows if len(words(row[0])) == 1]
    assert len(glued) > 1500
    tagged = tag_artists(spark.createDataFrame(glued, SCHEMA), catalog).collect()
    assert [(row.text, row.artist) for row in tagged if row.artist != OTHER] == []


def script_of_start(text: str) -> bool:
    return korean((words(text)[0],))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.text(), st.none() | st.text(), st.none() | st.text()), max_size=20))
def test_every_row_comes_back_once_with_an_artist(
    spark: SparkSession, catalog: Catalog, rows: list[tuple[str, str | None, str | None]]
) -> None:
    rows = [tuple(_encodable(cell) for cell in row) for row in rows]  # type: ignore[misc]
    numbered = [(number, *row, "youtube") for number, row in enumerate(rows)]
    events = spark.createDataFrame(numbered, f"number int, {SCHEMA}")
    tagged = tag_artists(events, catalog)
    assert tagged.columns == [*events.columns, "artist"]
    known = {act.artist for act in catalog} | {OTHER}
    collected = sorted(tagged.collect())
    assert [tuple(row)[:-1] for row in collected] == numbered
    assert {row.artist for row in collected} <= known


def _encodable(cell: str | None) -> str | None:
    return cell and cell.encode("utf-8", "ignore").decode("utf-8")
