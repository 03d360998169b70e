"""Milestones: a round number is passed once, on the day on which it is seen."""

from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.insights.milestones import ROUND_NUMBERS, find_milestones

DAY = dt.date(2026, 9, 1)
SCHEMA = {
    "ingest_date": pl.Date,
    "artist": pl.String,
    "video_id": pl.String,
    "view_count": pl.Int64,
}


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def passed(counts: list[int | None], artist: str = "a") -> list[tuple[dt.date, int]]:
    rows = [(on(i), artist, "v", count) for i, count in enumerate(counts)]
    found = find_milestones(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return found.select("event_date", "milestone").rows()


def test_a_number_is_passed_on_the_day_on_which_it_is_first_seen_above():
    million = 1_000_000
    assert passed([999_999, million, million + 1]) == [(on(1), million)]
    assert passed([999_000, None, 1_200_000]) == [(on(2), million)]
    assert passed([900_000, 6_000_000]) == [(on(1), 5_000_000)], "the highest alone"


def test_how_a_video_stood_that_is_new_is_not_known():
    assert passed([2_000_000, 2_000_001]) == []
    assert passed([5]) == []


def test_a_correction_downwards_passes_nothing():
    assert passed([1_200_000, 800_000]) == []


def test_of_other_there_is_nothing_to_tell():
    assert passed([999_999, 1_000_001], OTHER) == []


def test_two_videos_do_not_continue_each_other():
    rows = [(DAY, "a", "v", 900_000), (on(1), "a", "w", 1_100_000)]
    assert find_milestones(pl.DataFrame(rows, schema=SCHEMA, orient="row")).is_empty()


def test_a_number_that_a_correction_or_a_glitch_took_back_is_not_passed_again():
    counts = [9_900_000, 10_100_000, 9_950_000, 10_200_000, 0, None, 10_300_000]
    assert passed(counts) == [(on(1), 10_000_000)]


counters = st.one_of(st.none(), st.integers(0, 3 * 10**10), st.integers(900_000, 1_100_000))


@given(st.lists(counters, min_size=2, max_size=12))
def test_agrees_with_plain_python(counts: list[int | None]):
    """Each round number belongs to the first day at or above it, unless the first sight was."""
    expected: dict[dt.date, int] = {}
    known = [(number, count) for number, count in enumerate(counts) if count is not None]
    for mark in ROUND_NUMBERS:
        above = [number for number, count in known if count >= mark]
        if above and above[0] != known[0][0]:
            day = on(above[0])
            expected[day] = max(mark, expected.get(day, 0))
    assert passed(counts) == sorted(expected.items())
