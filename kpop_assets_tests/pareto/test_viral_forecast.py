"""Who may become viral and why, by a stub whose chances are known by heart; what is recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.contracts.pareto import NEXT_VIRAL, VIRAL_RECORD
from kpop_assets.ml.tracking import LoadedModel
from kpop_assets.pareto.objectives import choose_viral
from kpop_assets.pareto.viral_forecast import COLUMNS, forecast_viral, foresee, give_reasons
from kpop_assets.pareto.viral_record import record_viral

DAY = pd.Timestamp(dt.date(2025, 11, 8))
WEEK = pd.Timedelta(days=7)
URI = "models:/m-1"


class Sum:
    """P(viral) is a weighted sum of columns."""

    def __init__(self, **weights: float) -> None:
        self.weights = weights

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray[Any, Any]:
        """P(viral) and its complement, shape (n, 2)."""
        zeros = np.zeros(len(rows))
        chance = sum((rows[name] * weight for name, weight in self.weights.items()), zeros)
        return np.column_stack([chance, 1 - chance])


class Store:
    """Stands in for MLflow: one model of one input."""

    def load(self, model_uri: str) -> LoadedModel:
        """The model."""
        assert model_uri == URI
        return LoadedModel(model_uri, Sum(x=1.0), ("x",))


def inputs(*rows: tuple[pd.Timestamp, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["ingest_date", "artist", "x"])


def reasons(weights: dict[str, float], *rows: dict[str, float]) -> list[dict[str, Any]]:
    columns = pd.DataFrame(rows)
    days = pd.Series([DAY] * len(rows))
    return give_reasons(Sum(**weights), columns, days).to_dict("records")


def champion(trained: dt.date | None) -> dict[str, Any]:
    return {
        "viral_candidate": trained and "lightgbm/ten",
        "viral_model_uri": trained and URI,
        "viral_trained_date": trained,
    }


def test_the_likeliest_is_first_and_places_are_won_since_a_week_ago():
    rows = inputs(
        (DAY - WEEK, "A", 0.1), (DAY - WEEK, "B", 0.2), (DAY, "A", 0.9), (DAY, "B", 0.3),
        (DAY, "NEW", 0.3),
    )  # fmt: skip
    found = forecast_viral(Sum(x=1.0), rows[["x"]], rows, DAY)
    assert found["p_viral"].tolist() == [0.9, 0.3, 0.3]
    assert found["viral_rank"].tolist() == [1, 2, 2]
    changes = found["viral_rank_change"]
    assert changes.isna().tolist() == [False, False, True]
    assert changes.tolist()[:2] == [1, -1]


def test_what_raises_the_chance_comes_first_then_what_holds_it_back():
    """All medians are 0, so an effect is weight times value."""
    weights = {"a": 0.1, "b": 0.2, "c": 0.05, "d": 0.01, "e": -0.3, "f": -0.02}
    ones = dict.fromkeys(weights, 1.0)
    first, *_ = reasons(weights, ones, *[dict.fromkeys(weights, 0.0)] * 2)
    told = [tuple(first[f"reason_{n}_{part}"] for part in ("name", "value", "effect"))
            for n in (1, 2, 3, 4)]  # fmt: skip
    expected = [("b", 1, 0.2), ("a", 1, 0.1), ("c", 1, 0.05), ("e", 1, -0.3)]
    for found, wanted in zip(told, expected, strict=True):
        assert found[:2] == wanted[:2]
        assert found[2] == pytest.approx(wanted[2])


def test_where_nothing_holds_it_back_all_reasons_are_for_it_and_trifles_are_none():
    weights = {"a": 0.1, "b": 0.2, "c": 0.05, "d": 0.01, "e": 0.004, "f": -0.004}
    first, other, _ = reasons(
        weights, dict.fromkeys(weights, 1.0), *[dict.fromkeys(weights, 0.0)] * 2
    )
    assert [first[f"reason_{n}_name"] for n in (1, 2, 3, 4)] == ["b", "a", "c", "d"]
    assert all(value is None or value != value for value in other.values())


def test_a_champion_without_such_a_model_leaves_its_columns_empty():
    rows = inputs((DAY, "A", 0.1), (DAY, "B", 0.2))
    found = foresee(Store(), rows, DAY, champion(None))  # type: ignore[arg-type]
    assert list(found) == COLUMNS
    assert found.isna().all(axis=None)
    assert len(found) == 2
    assert set(COLUMNS) < set(NEXT_VIRAL.column_names)
    assert {c.name for c in NEXT_VIRAL.columns if c.name in COLUMNS and not c.nullable} == set()


def test_a_model_forecasts_until_it_is_sixty_days_old():
    days = [DAY - WEEK, *(DAY + pd.Timedelta(days=n) for n in (0, 1, 2))]
    rows = inputs(*((day, "A", 0.1) for day in days))
    trained = (DAY + pd.Timedelta(days=1) - pd.Timedelta(days=60)).date()
    found = foresee(Store(), rows, DAY, champion(trained))  # type: ignore[arg-type]
    assert found["p_viral"].isna().tolist() == [False, False, True]
    assert found["viral_candidate"].tolist()[:2] == ["lightgbm/ten"] * 2
    late = foresee(Store(), rows, DAY, champion(trained - dt.timedelta(days=5)))  # type: ignore[arg-type]
    assert late["p_viral"].isna().all()


def test_a_days_forecast_does_not_depend_on_later_days():
    rows = inputs(*((DAY + pd.Timedelta(days=n), a, x) for n in (0, 1)
                    for a, x in (("A", 0.1), ("B", 0.7 + n))))  # fmt: skip
    trained = champion(DAY.date())
    whole = foresee(Store(), rows, DAY, trained)  # type: ignore[arg-type]
    alone = foresee(Store(), rows[:2], DAY, trained)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(whole[:2], alone, check_dtype=False)


def score(candidate: str, brier: float, inputs: int, is_portable: bool = True) -> dict[str, Any]:
    return {"candidate": candidate, "viral_brier": brier, "feat_count": inputs,
            "is_portable": is_portable}  # fmt: skip


def test_the_least_brier_score_decides_then_fewer_inputs_then_the_name():
    rows = [score("b/all", 0.04, 28), score("a/ten", 0.04, 10), score("z/ten", 0.04, 10)]
    best = choose_viral([*rows, score("s/all", 0.01, 1, is_portable=False), score("w", 0.05, 1)])
    assert best == rows[1]
    assert choose_viral([]) is None


def test_a_record_has_each_forecast_whose_target_day_has_outcomes():
    forecasts = pd.DataFrame(
        {
            "ingest_date": [DAY] * 2 + [DAY + WEEK],
            "artist": ["IVE", "OLD", "IVE"],
            "horizon_days": 7,
            "tier": 3,
            "candidate": "of/tiers",
            "viral_candidate": "lightgbm/ten",
            "p_viral": [0.4, None, 0.5],
            "viral_rank": 1,
            "p_rise": 0.2,
        }
    )
    outcomes = pd.DataFrame(
        {
            "ingest_date": [DAY + WEEK] * 2,
            "artist": ["IVE", "OLD"],
            "multiple": 0.7,
            "has_reached": False,
            "has_multiplied": True,
            "is_viral": True,
        }
    )
    (row,) = record_viral(forecasts, outcomes).to_dict("records")
    assert list(row) == VIRAL_RECORD.column_names
    assert (row["ingest_date"], row["forecast_date"]) == (DAY + WEEK, DAY)
    assert (row["artist"], row["candidate"], row["p_viral"]) == ("IVE", "lightgbm/ten", 0.4)


def test_sizes_and_growth_in_percent_are_no_reasons():
    weights = {"total_engagement": 1e-6, "growth_rate_7d": 1e-4, "trend": 0.1}
    median = {"total_engagement": 0.0, "growth_rate_7d": 0.0, "trend": 0.0}
    large = {"total_engagement": 5e5, "growth_rate_7d": 900.0, "trend": 1.0}
    told = reasons(weights, median, median, large)[2]
    assert (told["reason_1_name"], told["reason_2_name"]) == ("trend", None)
