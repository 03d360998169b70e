"""Where one statement ends and the next begins."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.audience.words.clauses import split_clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("연기는 훌륭했지만 스토리가 지루했다", ["연기는 훌륭했지만", "스토리가 지루했다"]),
        ("노래는 좋은데 안무가 아쉽다", ["노래는 좋은데", "안무가 아쉽다"]),
        ("랩도 좋고 보컬도 좋다", ["랩도 좋고", "보컬도 좋다"]),
        ("가사는 별로였으나 멜로디는 남는다", ["가사는 별로였으나", "멜로디는 남는다"]),
        ("무대를 잘해서 놀랐다", ["무대를 잘해서", "놀랐다"]),
        ("노래 좋다. 춤도 좋다!", ["노래 좋다", "춤도 좋다"]),
        ("뮤비 미쳤다ㅋㅋㅋ 의상은 별로", ["뮤비 미쳤다", "의상은 별로"]),
        ("연기가 좋았다 음악은 별로", ["연기가 좋았다", "음악은 별로"]),
        ("great vocals but the song is mid", ["great vocals", "but the song is mid"]),
        ("I love the mv and the styling is cute", ["I love the mv", "and the styling is cute"]),
    ],
)
def test_a_text_is_cut_where_a_statement_ends(text: str, expected: list[str]):
    assert split_clauses(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "영상, 음악, 스토리 완벽하다",
        "계속 보고 싶다",
        "듣고 있다",
        "최고 좋다",
        "집에서 봤다",
        "평점 3.5 정도",
        "10/10 이다",
        "1,000 번 봤다",
        "rock and roll",
    ],
)
def test_what_is_one_statement_stays_whole(text: str):
    assert split_clauses(text) == [text]


@pytest.mark.parametrize("text", ["", "   ", "ㅋㅋㅋ", "!!!", "❤️❤️", "..."])
def test_what_says_nothing_has_no_clause(text: str):
    assert split_clauses(text) == []


@given(st.text(alphabet="가나다고지만는데요 .,!?ㅋㅠabc andbut3\n♥", max_size=60))
def test_no_letter_is_lost_or_doubled(text: str):
    def letters(of: str) -> str:
        return re.sub(r"[^\w]|[ㅋㅎㄷ]{2,}|[ㅠㅜ]|_", "", of)

    assert letters(" ".join(split_clauses(text))) == letters(text)
