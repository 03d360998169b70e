"""Of lines of one review on one day the newest word is kept, and a word that gave way is counted.

Belongs here: which of several lines of a review stays. Does not belong here: what a review on two
days is (audience/voices/test_voices.py).
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets_tests.bronze.kit import DAY_MS, NOON_MS, land, load
from kpop_assets_tests.bronze.outcomes import check_accounts, check_against, load_and_expect

FILE_NAME = f"reviews_{NOON_MS}.json"
BEFORE = NOON_MS - 9 * DAY_MS


def review(**changes: Any) -> bytes:
    """A review that is usable, with changes."""
    line = {
        "review_id": "1",
        "source": "test",
        "subject_kind": "act",
        "subject": "IVE",
        "text": "fine",
        "created_at": BEFORE,
    }
    return json.dumps(line | changes, ensure_ascii=False).encode()


# What the second line of a review says of itself, what the first, and which of the two is kept.
PAIRS = {
    "the edited text, wherever it stands": ({"updated_at": BEFORE + 5}, {}, "second"),
    "the edited text, though it stands first": ({}, {"updated_at": BEFORE + 5}, "first"),
    "the later of two edits": ({"updated_at": BEFORE + 5}, {"updated_at": BEFORE + 9}, "first"),
    "the one written later": ({"created_at": BEFORE + 5}, {}, "second"),
    "a deletion behind an edit": (
        {"deleted_at": BEFORE + 9},
        {"updated_at": BEFORE + 5},
        "second",
    ),
    "an edit behind a deletion": (
        {"deleted_at": BEFORE + 5},
        {"updated_at": BEFORE + 9},
        "first",
    ),
    "the later line of equal ones": ({}, {}, "second"),
    "the later line where nobody says when": ({"created_at": None}, {"created_at": None}, "second"),
    "what was observed later, whenever it was edited": (
        {"observed_at": NOON_MS + 5},
        {"observed_at": NOON_MS, "updated_at": BEFORE + 9},
        "second",
    ),
}


@pytest.mark.both_engines
def test_of_two_lines_of_a_review_the_newer_word_is_kept_and_the_other_counted(
    spark: SparkSession, tmp_path: Path
):
    lines = [
        review(review_id=case, text=word, **changes)
        for case, (second, first, _) in PAIRS.items()
        for word, changes in (("first", first), ("second", second))
    ]
    land(tmp_path, b"\n".join(lines), FILE_NAME, kind="reviews")
    loaded = load(spark, tmp_path, record=REVIEW_LINES)
    check_accounts(loaded)
    assert {row["review_id"]: row["text"] for row in loaded.rows} == {
        case: kept for case, (_, _, kept) in PAIRS.items()
    }
    count = len(PAIRS)
    assert (loaded.total("duplicate_count"), loaded.total("differing_count")) == (count, count)


@pytest.mark.both_engines
def test_a_line_that_says_the_same_again_does_not_differ_whenever_it_was_seen(
    spark: SparkSession, tmp_path: Path
):
    again = [
        review(likes=7),
        review(likes=9, updated_at=BEFORE + 5),
        review(observed_at=NOON_MS + 5, outlet=None),
        # The same words in another column are other words.
        review(text=None, outlet="fine"),
    ]
    land(tmp_path, b"\n".join(again), FILE_NAME, kind="reviews")
    loaded = load(spark, tmp_path, record=REVIEW_LINES)
    assert [(row["line_number"], row["text"]) for row in loaded.rows] == [(3, "fine")]
    assert (loaded.total("duplicate_count"), loaded.total("differing_count")) == (3, 1)


@pytest.mark.both_engines
def test_three_thousand_lines_of_few_reviews_end_where_plain_python_has_them(spark: SparkSession):
    rng = random.Random(20260302)
    times = [None, *(BEFORE + late for late in range(4))]

    def generate() -> bytes:
        return review(
            review_id=str(rng.randint(1, 400)),
            text=rng.choice([None, "", "좋다", "fine", "&amp;"]),
            rating=rng.choice([None, 0, 4, 4.5, "5", "bad"]),
            likes=rng.choice([None, 3, -1]),
            **{name: rng.choice(times) for name in ("created_at", "updated_at", "deleted_at")},
            observed_at=rng.choice([None, NOON_MS, NOON_MS + 1]),
        )

    names = (FILE_NAME, f"reviews_{NOON_MS}_b.json", "extra.json")
    files = {name: b"\n".join(generate() for _ in range(1_000)) for name in names}
    loaded, expected = load_and_expect(spark, files, REVIEW_LINES)
    assert min(len(expected.rows), len(expected.quarantine), expected.differing) > 300
    check_accounts(loaded)
    check_against(expected, loaded)
