"""Algorithm R: fair, of fixed size, in one pass."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.reservoir import Reservoir, reservoir_sample


@given(st.lists(st.integers()), st.integers(1, 80), st.integers(0, 1000))
def test_the_sample_has_k_of_the_items_or_all_of_them(items: list[int], k: int, seed: int):
    sample = reservoir_sample(iter(items), k, seed=seed)
    assert len(sample) == min(k, len(items))
    assert not Counter(sample) - Counter(items)
    assert sample == reservoir_sample(items, k, seed=seed)


def test_fewer_items_than_k_come_in_order():
    assert reservoir_sample("abc", seed=1) == ["a", "b", "c"]


def test_the_default_size_is_64():
    assert len(reservoir_sample(range(1000), seed=1)) == 64


def test_another_seed_gives_another_sample():
    assert reservoir_sample(range(1000), seed=1) != reservoir_sample(range(1000), seed=2)


def test_a_stream_is_read_once_and_to_its_end():
    stream = iter(range(10_000))
    reservoir_sample(stream, seed=3)
    assert next(stream, None) is None


def test_every_item_has_the_same_chance():
    """Chi-square over 4,000 seeds: 50 items, 10 drawn; 0.1 % of fair samplers exceed 85.35."""
    runs, items, k = 4000, 50, 10
    drawn = Counter(i for seed in range(runs) for i in reservoir_sample(range(items), k, seed=seed))
    expected = runs * k / items
    # An item is in or out, so the counts vary by (1 - k / n) less than independent ones.
    chi_square = sum((drawn[i] - expected) ** 2 / expected for i in range(items)) / (1 - k / items)
    assert chi_square < 85.35


def test_streaming_use_counts_what_it_saw():
    reservoir: Reservoir[int] = Reservoir(5, seed=9)
    for i in range(100):
        reservoir.add(i)
    assert reservoir.seen_count == 100
    assert reservoir.sample == reservoir_sample(range(100), 5, seed=9)


def test_a_sample_of_none_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        reservoir_sample([1], 0, seed=1)
