"""Forecasting: scores of a training, and its cost at 300 artists and 400 days.

    KPOP_HOME=... python -m bench.forecast scores   # every candidate of the newest training
    python -m bench.forecast cost                   # time and memory of one training, one forecast

Belongs here: printing scores that the graph wrote, and timing on inputs made for size. Does not
belong here: any score or fit of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.ml.backtest import Fitter
from kpop_assets.ml.target import label
from kpop_assets.ml.training import plan_training, train
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import HORIZON_DAYS, TARGET
from kpop_assets.models.experiment import open_tracking, record
from kpop_assets.pareto.forecast import forecast_artists
from kpop_assets.settings import load_settings
from kpop_assets.wiring.resources import build_lake

FIRST_DAY = dt.date(2025, 1, 1)
SHOWN = {
    "candidate": "candidate",
    "accuracy": "acc",
    "f1": "f1",
    "rps": "rps",
    "rps_skill": "vs pers.",
    "rps_skill_markov": "vs Markov",
    "brier": "brier",
    "ece": "ece",
    "rise_auc": "auc",
    "rise_average_precision": "ap",
    "top10_hit_rate": "top 10",
    "latency_ms": "ms/1000",
    "feat_count": "inputs",
    "model_size_bytes": "bytes",
}


def main() -> None:
    """Print the scores of `KPOP_HOME`, or measure what a training costs."""
    parser = argparse.ArgumentParser(prog="python -m bench.forecast", description=__doc__)
    parser.add_argument("what", choices=("scores", "cost"))
    parser.add_argument("--artists", type=int, default=300)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--evaluation-days", type=int, default=60)
    args = parser.parse_args()
    if args.what == "scores":
        print_scores()
    else:
        measure_cost(args.artists, args.days, args.evaluation_days)


def print_scores() -> None:
    """The newest training's census and every candidate's scores, best rps first."""
    lake = build_lake(load_settings({**os.environ}))
    census = pd.DataFrame(lake.newest_rows(TRAININGS)).T.to_string(header=False)
    scores = pd.DataFrame(lake.newest_rows(CANDIDATE_SCORES)).sort_values("rps")
    print(census, end="\n\n")
    print(scores[list(SHOWN)].rename(columns=SHOWN).to_string(index=False, float_format="%.4f"))
    first = scores.iloc[0]
    print(
        f"\nrisers: {first['rise_base_rate']:.4f} of the forecasts below tier 1; "
        f"{first['test_count']} forecasts, {first['train_count']} rows to learn from"
    )


def made_up_inputs(artists: int, days: int, seed: int = 1) -> pd.DataFrame:
    """Inputs of the right size and shape: each artist's standing is a slow random walk.

    They time a fit; what is learned from them means nothing.
    """
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=(days, artists)).cumsum(axis=0) * 0.1 + rng.normal(size=artists) * 2
    place = walk.argsort(axis=1).argsort(axis=1) / (artists - 1)
    rows = pd.DataFrame(
        {
            "ingest_date": np.repeat(pd.date_range(FIRST_DAY, periods=days), artists),
            "artist": np.tile([f"artist {i:03d}" for i in range(artists)], days),
            "percentile": place.ravel(),
        }
    )
    rows["tier"] = 4 - (rows["percentile"].to_numpy()[:, None] >= [0.4, 0.75, 0.9]).sum(axis=1)
    for column in ARTIST_INPUTS.columns:
        if column.name not in rows:
            noise = rng.normal(size=len(rows)) * 0.1
            rows[column.name] = (
                rows["tier"] if column.name.endswith("_ago") else rows["percentile"] + noise
            )
    return rows


def measure_cost(artists: int, days: int, evaluation_days: int) -> None:
    """Seconds and peak memory of one training with its logging, and of one forecast day."""
    inputs = made_up_inputs(artists, days)
    last = inputs["ingest_date"].max()
    started = time.perf_counter()
    fitter = Fitter(label(inputs, TARGET), TARGET, history_days=days)
    planned = plan_training(fitter, last.date(), evaluation_days)
    trained = list(train(fitter, planned, candidates()))
    fitted = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kpop-bench-") as folder:
        tracking = open_tracking(Path(folder))
        uris = {t.candidate.name: record(tracking, t, last.date(), {})[1] for t in trained}
        logged = time.perf_counter()
        print(f"{artists} artists x {days} days, {len(planned.origins)} origins, made-up inputs")
        print(f"training {fitted - started:.1f} s, logging {logged - fitted:.1f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:,.0f} MiB, {planned.census.row_count:,} rows")
        recent = inputs[inputs["ingest_date"] >= last - pd.Timedelta(days=rules.RANK_CHANGE_DAYS)]
        for one in sorted(trained, key=lambda one: one.latency_ms):
            model = tracking.load(uris[one.candidate.name])
            began = time.perf_counter()
            rows = forecast_artists(model.estimator, model.columns(recent), recent, last)
            seconds = time.perf_counter() - began
            print(f"forecast day with {one.candidate.name:28}{len(rows):>5} rows {seconds:.3f} s")
    print(f"horizon {HORIZON_DAYS} days")


if __name__ == "__main__":
    main()
