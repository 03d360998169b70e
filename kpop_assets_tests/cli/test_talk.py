"""`kpop keywords` and what it reads: keywords of a day, days of a word, videos behind it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpop_assets.cli.talk import draw_line
from kpop_assets.contracts import word_rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_words import KEYWORDS, VIDEO_WORDS, WORD_COUNTS
from kpop_assets.insights.keyword_radar import read_keywords, read_word_days, read_word_videos
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.operate.checkup.kit import TODAY, write

ONE = dt.timedelta(days=1)


def keyword(rank: int, word: str, **more: Any) -> dict[str, Any]:
    plain = {"ingest_date": TODAY, "scope": "acts", "ranking": "frequency", "rank": rank}
    return plain | {"word": word, "kind": "noun", "video_count": 5} | more


def video(video_id: str, word: str, artist: str, gain: int) -> dict[str, Any]:
    return {"video_id": video_id, "word": word, "artist": artist, "views_gained": gain}


@pytest.fixture
def lake(tmp_path: Path) -> LakeReader:
    root = tmp_path / "data" / "lake"
    rows = [keyword(1, "컴백"), keyword(2, "직캠"), keyword(1, "무대", scope="IVE")]
    write(root, KEYWORDS, *rows, keyword(1, "옛말", ingest_date=TODAY - ONE))
    counts = {"scope": "acts", "word": "컴백"}
    write(
        root,
        WORD_COUNTS,
        {**counts, "ingest_date": TODAY, "video_count": 8},
        {**counts, "ingest_date": TODAY - 2 * ONE, "video_count": 4},
        {**counts, "ingest_date": TODAY - 3 * ONE, "word": "직캠", "video_count": 9},
        {**counts, "ingest_date": TODAY - 4 * ONE, "scope": "IVE", "video_count": 9},
    )
    write(
        root,
        VIDEO_WORDS,
        video("v1", "컴백", "IVE", 5),
        video("v2", "컴백", "BTS", 50),
        video("v3", "컴백", "OTHER", 500),
        video("v2", "직캠", "BTS", 50),
    )
    early = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
    write(
        root,
        EVENTS,
        {"video_id": "v1", "text": "now"},
        {"video_id": "v1", "text": "before", "observed_at": early},
        {"video_id": "v2", "text": "title"},
    )
    return LakeReader(root)


def test_the_newest_day_is_read_in_the_order_of_its_ranks(lake: LakeReader):
    radar = read_keywords(lake, None, "acts")
    assert (radar.day, radar.is_simulated) == (TODAY, False)
    assert radar.rows.get_column("word").to_list() == ["컴백", "직캠"]
    assert read_keywords(lake, TODAY - ONE, "acts").rows.get_column("word").to_list() == ["옛말"]
    assert read_keywords(lake, None, "BTS").rows.is_empty()


def test_a_day_without_words_of_the_scope_is_unknown_and_one_without_the_word_is_0(
    lake: LakeReader,
):
    days = read_word_days(lake, ["컴백", "직캠"], "acts", TODAY)
    assert days.height == 2 * (word_rules.KEYWORD_USUAL_DAYS + 1)
    seen = days.filter(pl.col("word") == "컴백").sort("ingest_date").get_column("video_count")
    assert seen.to_list()[-5:] == [None, 0, 4, None, 8]
    assert draw_line(days.filter(pl.col("word") == "컴백"))[-5:] == " ▁▅ █"


def test_videos_behind_a_word_have_their_last_title_and_belong_to_the_scope(lake: LakeReader):
    found = read_word_videos(lake, "컴백", "acts", TODAY)
    assert found.rows() == [("v2", "BTS", "title", 50), ("v1", "IVE", "now", 5)]
    assert read_word_videos(lake, "컴백", "everything", TODAY).item(0, "video_id") == "v3"
    assert read_word_videos(lake, "컴백", "IVE", TODAY).get_column("video_id").to_list() == ["v1"]
    assert read_word_videos(lake, "nothing", "everything", TODAY).is_empty()


def test_a_home_without_words_says_how_to_get_some(tmp_path: Path):
    with pytest.raises(MissingTableError):
        read_keywords(LakeReader(tmp_path), None, "acts")


@pytest.mark.usefixtures("lake")
def test_the_command_prints_words_and_their_videos(kpop: Kpop):
    done = kpop("keywords")
    assert done.code == 0
    assert done.out.index("컴백") < done.out.index("직캠")
    assert "옛말" not in done.out
    assert "무대" in kpop("keywords", "--of", "아이브").out
    assert "no word is in enough videos" in kpop("keywords", "--by", "rise").out
    assert "title" in kpop("keywords", "--word", "컴백").out
    assert "none: words are" in kpop("keywords", "--word", "없는말").out
    assert_one_line(kpop("keywords", "--of", "no such act"), "no such act", "everything")
