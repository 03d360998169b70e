"""Words for which a text is never quoted."""

from __future__ import annotations

import pytest

from kpop_assets.audience.words.abuse import has_abuse


@pytest.mark.parametrize(
    "text",
    [
        *(
            "fu\u200bck",
            "더러운 놈들",
            "나쁜 년",
            "씨발 노래",
            "씨.발 노래",
            "ㅅ ㅂ",
            "이 새끼 뭐야",
            "시1발",
        ),
        *("Bullshit!", "what a BITCH", "김치녀", "fuck", "f**k this", "sh!t", "fuuuuuck"),
        *("go  die already", "Kill yourself.", "just f*** off", "they should die", "kys"),
        *("these whores cannot sing", "faggots", "bitches", "assholes run it", "retards", "cunts"),
        *("fuckin terrible", "motherfuckers", "fucked up", "n1gger", "sh1t", "b1tch", "chinks"),
        *("씨이발", "시이이발", "ㅅ발", "씨X놈", "씨바 노래", "ㅄ", "찐따", "닥쳐라", "조센징"),
        *("pussies", "whoring around", "shittier than ever", "bitchiest", "trannies", "fuckery"),
        *(
            "dumbass company",
            "shithead",
            "cocksucker",
            "these hoes",
            "ching chong",
            "go off yourself",
        ),
        *("미친 새끼 노래 못함", "멍청한년", "재수없는 년", "죽어버렸으면", "느끼한 놈"),
    ],
)
def test_abuse_is_found_also_with_signs_between_its_letters(text: str):
    assert has_abuse(text)


@pytest.mark.parametrize(
    "text",
    [
        "최고의 무대",
        "cockpit",
        "Scunthorpe",
        "class act",
        *("새끼 고양이", "새끼손가락", "2023년", "행복한 2년", "청소년", "데뷔한 년도", "작년보다"),
        *("assess", "classic", "shiitake", "dickens", "therapist", "niggle", "snigger", "f1"),
        *("시이작", "시바견", "지이나", "기이한"),
        *("grape", "Spicy", "prickly", "pussycat", "rapier", "shoes", "thought", "hoping"),
        "5시 발매",
        "역시 발라드는 다시 발매",
        "go, die hard fans",
        "!!! * #1 ***",
        "죽을 만큼 좋다",
        "",
    ],
)
def test_everyday_words_are_none(text: str):
    assert not has_abuse(text)
