"""What is typed of a Korean word begins it, at every key; a lone consonant is a first one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.recommend.works.typed_letters import (
    firsts_of,
    is_of_firsts,
    letters_of,
    pattern_of,
    typed_keys,
    typed_words,
)

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1)


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("뉴진스", "ㄴㅠㅈㅣㄴㅅㅡ"),
        ("값", "ㄱㅏㅂㅅ"),
        ("과", "ㄱㅗㅏ"),
        ("까", "ㄲㅏ"),
        ("rosé", "rose"),
        ("ive", "ive"),
        ("뉴진ㅅ", "ㄴㅠㅈㅣㄴㅅ"),
    ],
)
def test_a_word_is_the_keys_it_is_typed_by(word: str, keys: str):
    assert typed_keys(word) == keys


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [("ㄴ", "뉴진스"), ("뉴지", "뉴진스"), ("뉴진ㅅ", "뉴진스"), ("앉", "안자"), ("고", "과자")],
)
def test_what_stands_there_while_somebody_types_begins_what_it_becomes(typed: str, becomes: str):
    assert typed_keys(becomes).startswith(typed_keys(typed))


@given(SYLLABLES)
def test_no_two_syllables_are_typed_by_the_same_keys_with_a_key_between(word: str):
    apart = ["-".join(typed_keys(letter)) for letter in word]
    assert typed_keys(word) == "".join(one.replace("-", "") for one in apart)
    assert [typed_keys(letter)[0] for letter in word] == list(firsts_of(word))


def test_words_keep_consonants_that_stand_alone_and_lose_what_is_no_letter():
    assert typed_words("뉴진ㅅ, won-young! ㅏ") == ["뉴진ㅅ", "won", "young"]
    assert typed_words("IU아이유") == ["iu", "아이유"]
    # A keyboard makes one letter of ㅂ and ㅅ.
    assert letters_of("ㅄ") == "ㅂㅅ"
    # As parts of syllables, and of half the width.
    assert letters_of("\u1102\u110c\u1109") == letters_of("\uffa4\uffb8\uffb5") == "ㄴㅈㅅ"
    assert letters_of(unicodedata.normalize("NFD", "뉴진ㅅ")) == "뉴진ㅅ"
    assert letters_of(" !? ") == ""


def test_first_consonants_are_known_from_words():
    assert is_of_firsts("뉴ㅈㅅ")
    assert not is_of_firsts("뉴진스")
    assert firsts_of("뉴진스love") == "ㄴㅈㅅlove"


def test_a_pattern_fits_letters_and_what_they_begin():
    assert pattern_of("뉴ㅈㅅ").match("뉴진스")
    assert not pattern_of("뉴ㅈㅅ").match("누진스")
    assert pattern_of("뉴지").match("뉴진스")
