"""What a text without words is, in which language one with words is, and what is taken out."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.audience.voices.voice_languages import find_languages
from kpop_assets.audience.voices.voice_texts import cleaned, hash_texts
from kpop_assets_tests.audience.kit import NOON, told
from kpop_assets_tests.audience.kit import voices_of as voices


def kind_of(text: str | None) -> str:
    return told(voices([{"text": text}]), "voice_kind")[0]


def language_of(text: str | None, stated: str | None = None) -> str:
    frame = pl.DataFrame({"text": [text], "lang": [stated]}, {"text": pl.String, "lang": pl.String})
    return find_languages(frame).item()


@pytest.mark.parametrize(
    ("kind", "texts"),
    {
        "laughter": [
            "ㅋㅋㅋ",
            "ㅠㅠ",
            "ㅎㅎ!!",
            "ㅋㅋ 😂",
            "하하하",
            "LOL",
            "lololol",
            "hahaha",
            "kkkk",
            "jajaja",
            "www",
        ],
        "emoji_only": ["💜", "❤️❤️", "♥", "^^", "👨‍👩‍👧 🔥"],
        "empty": ["", None, "...", "   ", "!?", "\u200b", "\u3164"],
        "other_language": ["かわいい", "すごい！", "かわいすぎるwww", "очень красиво", "สวยมาก"],
        "text": ["ㅇㅈ", "ㄹㅈㄷ", "좋다ㅋㅋ", "하하 좋다", "slay", "ate", "10/10", "한하운"],
    }.items(),
)
def test_each_kind_of_voice(kind: str, texts: list[str | None]):
    assert {text: kind_of(text) for text in texts} == dict.fromkeys(texts, kind)


def test_what_is_gone_is_gone_whatever_it_said():
    [gone] = voices([{"text": "ㅋㅋㅋ", "deleted_at": NOON}])
    assert (gone["voice_kind"], gone["text"]) == ("deleted", None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("노래 좋다", "ko"),
        ("NewJeans 폼 미쳤다", "ko"),
        ("ㅋㅋㅋㅋ", "ko"),
        ("I love 방탄 so much", "en"),
        ("this is mid", "en"),
        ("the bridge gives me chills every time", "en"),
        ("literally obsessed with this song", "en"),
        ("hahaha so good", "en"),
        ("haha me encanta esta canción", "other"),
        ("me encanta esta canción", "other"),
        ("muito boa essa musica", "other"),
        ("bài hát này hay quá", "other"),
        ("ich liebe dieses lied so sehr", "other"),
        ("slay queen", "en"),
        ("かっこいい", "ja"),
        ("最高の曲", "ja"),
        ("太好看了", "other"),
        ("очень", "other"),
        ("💜", "none"),
        ("100", "none"),
        (None, "none"),
    ],
)
def test_the_language_is_told_by_letters(text: str | None, language: str):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("stated", "language"),
    [("ko-KR", "ko"), ("EN", "en"), ("ja_JP", "ja"), ("pt", "other"), ("und", "ko"), ("", "ko")],
)
def test_what_the_source_states_goes_before(stated: str, language: str):
    assert language_of("좋다", stated) == language


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  두  줄\n로 ", "두 줄 로"),
        ("a\u200bb\u202ec", "abc"),
        ("\u1112\u1161\u11ab", "한"),
        ("ㅋ", "ㅋ"),
        ("👨\u200d👩", "👨\u200d👩"),
        (" \t", None),
    ],
)
def test_a_text_is_cleaned_of_what_nobody_sees(given_text: str, expected: str | None):
    assert pl.select(cleaned(pl.lit(given_text))).item() == expected


@settings(deadline=None)
@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str):
    once = pl.select(cleaned(pl.lit(text, pl.String))).item()
    assert pl.select(cleaned(pl.lit(once, pl.String))).item() == once


def test_the_hash_is_sha_256_of_the_text():
    found = hash_texts(pl.Series(["좋다", None], dtype=pl.String)).to_list()
    assert found == [hashlib.sha256("좋다".encode()).hexdigest(), None]
