"""Which method forecasts each horizon, and how far off it may be, by what it would have said.

Belongs here: the rolling backtest, the choice, and the intervals that follow. Does not belong here:
one trial and its scores (forecast_trials.py), or what a day's videos are told (forecasts.py).

Three origins lie a quarter of the known days apart. At each, the methods learn what was known on
it, and say what came of the videos of the days up to the next. The smallest median relative error
of views is chosen; its errors give the intervals, by age band (ml/conformal.py).

A horizon that nothing is known of yet takes the choice of the longest shorter one, and its errors
widened: where the logarithm of a pace is a random walk, the mean over n steps varies
(n + 1) (2n + 1) / 6n times as much as the first.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.lens.forecast_cases import pair_cases
from kpop_assets.lens.forecast_methods import FittedMethods, fit_methods
from kpop_assets.lens.forecast_trials import (
    FALLBACK,
    Tried,
    score_methods,
    trial_quantiles,
    try_methods,
)
from kpop_assets.ml.conformal import ErrorQuantiles
from kpop_assets.ml.folds import Fold, folds

_ORIGINS = 3


@dataclass(frozen=True)
class HorizonRule:
    """How one horizon is forecast.

    Attributes:
        method: the one chosen.
        measured_hours: horizon whose outcomes chose it; None where none was known.
        quantiles: of its errors, by level in percent.
    """

    method: str
    measured_hours: int | None
    quantiles: dict[int, ErrorQuantiles]


@dataclass(frozen=True)
class Forecaster:
    """All that a day's forecasts rest on, as of the day it was fitted.

    Attributes:
        fitted_date: the newest day whose rows it knows.
        methods: fitted on all that was known.
        horizons: the rule of each horizon, in hours.
        scores: horizon_hours, method and its scores, a row each.
    """

    fitted_date: dt.date
    methods: FittedMethods
    horizons: dict[int, HorizonRule]
    scores: pl.DataFrame


def fit_forecaster(rows: pl.DataFrame, fitted_date: dt.date) -> Forecaster:
    """Learn, test and choose.

    Args:
        rows: what is known of each video and day, of the `rules.FORECAST_FIT_DAYS` days up to
            `fitted_date`; of many videos, of a part.
        fitted_date: the newest day that may be known.
    """
    cases = pair_cases(rows)
    first = min(rows.get_column("ingest_date"), default=fitted_date)
    known_days = (fitted_date - first).days + 1
    origins = [(fold, _fit_on(cases, fold.cut)) for fold in _origins(fitted_date, known_days)]
    # Where nothing could be learned yet, only what never learns would be judged.
    origins = [(fold, methods) for fold, methods in origins if methods.boosted is not None]
    tried = {
        hours: [try_methods(cases, fold, methods, hours) for fold, methods in origins]
        for hours in rules.FORECAST_HORIZONS_HOURS
    }
    horizons, scores = _choose(tried)
    fitted = fit_methods(cases)
    return Forecaster(fitted_date, fitted, horizons, _scores_frame(scores, horizons, fitted_date))


def _choose(
    tried: Mapping[int, Sequence[Tried]],
) -> tuple[dict[int, HorizonRule], list[dict[str, Any]]]:
    """The rule of each horizon, and what the methods scored."""
    horizons: dict[int, HorizonRule] = {}
    scores = []
    before = HorizonRule(FALLBACK, None, {})
    for hours, parts in tried.items():
        found = score_methods(parts)
        if found:
            best = min(found, key=lambda row: row["median_relative_error"])
            before = _rule_of(best["method"], hours, parts)
        horizons[hours] = _borrowed(before, hours)
        scores += [{"horizon_hours": hours, **row} for row in found]
    return horizons, scores


def _borrowed(rule: HorizonRule, hours: int) -> HorizonRule:
    """The rule for a horizon that may be longer than what it was measured at."""
    steps = hours / (rule.measured_hours or hours)
    factor = math.sqrt((steps + 1) * (2 * steps + 1) / (6 * steps))
    wider = {level: found.scaled(factor) for level, found in rule.quantiles.items()}
    return replace(rule, quantiles=wider)


def _origins(fitted_date: dt.date, known_days: int) -> list[Fold]:
    step = max(1, known_days // (_ORIGINS + 1))
    return folds(fitted_date, _ORIGINS * step, 1, step)


def _fit_on(cases: pl.DataFrame, cut: dt.date) -> FittedMethods:
    return fit_methods(cases.filter(pl.col("outcome_date") <= cut))


def _rule_of(method: str, hours: int, parts: Sequence[Tried]) -> HorizonRule:
    levels = rules.INTERVAL_LEVELS_PCT
    return HorizonRule(method, hours, {n: trial_quantiles(parts, method, n) for n in levels})


def _scores_frame(
    scores: list[dict[str, Any]], horizons: dict[int, HorizonRule], fitted_date: dt.date
) -> pl.DataFrame:
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "horizon_hours": pl.Int32,
        "method": pl.String,
        "outcome_count": pl.Int64,
        "own_count": pl.Int64,
        "median_relative_error": pl.Float64,
        "mase": pl.Float64,
        **{f"coverage_{level}": pl.Float64 for level in rules.INTERVAL_LEVELS_PCT},
    }
    chosen = pl.DataFrame(
        [(hours, rule.method) for hours, rule in horizons.items()],
        schema={"horizon_hours": pl.Int32, "method": pl.String},
        orient="row",
    )
    return (
        pl.DataFrame(scores, schema=schema)
        .join(
            chosen.with_columns(pl.lit(True).alias("is_chosen")),
            ["horizon_hours", "method"],
            "left",
        )
        .with_columns(
            pl.col("is_chosen").fill_null(False),
            pl.col("mase").fill_nan(None),
            pl.lit(fitted_date).alias("fitted_date"),
        )
    )
