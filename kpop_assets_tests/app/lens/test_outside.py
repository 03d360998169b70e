"""What the world outside says: nothing missing without its reason, nothing old as new."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from app.links import article_link
from app.messages.catalogue import LANGUAGES, as_markdown, escape, load_messages, plain
from app.numbers import MISSING
from app.queries.lens.facts import read_lens_facts
from app.queries.lens.signals import find_signals, list_signals
from app.reasons import say_lens_facts
from app.snapshot import Snapshot
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.lens.outside.answers import REASONS
from kpop_assets.lens.signals import VALUES
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago, write_rows
from kpop_assets_tests.app.lens.lens_lake import ranked

ASKED = dt.datetime.combine(DAY, dt.time(9), dt.UTC)
OLD_DAY = days_ago(2)
CHANGES = [f"{source}_change_pct" for source in VALUES]


def told(
    source: str, count: int, change: float | None, *, old: str | None = None
) -> dict[str, Any]:
    """A source's columns: a new answer, or an old one and why there is no new one."""
    day = days_ago(1) if old is None else OLD_DAY
    return {
        **{VALUES[source]: count, f"{source}_change_pct": change, f"is_{source}_old": bool(old)},
        **{f"{source}_as_of_date": day, f"{source}_missing_reason": old},
    }


def untold(reason: str, *sources: str) -> dict[str, Any]:
    return {f"{source}_missing_reason": reason for source in sources or VALUES}


def signal(subject: str, rank: int, kind: str = "act", **more: Any) -> dict[str, Any]:
    key = {"ingest_date": DAY, "subject": subject, "subject_kind": kind, "rank": rank}
    answered = json.dumps([name for name in VALUES if more.get(f"is_{name}_old") is False])
    return {**key, "asked_at": ASKED, "answered": answered, **more}


def write_signals(home: Path) -> Snapshot:
    """One act with a new answer, one with an old one, a word with none; Reddit is switched off."""
    ranked(home)
    off = untold("switched_off", "reddit")
    new = told("wiki", 7_000, 210.0) | untold("unreachable", "news")
    old = told("wiki", 9_000, 90.0, old="odd_answer") | told("news", 30, None)
    rows = [
        signal("IVE", 1, **off, **new, composite=100.0),
        signal("BTS", 2, **off, **old),
        signal("컴백", 1, "keyword", **off, **untold("no_name", "wiki", "news")),
    ]
    known = {"word": "컴백", "entity_source": "wikidata", "match_score": 0.5, "name_ko": "컴백"}
    known |= {"name_en": "Comeback", "entity_type": "event", "wikipedia_ko": "컴백 (가요)"}
    write_rows(home, ENTITIES, [{"ingest_date": DAY, **known}])
    return write_rows(home, SIGNALS, rows)


def write_unasked(home: Path, reason: str, **more: Any) -> None:
    ranked(home)
    write_rows(home, ARTIST_DAILY, [{"ingest_date": DAY, "artist": "IVE"}])
    row = signal("IVE", 1, **(untold(reason) | more)) | {"asked_at": None}
    write_rows(home, SIGNALS, [row])


