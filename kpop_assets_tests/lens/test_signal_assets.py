"""The assets about the world outside, on a lake: who is asked, and that days stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.lens_words import KEYWORDS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, seoul_now
from kpop_assets.lake.lake import Lake
from kpop_assets.lens.signal_assets import lens_entities, lens_signals
from kpop_assets.settings import Settings
from kpop_assets_tests.lens.outside.kit import CONTACT, world_of_acts
from kpop_assets_tests.lens.outside.server import FakeOutside
from kpop_assets_tests.net.kit import serving
from kpop_assets_tests.scouting.kit import event, write_table

EARLIER = dt.date(2026, 3, 1)


def row(table: Table, day: dt.date, **values: Any) -> dict[str, Any]:
    return {column.name: None for column in table.columns} | {"ingest_date": day} | values


def prepare(home: Path, day: dt.date, source: str) -> None:
    """An act that gained, on a day that came from a source; no keywords."""
    lake = home / "lake"
    write_table(lake, EVENTS, [event(1, "a", "t", ingest_date=day, source=source)])
    gained = {"artist": "IVE", "views_gained": 5, "is_outlier": False, "outlier_video_count": 0}
    write_table(lake, ARTIST_OUTLIERS, [row(ARTIST_OUTLIERS, day, **gained)])
    write_table(lake, KEYWORDS, [])


def fill(settings: Settings, lake: Lake, day: dt.date) -> None:
    result = dg.materialize(
        [lens_entities, lens_signals],
        partition_key=day.isoformat(),
        resources={"lake": lake, "settings": settings},
    )
    assert result.success


def read(lake: Lake, table: Table, day: dt.date) -> list[dict[str, Any]]:
    return pl.DataFrame(lake.arrow(table, day, day_end(day))).to_dicts()


def test_today_is_asked_about_through_the_graph(settings: Settings, lake: Lake):
    day = seoul_now().date()
    prepare(settings.home, day, "youtube")
    with serving() as service:
        fake = FakeOutside(world_of_acts(), lambda: dt.datetime.now(dt.UTC))
        service.reply = fake.reply
        endpoint = service.url.removesuffix("/things")
        fill(replace(settings, contact=CONTACT, outside_endpoint=endpoint), lake, day)
    (entity,), (signal,) = read(lake, ENTITIES, day), read(lake, SIGNALS, day)
    assert (entity["word"], entity["wikipedia_en"]) == ("IVE", "IVE (group)")
    assert (signal["subject"], signal["rank"], signal["is_wiki_old"]) == ("IVE", 1, False)
    assert signal["news_articles_7d"] > 0
    assert 0 <= signal["composite"] <= 100
    assert {name for name, _, _ in fake.asked} == {"wikidata", "wikipedia", "gdelt"}


@pytest.mark.parametrize(
    ("source", "contact", "reason"),
    [("demo", CONTACT, "simulated"), ("youtube", "", "no_contact")],
)
def test_rows_say_why_nobody_was_asked(
    settings: Settings, lake: Lake, source: str, contact: str, reason: str
):
    day = seoul_now().date()
    prepare(settings.home, day, source)
    fill(replace(settings, contact=contact), lake, day)
    (entity,), (signal,) = read(lake, ENTITIES, day), read(lake, SIGNALS, day)
    assert entity["missing_reason"] == signal["wiki_missing_reason"] == reason
    assert not list(settings.home.glob("outside*"))


def test_an_earlier_day_stands_as_it_was_answered_and_one_without_answers_stays_empty(
    settings: Settings, lake: Lake
):
    prepare(settings.home, EARLIER, "youtube")
    kept = {"subject": "IVE", "subject_kind": "act", "rank": 1, "answered": "[]"}
    kept |= {"wiki_views_7d": 7, "is_wiki_old": False}
    write_table(settings.home / "lake", SIGNALS, [row(SIGNALS, EARLIER, **kept)])
    fill(replace(settings, contact=CONTACT), lake, EARLIER)
    assert [found["wiki_views_7d"] for found in read(lake, SIGNALS, EARLIER)] == [7]
    assert read(lake, ENTITIES, EARLIER) == []
