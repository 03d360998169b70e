"""Which models are worth keeping: those that no other beats on every count.

Belongs here: dominance between rows of figures, and the choice of one row of the front. Does not
belong here: measuring the figures (models/).

A row is a mapping with the model's unique `name` and its figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

# The one place that says whether more of a figure is better.
IS_MORE_BETTER = {
    "accuracy": True,
    "f1": True,
    "rps": False,
    "brier": False,
    "ece": False,
    "rise_auc": True,
    "rise_average_precision": True,
    "top10_hit_rate": True,
    "latency_ms": False,
    "feat_count": False,
}


@dataclass(frozen=True)
class Verdict:
    """Whether a row is worth keeping, and why.

    Attributes:
        name: the row's name.
        is_on_front: no row dominates it.
        dominated_by: names of the rows of the front that dominate it, in order of name.
        reason: one sentence with the figures, for people.
    """

    name: str
    is_on_front: bool
    dominated_by: tuple[str, ...]
    reason: str


def front(
    rows: Sequence[Row],
    maximise: Sequence[str] = ("accuracy", "f1"),
    minimise: Sequence[str] = ("latency_ms", "feat_count"),
) -> list[Verdict]:
    """The verdict on each row, in the order given.

    A row is dominated by one that is at least as good in all figures and better in one; rows
    equal in all figures do not dominate each other.

    Args:
        rows: what to compare.
        maximise: figures of which more is better.
        minimise: figures of which less is better.

    Raises:
        ValueError: a name occurs twice, no figure is named, or a row lacks a finite figure.
    """
    if not (maximise or minimise):
        raise ValueError("name at least one figure to compare by")
    by_name = {str(row["name"]): row for row in rows}
    if len(by_name) < len(rows):
        raise ValueError("names of rows must differ")
    costs = {name: _costs(row, maximise, minimise) for name, row in by_name.items()}
    best = {
        name: cost
        for name, cost in costs.items()
        if not any(_dominates(other, cost) for other in costs.values())
    }
    verdicts = []
    for name, row in by_name.items():
        winners = tuple(sorted(n for n, cost in best.items() if _dominates(cost, costs[name])))
        first = by_name[winners[0]] if winners else None
        verdicts.append(
            Verdict(name, not winners, winners, _reason(row, first, (*maximise, *minimise)))
        )
    return verdicts


def choose_champion(rows: Sequence[Row], verdicts: Sequence[Verdict], by: str = "rps") -> Row:
    """The row of the front that is best by one figure.

    Ties go to fewer features, then lower latency, then the name that sorts first.

    Args:
        rows: what `front` compared.
        verdicts: what it said.
        by: a figure of `IS_MORE_BETTER`.

    Raises:
        ValueError: the figure is unknown, a row of the front lacks it, or the front is empty.
    """
    if by not in IS_MORE_BETTER:
        raise ValueError(f"unknown figure {by}: choose by one of {', '.join(IS_MORE_BETTER)}")
    on_front = {verdict.name for verdict in verdicts if verdict.is_on_front}
    eligible = [row for row in rows if row["name"] in on_front]
    if not eligible:
        raise ValueError("no row is on the front")
    sign = -1 if IS_MORE_BETTER[by] else 1

    def order(row: Row) -> tuple[float, float, float, str]:
        features, latency = figure(row, "feat_count"), figure(row, "latency_ms")
        return sign * figure(row, by), features, latency, str(row["name"])

    return min(eligible, key=order)


def figure(row: Row, metric: str) -> float:
    """A figure of a row.

    Raises:
        ValueError: it is missing, None, NaN or infinite.
    """
    value = row.get(metric)
    if value is None or not math.isfinite(value):
        raise ValueError(f"{row['name']} has no finite {metric}: {value}")
    return float(value)


def _costs(row: Row, maximise: Sequence[str], minimise: Sequence[str]) -> tuple[float, ...]:
    """A row's figures, signed so that less is better in all of them."""
    gains = (-figure(row, metric) for metric in maximise)
    return (*gains, *(figure(row, metric) for metric in minimise))


def _dominates(winner: tuple[float, ...], loser: tuple[float, ...]) -> bool:
    """No dearer anywhere and cheaper somewhere, which then is the same as not equal."""
    return winner != loser and all(w <= v for w, v in zip(winner, loser, strict=True))


def _reason(row: Row, winner: Row | None, metrics: Sequence[str]) -> str:
    if winner is None:
        figures = ", ".join(f"{metric} {row[metric]:.6g}" for metric in metrics)
        return f"No other is as good in everything and better in something: {figures}."
    figures = ", ".join(f"{m} {winner[m]:.6g} against {row[m]:.6g}" for m in metrics)
    return f"{winner['name']} is as good in everything and better in something: {figures}."
