"""Phrases of a list in texts, against a search that tries each phrase at each place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.audience.words.phrases import PhraseFinder, phrase_text


def found(phrase: str, text: str) -> list[str]:
    plain = phrase_text(text)
    [phrases] = PhraseFinder([(phrase, "x")]).find_all([plain])
    return [plain[start:end] for start, end, _ in phrases]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("연기", "발연기였다", ["연기"]),
        ("^춤", "춤선이 예쁘다", ["춤"]),
        ("^춤", "멈춤", []),
        ("훅$", "훅이 좋다", ["훅"]),
        ("훅$", "훅훅하다", []),
        ("말이_필요_없", "말이필요 없다", ["말이필요 없"]),
        ("rap", "the rap ate", ["rap"]),
        ("rap", "trap beat", []),
        ("rap", "rapper", []),
        ("choreo*", "choreography", ["choreo"]),
        ("cg", "CG가 싸다", ["cg"]),
        ("cg", "그래픽cg는", ["cg"]),
        ("high_note", "that HIGH  NOTE", ["high note"]),
        ("can't_stop", "can’t stop", ["can't stop"]),
        ("^갓+", "갓무대", ["갓"]),
        ("^갓+", "갓 데뷔한", []),
        ("^갓+", "제갓무", []),
        ("ate$", "she ate", ["ate"]),
        ("ate$", "she ate and left", ["ate"]),
        ("ate$", "she ate fr", ["ate"]),
        ("ate$", "she ate!!", ["ate"]),
        ("ate$", "she ate dinner", []),
        ("ate$", "she ate frogs", []),
        ("{she,they}_ate", "they ate", ["they ate"]),
        ("소속사{,가}_미쳤", "소속사가 미쳤다", ["소속사가 미쳤"]),
        ("소속사{,가}_미쳤", "소속사 미쳤다", ["소속사 미쳤"]),
    ],
)
def test_a_phrase_stands_where_its_list_says(phrase: str, text: str, expected: list[str]):
    assert found(phrase, text) == expected


def test_the_longest_phrase_at_a_place_counts_with_all_its_meanings():
    finder = PhraseFinder([("재미", "good"), ("재미없", "bad"), ("재미없", "dull")])
    assert [each.meanings for each in finder.find_all(["재미없다 재미"])[0]] == [
        ("bad", "dull"),
        ("good",),
    ]


WORDS = ["가나", "나다", "가나다", "다"]


@given(st.lists(st.text(alphabet="가나다 ", max_size=12), max_size=6))
def test_many_texts_at_once_are_each_text_alone(texts: list[str]):
    finder = PhraseFinder([(word, word) for word in WORDS])
    together = finder.find_all(texts)
    assert together == [finder.find_all([text])[0] for text in texts]
    for text, phrases in zip(texts, together, strict=True):
        everywhere = {
            (at, at + len(word))
            for word in WORDS
            for at in range(len(text))
            if text.startswith(word, at)
        }
        longest = {
            one
            for one in everywhere
            if not any(a <= one[0] and one[1] <= b and (a, b) != one for a, b in everywhere)
        }
        assert {(start, end) for start, end, _ in phrases} == longest
