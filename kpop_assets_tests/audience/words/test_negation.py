"""What a text denies, in both languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.audience.words.negation import NEGATED, mark_negated


def denied(text: str) -> str:
    """The letters that are marked, as one text."""
    marked = mark_negated(text)
    return "".join(sign for sign, after in pairwise(marked) if after == NEGATED)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("안 좋다", "좋다"),
        ("안좋다", "좋다"),
        ("노래가 못 봐줄 정도", "봐줄"),
        ("재미있지 않다", "재미있"),
        ("재미있지는 않았다", "재미있"),
        ("지루하지않아", "지루하"),
        ("감동이 없다", "감동이"),
        ("감동 없음", "감동"),
        ("not good at all, really", "goodatall"),
        ("i don't like this song much", "likethissong"),
        ("never boring", "boring"),
        ("it isnt good", "good"),
        ("hasn’t been good", "beengood"),
        ("ain't good", "good"),
        # These begin alike, and deny nothing.
        ("안녕하세요 좋아요", ""),
        ("안무가 좋다", ""),
        ("안경 쓴 모습", ""),
        ("못난이 인형", ""),
        ("not only good but great", ""),
        ("좋다", ""),
        ("nothing beats this", ""),
    ],
)
def test_what_is_denied_is_marked(text: str, what: str):
    assert denied(text) == what


@given(st.text(st.sampled_from("안못좋다지않 없notgood'"), max_size=30))
def test_without_its_marks_a_text_is_as_it_was(text: str):
    assert mark_negated(text).replace(NEGATED, "") == text
