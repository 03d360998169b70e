"""Change, composite and rows of the signals, against plain arithmetic."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.contracts.lens_signals import SIGNALS
from kpop_assets.lens.asking import frame_of
from kpop_assets.lens.outside.answers import DaySeries, UntoldError
from kpop_assets.lens.signals import (
    ACT,
    KEYWORD,
    Known,
    Subject,
    change_pct,
    choose_subjects,
    composite_of,
    signal_rows,
    told_by,
)
from kpop_assets_tests.lens.outside.kit import DAY, START, before, no_signals

RISING = DaySeries(DAY, (10, 10, 10, 0, 12, 15, 18))
SILENT = DaySeries(DAY, (0, 0, 0, 5, 6, 7, 8))
SOURCES = ("wiki", "news", "reddit")
CHANGES = st.dictionaries(st.sampled_from(SOURCES), st.floats(-100, 1e6), max_size=3)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((10, 10, 10, 0, 12, 15, 18), 50.0),
        ((10, 10, 10, 99, 0, 0, 0), -100.0),
        ((1, 2, 3, 4, 1, 2, 3), 0.0),
        ((0, 0, 0, 5, 6, 7, 8), None),
        ((0,) * 7, None),
    ],
)
def test_a_change_is_the_last_three_days_against_the_first(counts: tuple, expected: float | None):
    assert change_pct(DaySeries(DAY, counts)) == expected


@given(st.lists(st.integers(0, 10**9), min_size=7, max_size=7), st.integers(1, 1000))
def test_a_change_knows_no_scale(counts: list[int], factor: int):
    plain, scaled = DaySeries(DAY, (*counts,)), DaySeries(DAY, tuple(n * factor for n in counts))
    assert change_pct(scaled) == pytest.approx(change_pct(plain))
    assert (change_pct(plain) is None) == (sum(counts[:3]) == 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"wiki": 0.0, "news": 0.0, "reddit": 0.0}, 50.0),
        ({"wiki": 10.0, "news": -80.0, "reddit": 500.0}, 0.4 * 60 + 0.4 * 0 + 0.2 * 100),
        ({"wiki": 10.0}, 60.0),
        ({"news": -20.0, "reddit": 40.0}, (0.4 * 30 + 0.2 * 90) / 0.6),
        ({}, None),
    ],
)
def test_the_composite_weighs_what_answered(changes: dict, expected: float | None):
    assert composite_of(changes) == (None if expected is None else pytest.approx(expected))


@given(CHANGES)
def test_the_composite_lies_between_its_parts(changes: dict[str, float]):
    found = composite_of(changes)
    parts = [min(max(change + 50, 0), 100) for change in changes.values()]
    assert (found is None) == (not parts)
    if found is not None:
        assert min(parts) - 1e-9 <= found <= max(parts) + 1e-9


def day_row(told: dict, earlier: pl.DataFrame | None = None, name: str = "IVE") -> dict:
    answers = {source: [told.get(source, "unreachable")] for source in SOURCES}
    rows = signal_rows(
        [Subject(name, ACT)], answers, no_signals() if earlier is None else earlier, START
    )
    (row,) = frame_of(SIGNALS, rows).iter_rows(named=True)
    return row


def test_a_row_tells_what_answered_and_why_the_rest_did_not():
    row = day_row({"wiki": RISING, "news": SILENT})
    assert (row["wiki_views_7d"], row["wiki_change_pct"], row["wiki_as_of_date"]) == (75, 50.0, DAY)
    assert (row["is_wiki_old"], row["wiki_missing_reason"]) == (False, None)
    assert (row["news_articles_7d"], row["news_change_pct"]) == (26, None)
    reddit = [row[c.name] for c in SIGNALS.columns if "reddit" in c.name]
    assert reddit == [None, None, None, None, "unreachable"]
    assert (row["composite"], json.loads(row["answered"])) == (100.0, ["wiki"])


def test_a_value_of_an_earlier_day_is_old_has_its_reason_and_counts_in_nothing():
    two_days_ago = DAY - dt.timedelta(days=2)
    earlier = before(SIGNALS, frame_of(SIGNALS, [day_row({"wiki": RISING})]), two_days_ago)
    row = day_row({}, earlier)
    kept = (
        "wiki_views_7d",
        "wiki_change_pct",
        "wiki_as_of_date",
        "is_wiki_old",
        "wiki_missing_reason",
    )
    assert [row[name] for name in kept] == [75, 50.0, DAY, True, "unreachable"]
    assert (row["composite"], row["answered"]) == (None, "[]")
    assert day_row({}, earlier, name="aespa")["wiki_views_7d"] is None


def test_what_is_old_already_goes_on_being_old_and_a_new_answer_replaces_it():
    days = [DAY - dt.timedelta(days=i) for i in (3, 2, 1)]
    first = before(SIGNALS, frame_of(SIGNALS, [day_row({"wiki": RISING})]), days[0])
    second = before(SIGNALS, frame_of(SIGNALS, [day_row({}, first)]), days[1])
    both = pl.concat([first, second])
    assert day_row({}, both)["is_wiki_old"]
    new = DaySeries(DAY + dt.timedelta(days=1), (1,) * 7)
    row = day_row({"wiki": new}, both)
    assert (row["wiki_views_7d"], row["is_wiki_old"]) == (7, False)


def test_subjects_are_who_gained_most_and_who_rose_most_in_turns_then_words():
    acts = pl.DataFrame(
        {
            "artist": ["big", "middle", "riser", "nobody"],
            "views_gained": [100, 50, 5, None],
            "gain_sigmas": [0.5, -1.0, 4.0, None],
        }
    )
    words = [
        ("떼창", "gain", 1),
        ("riser", "frequency", 1),
        ("떼창", "rise", 2),
        ("직캠", "rise", 3),
    ]
    keywords = pl.DataFrame(words, schema=["word", "ranking", "rank"], orient="row")
    found = choose_subjects(acts, keywords)
    assert [subject.name for subject in found] == [
        "big",
        "riser",
        "middle",
        "nobody",
        "떼창",
        "직캠",
    ]
    assert [subject.kind for subject in found] == [ACT] * 4 + [KEYWORD] * 2


def test_what_fails_for_one_subject_is_its_reason_and_the_next_is_asked():
    def question(subject: Subject, known: Known) -> DaySeries:
        if subject.name == "b":
            raise UntoldError("nothing", "no_name")
        return RISING

    subjects = [Subject(name, ACT) for name in "abc"]
    assert told_by(question, subjects, {}) == [RISING, "no_name", RISING]
