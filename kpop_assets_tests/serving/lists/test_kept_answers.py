"""What is kept serves again, up to a number, a size and a time; what failed is tried again."""

from __future__ import annotations

import polars as pl
import pytest

from serving.lists.kept_answers import MOST_KEPT, MOST_KEPT_BYTES, KeptAnswers


class Counted:
    """A computation that says how often it was asked."""

    def __init__(self, answer: object) -> None:
        self.answer, self.count = answer, 0

    def __call__(self) -> object:
        """The answer, counted."""
        self.count += 1
        return self.answer


def test_an_answer_is_worked_out_once():
    kept, compute = KeptAnswers(), Counted("x")
    assert [kept.get("k", compute) for _ in range(3)] == ["x"] * 3
    assert compute.count == 1


def test_the_answers_asked_for_last_are_kept():
    kept, first = KeptAnswers(), Counted(0)
    kept.get(0, first)
    for number in range(1, MOST_KEPT):
        kept.get(number, Counted(number))
    kept.get(0, first)
    assert first.count == 1
    kept.get(MOST_KEPT, Counted(0))
    kept.get(0, first)
    assert first.count == 1
    second = Counted(1)
    kept.get(1, second)
    assert second.count == 1


def test_large_frames_push_others_out_and_the_largest_stays_alone():
    kept, small = KeptAnswers(), Counted(pl.DataFrame({"a": [1]}))
    kept.get("small", small)
    large = Counted(pl.DataFrame({"a": pl.int_range(MOST_KEPT_BYTES // 8 + 1, eager=True)}))
    kept.get("large", large)
    kept.get("large", large)
    assert large.count == 1
    kept.get("small", small)
    assert small.count == 2


def test_an_answer_is_good_for_its_time_only():
    clock = [0.0]
    kept, compute = KeptAnswers(lambda: clock[0]), Counted("x")
    kept.get("k", compute, 10)
    clock[0] = 9.9
    kept.get("k", compute, 10)
    assert compute.count == 1
    clock[0] = 10.0
    kept.get("k", compute, 10)
    assert compute.count == 2


def test_what_failed_is_tried_again():
    kept = KeptAnswers()

    def fail() -> object:
        raise ValueError

    with pytest.raises(ValueError):
        kept.get("k", fail)
    assert kept.get("k", lambda: 1) == 1
