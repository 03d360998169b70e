"""When the world outside is asked, what comes of it, and that what was answered stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.lens.asking import (
    Answering,
    answering,
    entities_of_day,
    is_asked_now,
    signals_of_day,
    words_of_day,
)
from kpop_assets.lens.outside.services import OFFERS
from kpop_assets.settings import Settings
from kpop_assets_tests.lens.outside.kit import (
    ACTS,
    DAY,
    START,
    SUBJECTS,
    Outdoors,
    before,
    no_entities,
    no_signals,
    outdoors,
)
from kpop_assets_tests.lens.outside.server import APPLICATION, KEY

CATALOG = load_catalog()
WORDS = {**{name: CATALOG[name] for name in ACTS}, "떼창": None}
WEEK = [DAY - dt.timedelta(days=7 - i) for i in range(7)]


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Outdoors]:
    with outdoors(tmp_path) as found:
        yield found


def by(rows: pl.DataFrame, key: str = "word") -> dict[str, dict]:
    return {row[key]: row for row in rows.iter_rows(named=True)}


def asked(out: Outdoors, who: Answering, earlier: pl.DataFrame | None = None) -> dict[str, dict]:
    known = entities_of_day(DAY, WORDS, no_entities(), who)
    earlier = no_signals() if earlier is None else earlier
    return by(signals_of_day(SUBJECTS, known, earlier, who), "subject")


def test_acts_are_the_catalogues_and_get_their_articles_and_words_are_wikidatas(out: Outdoors):
    rows = by(entities_of_day(DAY, WORDS, no_entities(), out.who()))
    ive, word = rows["IVE"], rows["떼창"]
    assert (ive["entity_source"], ive["match_score"], ive["wikidata_id"]) == ("catalog", 1.0, "Q1")
    assert (ive["wikipedia_ko"], ive["wikipedia_en"]) == ("아이브", "IVE (group)")
    assert (word["entity_source"], word["match_score"]) == ("wikidata", 0.5)
    assert {row["missing_reason"] for row in rows.values()} == {None}
    assert {row["asked_at"] for row in rows.values()} == {START}
    reads = [target for _, _, target in out.services.asked if "wbgetentities" in target]
    assert len(reads) == 1


def test_the_graph_is_asked_first_where_there_is_a_key_and_its_article_leads_on(out: Outdoors):
    words = {"Singalong": None, "없는말": None}
    rows = by(entities_of_day(DAY, words, no_entities(), out.who(kg_key=KEY)))
    found = rows["Singalong"]
    assert (found["entity_source"], found["wikidata_id"]) == ("knowledge_graph", "Q900")
    assert (found["wikipedia_ko"], found["match_score"]) == ("떼창", 1.0)
    nothing = rows["없는말"]
    assert (nothing["entity_source"], nothing["missing_reason"]) == (None, "empty")


def test_the_next_day_asks_only_for_new_words(out: Outdoors):
    first = entities_of_day(DAY, WORDS, no_entities(), out.who())
    out.now += dt.timedelta(days=1)
    begun = len(out.services.asked)
    tomorrow = DAY + dt.timedelta(days=1)
    earlier = before(ENTITIES, first)
    rows = by(entities_of_day(tomorrow, {**WORDS, "없는말": None}, earlier, out.who()))
    new = out.services.asked[begun:]
    assert len(new) == 1
    assert rows["IVE"] == by(first)["IVE"]
    assert rows["없는말"]["asked_at"] == out.now


@pytest.mark.parametrize(("days", "is_asked"), [(7, False), (8, True)])
def test_what_nobody_knew_is_asked_for_again_after_a_week(out: Outdoors, days: int, is_asked: bool):
    words = {"없는말": None}
    earlier = before(ENTITIES, entities_of_day(DAY, words, no_entities(), out.who()))
    begun = len(out.services.asked)
    out.now += dt.timedelta(days=days)
    entities_of_day(DAY + dt.timedelta(days=days), words, earlier, out.who())
    assert (len(out.services.asked) > begun) == is_asked


def test_what_failed_is_asked_for_again_on_the_next_run(out: Outdoors):
    out.services.fault = lambda service: "http_500"
    failed = entities_of_day(DAY, {"떼창": None}, no_entities(), out.who())
    assert failed["missing_reason"].to_list() == ["unreachable"]
    out.services.fault = lambda service: None
    out.now += dt.timedelta(minutes=10)
    again = entities_of_day(DAY, {"떼창": None}, before(ENTITIES, failed), out.who())
    assert again["wikidata_id"].to_list() == ["Q900"]


def test_signals_are_what_the_services_truly_say(out: Outdoors):
    rows, world = asked(out, out.who(reddit=APPLICATION)), out.services.world
    for name, korean in (("IVE", "아이브"), ("aespa", "에스파")):
        row = rows[name]
        wiki = [
            world.readers("ko", korean, d) + world.readers("en", f"{name} (group)", d) for d in WEEK
        ]
        assert row["wiki_views_7d"] == sum(wiki)
        change = (sum(wiki[-3:]) - sum(wiki[:3])) / sum(wiki[:3]) * 100
        assert row["wiki_change_pct"] == pytest.approx(change)
        assert row["news_articles_7d"] == sum(world.articles(name, day) for day in WEEK)
        assert row["reddit_posts_7d"] == sum(world.posts(name, day) for day in WEEK)
        assert json.loads(row["answered"]) == ["wiki", "news", "reddit"]
        assert (
            row["wiki_as_of_date"] == row["news_as_of_date"] == row["reddit_as_of_date"] == WEEK[-1]
        )
    assert rows["떼창"]["news_articles_7d"] == sum(world.articles("Singalong", d) for d in WEEK)
    assert [rows[s.name]["rank"] for s in SUBJECTS] == [1, 2, 3, 4]


def test_without_an_application_reddit_is_switched_off_and_not_asked(out: Outdoors):
    row = asked(out, out.who())["IVE"]
    assert (row["reddit_missing_reason"], row["reddit_posts_7d"]) == ("switched_off", None)
    assert json.loads(row["answered"]) == ["wiki", "news"]
    assert out.services.times("reddit") == []


@pytest.mark.parametrize("broken", ["wikipedia", "gdelt", "reddit"])
def test_a_source_that_fails_takes_nothing_from_the_others(out: Outdoors, broken: str):
    who = out.who(reddit=APPLICATION)
    good = asked(out, who)
    earlier = before(
        SIGNALS, pl.DataFrame(list(good.values()), schema=no_signals().drop("ingest_date").schema)
    )
    prefix = {"wikipedia": "wiki", "gdelt": "news", "reddit": "reddit"}[broken]
    out.now += dt.timedelta(hours=2)
    out.services.fault = lambda service: "html" if service == broken else None
    rows = asked(out, replace(who, asker=out.asker()), earlier)
    for name, row in rows.items():
        for source in ("wiki", "news", "reddit"):
            assert row[f"is_{source}_old"] == (source == prefix), (name, source)
        assert row[f"{prefix}_missing_reason"] in ("odd_answer", "paused")
        assert row[f"{prefix}_change_pct"] == good[name][f"{prefix}_change_pct"]
        assert prefix not in json.loads(row["answered"])


def test_sources_are_asked_at_the_same_time(out: Outdoors):
    who = replace(out.who(), at_once=3)
    rows = asked(out, who)
    assert all(row["wiki_views_7d"] for row in rows.values())


@pytest.mark.parametrize(
    ("sources", "contact", "reason"),
    [
        (["demo"], "me@example.org", "simulated"),
        (["youtube", "demo"], "me@example.org", "simulated"),
        (["youtube"], "", "no_contact"),
    ],
)
def test_nobody_is_asked_about_simulated_days_or_without_a_contact(
    tmp_path: Path, sources: list[str], contact: str, reason: str
):
    who = answering(Settings(tmp_path, contact=contact), sources)
    assert who.asker is None
    entities = entities_of_day(DAY, WORDS, no_entities(), who)
    assert set(entities["missing_reason"]) == {reason}
    assert by(entities)["IVE"]["name_ko"] == "아이브"
    rows = signals_of_day(SUBJECTS, entities, no_signals(), who)
    assert {r for name in ("wiki", "news", "reddit") for r in rows[f"{name}_missing_reason"]} == {
        reason
    }
    assert rows["asked_at"].null_count() == rows["composite"].null_count() == len(rows) == 4
    assert list(tmp_path.iterdir()) == []


def test_whoever_gave_a_contact_is_named_in_every_request(tmp_path: Path):
    settings = Settings(
        tmp_path, contact="me@example.org", kg_key="k", outside_endpoint="http://x/"
    )
    who = answering(settings, ["youtube"])
    assert who.asker is not None
    assert (who.asker.contact, who.asker.endpoint, who.kg_key) == (
        "me@example.org",
        "http://x/",
        "k",
    )
    assert {offer.address.partition("://")[0] for offer in OFFERS} == {"https"}


def test_a_day_is_asked_about_while_it_lasts_and_once_on_the_next(out: Outdoors):
    nothing, noon = no_signals(), dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC)
    unasked = before(
        SIGNALS, signals_of_day(SUBJECTS, no_entities(), nothing, Answering(None, "no_contact"))
    )
    answered = before(SIGNALS, signals_of_day(SUBJECTS, no_entities(), nothing, out.who()))
    asks = {
        days: [
            is_asked_now(DAY, noon + dt.timedelta(days=days), t)
            for t in (nothing, unasked, answered)
        ]
        for days in (-1, 0, 1, 2)
    }
    assert asks == {-1: [False] * 3, 0: [True] * 3, 1: [True, True, False], 2: [False] * 3}


def test_words_of_a_day_are_subjects_and_keywords_of_all_with_their_acts():
    acts = pl.DataFrame({"artist": ["IVE"], "views_gained": [1], "gain_sigmas": [0.1]})
    words = [
        ("everything", "떼창", "gain", 1),
        ("IVE", "안무", "gain", 1),
        ("acts", "에스파", "rise", 1),
    ]
    keywords = pl.DataFrame(words, schema=["scope", "word", "ranking", "rank"], orient="row")
    found = words_of_day(acts, keywords, CATALOG)
    assert {word: act and act.artist for word, act in found.items()} == {
        "IVE": "IVE",
        "떼창": None,
        "에스파": "aespa",
    }
