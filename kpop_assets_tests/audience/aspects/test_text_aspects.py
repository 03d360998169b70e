"""Aspects of whole texts, and whom each clause is about."""

from __future__ import annotations

from kpop_assets.audience.aspects.clause_acts import ActsNamed
from kpop_assets.audience.aspects.text_aspects import VoiceText, find_aspects
from kpop_assets.audience.words.word_lists import ListName
from kpop_assets.catalog.catalog import OTHER
from kpop_assets_tests.audience.kit import ACTS

NAMED = ActsNamed(ACTS)


def told(text: str, artist: str = OTHER, listed: ListName = "music") -> list[tuple[str, str, str]]:
    [found] = find_aspects([VoiceText(text, listed, artist)], NAMED)
    return [
        (each.aspect, "+" if each.sentiment > 0 else "-", each.artist)
        for each in found
        if each.sentiment
    ]


def test_praise_and_complaint_of_one_sentence_are_told_apart():
    text = "연기는 훌륭했지만 스토리가 지루했다"
    assert told(text, listed="film") == [("acting", "+", OTHER), ("plot", "-", OTHER)]
    [found] = find_aspects([VoiceText(text, "film", OTHER)], NAMED)
    assert [(each.clause, each.clause_text) for each in found] == [
        (0, "연기는 훌륭했지만"),
        (1, "스토리가 지루했다"),
    ]


def test_a_clause_that_names_nobody_is_about_whom_the_one_before_was():
    text = "에스파는 랩이 좋다. 보컬도 좋다. 아이브는 춤이 별로다"
    assert told(text, "NewJeans") == [
        ("rap", "+", "aespa"),
        ("vocal", "+", "aespa"),
        ("dance", "-", "IVE"),
    ]
    assert told("랩이 좋다", "NewJeans") == [("rap", "+", "NewJeans")]


def test_of_two_acts_in_a_clause_the_nearest_counts():
    text = "aespa has great vocals with the weak choreo of IVE"
    assert told(text) == [("vocal", "+", "aespa"), ("dance", "-", "IVE")]


def test_whoever_is_held_against_the_subject_is_not_whom_it_is_about():
    assert told("에스파보다 춤을 잘한다", "IVE") == [("dance", "+", "IVE")]


def test_a_member_is_the_group_under_the_groups_own_video_and_herself_elsewhere():
    assert told("제니 랩 미쳤다", "BLACKPINK") == [("rap", "+", "BLACKPINK")]
    assert told("제니 랩 미쳤다") == [("rap", "+", "JENNIE")]


def test_texts_of_both_lists_keep_their_places():
    texts = [
        VoiceText("연기가 좋다", "film", OTHER),
        VoiceText("", "music", OTHER),
        VoiceText("노래가 좋다", "music", OTHER),
        VoiceText("연기가 좋다", "music", OTHER),
    ]
    found = find_aspects(texts, NAMED)
    assert [[each.aspect for each in of] for of in found] == [["acting"], [], ["song"], []]
    assert find_aspects([], NAMED) == []
