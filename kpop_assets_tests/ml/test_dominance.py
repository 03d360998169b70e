"""The front against brute force, its properties, and the choice of the best."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.ml import dominance
from kpop_assets.ml.dominance import choose_best

OBJECTIVES = {"accuracy": True, "f1": True, "latency_ms": False, "feat_count": False}
TIES = {"feat_count": False, "latency_ms": False}


def front(rows: Any) -> list[dominance.Standing]:
    return dominance.front(rows, OBJECTIVES)


def choose(rows: Any, by: str = "rps", *, is_more_better: bool = False) -> Any:
    """The best of the front of the rows by one figure."""
    return choose_best(rows, front(rows), {by: is_more_better} | TIES)


def row(name: str, accuracy: float, f1: float, latency: float, features: float, **more: Any) -> Any:
    figures = {"accuracy": accuracy, "f1": f1, "latency_ms": latency, "feat_count": features}
    return {"name": name, **figures, **more}


ROWS = [
    row("persistence", 0.80, 0.70, 1, 1, rps=0.09),
    row("forest", 0.85, 0.75, 50, 8, rps=0.05),
    row("slow", 0.85, 0.75, 60, 8, rps=0.04),
    row("logistic", 0.82, 0.80, 5, 8, rps=0.06),
]


def test_a_row_beaten_in_one_figure_and_better_in_none_is_off_the_front():
    standings = {v.name: v for v in front(ROWS)}
    assert [name for name, v in standings.items() if v.is_on_front] == [
        "persistence", "forest", "logistic",
    ]  # fmt: skip
    assert standings["slow"].dominated_by == ("forest",)
    assert standings["slow"].reason == (
        "forest is as good in everything and better in something: accuracy 0.85 against 0.85, "
        "f1 0.75 against 0.75, latency_ms 50 against 60, feat_count 8 against 8."
    )
    assert standings["logistic"].reason == (
        "No other is as good in everything and better in something: "
        "accuracy 0.82, f1 0.8, latency_ms 5, feat_count 8."
    )


def test_equal_rows_share_the_front():
    standings = front([row("a", 0.5, 0.5, 1, 1), row("b", 0.5, 0.5, 1, 1)])
    assert [v.is_on_front for v in standings] == [True, True]


def test_only_rows_of_the_front_are_named_as_dominating():
    chain = [
        row("worst", 0.1, 0.1, 3, 3),
        row("middle", 0.2, 0.2, 2, 2),
        row("top", 0.3, 0.3, 1, 1),
    ]
    assert [v.dominated_by for v in front(chain)] == [("top",), ("top",), ()]


def test_figures_can_be_chosen():
    standings = dominance.front(ROWS, {"rps": False})
    assert [v.name for v in standings if v.is_on_front] == ["slow"]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_missing_figure_is_refused_by_the_rows_name(value):
    with pytest.raises(ValueError, match="forest has no finite f1"):
        front([ROWS[0], ROWS[1] | {"f1": value}])
    with pytest.raises(ValueError, match="forest has no finite f1"):
        front([{key: v for key, v in ROWS[1].items() if key != "f1"}])


def test_equal_names_and_no_figures_are_refused():
    with pytest.raises(ValueError, match="differ"):
        front([ROWS[0], ROWS[0]])
    with pytest.raises(ValueError, match="at least one figure"):
        dominance.front(ROWS, {})


def test_no_rows_have_no_standings():
    assert front([]) == []


def test_the_best_of_the_front_is_chosen_by_the_figure():
    assert choose(ROWS)["name"] == "forest"
    assert choose(ROWS, "f1", is_more_better=True)["name"] == "logistic"
    assert choose(ROWS, "latency_ms")["name"] == "persistence"


def test_ties_go_to_fewer_features_then_lower_latency_then_the_name():
    rows = [
        row("d", 0.9, 0.9, 1, 9, rps=0.1),
        row("c", 0.8, 0.8, 3, 2, rps=0.1),
        row("b", 0.7, 0.7, 2, 2, rps=0.1),
        row("a", 0.7, 0.7, 2, 2, rps=0.1),
    ]
    for remaining, name in [(rows, "a"), (rows[:3], "b"), (rows[:2], "c"), (rows[:1], "d")]:
        assert choose(remaining)["name"] == name


def test_what_cannot_be_chosen_by_is_refused():
    with pytest.raises(ValueError, match="persistence has no finite brier"):
        choose(ROWS, "brier")
    with pytest.raises(ValueError, match="no row"):
        choose_best([], [], TIES)


def test_who_may_not_be_chosen_still_dominates():
    standings = front(ROWS)
    others = [one for one in ROWS if one["name"] != "forest"]
    # Slow has the best rps of them, but the forest dominates it.
    assert choose_best(others, standings, {"rps": False})["name"] == "logistic"


# Few values, so that ties and equal rows are common.
small = st.integers(0, 3)
tables = st.lists(st.tuples(small, small, small, small, small), min_size=1, max_size=12).map(
    lambda rows: [row(f"m{i}", *r[:4], rps=r[4]) for i, r in enumerate(rows)]
)


def beats(a: Any, b: Any) -> bool:
    """The definition, figure by figure."""
    no_worse = (
        a["accuracy"] >= b["accuracy"] and a["f1"] >= b["f1"]
        and a["latency_ms"] <= b["latency_ms"] and a["feat_count"] <= b["feat_count"]
    )  # fmt: skip
    better = (
        a["accuracy"] > b["accuracy"] or a["f1"] > b["f1"]
        or a["latency_ms"] < b["latency_ms"] or a["feat_count"] < b["feat_count"]
    )  # fmt: skip
    return no_worse and better


@settings(max_examples=100, deadline=None)
@given(rows=tables, seed=st.integers(0, 99))
def test_the_front_equals_brute_force_and_ignores_the_order_of_rows(rows, seed):
    standings = front(rows)
    best = [a for a in rows if not any(beats(b, a) for b in rows)]
    assert best
    assert [v.name for v in standings] == [r["name"] for r in rows]
    for standing, own in zip(standings, rows, strict=True):
        assert standing.is_on_front == (own in best)
        assert set(standing.dominated_by) == {b["name"] for b in best if beats(b, own)}
        assert standing.is_on_front == (not standing.dominated_by)
    mixed = random.Random(seed).sample(rows, len(rows))
    assert sorted(front(mixed), key=lambda v: v.name) == sorted(standings, key=lambda v: v.name)
    assert choose(mixed) == choose(rows)


@settings(max_examples=100, deadline=None)
@given(rows=tables, index=st.integers(0, 11), worse=st.integers(1, 3))
def test_a_dominated_newcomer_changes_no_standing(rows, index, worse):
    model = rows[index % len(rows)]
    newcomer = model | {"name": "new", "latency_ms": model["latency_ms"] + worse}
    *others, last = front([*rows, newcomer])
    assert others == front(rows)
    assert not last.is_on_front
