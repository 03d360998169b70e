"""Words of a day's videos: the last observation's texts, once a video, with what it gained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_words import VIDEO_WORDS
from kpop_assets.lake.rows import empty
from kpop_assets.lens.video_words import GAIN_COLUMNS, TEXT_COLUMNS, WordFinder
from kpop_assets.lens.word_reader import VideoTexts, Word, WordReader

NOON = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def events(*rows: dict[str, Any]) -> pl.DataFrame:
    plain: dict[str, Any] = dict.fromkeys(TEXT_COLUMNS)
    plain |= {"artist": "OTHER", "observed_at": NOON, "author_id": "a"}
    schema = empty(EVENTS).select(TEXT_COLUMNS).schema
    return pl.DataFrame([plain | row for row in rows], schema=schema)


def gains(**views: int) -> pl.DataFrame:
    types = dict(zip(GAIN_COLUMNS, (pl.String, pl.Int64), strict=True))
    return pl.DataFrame([*views.items()], schema=types, orient="row")


def find(rows: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    return WordFinder(load_catalog()).find_day(rows, views)


def test_the_last_texts_of_the_day_count_and_so_does_what_the_video_gained():
    late = NOON + dt.timedelta(hours=6)
    found = find(
        events(
            {"video_id": "v1", "text": "월드컵 하이라이트", "observed_at": late},
            {"video_id": "v1", "text": "올림픽"},
            {"video_id": "v2", "text": "IVE 먹방", "artist": "IVE", "tags": '["김밥", "먹방"]'},
            {"video_id": "v3", "text": "구독 좋아요"},
        ),
        gains(v1=10, v2=-3, v3=5),
    )
    assert found.columns == empty(VIDEO_WORDS).drop("ingest_date").columns
    assert found.select("video_id", "word", "kind", "artist", "views_gained").rows() == [
        ("v1", "월드컵", "noun", "OTHER", 10),
        ("v2", "IVE", "name", "IVE", -3),
        ("v2", "김밥", "noun", "IVE", -3),
        ("v2", "먹방", "noun", "IVE", -3),
    ]


def test_acts_beside_the_main_one_are_named_too():
    credited = '[{"artist":"KAI","role":"main"},{"artist":"CHA EUN-WOO","role":"mentioned"}]'
    row = {"video_id": "v", "text": "카이 차은우 먹방", "artist": "KAI", "artists": credited}
    found = find(events(row), gains(v=1))
    assert found.get_column("word").to_list() == ["CHA EUN-WOO", "KAI", "먹방"]


def test_what_the_channel_writes_under_every_video_is_no_word_of_them():
    rows = [
        {"video_id": "v1", "text": "여행", "description": "제주도\n모두 모여 캠핑"},
        {"video_id": "v2", "text": "여행", "description": "강릉\n모두 모여 캠핑"},
    ]
    found = find(events(*rows), gains(v1=1, v2=1))
    assert sorted(found.select("video_id", "word").rows()) == [
        ("v1", "여행"), ("v1", "제주도"), ("v2", "강릉"), ("v2", "여행")
    ]  # fmt: skip


def test_a_text_of_days_before_is_not_read_anew(monkeypatch: pytest.MonkeyPatch):
    read: list[int] = []
    plain = WordReader.read

    def counted(reader: WordReader, videos: Sequence[VideoTexts]) -> list[tuple[Word, ...]]:
        read.append(len(videos))
        return plain(reader, videos)

    monkeypatch.setattr(WordReader, "read", counted)
    finder = WordFinder(load_catalog())
    day = events({"video_id": "v1", "text": "월드컵"}, {"video_id": "v2", "text": "월드컵"})
    first = finder.find_day(day, gains(v1=1, v2=2))
    assert finder.find_day(day, gains(v1=1, v2=2)).equals(first)
    finder.find_day(events(), gains())
    assert finder.find_day(day, gains(v1=1, v2=2)).equals(first)
    assert read == [1]


def test_a_day_without_events_has_no_rows():
    found = find(events(), gains())
    assert found.schema == empty(VIDEO_WORDS).drop("ingest_date").schema
