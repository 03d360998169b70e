"""What headers ask for, as RFC 9110 has it, and headers that say nothing sensible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.negotiation import form_accepted, language_accepted

OFFERED = ("application/json", "text/csv")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr,ko;q=0.2", "ko"),
        ("*", "en"),
        ("ko;q=0", "en"),
        ("ko;q=2", "en"),
    ],
)
def test_korean_is_spoken_to_who_asks_for_it_first(header: str | None, language: str):
    assert language_accepted(header) == language


@pytest.mark.parametrize(
    ("header", "media"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("text/csv, */*;q=0.1", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("image/png", None),
        ("application/json;q=0, text/csv;q=0", None),
    ],
)
def test_the_closest_range_decides_and_the_first_offer_wins_a_tie(
    header: str | None, media: str | None
):
    assert form_accepted(header, OFFERED) == media


@given(st.text(max_size=300))
def test_no_header_is_an_error(header: str):
    assert language_accepted(header) in ("en", "ko")
    assert form_accepted(header, OFFERED) in (*OFFERED, None)
