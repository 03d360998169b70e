"""Texts by whose words somebody could be found are not quoted."""

from __future__ import annotations

import pytest

from kpop_assets.audience.quotable import is_fit_to_quote


@pytest.mark.parametrize(
    "text",
    [
        "@minji.fan 춤선 진짜 예쁘다",
        "노래 좋다 @지민팬",
        "great song, mail me: kim@example.org",
        "최고의 무대 https://example.org/me",
        "연락 주세요 010-1234-5678 공연 최고",
        "씨발 노래",
        "x.com에서 봐요",
        *("HTTP://X.COM", "youtu.be/abcdef", "open.kakao.com/o/abc", "discord.gg/abcd"),
        *("instagram.com/foo", "02-1234-5678", "031-123-4567", "(010) 1234-5678"),
        *("010_1234_5678", "+1 415 555 2671", "900101-1234567", "foo at gmail.com"),
        *("카톡 abc1234 로 연락", "인스타 foo_bar", "insta: foo.bar_1", "오픈채팅 abcd"),
    ],
)
def test_a_text_with_an_address_of_somebody_or_abuse_is_not_quoted(text: str):
    assert not is_fit_to_quote(text)


@pytest.mark.parametrize(
    "text",
    [
        *("춤선 진짜 예쁘다", "2025-11-04 20:00 공연 최고", "2025.11.4 최고", "M@"),
        *(
            "1,000,000 views at 2:35",
            "so good.Love it",
            "the insta live was great",
            "인스타 라방 최고",
        ),
    ],
)
def test_others_are(text: str):
    assert is_fit_to_quote(text)
