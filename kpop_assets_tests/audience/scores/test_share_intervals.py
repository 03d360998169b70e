"""Intervals of shares and weighted means, against SciPy and plain Python."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kpop_assets.audience.scores.share_intervals import (
    effective_count,
    net_interval,
    standard_error,
    weighted_mean,
    wilson,
)

COUNTS = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(COUNTS)
def test_wilson_is_scipys(counts: tuple[int, int]) -> None:
    positive, count = counts
    expected = stats.binomtest(positive, count).proportion_ci(0.95, method="wilson")
    low, high = wilson(positive / count, float(count))
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_columns_is_that_of_numbers() -> None:
    frame = pl.DataFrame({"share": [0.0, 0.5, 1.0], "count": [1.0, 7.5, 300.0]})
    low, high = wilson(pl.col("share"), pl.col("count"))
    found = frame.select(low.alias("low"), high.alias("high")).rows()
    for got, (share, count) in zip(found, frame.rows(), strict=True):
        assert got == pytest.approx(wilson(share, count), abs=1e-12)


@given(st.floats(-1, 1), st.floats(0.5, 1e6))
def test_an_interval_of_a_net_holds_it_within_its_limits(net: float, count: float) -> None:
    low, high = net_interval(net, count)
    assert -1 - 1e-9 <= low <= net + 1e-9
    assert net - 1e-9 <= high <= 1 + 1e-9


def test_neutral_values_spread_less_than_the_interval_takes() -> None:
    values = [-1] * 10 + [0] * 60 + [1] * 30
    net, spread = 0.2, math.sqrt(sum((one - 0.2) ** 2 for one in values) / 100 / 100)
    low, high = net_interval(net, 100.0)
    assert high - low > 2 * 1.96 * spread


WEIGHED = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), min_size=1, max_size=30)


@settings(deadline=None)
@given(WEIGHED)
def test_weighted_means_are_those_of_plain_python(rows: list[tuple[float, float]]) -> None:
    frame = pl.DataFrame(rows, ["value", "weight"], orient="row")
    mean, count, error = frame.select(
        weighted_mean(pl.col("value"), pl.col("weight")).alias("mean"),
        effective_count(pl.col("weight")).alias("count"),
        standard_error(pl.col("value"), pl.col("weight")).alias("error"),
    ).row(0)
    total = math.fsum(weight for _, weight in rows)
    squares = math.fsum(weight**2 for _, weight in rows)
    if total == 0 or squares == 0:
        assert mean is None or total > 0
        return
    expected = math.fsum(value * weight for value, weight in rows) / total
    assert mean == pytest.approx(expected, abs=1e-6)
    assert count == pytest.approx(total**2 / squares)
    if error is not None:
        spread = math.fsum(weight * (value - expected) ** 2 for value, weight in rows) / total
        assert error == pytest.approx(math.sqrt(spread / (total**2 / squares - 1)), abs=1e-4)


def test_halving_all_weights_changes_no_effective_count() -> None:
    frame = pl.DataFrame({"weight": [1.0, 0.5, 0.25]})
    whole, half = frame.select(
        effective_count(pl.col("weight")).alias("whole"),
        effective_count(pl.col("weight") / 2).alias("half"),
    ).row(0)
    assert whole == pytest.approx(half)