def test_the_highest_composite_comes_first_and_what_has_none_last(tmp_path: Path):
    lake = write_signals(tmp_path)
    assert list_signals(lake, DAY).get_column("subject").to_list() == ["IVE", "컴백", "BTS"]
    assert find_signals(lake, "컴백", "act", DAY) is None, "it is a word"
    assert list_signals(lake, days_ago(1)).is_empty()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_old_answer_is_told_with_its_date_and_never_as_a_figure_of_the_day(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_signals(tmp_path)
    (board,) = boards(open_page(tmp_path, "radar", lang, tab="outside"))
    cells = {row["key"]: row["cells"] for row in board["rows"]}
    old, new = cells["BTS"]["wiki_change_pct"], cells["IVE"]["wiki_change_pct"]
    assert old["value"] is None and old["text"] is None
    for part in (OLD_DAY.isoformat(), "+90.0%", plain(lang, "signals.reason_odd_answer")):
        assert part in old["note"]
    assert new["text"] == "+210.0%" and OLD_DAY.isoformat() not in new["note"]
    named = plain(lang, "column.wiki_change_pct")
    assert cells["IVE"]["composite"]["note"] == plain(lang, "signals.of_sources", sources=named)
    assert cells["BTS"]["composite"]["text"] is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_missing_has_its_reason_in_the_cell_and_above(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_signals(tmp_path)
    page = open_page(tmp_path, "radar", lang, tab="outside")
    (board,) = boards(page)
    cells = {row["key"]: row["cells"] for row in board["rows"]}
    assert cells["IVE"]["news_change_pct"]["note"] == plain(lang, "signals.reason_unreachable")
    assert cells["BTS"]["news_change_pct"]["text"] is None, "nothing in the first days"
    assert "reddit_change_pct" not in cells["IVE"], "nobody has any of it"
    reason = plain(lang, "signals.reason_switched_off")
    said = plain(lang, "signals.missing_of", reason=reason, count=3)
    source = plain(lang, "signals.source_reddit")
    line = as_markdown(lang, "signals.missing", source=source, reasons=said, count=3, whole=3)
    assert line in [caption.value for caption in page.caption]


def test_acts_lead_to_their_page_and_words_to_their_article(tmp_path: Path, open_page: OpenPage):
    write_signals(tmp_path)
    (board,) = boards(open_page(tmp_path, "radar", "en", tab="outside"))
    rows = {row["key"]: row for row in board["rows"]}
    assert rows["IVE"]["cells"]["subject"]["href"].startswith("artist?artist=IVE")
    word = rows["컴백"]["cells"]["subject"]
    assert word["href"] is None and rows["컴백"].get("act") is None
    assert word["note"] == "Comeback / 컴백 · event"
    assert word["more"]["href"].startswith("https://ko.wikipedia.org/wiki/")


def test_an_address_of_an_article_holds_whatever_its_title_has():
    known = {"wikipedia_en": "IVE (group)?/#x", "wikipedia_ko": None}
    address = "https://en.wikipedia.org/wiki/IVE_%28group%29%3F%2F%23x"
    assert article_link(known, "ko") == article_link(known, "en") == address
    assert article_link({}, "en") is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", ["no_contact", "simulated"])
def test_where_nobody_was_asked_the_way_out_is_told(
    tmp_path: Path, open_page: OpenPage, lang: str, reason: str
):
    write_unasked(tmp_path, reason)
    for page, query in (
        ("radar", {"tab": "outside"}),
        ("artist", {"artist": "IVE", "tab": "lens"}),
    ):
        drawn = open_page(tmp_path, page, lang, **query)
        notice = as_markdown(lang, f"signals.nobody_{reason}", day=DAY.isoformat())
        assert "KPOP_CONTACT" in notice
        assert notice in [info.value for info in drawn.info]


def test_old_answers_are_shown_even_where_nobody_was_asked(tmp_path: Path, open_page: OpenPage):
    write_unasked(tmp_path, "no_contact", **told("wiki", 7_000, 50.0, old="no_contact"))
    page = open_page(tmp_path, "radar", "en", tab="outside")
    (board,) = boards(page)
    assert OLD_DAY.isoformat() in board["rows"][0]["cells"]["wiki_change_pct"]["note"]
    assert any("KPOP_CONTACT" in info.value for info in page.info)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_act_has_its_figures_on_its_page(tmp_path: Path, open_page: OpenPage, lang: str):
    write_signals(tmp_path)
    write_rows(tmp_path, ARTIST_DAILY, [{"ingest_date": DAY, "artist": "IVE"}])
    page = open_page(tmp_path, "artist", lang, artist="BTS", tab="lens")
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown[plain(lang, "column.wiki_change_pct")] == MISSING, "it is old"
    assert any(escape(OLD_DAY.isoformat()) in caption.value for caption in page.caption)
    page = open_page(tmp_path, "artist", lang, artist="IVE", tab="lens")
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown[plain(lang, "column.wiki_change_pct")] == "+210.0%"


def test_every_reason_has_its_words():
    assert [name for name in REASONS if f"signals.reason_{name}" not in load_messages()] == []


def test_new_signals_that_grew_are_reasons(tmp_path: Path):
    lake = write_signals(tmp_path)
    row = {"outlier_video_count": 2, "gain_ratio": 3.0, "is_outlier": True}
    write_rows(tmp_path, ARTIST_OUTLIERS, [{"ingest_date": DAY, "artist": "IVE", **row}])
    facts = read_lens_facts(Snapshot(lake.settings), DAY)
    said = say_lens_facts(facts["IVE"], "en")
    assert len(said) == 3 and "Wikipedia" in said[2] and "3.1 times" in said[2]
    assert say_lens_facts(facts["BTS"], "en") == (), "an old answer is no reason"
    assert "3.1배" in say_lens_facts(facts["IVE"], "ko")[2]


@pytest.mark.parametrize(("count", "change"), [(999, 300.0), (7_000, 9.0), (7_000, -50.0)])
def test_few_readers_and_small_changes_are_no_reason(tmp_path: Path, count: int, change: float):
    ranked(tmp_path)
    lake = write_rows(tmp_path, SIGNALS, [signal("IVE", 1, **told("wiki", count, change))])
    assert say_lens_facts(read_lens_facts(lake, DAY)["IVE"], "en") == ()
