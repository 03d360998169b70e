"""Which models are worth keeping: those that no other beats on every count.

Belongs here: dominance between rows of figures, and the choice of one row of the front. Does not
belong here: measuring the figures (metrics.py), or which of them count (a domain's objectives).

A row is a mapping with the model's unique `name` and its figures. Objectives are names of figures,
each with whether more of it is better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

Objectives = Mapping[str, bool]


@dataclass(frozen=True)
class Standing:
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


def front(rows: Sequence[Row], objectives: Objectives) -> list[Standing]:
    """The standing of each row, in the order given.

    A row is dominated by one that is at least as good in all figures and better in one; rows
    equal in all figures do not dominate each other.

    Args:
        rows: what to compare.
        objectives: what to compare by.

    Raises:
        ValueError: a name occurs twice, there is no objective, or a row lacks a finite figure.
    """
    if not objectives:
        raise ValueError("name at least one figure to compare by")
    by_name = {str(row["name"]): row for row in rows}
    if len(by_name) < len(rows):
        raise ValueError("names of rows must differ")
    costs = {name: _costs(row, objectives) for name, row in by_name.items()}
    best = {
        name: cost
        for name, cost in costs.items()
        if not any(_dominates(other, cost) for other in costs.values())
    }
    standings = []
    for name, row in by_name.items():
        winners = tuple(sorted(n for n, cost in best.items() if _dominates(cost, costs[name])))
        first = by_name[winners[0]] if winners else None
        standings.append(Standing(name, not winners, winners, _reason(row, first, objectives)))
    return standings


def choose_best(rows: Sequence[Row], standings: Sequence[Standing], by: Objectives) -> Row:
    """The row of the front that is best by the first objective, in a tie by the next, and so on.

    Rows equal in all of them: the name that sorts first.

    Args:
        rows: those of `front` that may be chosen.
        standings: what it said.
        by: in order of importance.

    Raises:
        ValueError: a row of the front lacks a finite figure, or none of the rows is on the front.
    """
    on_front = {standing.name for standing in standings if standing.is_on_front}
    eligible = [row for row in rows if row["name"] in on_front]
    if not eligible:
        raise ValueError("no row is on the front")
    return min(eligible, key=lambda row: (_costs(row, by), str(row["name"])))


def objective_value(row: Row, name: str) -> float:
    """A figure of a row.

    Raises:
        ValueError: it is missing, None, NaN or infinite.
    """
    value = row.get(name)
    if value is None or not math.isfinite(value):
        raise ValueError(f"{row['name']} has no finite {name}: {value}")
    return float(value)


def _costs(row: Row, objectives: Objectives) -> tuple[float, ...]:
    """A row's figures, signed so that less is better in all of them."""
    return tuple(
        -objective_value(row, name) if is_more_better else objective_value(row, name)
        for name, is_more_better in objectives.items()
    )


def _dominates(winner: tuple[float, ...], loser: tuple[float, ...]) -> bool:
    """No dearer anywhere and cheaper somewhere, which then is the same as not equal."""
    return winner != loser and all(w <= v for w, v in zip(winner, loser, strict=True))


def _reason(row: Row, winner: Row | None, names: Iterable[str]) -> str:
    if winner is None:
        figures = ", ".join(f"{name} {row[name]:.6g}" for name in names)
        return f"No other is as good in everything and better in something: {figures}."
    figures = ", ".join(f"{name} {winner[name]:.6g} against {row[name]:.6g}" for name in names)
    return f"{winner['name']} is as good in everything and better in something: {figures}."
