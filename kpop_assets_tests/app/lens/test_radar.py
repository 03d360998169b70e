"""The radar: whose words, their days, what they are, and the videos behind one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import LANGUAGES, plain
from app.queries.lens import radar
from app.queries.lens.facts import read_lens_facts
from app.reasons import say_lens_facts
from app.snapshot import Snapshot
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.lens_signals import ENTITIES
from kpop_assets.contracts.lens_words import KEYWORDS, VIDEO_WORDS, WORD_COUNTS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago, write_rows
from kpop_assets_tests.app.lens.lens_lake import VIDEOS, ranked

HOSTILE = "<img src=x onerror=window.acted=1>"


def keyword(word: str, rank: int, scope: str = "acts", ranking: str = "rise") -> dict[str, Any]:
    key = {"ingest_date": DAY, "scope": scope, "ranking": ranking, "rank": rank}
    return {**key, "word": word, "kind": "noun", "video_count": 10 - rank, "rise_z": 3.0 / rank}


def write_words(home: Path) -> Snapshot:
    ranked(home)
    rows = [keyword("컴백", 1), keyword(HOSTILE, 2), keyword("컴백", 1, "IVE", "frequency")]
    write_rows(home, KEYWORDS, rows)
    counts = {"scope": "acts", "word": "컴백"}
    write_rows(
        home,
        WORD_COUNTS,
        [
            {**counts, "ingest_date": DAY, "video_count": 9},
            {**counts, "ingest_date": days_ago(2), "video_count": 4},
            {**counts, "ingest_date": days_ago(1), "word": "무대", "video_count": 4},
        ],
    )
    words = [
        {"ingest_date": DAY, "video_id": name, "artist": VIDEOS[name][0], "word": "컴백"}
        | {"views_gained": VIDEOS[name][1]}
        for name in ("aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc")
    ]
    return write_rows(home, VIDEO_WORDS, words)


def test_acts_together_come_first_and_an_act_by_name(tmp_path: Path):
    assert radar.list_scopes(write_words(tmp_path), DAY) == ("acts", "IVE")


def test_a_word_has_its_days(tmp_path: Path):
    lake = write_words(tmp_path)
    first, _ = radar.list_keywords(lake, DAY, "acts", "rise").to_dicts()
    assert first["video_count_by_day"][-3:] == [4, 0, 9], "another word was said the day before"
    assert first["video_count_by_day"][0] is None, "nobody looked"


def test_the_videos_behind_a_word_are_of_its_scope_the_first_by_gain(tmp_path: Path):
    lake = write_words(tmp_path)
    found = radar.list_word_videos(lake, DAY, "acts", "컴백")
    assert found.get_column("video_id").str.head(1).to_list() == ["a", "b"]
    everything = radar.list_word_videos(lake, DAY, "everything", "컴백")
    assert everything.get_column("video_id").str.head(1).to_list() == ["c", "a", "b"]
    assert radar.list_word_videos(lake, DAY, "IVE", "컴백").height == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_rows_and_only_texts(tmp_path: Path, open_page: OpenPage, lang: str):
    write_words(tmp_path)
    words, videos = boards(open_page(tmp_path, "radar", lang))
    assert [row["cells"]["word"]["text"] for row in words["rows"]] == ["컴백", HOSTILE]
    assert words["rows"][0]["cells"]["word_kind"]["text"] == plain(lang, "radar.kind_noun")
    assert [row["key"][0] for row in videos["rows"]] == ["a", "b"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_word_is_stands_beside_it_and_why_it_is_not_known(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_words(tmp_path)
    known = {
        "name_en": "Comeback",
        "name_ko": "컴백",
        "description_en": HOSTILE,
        "match_score": 0.5,
    }
    known |= {"entity_source": "wikidata", "entity_type": "event", "wikipedia_en": "Comeback (x)"}
    rows = [{"word": "컴백", **known}, {"word": HOSTILE, "missing_reason": "empty"}]
    write_rows(tmp_path, ENTITIES, [{"ingest_date": DAY, **row} for row in rows])
    page = open_page(tmp_path, "radar", lang)
    about = {row["key"]: row["cells"]["about_word"] for row in boards(page)[0]["rows"]}
    said = about["컴백"]["text"]
    assert {"Comeback", "컴백"} <= set(said.replace(" / ", " · ").split(" · "))
    assert plain(lang, "radar.type_event") in said
    assert about["컴백"]["more"]["href"] == "https://en.wikipedia.org/wiki/Comeback_%28x%29"
    assert about[HOSTILE]["value"] is None
    texts = [mark.value for mark in page.markdown]
    assert any("Comeback" in text and "wikipedia" in text for text in texts)
    assert not any("<img" in text.replace("\\<", "") for text in texts)
    page = open_page(tmp_path, "radar", lang, word=HOSTILE)
    reason = plain(lang, "signals.reason_empty")
    assert any(reason in caption.value for caption in page.caption)


def test_words_that_nobody_knows_take_no_room(tmp_path: Path, open_page: OpenPage):
    write_words(tmp_path)
    (words, _) = boards(open_page(tmp_path, "radar"))
    assert "about_word" not in [column["key"] for column in words["columns"]]


def test_reasons_are_what_stands_out(tmp_path: Path):
    row = {"outlier_video_count": 2, "gain_ratio": 3.0, "is_outlier": True}
    lake = write_rows(tmp_path, ARTIST_OUTLIERS, [{"ingest_date": DAY, "artist": "IVE", **row}])
    said = say_lens_facts(read_lens_facts(lake, DAY)["IVE"], "en")
    assert said[0].startswith("2 of its videos") and "3.0 times" in said[1]
    assert say_lens_facts(None, "en") == ()
    (one,) = say_lens_facts({"outlier_video_count": 1, "gain_ratio": 3.0}, "en")
    assert one.startswith("1 of its videos stands")
