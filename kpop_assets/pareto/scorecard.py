"""Earlier forecasts against what came.

Belongs here: the sums of each target day, which add up over days, models and bins. Does not belong
here: the forecasts (forecast.py) or the scores' formulas (ml/ranked.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.contracts.pareto import SCORECARD
from kpop_assets.ml.ranked import rps_of_rows
from kpop_assets.models.dataset import PROBABILITIES, TIERS


def score_forecasts(forecasts: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Sums by target day, model, horizon and bin of P(rise).

    Args:
        forecasts: rows of `pareto/next_viral`.
        outcomes: ingest_date, artist and tier of days that were seen. A forecast whose target day
            has no row there is left out; an artist without a row on a seen day ended in the last
            tier, as in `ml.target.label`.

    Returns:
        The columns of `pareto/scorecard`; its ingest_date is the target day.
    """
    horizon = pd.to_timedelta(forecasts["horizon_days"], unit="D")
    rows = forecasts.assign(ingest_date=forecasts["ingest_date"] + horizon)
    rows = rows[rows["ingest_date"].isin(outcomes["ingest_date"])]
    came = outcomes[["ingest_date", "artist", "tier"]].rename(columns={"tier": "target_tier"})
    rows = rows.merge(came, on=["ingest_date", "artist"], how="left", validate="many_to_one")
    rows["target_tier"] = rows["target_tier"].fillna(TIERS[-1]).astype("int64")
    scored = rows.assign(**_scores(rows))
    key = list(SCORECARD.primary_key)
    sums = [column.name for column in SCORECARD.columns if column.name not in key]
    return scored.groupby(key, as_index=False)[sums].sum()


def hit_rates(card: pd.DataFrame) -> dict[str, float]:
    """Share of forecasts whose likeliest tier came, and that of tiers that stayed; of some rows."""
    count = int(card["forecast_count"].sum())
    if not count:
        return {}
    names = {"hit_rate": "hit_count", "persistence_hit_rate": "persistence_hit_count"}
    return {name: float(card[column].sum() / count) for name, column in names.items()}


def _scores(rows: pd.DataFrame) -> dict[str, pd.Series]:
    probabilities = rows[PROBABILITIES].to_numpy()
    current, target = rows["tier"].to_numpy(), rows["target_tier"].to_numpy()
    stays = (current[:, None] == np.array(TIERS)).astype(float)
    came = (target[:, None] == np.array(TIERS)).astype(float)
    can_rise = current > 1
    figures = {
        "p_rise_bin": np.minimum(
            (rows["p_rise"].to_numpy() * rules.RISE_BINS).astype(int), rules.RISE_BINS - 1
        ),
        "forecast_count": np.ones(len(rows), dtype=int),
        "hit_count": (probabilities.argmax(axis=1) + 1 == target).astype(int),
        "persistence_hit_count": (current == target).astype(int),
        "brier_sum": ((probabilities - came) ** 2).sum(axis=1),
        "rps_sum": rps_of_rows(target, probabilities),
        "persistence_rps_sum": rps_of_rows(target, stays),
        "can_rise_count": can_rise.astype(int),
        "p_rise_sum": np.where(can_rise, rows["p_rise"], 0.0),
        "rise_count": (can_rise & (target < current)).astype(int),
    }
    return {name: pd.Series(values, rows.index) for name, values in figures.items()}
