"""Words for which a text is never quoted."""

from __future__ import annotations

import pytest

from kpop_assets.audience.abuse import has_abuse


@pytest.mark.parametrize(
    "text",
    [
        *("씨발 노래", "씨.발 노래", "ㅅ ㅂ", "이 새끼 뭐야", "시1발"),
        *("Bullshit!", "what a BITCH", "김치녀", "fuck", "f**k this", "sh!t", "fuuuuuck"),
        *("go  die already", "Kill yourself.", "just f*** off"),
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
        "새끼 고양이",
        "grape",
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
