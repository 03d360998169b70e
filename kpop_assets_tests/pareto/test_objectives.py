"""What counts here: figures of the contract, their directions, and the choice of a champion."""

from __future__ import annotations

from typing import Any

import pytest

from kpop_assets.contracts.models import CANDIDATE_SCORES
from kpop_assets.ml.dominance import front
from kpop_assets.pareto.objectives import IS_MORE_BETTER, OBJECTIVES, choose_champion
from kpop_assets.settings import CHAMPION_METRICS

EQUAL = {"accuracy": 0.7, "f1": 0.7, "latency_ms": 2, "feat_count": 2, "rps": 0.1}
ROWS = [
    {**EQUAL, "name": "d", "accuracy": 0.9, "latency_ms": 1, "feat_count": 9},
    {**EQUAL, "name": "c", "accuracy": 0.8, "latency_ms": 3},
    {**EQUAL, "name": "b"},
    {**EQUAL, "name": "a"},
]


def champion(rows: list[dict[str, Any]], by: str = "rps") -> str:
    return str(choose_champion(rows, front(rows, OBJECTIVES), by)["name"])


def test_the_front_compares_what_the_product_promises():
    less = dict.fromkeys(("rps", "latency_ms", "feat_count"), False)
    assert {"accuracy": True, "f1": True} | less == OBJECTIVES


def test_every_figure_is_a_column_of_the_scores():
    assert set(IS_MORE_BETTER) <= set(CANDIDATE_SCORES.column_names)


def test_what_may_be_configured_has_a_direction():
    assert set(CHAMPION_METRICS) <= set(IS_MORE_BETTER)


def test_ties_go_to_fewer_features_then_lower_latency_then_the_name():
    names = [champion(ROWS[:count]) for count in (4, 3, 2, 1)]
    assert names == ["a", "b", "c", "d"]


def test_more_is_better_of_some_figures_and_less_of_others():
    assert champion(ROWS, "accuracy") == "d"
    assert champion(ROWS, "latency_ms") == "d"
    assert champion(ROWS, "feat_count") == "a"


def test_an_unknown_figure_is_refused_by_name():
    with pytest.raises(ValueError, match="unknown figure beauty: choose by one of accuracy"):
        champion(ROWS, "beauty")
