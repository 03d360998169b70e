"""A cursor comes back as it was given; what was never given is refused, whatever it is."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.lake.log import Version
from serving.lists.cursors import Cursor, read_cursor
from serving.problems import ProblemError

VERSIONS = st.none() | st.builds(
    Version, st.integers(0, 10_000), st.integers(0, 2_000_000_000_000_000_000)
)
CURSORS = st.builds(
    Cursor,
    st.text(max_size=20),
    st.integers(0, 1_000_000),
    st.none() | st.dates(dt.date(2017, 1, 1)),
    st.dictionaries(st.text(max_size=20), VERSIONS, max_size=8),
    st.text(max_size=20),
)


@given(CURSORS)
def test_a_cursor_comes_back_as_it_was_given(cursor: Cursor):
    written = cursor.write()
    assert read_cursor(written) == cursor
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def packed(told: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "é",
        packed(None),
        packed([1, 2]),
        packed(["a", -1, None, {}, "s"]),
        packed(["a", 1 << 41, None, {}, "s"]),
        packed(["a", 1, "2026-99-99", {}, "s"]),
        packed(["a", 1, None, {"t": [1]}, "s"]),
        packed(["a", 1, None, {"t": ["x", "y"]}, "s"]),
        packed(["a", 1, None, [], "s"]),
        packed(["a", True, 3, {}, "s"]),
        packed(["a", True, None, {}, "s"]),
        packed(["a", 0, None, {"t": [1, True]}, "s"]),
        packed(["a", 0, None, {"t": [1, "7"]}, "s"]),
        packed(["a", 0, None, {"t": [1, 1.5]}, "s"]),
        packed(["a", 0, None, {"t": [1, 1 << 63]}, "s"]),
        packed(["a", 0, None, {"t": [1, float("inf")]}, "s"]),
        packed(["a", 0, None, {"t": [1, float("nan")]}, "s"]),
        "WyJhIiwwLG51bGwseyJ4IjpbMSwxZTQwMF19LCJzIl0",
        packed([{}, 1, None, {}, "s"]),
        base64.urlsafe_b64encode(b"[" * 2000).decode(),
    ],
)
def test_what_was_never_given_is_refused(text: str):
    with pytest.raises(ProblemError) as refused:
        read_cursor(text)
    assert refused.value.status == 400


@given(st.text(max_size=200))
def test_no_text_is_an_error_of_another_kind(text: str):
    try:
        read_cursor(text)
    except ProblemError as refused:
        assert refused.status == 400
