"""What the address keeps: values as texts and back, and nothing that is not offered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.address import Values

DAY = dt.date(2026, 3, 10)


@pytest.mark.parametrize(
    ("default", "options", "value", "texts"),
    [
        ("a", ["a", "b"], "b", ["b"]),
        (50, [20, 50], 20, ["20"]),
        (None, [DAY], DAY, ["2026-03-10"]),
        (False, None, True, ["1"]),
        (2.5, None, 1234567.125, ["1234567.125"]),
        (7, None, 30, ["30"]),
        ([], ["a, b", "c"], ["c", "a, b"], ["c", "a, b"]),
        ("", None, "두 words&=", ["두 words&="]),
    ],
)
def test_a_value_comes_back(default: Any, options: list[Any] | None, value: Any, texts: list[str]):
    values = Values(default, options)
    assert values.write(value) == texts
    assert values.read(texts) == value


@pytest.mark.parametrize(
    ("default", "options", "texts", "value"),
    [
        ("a", ["a", "b"], ["c"], "a"),
        ("a", ["a", "b"], [], "a"),
        (5, None, ["x"], 5),
        (5, None, ["0"], 5),
        (5, None, ["11"], 5),
        (5, None, ["10"], 10),
        (["a"], ["a", "b"], ["b", "c"], ["b"]),
        (["a"], ["a", "b"], ["c"], ["a"]),
        # Nothing of several is a choice too.
        (["a"], ["a", "b"], [""], []),
    ],
)
def test_what_is_not_offered_is_not_taken(
    default: Any, options: list[Any] | None, texts: list[str], value: Any
):
    assert Values(default, options, 1, 10).read(texts) == value


def test_what_is_offered_no_more_is_let_go():
    assert Values([], ["b"]).heed(["a", "b"]) == ["b"]
    assert Values(None, [DAY]).heed(dt.date(2026, 1, 1)) is None


def test_another_text_may_mean_an_option():
    values = Values(None, ["IVE", "BTS"], find={"ive": "IVE", "x": "no option"}.get)
    assert values.read(["ive"]) == "IVE"
    assert values.read(["x"]) is None
    assert values.read(["y"]) is None
