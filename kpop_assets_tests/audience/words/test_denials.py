"""What is denied, what is denied twice, and what only looks denied."""

from __future__ import annotations

import re

import pytest

from kpop_assets.audience.sentiments.sentiment_model import untrained_model
from kpop_assets.audience.words.clause_signs import opinions_of, sign_of
from kpop_assets.audience.words.phrases import phrase_text
from kpop_assets.audience.words.plain_texts import plain_text
from kpop_assets.audience.words.speech_lexicon import speech_scores


def score(text: str) -> float:
    return float(speech_scores([plain_text(text)])[0])


def clause_sign(text: str) -> float:
    return sign_of(opinions_of([phrase_text(text)])[0])


def called(text: str) -> str:
    [chances] = untrained_model("ko" if re.search("[가-힣]", text) else "en").moods([text])
    return ("negative", "neutral", "positive")[int(chances.argmax())]


@pytest.mark.parametrize(
    "text",
    [
        *("실망한 적이 없다", "단 한번도 실망한 적 없어요", "실망시킨 적이 없음"),
        *("실망시킨 적이 단 한 번도 없다", "지루할 새가 없다", "아쉬운 점이 없다"),
        *("단점을 찾을 수 없다", "단점이 안 보인다", "부족한 게 없다", "싫을 수가 없다"),
        *("안 좋은 노래가 없다", "재미없는 노래가 없다", "나쁜 곡이 하나도 없다"),
        *("매력 없는 멤버가 없다", "매력이 없지 않다", "안 좋아할 수가 없다"),
        *("실망을 시키지 않는다", "실망 안 시키는 그룹", "never been disappointed"),
        *("아쉬운 점이 별로 없다", "단점이 보이지 않는다"),
    ],
)
def test_a_complaint_that_nothing_deserves_is_half_a_praise(text: str):
    assert score(text) == 0.5
    assert clause_sign(text) == pytest.approx(1 / 3)
    assert called(text) != "negative"


@pytest.mark.parametrize(
    "text",
    [
        *("칭찬할 게 없다", "볼 게 없다", "좋은 점이 없다", "들을 노래가 없다"),
        *("좋은 노래가 없다", "추천할 만한 곡이 없다", "추천할 수 없다", "매력을 찾을 수 없다"),
        *("기억에 남는 노래가 없다", "잘하는 게 없다", "별로 좋지 않다", "소름 끼치게 못한다"),
        *("이보다 지루할 수 없다", "이렇게 지루할 수가 없다", "아쉬운 점이 없지 않다"),
        *(
            "유치한감이없지않아 있다",
            "지루하기 짝이 없다",
            "억지밖에 없다",
            "뜬금없다",
            "뜬금 없다",
        ),
        *("재미가 별로 없다", "감동을 느끼지 않았다", "만족을 못 시켜줬다"),
        *("실망할 수밖에 없다", "아쉬운 점밖에 없다", "표절 아니냐"),
        *("never been so disappointed", "I've never been this bored", "least favorite"),
        *("my least favourite song", "it couldn't get any worse", "never good", "no good"),
    ],
)
def test_praise_that_nothing_deserves_is_a_complaint(text: str):
    assert score(text) < 0
    assert clause_sign(text) < 0
    assert called(text) == "negative"


@pytest.mark.parametrize(
    "text",
    [
        *("더 바랄 게 없다", "이보다 더 좋을 수 없다", "이보다 더 좋은 노래는 없다"),
        *("이렇게 좋을 수가 없다", "좋을 수밖에 없다", "좋은 곡밖에 없다", "버릴 곡이 없다"),
        *("추천하지 않을 수 없다", "좋은 점이 없지 않다", "칭찬할 게 많다"),
        *("추천하지 않을 수 있을까", "명작이 주지 못한 위안"),
        *("they are on fire", "the dance break is on fire", "no cap this is fire"),
        *("no lie great", "no doubt the best", "no joke this is the best"),
        *("it couldn't be better", "can't be any better", "it doesn't get better than this"),
        *("can't get enough", "never been so good", "never been better", "isn't she lovely"),
    ],
)
def test_what_nothing_equals_and_who_assures_is_praise(text: str):
    assert score(text) > 0 or called(text) == "positive"
    assert clause_sign(text) >= 0
    assert called(text) == "positive"


def test_what_cannot_be_denied_is_said():
    assert called("좋아하지 않을 수 없다") == "positive"
    assert clause_sign("좋아하지 않을 수 없다") == 0


@pytest.mark.parametrize(
    "text",
    [
        *("표절 아닌데", "표절 아니에요", "사재기 아님", "립싱크 아니에요", "쓰레기는 아니다"),
        *("not trash", "not overrated", "it's not a flop", "the stage caught fire"),
    ],
)
def test_who_denies_an_accusation_praises_nothing(text: str):
    assert score(text) == clause_sign(text) == 0
    assert called(text) == "neutral"


@pytest.mark.parametrize("text", ["나쁘지 않다", "최악은 아니다", "실망하지 않았다", "not awful"])
def test_a_denied_complaint_is_half_a_praise_however_strong(text: str):
    assert score(text) == 0.5
