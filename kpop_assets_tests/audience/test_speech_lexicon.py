"""Sayings of fans: found, denied, and summed."""

from __future__ import annotations

import pytest

from kpop_assets.audience.negation import mark_negated
from kpop_assets.audience.plain_texts import plain_text
from kpop_assets.audience.speech_lexicon import load_speech
from kpop_assets.catalog.catalog import load_catalog


def score(text: str) -> float:
    return float(load_speech().score([mark_negated(plain_text(text))])[0])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "오늘 폼 미쳤다",
            "무대를 찢었다",
            "이건 갓곡이다",
            "she ate and left no crumbs",
            "SLAY queen",
        ),
        *("핵잼", "나쁘지 않다", "최고 아니냐", "최고다 아니 진짜", "she killed it"),
        *("이보다 더 좋은 노래는 없다", "더할 나위 없이 좋다", "노래가 좋지 안무도 멋지지"),
        *("노래 좋아요", "완벽한 무대", "this is a banger", "후렴이 계속 맴돈다", "완성도 높네"),
    ],
)
def test_praise_is_above_nought(text: str):
    assert score(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        *("이제 탈덕한다", "핵노잼이네", "this comeback flopped", "the song is so mid"),
        *("돈 아깝다", "시간이 아깝다", "재미가 없네", "최악의 컴백", "boring and generic"),
        *("무대에서 힘이 빠졌다", "비추", "비추천", "노래 나쁘다", "진짜 나쁨", "나쁜 노래"),
        *("추천 안 한다", "추천 못 하겠다", "최고는 아니네요", "명곡은 아니다", "레전드 아니다"),
        *("좋은 편은 아니다", "매력이 하나도 없다", "노래가 좋지 않다", "예쁘지 않다", "안 좋다"),
        *("춤 못 춘다", "노래 못 부른다", "못생겼다"),
    ],
)
def test_complaint_is_below(text: str):
    assert score(text) < 0


@pytest.mark.parametrize(
    "text",
    [
        *("midnight", "he was late", "존버합니다", "이제 갓 나온 노래", "오늘 컴백", ""),
        *("a skirmish", "시간 가는 줄", "돈을 냈다", "재미", "하지만", "높은 곳", "아무도 없는 방"),
    ],
)
def test_what_only_looks_like_a_saying_says_nothing(text: str):
    assert score(text) == 0


@pytest.mark.parametrize(
    ("text", "weight"),
    [("안 좋다", -1), ("최고는 아니다", -1), ("not good", -1), ("not bad", 0.5), ("안 졸려", 0.5)],
)
def test_denied_praise_is_a_complaint_and_a_denied_complaint_half_a_praise(
    text: str, weight: float
):
    assert score(text) == weight


def test_the_longest_of_sayings_that_begin_alike_counts():
    found = [one.form for one, _ in load_speech().found("ate and left no crumbs")]
    assert found == ["ate and left no crumbs"]


def test_every_saying_is_in_plain_form_once_and_says_what_it_means():
    sayings = load_speech().sayings
    assert len({one.form for one in sayings}) == len(sayings)
    for one in sayings:
        assert plain_text(one.form) == one.form
        assert -2 <= one.sign <= 2
    assert {"폼 미쳤", "찢었", "갓벽", "존버", "탈덕", "slay", "ate", "flop", "mid"} <= {
        one.form for one in sayings if one.note
    }


def test_the_name_of_an_act_is_no_mood():
    """But where it is an everyday word of mood as a whole: 'Cool' is found in 'a cool song'."""
    words = {"cool", "good day"}
    names = {name for act in load_catalog() for name in (act.artist, act.name_ko, *act.aliases)}
    for name in filter(None, names):
        assert score(name) == 0 or plain_text(name) in words, name
