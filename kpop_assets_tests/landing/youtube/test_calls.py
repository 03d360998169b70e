"""The planner: never a call too many, nothing twice, and everything accounted for."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.youtube.calls import (
    CALLS_PER_LOOKUP,
    CallPlan,
    RefreshCandidate,
    SearchWish,
    Wanted,
    make_plan,
)
from kpop_assets.landing.youtube.quota import Quota

DAY_MS = 86_400_000
NOW = 1_772_409_600_000
PLENTY = {Quota.SEARCH: 1000, Quota.STATS: 1000, Quota.READS: 1000}


def budget(search: int = 1000, stats: int = 1000, reads: int = 1000) -> dict[Quota, int]:
    return {Quota.SEARCH: search, Quota.STATS: stats, Quota.READS: reads}


def ids(count: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.integers(0, count).map(str), max_size=3 * count)


wanted_things = st.builds(
    Wanted,
    videos=ids(180).map(lambda found: [RefreshCandidate(i, None, NOW - DAY_MS) for i in found]),
    details=ids(130),
    channels=ids(70),
    without_playlist=st.frozensets(st.integers(0, 70).map(str)),
    upload_pages=st.integers(0, 4),
    searches=st.lists(
        st.builds(
            SearchWish,
            st.sampled_from("abcdefgh"),
            st.none() | st.integers(0, NOW),
            st.integers(0, 6),
        )
    ),
)
budgets = st.builds(budget, st.integers(0, 20), st.integers(0, 6), st.integers(0, 200))


def flat(batches: tuple[tuple[str, ...], ...]) -> list[str]:
    return [each for batch in batches for each in batch]


@given(wanted_things, budgets)
def test_a_plan_never_costs_more_than_is_left(wanted: Wanted, left: dict[Quota, int]):
    plan = make_plan(wanted, left, NOW)
    reads = len(plan.details) + CALLS_PER_LOOKUP * len(plan.lookups) + plan.reserved
    assert len(plan.refresh) <= left[Quota.STATS]
    assert sum(pages for _, pages in plan.searches) <= left[Quota.SEARCH]
    assert reads + sum(pages for _, pages in plan.uploads) <= left[Quota.READS]


@given(wanted_things, budgets)
def test_nothing_is_planned_twice_and_no_batch_holds_more_than_50(
    wanted: Wanted, left: dict[Quota, int]
):
    plan = make_plan(wanted, left, NOW)
    for batches in (plan.refresh, plan.details, plan.lookups):
        assert max(Counter(flat(batches)).values(), default=1) == 1
        assert all(1 <= len(batch) <= 50 for batch in batches)
    for pages in (plan.uploads, plan.searches):
        assert len({name for name, _ in pages}) == len(pages)
        assert all(count >= 1 for _, count in pages)


@given(wanted_things, budgets)
def test_planned_and_left_out_are_what_was_wanted(wanted: Wanted, left: dict[Quota, int]):
    plan = make_plan(wanted, left, NOW)
    wishes: dict[str, int] = {}
    for wish in wanted.searches:
        if wish.pages:
            wishes.setdefault(wish.query, wish.pages)
    planned = {
        "videos to refresh": len(flat(plan.refresh)),
        "details": len(flat(plan.details)),
        "upload pages": sum(pages for _, pages in plan.uploads),
        "search pages": sum(pages for _, pages in plan.searches),
    }
    asked = {
        "videos to refresh": len({video.video_id for video in wanted.videos}),
        "details": len(set(wanted.details)),
        "upload pages": len(set(wanted.channels)) * wanted.upload_pages,
        "search pages": sum(wishes.values()),
    }
    assert {kind: planned[kind] + plan.left_out.get(kind, 0) for kind in asked} == asked
    assert plan.left_out.keys() <= asked.keys()
    assert all(plan.left_out.values())


@given(wanted_things, budgets)
def test_every_page_has_a_read_for_the_details_of_what_it_finds(
    wanted: Wanted, left: dict[Quota, int]
):
    plan = make_plan(wanted, left, NOW)
    assert plan.reserved == sum(pages for _, pages in (*plan.uploads, *plan.searches))
    looked_up = set(flat(plan.lookups))
    assert {c for c, _ in plan.uploads} & wanted.without_playlist <= looked_up


@given(wanted_things)
def test_with_plenty_left_nothing_is_left_out(wanted: Wanted):
    assert make_plan(wanted, PLENTY, NOW).left_out == {}


def refreshed(*videos: RefreshCandidate, calls: int = 1) -> list[str]:
    return flat(make_plan(Wanted(videos), budget(stats=calls), NOW).refresh)


def test_young_and_fast_videos_come_first():
    day_ago = NOW - DAY_MS
    old = RefreshCandidate("old", NOW - 300 * DAY_MS, day_ago)
    fast = RefreshCandidate("fast", NOW - 300 * DAY_MS, day_ago, pace=500_000)
    young = RefreshCandidate("young", NOW - 2 * DAY_MS, day_ago)
    both = RefreshCandidate("both", NOW - 2 * DAY_MS, day_ago, pace=500_000)
    assert refreshed(old, young, fast, both) == ["both", "fast", "young", "old"]


def test_no_slow_video_waits_for_ever():
    young = [RefreshCandidate(f"y{i}", NOW - DAY_MS, NOW - DAY_MS // 2) for i in range(50)]
    slow = RefreshCandidate("slow", NOW - 900 * DAY_MS, NOW - 10 * DAY_MS)
    assert "slow" in refreshed(*young, slow)


def test_the_query_not_searched_for_longest_comes_first_and_never_is_longest():
    wishes = [SearchWish("a", 5), SearchWish("b", 3), SearchWish("c"), SearchWish("d", 0)]
    plan = make_plan(Wanted(searches=wishes), budget(search=3), NOW)
    assert plan.searches == (("c", 1), ("d", 1), ("b", 1))
    assert plan.left_out == {"search pages": 1}


def test_a_first_page_for_everyone_comes_before_a_second_for_any():
    wishes = [SearchWish("a", 1, 3), SearchWish("b", 2, 3)]
    plan = make_plan(Wanted(searches=wishes), budget(search=3), NOW)
    assert plan.searches == (("a", 2), ("b", 1))


@pytest.mark.parametrize(
    ("reads", "uploads", "searches"),
    [(0, 0, 0), (2, 0, 2), (4, 1, 0), (5, 1, 1), (6, 2, 0), (8, 2, 2)],
)
def test_uploads_come_before_searches_and_lookups_are_paid_once(
    reads: int, uploads: int, searches: int
):
    wanted = Wanted(
        channels=("x", "y"),
        without_playlist=frozenset("xy"),
        searches=[SearchWish("a"), SearchWish("b")],
    )
    plan = make_plan(wanted, budget(reads=reads), NOW)
    assert (len(plan.uploads), len(plan.searches)) == (uploads, searches)


def test_an_empty_wish_is_an_empty_plan():
    assert make_plan(Wanted(), PLENTY, NOW) == CallPlan()
