"""What the champion expects of each artist, and what moved it.

Belongs here: P(rise), its ranks, and the inputs behind it. Does not belong here: which model is
the champion (champion.py) or whether it was right (scorecard.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.ml.ranked import p_rise
from kpop_assets.models.dataset import HORIZON_DAYS, PROBABILITIES
from kpop_assets.pareto.effects import effects_of, places_won


def forecast_artists(
    estimator: Any, columns: pd.DataFrame, inputs: pd.DataFrame, first: pd.Timestamp
) -> pd.DataFrame:
    """The champion's probabilities for every artist and day from `first` on.

    Args:
        estimator: the model; column k of `predict_proba` is tier k + 1.
        columns: what it reads of `inputs`, as floats, in its order.
        inputs: `models/artist_inputs` from 7 days before `first` on.
        first: first day to forecast from.

    Returns:
        ingest_date, artist, tier, horizon_days, `PROBABILITIES`, p_rise, rise_rank,
        rise_rank_change and the three factors.
    """
    probabilities = estimator.predict_proba(columns)
    rise = p_rise(probabilities, inputs["tier"].to_numpy(dtype=np.int64))
    rows = inputs[["ingest_date", "artist", "tier"]].assign(
        horizon_days=HORIZON_DAYS,
        p_rise=rise,
        **dict(zip(PROBABILITIES, probabilities.T, strict=True)),
    )
    rows["rise_rank"] = rows.groupby("ingest_date")["p_rise"].rank(method="min", ascending=False)
    rows["rise_rank_change"] = places_won(rows, "rise_rank", rules.RANK_CHANGE_DAYS)
    is_new = rows["ingest_date"] >= first
    factors = explain(estimator, columns[is_new], inputs[is_new])
    return pd.concat([rows[is_new], factors], axis=1)


def explain(estimator: Any, columns: pd.DataFrame, inputs: pd.DataFrame) -> pd.DataFrame:
    """The three inputs that move P(rise) most, and by how much (`effects_of`).

    Returns:
        factor_1_name, factor_1_effect, ... of each row; null where nothing moves it.
    """
    tiers = inputs["tier"].to_numpy(dtype=np.int64)
    effects = effects_of(
        lambda rows: p_rise(estimator.predict_proba(rows), tiers), columns, inputs["ingest_date"]
    )
    # A model of fewer inputs leaves factors empty.
    padding = max(rules.FACTOR_COUNT - effects.shape[1], 0)
    effects = np.pad(effects, ((0, 0), (0, padding)))
    names = np.array([*columns.columns, *[None] * padding], dtype=object)
    order = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, : rules.FACTOR_COUNT]
    found: dict[str, Any] = {}
    for i, places in enumerate(order.T, start=1):
        effect = effects[np.arange(len(effects)), places]
        found[f"factor_{i}_name"] = np.where(effect != 0, names[places], None)
        found[f"factor_{i}_effect"] = np.where(effect != 0, effect, np.nan)
    return pd.DataFrame(found, index=columns.index)
