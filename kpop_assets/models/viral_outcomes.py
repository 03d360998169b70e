"""Who became viral: what an act's pace did in a week, against its own month and acts of its tier.

Belongs here: the definition, day by day. Does not belong here: its numbers (contracts/rules.py),
paces (paces.py, inputs.py), or forecasting it (viral_candidates.py).

An act is viral on a target day if, over the `rules.HORIZON_DAYS` days up to it, its pace came to
rank like one of `rules.VIRAL_TIERS` from outside of them, and is above that of its own month; or if
it multiplied: the pace of the week over that of the month before exceeds the bar, what 95 % of acts
of its tier did not exceed. The bar is made of outcomes that were known on the forecast day, so no
later day moves it, and whoever forecasts could know it.

Not judged is an act without a month of its own, whose first days would be a rise over nothing, and
a week of which the source reported too few days, whose pace is that of days before the forecast.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.contracts.viral import VIRAL_OUTCOMES

READ_COLUMNS = (
    *("ingest_date", "artist", "tier"),
    *("pace_3d", "pace_7d", "pace_28d", "nowcast_7d", "fresh_days_7d"),
)
_HORIZON = pd.Timedelta(days=rules.HORIZON_DAYS)


def judge_weeks(inputs: pd.DataFrame, start: dt.date) -> pd.DataFrame:
    """What became of each artist on each target day from `start` on.

    Args:
        inputs: `READ_COLUMNS` of `models/artist_inputs` from `rules.OUTCOMES_LOOK_BACK_DAYS` days
            before `start` on.
        start: first target day to report.

    Returns:
        The columns of `models/viral_outcomes`. Who has no row on a target day that was seen had
        no event for 30 days: its pace is 0.
    """
    weeks = _compare_weeks(inputs)
    judged = weeks[weeks["ingest_date"] >= pd.Timestamp(start)]
    bar = _bars(weeks, judged)
    is_judged = judged["multiple"].notna()
    is_known = is_judged & bar.notna()
    has_grown = judged["multiple"] > 0
    multiplied = (judged["multiple"] > bar) & has_grown
    reached = judged["is_from_below"] & judged["is_at_the_top"] & has_grown
    found = judged.assign(
        multiple_bar=bar,
        has_reached=reached.astype("boolean").where(is_judged),
        has_multiplied=multiplied.astype("boolean").where(is_known),
        is_viral=(multiplied | reached).astype("boolean").where(is_known),
    )
    return found[VIRAL_OUTCOMES.column_names].reset_index(drop=True)


def _compare_weeks(inputs: pd.DataFrame) -> pd.DataFrame:
    """Each row on the day it is about, a horizon later, if that was seen."""
    before = inputs.assign(unit=_units(inputs)).rename(
        columns={"tier": "tier_before", "nowcast_7d": "nowcast_before"}
    )
    before["ingest_date"] += _HORIZON
    before = before[before["ingest_date"].isin(inputs["ingest_date"])]
    after = inputs[["ingest_date", "artist", "pace_7d", "nowcast_7d"]].rename(
        columns={"pace_7d": "pace_after", "nowcast_7d": "nowcast_after"}
    )
    both = before.merge(after, on=["ingest_date", "artist"], how="left", validate="one_to_one")
    both = both.fillna({"pace_after": 0.0, "nowcast_after": 0.0})
    ratio = (both["pace_after"] + both["unit"]) / (both["pace_28d"] + both["unit"])
    return both.assign(
        multiple=np.log(ratio).where(both["ingest_date"].isin(_reported_days(inputs))),
        is_from_below=~both["tier_before"].isin(rules.VIRAL_TIERS)
        & (both["nowcast_before"] < rules.VIRAL_PERCENTILE),
        is_at_the_top=both["nowcast_after"] >= rules.VIRAL_PERCENTILE,
    ).sort_values(["ingest_date", "artist"], ignore_index=True)


def _reported_days(inputs: pd.DataFrame) -> pd.Series[Any]:
    """Days whose week the source reported: the same of all its rows, also of who has none."""
    fresh_days = pd.to_numeric(inputs["fresh_days_7d"])
    return inputs.loc[fresh_days >= rules.VIRAL_WEEK_LEAST_DAYS, "ingest_date"]


def _units(inputs: pd.DataFrame) -> pd.Series[Any]:
    """A small pace of each row's day, as `models/artist_inputs` has it."""
    paces = inputs["pace_3d"].where(inputs["pace_3d"] > 0)
    typical = paces.groupby(inputs["ingest_date"]).transform("median")
    return (typical * rules.PACE_UNIT_SHARE).fillna(1.0).clip(lower=1.0)


def _bars(weeks: pd.DataFrame, judged: pd.DataFrame) -> pd.Series[Any]:
    """What an act had to exceed: by its tier and the day on which it was forecast."""
    known = weeks[weeks["multiple"].notna()]
    by_tier = dict(iter(known.groupby("tier_before")))
    bars = {
        (day, tier): _bar(by_tier[tier], day - _HORIZON) if tier in by_tier else np.nan
        for day, tier in set(zip(judged["ingest_date"], judged["tier_before"], strict=True))
    }
    keys = zip(judged["ingest_date"], judged["tier_before"], strict=True)
    return pd.Series([bars[key] for key in keys], judged.index, dtype="float64")


def _bar(weeks: pd.DataFrame, forecast_day: pd.Timestamp) -> float:
    """Of one tier, by outcomes of the days up to the forecast; NaN with too few of them.

    Args:
        weeks: outcomes of the tier, in order of their target days.
        forecast_day: when it was known.
    """
    days = weeks["ingest_date"]
    oldest = forecast_day - pd.Timedelta(days=rules.VIRAL_BAR_DAYS - 1)
    first, end = days.searchsorted(oldest, "left"), days.searchsorted(forecast_day, "right")
    if end - first < rules.VIRAL_BAR_LEAST_COUNT:
        return np.nan
    multiples = weeks["multiple"].to_numpy()[first:end]
    return float(np.quantile(multiples, rules.VIRAL_BAR_QUANTILE))
