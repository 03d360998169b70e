"""Whether what people say makes the forecast of tiers better: each family with it and without.

Belongs here: what the audience says of an act by a day, rolling origins over a home's days, and
what the difference is worth. Does not belong here: an estimator or a score of its own.
`bench/forecast.py` has the command; docs/decisions/0042-voices-in-forecasts.md what came of it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpop_assets.contracts import audience_rules, rules
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_scores import ACT_MOODS
from kpop_assets.lake.frames import read_pandas
from kpop_assets.lake.lake import Lake
from kpop_assets.ml.backtest import Fitter, ModelCandidate, backtest
from kpop_assets.ml.ranked import rps_of_rows
from kpop_assets.ml.target import label
from kpop_assets.ml.training import fit_all, plan_training
from kpop_assets.models.candidates import FAMILIES, FEATURE_SUBSETS
from kpop_assets.models.dataset import PROBABILITIES, TARGET

# The week that is forecast from, and the week before it.
DAYS = rules.WEEK_DAYS
RESAMPLES = 1000
SHARES = tuple(f"share_{aspect}" for aspect in audience_rules.ASPECT_NAMES)
# What is added to the inputs of gold and models, by the name of the subset.
ADDED = {
    "moods": ("net_sentiment", "net_sentiment_change"),
    "comments": ("comment_rate",),
    "all voices": ("net_sentiment", "net_sentiment_change", "comment_rate", *SHARES),
}
_KEY = ["ingest_date", "artist"]


def know_voices(moods: pd.DataFrame, aspects: pd.DataFrame, videos: pd.DataFrame) -> pd.DataFrame:
    """What the audience says by act and day, each of the last seven days as known on the day.

    Args:
        moods: `audience/act_moods`.
        aspects: `audience/aspects`.
        videos: `models/artist_inputs`, whose pace the comments are held against.

    Returns:
        ingest_date, artist; net_sentiment (-1 to 1, days weighted by their reviews; null where
        nobody spoke), its change against the seven days before, comment_rate (log of the
        reviews of the seven days over points a day), and the share of clauses about each aspect.
    """
    days = pd.date_range(videos["ingest_date"].min(), videos["ingest_date"].max())
    weighted = moods.assign(sum=moods["net_sentiment"].fillna(0.0) * moods["weight_sum"])
    sums = _weekly(weighted, "sum", days)
    weights, reviews = _weekly(moods, "weight_sum", days), _weekly(moods, "review_count", days)
    net = sums / weights.where(weights > 0)
    pace = videos.pivot_table(index="ingest_date", columns="artist", values="pace_7d")
    rate = np.log1p(reviews) - np.log1p(pace.reindex_like(reviews))
    found = {"net_sentiment": net, "net_sentiment_change": net - net.shift(DAYS)}
    found["comment_rate"] = rate
    clauses = aspects.groupby([*_KEY, "aspect"]).size().rename("clauses").reset_index()
    every = _weekly(clauses, "clauses", days)
    for name, aspect in zip(SHARES, audience_rules.ASPECT_NAMES, strict=True):
        part = _weekly(clauses[clauses["aspect"] == aspect], "clauses", days)
        found[name] = part.reindex(columns=every.columns).fillna(0.0) / every.where(every > 0)
    columns = [frame.stack().rename(name) for name, frame in found.items()]
    return pd.concat(columns, axis=1).rename_axis(_KEY).reset_index()


def _weekly(rows: pd.DataFrame, column: str, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Sums of seven days: a row each day, a column each act."""
    wide = rows.pivot_table(index="ingest_date", columns="artist", values=column, aggfunc="sum")
    return wide.reindex(days).fillna(0.0).rolling(DAYS).sum()


def compare_with_voices(lake: Lake, inputs: pd.DataFrame, evaluation_days: int) -> None:
    """Print what each family was worth with what people say and without, origin by origin."""
    ends = inputs["ingest_date"].min().date(), inputs["ingest_date"].max().date()
    said = know_voices(
        read_pandas(lake, ACT_MOODS, *ends), read_pandas(lake, ASPECTS, *ends), inputs
    )
    rows = inputs.merge(said, "left", _KEY, validate="one_to_one")
    known = rows["net_sentiment"].notna().mean()
    fitter = Fitter(label(rows, TARGET), TARGET, rules.HISTORY_DAYS)
    planned = plan_training(fitter, ends[1], evaluation_days)
    if planned.refusal:
        raise SystemExit(planned.refusal)
    competing = {family: _subsets(family) for family in FAMILIES}
    fit_all(fitter, [one for found in competing.values() for one in found], planned.origins)
    print(
        f"{planned.census.row_count:,} rows to learn from, {len(planned.origins)} weekly origins; "
        f"people spoke of {known:.1%} of rows in the week before"
    )
    for plain, *others in competing.values():
        without = backtest(plain, fitter, planned.origins)
        print(f"{plain.name:30} rps {_losses(without).mean():.4f}")
        for one in others:
            print(f"{one.name:30} {_gain(without, backtest(one, fitter, planned.origins))}")


def _subsets(family: str) -> list[ModelCandidate]:
    """The family on all inputs that stand, then with each of `ADDED`."""
    build, _ = FAMILIES[family]
    standing = FEATURE_SUBSETS["all"]
    subsets = {"all": standing} | {name: (*standing, *more) for name, more in ADDED.items()}
    return [
        ModelCandidate(f"{family}/{name}", family, columns, partial(build, columns))
        for name, columns in subsets.items()
    ]


def _gain(without: pd.DataFrame, said: pd.DataFrame) -> str:
    """The score, and by how much it is lower, resampling whole origins."""
    losses = _losses(said)
    gain = _losses(without) - losses
    origins = [np.flatnonzero(said["cut_date"] == cut) for cut in said["cut_date"].unique()]
    rng = np.random.default_rng(1)
    drawn = [
        gain[np.concatenate([origins[i] for i in rng.integers(0, len(origins), len(origins))])]
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile([one.mean() for one in drawn], [0.025, 0.975])
    better = sum(gain[rows].mean() > 0 for rows in origins)
    return (
        f"rps {losses.mean():.4f}, lower by {gain.mean():+.4f} ({low:+.4f} to {high:+.4f}), "
        f"at {better} of {len(origins)} origins"
    )


def _losses(rows: pd.DataFrame) -> NDArray[Any]:
    found: NDArray[Any] = rps_of_rows(
        rows[TARGET.outcome].to_numpy(dtype=np.int64), rows[PROBABILITIES].to_numpy()
    )
    return found
