"""Who may be an act that the catalogue lacks: grounds, and names that are none."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.scouting.suspects import EVENT_COLUMNS, find_suspects
from kpop_assets_tests.scouting.kit import event


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def suspects(catalog: Catalog, *events: dict[str, Any], points: int = 10) -> list[dict[str, Any]]:
    names = EVENTS.arrow_schema()
    frame = pl.DataFrame(
        [{name: row[name] for name in EVENT_COLUMNS} for row in events],
        schema=pl.DataFrame(names.empty_table()).select(EVENT_COLUMNS).schema,
    )
    videos = pl.DataFrame(
        {"video_id": [e["video_id"] for e in events], "engagement": [points] * len(events)}
    ).unique("video_id")
    found = find_suspects(frame, videos, catalog)
    assert found.columns == [name for name in UNKNOWN.column_names if name != "ingest_date"]
    return found.to_dicts()


LISTED = {
    "Topic channel of Korea": (event(1, "새로운밴드 - Topic", "첫 노래"), "topic", "korean"),
    "Topic by its distributor": (
        event(1, "NEWBAND - Topic", "First", description="Provided to YouTube by Genie Music\n"),
        "topic",
        "company",
    ),
    "Topic beside an act": (
        event(1, "NEWBAND - Topic", "First (feat. NewJeans)"),
        "topic",
        "neighbours",
    ),
    "chart of Korea": (
        event(1, "NEWBAND", "First", source="spotify_chart", region="kr"),
        "chart_label",
        "chart",
    ),
    "own channel": (
        event(1, "NEWBAND", "NEWBAND 'First' 직캠", category_id="10"),
        "own_channel",
        "kpop",
    ),
    "own channel with a category by name": (
        event(1, "새로운 밴드", "첫 노래", category_id="music"),
        "own_channel",
        "korean",
    ),
    "own channel by its tags": (
        event(1, "NEWBAND Official", "First", tags='["kpop", "boy group"]'),
        "own_channel",
        "kpop",
    ),
}


@pytest.mark.parametrize("case", LISTED)
def test_a_name_is_listed_with_its_reason(catalog: Catalog, case: str):
    row, kind, reason = LISTED[case]
    (found,) = suspects(catalog, row)
    assert (found["author_name"], found["kind"]) == (row["author_name"], kind)
    assert reason in found["grounds"].split(",")
    assert (found["engagement"], found["video_count"], found["text"]) == (10, 1, row["text"])


LEFT_OUT = {
    "an act": event(1, "NewJeans - Topic", "첫 노래", artist="NewJeans"),
    "news of Korea": event(1, "한국뉴스", "오늘 날씨", category_id="25"),
    "Topic of another country": event(1, "The Band - Topic", "First"),
    "chart of another country": event(1, "NEWBAND", "First", source="spotify_chart", region="us"),
    "a company": event(1, "1theK (원더케이)", "새 노래", category_id="10"),
    "releases of many": event(1, "Release - Topic", "첫 노래"),
    "no name": event(1, "x", "첫 노래", author_name=None, category_id="10"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_other_names_are_not(catalog: Catalog, case: str):
    assert suspects(catalog, LEFT_OUT[case]) == []


def test_a_name_without_engagement_is_not(catalog: Catalog):
    assert suspects(catalog, event(1, "새로운밴드 - Topic", "첫 노래"), points=0) == []


def test_videos_of_a_name_are_summed_and_each_counts_once(catalog: Catalog):
    (found,) = suspects(
        catalog,
        event(1, "새로운밴드 - Topic", "첫 노래"),
        event(1, "새로운밴드 - Topic", "첫 노래"),
        event(2, "새로운밴드 - Topic", "둘째 노래"),
    )
    assert (found["engagement"], found["video_count"]) == (20, 2)


def test_more_names_hash_the_catalogue_no_more_often(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    count = 0

    def counted(_: Catalog) -> int:
        nonlocal count
        count += 1
        return 7

    monkeypatch.setattr(Catalog, "__hash__", counted)
    suspects(catalog, *(event(n, f"새로운밴드{n} - Topic", "첫 노래") for n in range(9)))
    assert count < 9
