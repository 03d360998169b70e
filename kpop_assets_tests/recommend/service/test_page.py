"""What is shown, and why."""

from __future__ import annotations

import tracemalloc
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.matrices.bundle_parts import ServedPart
from kpop_assets.recommend.service.listening_reasons import listening_reason
from kpop_assets.recommend.service.page import Offers, compose, rising_places
from kpop_assets.recommend.service.served_reasons import spoken_by


def offers(
    count: int = 40, *, works=None, acts=None, vectors=None, is_rising=None, fit=None
) -> Offers:
    codes = np.arange(count, dtype=np.int32)
    return Offers(
        codes,
        -codes.astype(float) if fit is None else np.array(fit, float),
        codes if works is None else np.array(works, np.int32),
        codes if acts is None else np.array(acts, np.int32),
        np.eye(count) if vectors is None else np.array(vectors, float),
        np.zeros(count, bool) if is_rising is None else np.array(is_rising, bool),
    )


def test_without_anything_in_the_way_the_page_is_in_order_of_fit():
    assert compose(offers(), rising=0).tolist() == list(range(10))


def test_no_work_stands_twice():
    assert compose(offers(6, works=[0, 0, 0, 1, 1, 2]), rising=0).tolist() == [0, 3, 5]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_offered_no_work_twice_and_no_act_a_third_time_in_ten(seed: int):
    generator = np.random.default_rng(seed)
    told = offers(
        60,
        works=generator.integers(0, 30, 60),
        acts=generator.integers(0, 7, 60),
        vectors=generator.normal(size=(60, 3)),
        is_rising=generator.random(60) < 0.3,
        fit=generator.normal(size=60),
    )
    shown = compose(told, rising=3, count=20)
    acts = told.acts[shown]

    assert len(set(told.works[shown])) == len(shown)
    for start in range(max(1, len(shown) - 9)):
        assert np.bincount(acts[start : start + 10]).max() <= 2


def test_an_act_may_come_again_after_ten_places():
    shown = compose(offers(14, acts=[9, 9, 9, *range(100, 111)]), rising=0, count=12)

    assert shown.tolist() == [0, 1, *range(3, 11), 2, 11]


def test_what_is_like_what_stands_above_goes_down():
    vectors = [[1, 0], [1, 0], [0, 1]]

    assert compose(offers(3, vectors=vectors, fit=[3, 2.9, 2.8]), 0, 3, 0.6).tolist() == [0, 2, 1]
    assert compose(offers(3, vectors=vectors), 0, 3, 0.0).tolist() == [0, 1, 2]


def test_the_last_places_are_kept_for_acts_that_rise():
    is_rising = [number in (20, 30) for number in range(40)]

    assert compose(offers(is_rising=is_rising), 2).tolist() == [*range(8), 20, 30]
    assert compose(offers(is_rising=is_rising), 1).tolist() == [*range(9), 20]
    # Three were wanted and two are there.
    assert compose(offers(is_rising=is_rising), 3).tolist() == [*range(7), 20, 30, 7]
    # Those that stand there by themselves count.
    assert compose(offers(is_rising=[number == 0 for number in range(40)]), 1).tolist() == list(
        range(10)
    )


def test_places_for_rising_acts_follow_the_listener_within_bounds():
    assert [rising_places(share) for share in (0, 0.1, 0.2, 0.9)] == [1, 1, 2, 3]


def test_ten_times_as_many_offers_take_ten_times_as_much_memory():
    def peak(count: int) -> int:
        told = offers(count, vectors=np.ones((count, 4)))
        tracemalloc.start()
        compose(told, 1)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # A hundred times as much where each is held against each.
    assert peak(5_000) < 20 * peak(500)


def test_nothing_offered_is_an_empty_page():
    assert compose(offers(0), 1).tolist() == []


def test_the_strongest_reason_that_is_true_is_given():
    everything = {"near_seed": 1, "spoken_for_by": 2, "rise_chance": 0.7, "age_days": 3.0}

    assert listening_reason(9, **everything, is_rising_place=True).kind == "rising"
    assert listening_reason(9, **everything, sound="fast").because == 1
    assert listening_reason(9, **everything | {"near_seed": None}).kind == "played"
    bare = everything | {"near_seed": None, "spoken_for_by": None}
    assert listening_reason(9, **bare).rise_chance == 0.7
    assert listening_reason(9, **bare | {"rise_chance": 0.49}).kind == "fresh"
    assert listening_reason(9, rise_chance=0.49, age_days=28.0).kind == "popular"
    assert listening_reason(9).kind == "popular"


def test_nothing_is_its_own_reason():
    with pytest.raises(ValueError, match="cannot be the reason for itself"):
        listening_reason(9, near_seed=9)


def test_what_was_heard_speaks_for_an_item_only_where_it_does():
    weights = np.array([[0, 0.5, -1.0], [0.2, 0, -0.1], [0.4, 0, 0]])
    parts = {"items": ServedPart("weights", {"dense": weights})}
    bundle = cast(Bundle, SimpleNamespace(parts=parts, learnt_count=3))
    heard, items = np.array([0, 1], np.int32), np.array([1, 2, 0], np.int32)

    assert spoken_by(bundle, heard, items) == [0, None, 1]
    assert spoken_by(bundle, heard[:0], items) == [None] * 3
