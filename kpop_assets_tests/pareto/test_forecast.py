"""Forecasts and what moved them, by a stub whose probabilities are known by heart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.pareto.forecast import explain, forecast_artists

DAY = pd.Timestamp(dt.date(2025, 11, 8))
WEEK = pd.Timedelta(days=7)


class Stub:
    """P(tier 1) is a weighted sum of columns, P(tier 4) the rest; remembers what it was shown."""

    def __init__(self, **weights: float) -> None:
        self.weights = weights
        self.seen: list[pd.DataFrame] = []

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray[Any, Any]:
        """P(tier), shape (n, 4)."""
        self.seen.append(rows)
        zeros = np.zeros(len(rows))
        top = sum((rows[name] * weight for name, weight in self.weights.items()), zeros)
        return np.column_stack([top, zeros, zeros, 1 - top])


class Table:
    """Gives the probabilities that the columns hold."""

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray[Any, Any]:
        """The columns, shape (n, 4)."""
        return rows.to_numpy()


def inputs(*rows: tuple[pd.Timestamp, str, int, dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"ingest_date": d, "artist": a, "tier": t, **values} for d, a, t, values in rows]
    )


def forecasts(
    model: Any, features: tuple[str, ...], rows: pd.DataFrame, first: pd.Timestamp
) -> pd.DataFrame:
    columns = rows[list(features)].astype("float64")
    return forecast_artists(model, columns, rows, first)


def by_artist(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["artist"]: row for row in rows.to_dict("records")}


def test_p_rise_is_the_chance_of_a_better_tier_than_todays():
    p = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}
    rows = inputs(*[(DAY, f"act{tier}", tier, p) for tier in (1, 2, 3, 4)])
    found = by_artist(forecasts(Table(), ("a", "b", "c", "d"), rows, DAY))
    expected = {"act1": 0.0, "act2": 0.1, "act3": 0.3, "act4": 0.6}
    for artist, chance in expected.items():
        row = found[artist]
        assert row["p_rise"] == pytest.approx(chance)
        assert [row[f"p_tier_{tier}"] for tier in (1, 2, 3, 4)] == [0.1, 0.2, 0.3, 0.4]
        assert (row["horizon_days"], row["ingest_date"]) == (7, DAY)


def test_columns_are_those_of_the_contract_that_the_model_gives():
    rows = forecasts(Stub(x=1.0), ("x",), inputs((DAY, "IVE", 2, {"x": 0.5})), DAY)
    assert set(rows) == {
        *("ingest_date", "artist", "tier", "horizon_days", "p_rise"),
        *(f"p_tier_{tier}" for tier in (1, 2, 3, 4)),
        *("rise_rank", "rise_rank_change"),
        *(f"factor_{n}_{what}" for n in (1, 2, 3) for what in ("name", "effect")),
    }


def test_equal_chances_share_a_rank_and_the_next_is_left_out():
    values = {"A": 0.9, "B": 0.5, "C": 0.5, "D": 0.1}
    rows = inputs(*[(DAY, a, 4, {"x": x}) for a, x in values.items()])
    found = by_artist(forecasts(Stub(x=1.0), ("x",), rows, DAY))
    assert {a: row["rise_rank"] for a, row in found.items()} == {"A": 1, "B": 2, "C": 2, "D": 4}


def test_ranks_are_of_each_day_by_itself():
    next_day = DAY + pd.Timedelta(days=1)
    rows = inputs(
        (DAY, "A", 4, {"x": 0.1}),
        (DAY, "B", 4, {"x": 0.2}),
        (next_day, "A", 4, {"x": 0.9}),
        (next_day, "B", 4, {"x": 0.8}),
    )
    found = forecasts(Stub(x=1.0), ("x",), rows, DAY)
    assert list(found["rise_rank"]) == [2, 1, 1, 2]


def test_places_won_are_against_a_week_ago_by_the_same_model():
    rows = inputs(
        (DAY - WEEK, "A", 4, {"x": 0.1}),
        (DAY - WEEK, "B", 4, {"x": 0.2}),
        (DAY - WEEK, "C", 4, {"x": 0.3}),
        (DAY, "A", 4, {"x": 0.9}),
        (DAY, "C", 4, {"x": 0.5}),
        (DAY, "NEW", 4, {"x": 0.7}),
    )
    found = by_artist(forecasts(Stub(x=1.0), ("x",), rows, DAY))
    assert found.keys() == {"A", "C", "NEW"}
    assert (found["A"]["rise_rank"], found["A"]["rise_rank_change"]) == (1, 2)
    assert (found["C"]["rise_rank"], found["C"]["rise_rank_change"]) == (3, -2)
    assert (found["NEW"]["rise_rank"], np.isnan(found["NEW"]["rise_rank_change"])) == (2, True)


@pytest.mark.parametrize("days", [6, 8])
def test_another_day_than_a_week_ago_does_not_count(days: int):
    ago = DAY - pd.Timedelta(days=days)
    rows = inputs((ago, "A", 4, {"x": 0.1}), (DAY, "A", 4, {"x": 0.9}))
    found = forecasts(Stub(x=1.0), ("x",), rows, DAY)
    assert found["rise_rank_change"].isna().all()


def test_rows_before_the_first_day_are_left_out_and_any_index_will_do():
    rows = inputs(
        (DAY - WEEK, "A", 4, {"x": 0.1, "y": 0.0}),
        (DAY, "A", 4, {"x": 0.2, "y": 0.1}),
        (DAY, "B", 4, {"x": 0.4, "y": 0.1}),
        (DAY, "C", 4, {"x": 0.5, "y": 0.3}),
    ).set_axis([30, 10, 20, 40])
    found = forecasts(Stub(x=1.0, y=0.5), ("x", "y"), rows, DAY)
    assert list(found["artist"]) == ["A", "B", "C"]
    # Medians of DAY are x 0.4 and y 0.1: the week before is no part of them.
    assert list(found["p_rise"]) == pytest.approx([0.25, 0.45, 0.65])
    rows_found = by_artist(found)
    assert rows_found["A"]["factor_1_effect"] == pytest.approx(0.2 - 0.4)
    assert rows_found["B"]["factor_1_name"] is None
    assert rows_found["C"]["factor_1_effect"] == pytest.approx(0.5 - 0.4)
    assert rows_found["C"]["factor_2_effect"] == pytest.approx(0.5 * (0.3 - 0.1))


def test_effects_equal_a_hand_computation():
    # Medians of the day: a 0.2, b 0.2, c 0.1, d 0.5; P(rise) = 0.5 a + 0.3 b + 0.1 c.
    rows = inputs(
        (DAY, "A", 4, {"a": 0.2, "b": 0.9, "c": 0.4, "d": 0.5}),
        (DAY, "B", 4, {"a": 0.8, "b": 0.2, "c": 0.0, "d": 0.9}),
        (DAY, "C", 4, {"a": 0.1, "b": 0.1, "c": 0.1, "d": 0.1}),
    )
    model = Stub(a=0.5, b=0.3, c=0.1)
    found = by_artist(forecasts(model, ("a", "b", "c", "d"), rows, DAY))

    def factors(artist: str) -> list[tuple[Any, Any]]:
        row = found[artist]
        pairs = [(row[f"factor_{n}_name"], row[f"factor_{n}_effect"]) for n in (1, 2, 3)]
        return [(name, None if pd.isna(effect) else round(effect, 9)) for name, effect in pairs]

    assert factors("A") == [("b", 0.21), ("c", 0.03), (None, None)]
    assert factors("B") == [("a", 0.3), ("c", -0.01), (None, None)]
    assert factors("C") == [("a", -0.05), ("b", -0.03), (None, None)]


def test_only_three_of_many_inputs_are_named_strongest_first():
    names = ("a", "b", "c", "d", "e")
    weights = dict(zip(names, (0.01, 0.05, 0.02, 0.04, 0.03), strict=True))
    rows = inputs(
        *[(DAY, artist, 4, dict.fromkeys(names, x)) for artist, x in
          (("A", 0.0), ("B", 0.0), ("C", 1.0))]
    )  # fmt: skip
    found = by_artist(forecasts(Stub(**weights), names, rows, DAY))["C"]
    assert [found[f"factor_{n}_name"] for n in (1, 2, 3)] == ["b", "d", "e"]
    effects = [found[f"factor_{n}_effect"] for n in (1, 2, 3)]
    assert effects == pytest.approx([0.05, 0.04, 0.03])


@pytest.mark.parametrize("count", [1, 2])
def test_a_model_of_fewer_inputs_leaves_factors_null(count: int):
    names = ("a", "b")[:count]
    rows = inputs(
        *[(DAY, artist, 4, dict.fromkeys(names, x)) for artist, x in
          (("A", 0.0), ("B", 0.0), ("C", 0.5))]
    )  # fmt: skip
    found = by_artist(forecasts(Stub(**dict.fromkeys(names, 0.5)), names, rows, DAY))["C"]
    named = [found[f"factor_{n}_name"] for n in (1, 2, 3)]
    assert named == [*names, *[None] * (3 - count)]
    effects = [found[f"factor_{n}_effect"] for n in (1, 2, 3)]
    assert [not np.isnan(effect) for effect in effects] == [name is not None for name in named]


def test_an_input_that_the_model_ignores_is_null():
    rows = inputs((DAY, "A", 4, {"x": 0.1, "y": 0.2}), (DAY, "B", 4, {"x": 0.3, "y": 0.9}))
    found = forecasts(Stub(), ("x", "y"), rows, DAY)
    for n in (1, 2, 3):
        assert found[f"factor_{n}_name"].isna().all()
        assert found[f"factor_{n}_effect"].isna().all()


def test_nothing_moves_an_artist_that_cannot_rise():
    rows = inputs((DAY, "A", 1, {"x": 0.9}), (DAY, "B", 4, {"x": 0.1}))
    found = by_artist(forecasts(Stub(x=1.0), ("x",), rows, DAY))
    assert found["A"]["factor_1_name"] is None
    assert found["B"]["factor_1_name"] == "x"


def test_the_model_is_shown_its_columns_in_order_as_floats_with_nan_for_null():
    rows = inputs(
        (DAY, "A", 4, {"b": 1, "a": None, "other": 5}),
        (DAY, "B", 4, {"b": 0, "a": 0.5, "other": 6}),
    )
    model = Stub()
    forecasts(model, ("a", "b"), rows, DAY)
    for seen in model.seen:
        assert list(seen) == ["a", "b"]
        assert set(seen.dtypes) == {np.dtype("float64")}
    assert np.isnan(model.seen[0]["a"].iloc[0])


def test_a_null_is_compared_with_the_median_of_those_that_are_known():
    columns = pd.DataFrame({"x": [np.nan, 0.2, 0.6]})
    rows = inputs(*[(DAY, a, 4, {}) for a in "ABC"])

    class OrZero(Stub):
        def predict_proba(self, rows: pd.DataFrame) -> np.ndarray[Any, Any]:
            return super().predict_proba(rows.fillna(0.0))

    found = explain(OrZero(x=1.0), columns, rows)
    assert list(found["factor_1_effect"]) == pytest.approx([-0.4, -0.2, 0.2])
