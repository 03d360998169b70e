"""Sayings of fans: found, denied, summed, and at one with what clauses say."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from kpop_assets.audience.words import speech_lexicon
from kpop_assets.audience.words.clause_signs import opinions_of, sign_of
from kpop_assets.audience.words.phrases import phrase_text, spellings
from kpop_assets.audience.words.plain_texts import plain_text
from kpop_assets.audience.words.speech_lexicon import speech_scores
from kpop_assets.audience.words.word_lists import (
    load_sayings,
    opinion_files,
    opinion_phrases,
    word_files,
)
from kpop_assets.catalog.catalog import load_catalog


def score(text: str) -> float:
    return float(speech_scores([plain_text(text)])[0])


def clause_sign(text: str) -> float:
    return sign_of(opinions_of([phrase_text(text)])[0])


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
        *("a skirmish", "돈을 냈다", "재미", "하지만", "높은 곳", "아무도 없는 방"),
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
    assert score("ate and left no crumbs") == 2
    assert score("폼 미쳤다") == 2


def test_every_saying_is_in_plain_form_and_says_what_it_means():
    for one in load_sayings():
        assert plain_text(one.form) == one.form
        assert -2 <= one.sign <= 2
        assert one.note


def test_no_word_stands_in_two_groups_of_the_lists():
    """But qualities (매력 praises, 매력이 없다 complains) and what somebody is accused of."""
    groups = defaultdict(list)
    for phrase, group in opinion_phrases():
        for spelt in spellings(phrase):
            groups[spelt].append(group)
    twice = {word: of for word, of in groups.items() if len(set(of) - {"quality", "accused"}) > 1}
    assert not twice
    assert not [word for word, of in groups.items() if len(of) > len(set(of))]


def test_no_word_praises_in_a_text_and_complains_in_a_clause():
    words = {
        spelt.strip("^$*+").replace("_", " ")
        for phrase, _ in opinion_phrases()
        for spelt in spellings(phrase)
    }
    assert len(words) > 1000
    assert not [word for word in words if score(word) * clause_sign(word) < 0]


ENDINGS = ("다", "음", "네", "어요", "던데", "더라", "는데", "지", "다 진짜", "습니다", "음 ㅋㅋ")


@pytest.mark.parametrize(
    "stem", ["미쳤", "폼 미쳤", "찢었", "오졌", "지렸", "쩔었", "좋았", "멋졌"]
)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_saying_praises_in_every_ending_in_texts_and_in_clauses(stem: str, ending: str):
    assert score(stem + ending) > 0
    assert clause_sign(stem + ending) > 0


@pytest.mark.parametrize("stem", ["망했", "별로였", "아쉬웠", "지루했", "밋밋했", "식상했"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_so_does_a_complaint_complain(stem: str, ending: str):
    assert score(stem + ending) < 0
    assert clause_sign(stem + ending) < 0


@pytest.mark.parametrize(
    "text",
    [
        "갓벽",
        "갓무대",
        "갓보컬이다",
        "소름",
        "소름 돋네",
        "무대 찢음",
        "안무 오지네",
        "쩌네",
        "고음 지린다",
    ],
)
def test_sayings_praise_in_texts_and_in_clauses(text: str):
    assert score(text) > 0
    assert clause_sign(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        *("갓 데뷔한 그룹", "갓난아기", "갓김치", "이제 갓 스물", "옷이 찢어졌다", "종이를 찢었다"),
        *("이번 시리즈 봤다", "아까 무대 봤다", "노래 추천해 주세요"),
        *("쩔쩔매는 매니저", "미친놈", "지린내", "I ate dinner", "she ate the cake", "we ate"),
    ],
)
def test_what_only_looks_like_a_saying_is_none_in_either(text: str):
    assert score(text) == 0
    assert clause_sign(text) == 0


def test_some_words_are_of_the_whole_text_and_some_of_what_a_clause_names():
    assert score("이 노래 좋아해") > 0 == clause_sign("좋아하는 배우")
    assert score("아직 예매 못했어요") == 0 > score("노래를 못한다")
    assert score("파트가 짧다") == 0 > clause_sign("파트가 짧다")


def test_the_name_of_an_act_is_no_mood():
    """But where it is an everyday word of mood as a whole: 'Cool' is found in 'a cool song'."""
    words = {"cool", "good day"}
    names = {name for act in load_catalog() for name in (act.artist, act.name_ko, *act.aliases)}
    for name in filter(None, names):
        assert score(name) == 0 or plain_text(name) in words, name


def modules_behind(path: Path) -> set[Path]:
    """A module and all of its folder that it imports, and those import."""
    found, asked = set[Path](), [path]
    while asked:
        path = asked.pop()
        found.add(path)
        told = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        named = [one.module for one in told if isinstance(one, ast.ImportFrom) and one.module]
        near = {
            path.with_name(f"{name.rpartition('.')[2]}.py") for name in named if ".words." in name
        }
        asked += near - found
    return found


def test_the_version_of_a_model_changes_with_any_code_that_makes_its_score():
    files = {path.name for path in opinion_files()}
    behind = {path.name for path in modules_behind(Path(speech_lexicon.__file__))}
    assert {"clause_signs.py", "denials.py", "phrases.py", "word_lists.py"} < behind
    assert behind | {"plain_texts.py", "opinion_words.toml", "kpop_speech.toml"} <= files
    assert files | {"clauses.py", "aspect_words.toml"} <= {path.name for path in word_files()}
