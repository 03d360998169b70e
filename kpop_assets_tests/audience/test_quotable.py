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
    ],
)
def test_a_text_with_an_address_of_somebody_or_abuse_is_not_quoted(text: str):
    assert not is_fit_to_quote(text)


@pytest.mark.parametrize("text", ["춤선 진짜 예쁘다", "2025-11-04 20:00 공연 최고", "M@"])
def test_others_are(text: str):
    assert is_fit_to_quote(text)
