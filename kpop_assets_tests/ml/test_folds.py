"""Rolling origins: which days they cover, and from which cut each is forecast."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.ml.folds import Fold
from kpop_assets_tests.ml.test_backtest import folds, number, on


def test_literal_origins_of_ten_days():
    assert folds(on(30), 10) == [
        Fold(cut=on(9), first=on(14), last=on(15)),
        Fold(cut=on(16), first=on(16), last=on(22)),
        Fold(cut=on(23), first=on(23), last=on(23)),
    ]


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.integers(0, 130), st.integers(1, 20))
def test_each_day_is_forecast_once_from_the_newest_cut_that_it_does_not_precede(
    day, evaluation_days, horizon
):
    expected: dict[int, list[int]] = {}
    for target in range(day - evaluation_days + 1, day + 1):
        made = target - horizon
        cut = max(c for c in range(made - 6, made + 1) if (day - c) % 7 == 0)
        expected.setdefault(cut, []).append(made)
    found = folds(on(day), evaluation_days, horizon)
    assert {
        number(f.cut): list(range(number(f.first), number(f.last) + 1)) for f in found
    } == expected
    assert [f.cut for f in found] == sorted(f.cut for f in found)
    assert all(f.cut < on(day) for f in found)


def test_trainings_of_successive_weeks_share_their_cuts():
    first, second = ({f.cut for f in folds(on(d), 60)} for d in (100, 107))
    assert len(first & second) == len(first) - 1
    assert not first & {f.cut for f in folds(on(101), 60)}
