"""Praise and complaint of a clause, negation heeded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.audience.words.clause_signs import OpinionWord, opinions_of, sign_of
from kpop_assets.audience.words.phrases import phrase_text


def sign(clause: str) -> float:
    return sign_of(opinions_of([phrase_text(clause)])[0])


@pytest.mark.parametrize(
    "clause",
    [
        *(
            "노래가 좋다",
            "폼 미쳤다",
            "무대 찢었다",
            "흠잡을 데 없다",
            "나쁘지 않다",
            "지루하지 않았다",
        ),
        *("더 이상 말이 필요 없다", "안 질린다", "장난 아니다", "이보다 더 좋을 수 없다"),
        *("she ate", "slay", "this slaps", "not bad at all", "I can't stop listening, so good"),
    ],
)
def test_praise_is_above_zero(clause: str):
    assert sign(clause) > 0


@pytest.mark.parametrize(
    "clause",
    [
        *(
            "노래가 안 좋다",
            "좋지 않다",
            "좋지는 않네",
            "못 부르고 별로다",
            "최고는 아니다",
            "재미없다",
        ),
        *("매력이 없다", "긴장감이 떨어진다", "좋았으면 싶다", "재미도 감동도 없다"),
        *("갓세븐 후렴이 지루하다", "무대에서 힘이 빠졌다", "they handled this badly"),
        *("not good", "isn't good", "this is mid", "a flop", "never interesting"),
        *("I don't think the song is good", "I can't say the vocals are good"),
        *("스토리가 나쁘다", "나쁜 노래", "스토리는 나쁨"),
    ],
)
def test_complaint_is_below_zero(clause: str):
    assert sign(clause) < 0


@pytest.mark.parametrize(
    "clause",
    [
        *("어제 봤다", "노래를 들었다", "좋아하는 배우", "I saw it", ""),
        *("이 영화가 시작했다", "일본 만화가 나왔다"),
        *("오늘 베이비복스 무대 몇 시에 해요?", "갓세븐 무대를 봤다", "러블리즈 컴백"),
    ],
)
def test_neither_is_zero(clause: str):
    assert sign(clause) == 0


def test_a_strong_word_says_more_and_what_is_not_bad_less_than_what_is_good():
    assert (
        sign("연기가 최고다")
        > sign("연기가 좋다")
        > sign("연기가 나쁘지 않고 허술하지 않다") / 2
        > 0
    )
    assert sign("연기가 좋다") > sign("연기가 어색하진 않다") > 0


@given(st.lists(st.floats(-2, 2), max_size=20))
def test_a_sign_is_bounded_odd_and_of_no_order(weights: list[float]):
    words = [OpinionWord(0, 1, weight) for weight in weights]
    value = sign_of(words)
    assert -1 < value < 1
    assert value == pytest.approx(-sign_of([OpinionWord(0, 1, -w) for w in weights]))
    assert value == pytest.approx(sign_of(words[::-1]))
