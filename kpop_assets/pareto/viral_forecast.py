"""Who may become viral, and why: the chance of each artist, its rank, and the inputs behind it.

Belongs here: P(viral) of a day's artists and its reasons. Does not belong here: which model says so
(objectives.py, reign.py), or what came of it (viral_record.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import NEXT_VIRAL, VIRAL_MODEL
from kpop_assets.ml.tracking import Tracking
from kpop_assets.models.dataset import IS_VIRAL, VIRAL_CLASSES
from kpop_assets.pareto.effects import effects_of, places_won

_MODEL = [column.name for column in VIRAL_MODEL]
# What `foresee` adds to a forecast.
COLUMNS = [
    name for name in NEXT_VIRAL.column_names if name.startswith(("viral_", "p_viral", "reason_"))
]
# Of the reasons, those for it come first; one is left for what holds it back.
MOST_FOR = rules.REASON_COUNT - 1
# Sizes in points, and growth that ends with them: they move trees, but tell a reader no why; that a
# best day brought few points is no brake. Paces and the trend say the same by themselves.
UNTOLD = {*ARTIST_FEATURES.column_names} - {"tier", "percentile"}


def foresee(
    tracking: Tracking, inputs: pd.DataFrame, first: pd.Timestamp, champion: Mapping[str, Any]
) -> pd.DataFrame:
    """The chances by the model that a champion's row names, for days from `first` on.

    Args:
        tracking: where models lie.
        inputs: `models/artist_inputs` from 7 days before `first` on.
        first: first day to forecast from.
        champion: a row of `pareto/champion`.

    Returns:
        `COLUMNS` of the rows from `first` on; all null without a model, or where it is too old.
    """
    days = inputs["ingest_date"]
    nothing = pd.DataFrame(None, index=inputs.index[days >= first], columns=COLUMNS, dtype=object)
    if champion.get("viral_model_uri") is None:
        return nothing
    last = champion["viral_trained_date"] + dt.timedelta(days=rules.CHAMPION_DAYS)
    young = inputs[days <= pd.Timestamp(last)]
    if not (young["ingest_date"] >= first).any():
        return nothing
    model = tracking.load(champion["viral_model_uri"])
    rows = forecast_viral(model.estimator, model.columns(young), young, first)
    return rows.assign(**{name: champion[name] for name in _MODEL}).reindex(nothing.index)


def forecast_viral(
    estimator: Any, columns: pd.DataFrame, inputs: pd.DataFrame, first: pd.Timestamp
) -> pd.DataFrame:
    """P(viral) of every artist and day from `first` on, with ranks and reasons.

    Args:
        estimator: the model.
        columns: what it reads of `inputs`, as floats, in its order.
        inputs: `models/artist_inputs` from 7 days before `first` on.
        first: first day to forecast from.
    """
    rows = inputs[["ingest_date", "artist"]].assign(p_viral=_chance(estimator, columns))
    by_day = rows.groupby("ingest_date")["p_viral"]
    rows["viral_rank"] = by_day.rank(method="min", ascending=False)
    rows["viral_rank_change"] = places_won(rows, "viral_rank", rules.RANK_CHANGE_DAYS)
    is_new = rows["ingest_date"] >= first
    reasons = give_reasons(estimator, columns[is_new], rows.loc[is_new, "ingest_date"])
    found = rows[is_new].drop(columns=["ingest_date", "artist"])
    return pd.concat([found, reasons], axis=1)


def give_reasons(estimator: Any, columns: pd.DataFrame, days: pd.Series[Any]) -> pd.DataFrame:
    """Why P(viral) is what it is: inputs that raise it, strongest first, then what holds it back.

    Returns:
        reason_1_name, reason_1_value, reason_1_effect, ... of each row; null where there are fewer.
    """
    effects = effects_of(lambda rows: _chance(estimator, rows), columns, days)
    is_told = (np.abs(effects) >= rules.REASON_LEAST_EFFECT) & ~columns.columns.isin(UNTOLD)
    effects = np.where(is_told, effects, 0.0)
    values, names = columns.to_numpy(), np.array(columns.columns, dtype=object)
    found = [_reasons(row, values[i], names) for i, row in enumerate(effects)]
    fields = [
        f"reason_{number}_{part}"
        for number in range(1, rules.REASON_COUNT + 1)
        for part in ("name", "value", "effect")
    ]
    return pd.DataFrame(found, columns=fields, index=columns.index)


def _reasons(effects: np.ndarray[Any, Any], values: Any, names: Any) -> list[Any]:
    """Name, value and effect of each reason of one row."""
    order = np.argsort(-np.abs(effects), kind="stable")
    helps = [place for place in order if effects[place] > 0]
    holds = [place for place in order if effects[place] < 0]
    # Where nothing holds it back, what helps has all places.
    helping = helps[: max(MOST_FOR, rules.REASON_COUNT - len(holds))]
    told = [*helping, *holds][: rules.REASON_COUNT]
    cells = [cell for place in told for cell in (names[place], values[place], effects[place])]
    return [*cells, *[None] * (3 * rules.REASON_COUNT - len(cells))]


def _chance(estimator: Any, columns: pd.DataFrame) -> np.ndarray[Any, Any]:
    chances: np.ndarray[Any, Any] = estimator.predict_proba(columns)
    return chances[:, VIRAL_CLASSES.index(IS_VIRAL)]
