"""How good forecasts of ordered classes were: probabilities against what came.

Belongs here: the scores of a model. Does not belong here: making forecasts, what stands row by row
without a model (ranked.py), or choosing among models by their scores (dominance.py).

The same names mean the same things throughout, one entry per forecast row:

- `came`: the class that came, 1 (the best) to K, shape (n,).
- `probabilities`: P(class), shape (n, K); column k is class k + 1. They say what K is.
- `current`: the class on the day the forecast was made, shape (n,).
- `days`: the day the forecast was made, shape (n,).

A rise is a better class than the current one. Who is in class 1 cannot rise, so what measures
rises looks only at rows below it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    f1_score,
    roc_auc_score,
)

from kpop_assets.ml.ranked import Array, p_rise, rps

SUM_TOLERANCE = 1e-6
# Who was sure of what did not come loses 35, not everything.
LOWEST_CHANCE = 1e-15


@dataclass(frozen=True)
class Metrics:
    """Scores of one model on one set of rows; None where the rows leave a score undefined.

    Attributes:
        accuracy: share of rows whose most probable class came.
        f1: macro F1, see `f1`.
        rps: ranked probability score, 0 (perfect) to 1.
        brier: multi-class Brier score, 0 (perfect) to 2.
        log_loss: mean log loss, 0 is perfect.
        ece: calibration error of P(rise), 0 (perfect) to 1; None without a row that can rise.
        rise_auc: ROC area of P(rise); None unless some rows rose and some did not.
        rise_average_precision: the same rows' average precision; None likewise.
        rise_base_rate: share of the rows that can rise which did; None without such a row.
        top_hit_rate: share of each day's likeliest risers that rose; None likewise.
        test_count: number of rows scored.
    """

    accuracy: float
    f1: float
    rps: float
    brier: float
    log_loss: float
    ece: float | None
    rise_auc: float | None
    rise_average_precision: float | None
    rise_base_rate: float | None
    top_hit_rate: float | None
    test_count: int


def score(
    came: Array, probabilities: Array, current: Array, days: Array, top: int = 10, bins: int = 10
) -> Metrics:
    """Every score of one model's forecasts; `top` is for `top_hit_rate`, `bins` for `ece`.

    Raises:
        ValueError: no rows, shapes that do not fit together, classes outside 1 to K, or rows that
            are not distributions over the K classes.
    """
    came, current, days = np.asarray(came), np.asarray(current), np.asarray(days)
    probabilities = np.asarray(probabilities, dtype=float)
    _check_shapes(probabilities, came=came, current=current, days=days)
    _check_classes(probabilities.shape[1], came=came, current=current)
    _check_distributions(probabilities)
    # Off by the rounding of a model in single precision, which scikit-learn warns of.
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    rise = p_rise(probabilities, current)
    can_rise = current > 1
    hoped, rose = rise[can_rise], (came < current)[can_rise]
    return Metrics(
        accuracy=accuracy(came, probabilities),
        f1=f1(came, probabilities),
        rps=rps(came, probabilities),
        brier=brier(came, probabilities),
        log_loss=log_loss(came, probabilities),
        ece=ece(hoped, rose, bins) if rose.size else None,
        rise_auc=float(roc_auc_score(rose, hoped)) if _is_mixed(rose) else None,
        rise_average_precision=(
            float(average_precision_score(rose, hoped)) if _is_mixed(rose) else None
        ),
        rise_base_rate=float(rose.mean()) if rose.size else None,
        top_hit_rate=top_hit_rate(hoped, rose, days[can_rise], top),
        test_count=len(came),
    )


def predicted(probabilities: Array) -> Array:
    """The most probable class of each row, the better one of a tie; shape (n,)."""
    return np.argmax(probabilities, axis=1) + 1


def accuracy(came: Array, probabilities: Array) -> float:
    """Share of rows whose most probable class came."""
    return float(accuracy_score(came, predicted(probabilities)))


def f1(came: Array, probabilities: Array) -> float:
    """Macro F1: the plain mean over the classes that came or were predicted at least once.

    A class that is in neither has no F1 and is left out, rather than counted as 0.
    """
    return float(f1_score(came, predicted(probabilities), average="macro"))


def brier(came: Array, probabilities: Array) -> float:
    """Mean over rows of the summed squared errors of the K probabilities.

    Brier (1950), Verification of forecasts expressed in terms of probability, Mon. Wea. Rev. 78.
    """
    labels = np.arange(1, probabilities.shape[1] + 1)
    return float(brier_score_loss(came, probabilities, labels=labels, scale_by_half=False))


def log_loss(came: Array, probabilities: Array) -> float:
    """Mean over rows of -log P(class that came), no probability taken as less than 1e-15."""
    chances = np.asarray(probabilities)[np.arange(len(came)), np.asarray(came) - 1]
    return float(-np.log(np.maximum(chances, LOWEST_CHANCE)).mean())


def ece(probability: Array, outcome: Array, bins: int = 10) -> float:
    """Expected calibration error: mean |share that came true - mean probability| over bins.

    Bins are equally wide, closed on the left (the last on both sides), and weighted by their
    rows. Naeini, Cooper and Hauskrecht (2015), AAAI 29.

    Args:
        probability: predicted probability of each row, shape (n,).
        outcome: 1 or True where it came true, shape (n,).
        bins: how many.
    """
    numbers = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = np.bincount(numbers, weights=np.asarray(outcome, dtype=float) - probability)
    return float(np.abs(gaps).sum() / len(probability))


def top_hit_rate(hoped: Array, rose: Array, days: Array, top: int = 10) -> float | None:
    """Share that rose of the `top` likeliest risers of each day, all days taken together.

    Rows of equal probability count in the order given; a day with fewer rows gives them all.

    Args:
        hoped: P(rise) of the rows that can rise, shape (n,).
        rose: whether each did, shape (n,).
        days: the day of each, shape (n,).
        top: rows to take per day.

    Returns:
        The share, or None without rows.
    """
    picked: list[bool] = []
    for day in np.unique(days):
        of_day = np.flatnonzero(days == day)
        best = of_day[np.argsort(-hoped[of_day], kind="stable")[:top]]
        picked.extend(rose[best])
    return float(np.mean(picked)) if picked else None


def _is_mixed(rose: Array) -> bool:
    return bool(rose.any() and not rose.all())


def _check_shapes(probabilities: Array, **others: Array) -> None:
    if probabilities.ndim != 2 or probabilities.shape[1] < 2:
        raise ValueError(f"probabilities need shape (n, K) with K > 1, not {probabilities.shape}")
    count = len(probabilities)
    if count == 0:
        raise ValueError("there are no rows to score")
    for name, values in others.items():
        if values.shape != (count,):
            raise ValueError(f"{name} has shape {values.shape}, probabilities have {count} rows")


def _check_classes(class_count: int, **others: Array) -> None:
    for name, values in others.items():
        if not np.isin(values, np.arange(1, class_count + 1)).all():
            raise ValueError(f"{name} has values outside 1 to {class_count}")


def _check_distributions(probabilities: Array) -> None:
    sums = probabilities.sum(axis=1)
    # Written so that NaN fails too.
    if not ((probabilities >= 0).all() and (np.abs(sums - 1) <= SUM_TOLERANCE).all()):
        raise ValueError("each row of probabilities must be at least 0 and sum to 1")
