"""One form for what differs without saying anything."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.audience.words.plain_texts import plain_text, syllable_parts


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("최고ㅋㅋㅋㅋㅋㅋㅋ", "최고ㅋㅋㅋ"),
        ("SLAY!!!!!!", "slay!!!"),
        ("a  b\n c", "a b c"),
        ("it&#39;s &lt;3", "it's <3"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("see https://example.org/a?b now", "see now"),
        (unicodedata.normalize("NFD", "좋다"), "좋다"),
        ("   ", ""),
    ],
)
def test_what_says_nothing_is_taken_out(written: str, plain: str):
    assert plain_text(written) == plain


@given(st.text(max_size=40).map(plain_text))
def test_a_plain_text_has_no_long_run_and_no_two_blanks(text: str):
    assert not any(sign * 4 in text for sign in set(text))
    assert "  " not in text


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_syllable_parts_a_syllable_are_those_of_unicode(sign: str):
    lead, vowel, tail = syllable_parts(sign)
    apart = chr(0x10FF + lead) + chr(0x1160 + vowel)
    apart += chr(0x11A6 + tail) if tail > 1 else ""
    assert unicodedata.normalize("NFC", apart) == sign


@pytest.mark.parametrize("sign", ["a", "ㅋ", " ", "😀"])
def test_what_is_no_syllable_has_no_letters(sign: str):
    assert syllable_parts(sign) == (0, 0, 0)
