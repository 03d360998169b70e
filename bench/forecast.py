"""Forecasting: scores of a training, and what it costs, alone and week after week.

    KPOP_HOME=... python -m bench.forecast scores   # every candidate of the newest training
    python -m bench.forecast cost                   # time and memory of one training, one forecast
    python -m bench.forecast weeks --artists 40 --days 437          # trainings of successive weeks
    KPOP_HOME=... python -m bench.forecast weeks --of-home          # the same on a home's inputs
    KPOP_HOME=... python -m bench.forecast viral --weeks 26         # who becomes viral, three ways
    KPOP_HOME=... python -m bench.forecast voices           # with what people say, and without

Belongs here: printing scores that the graph wrote, and timing on inputs made for size. Does not
belong here: any score or fit of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from bench.arguments import make_parser, positive, run
from bench.viral import compare_rankings
from bench.voices_inputs import compare_with_voices
from kpop_assets.contracts import rules
from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.table import Table
from kpop_assets.contracts.viral import VIRAL_OUTCOMES
from kpop_assets.lake.frames import read_pandas
from kpop_assets.ml.kept import KeptForecasts
from kpop_assets.ml.tracking import Tracking
from kpop_assets.ml.training import Trained, plan_training, train
from kpop_assets.models.carry_out import make_learners
from kpop_assets.models.dataset import HORIZON_DAYS
from kpop_assets.models.experiment import open_tracking, record
from kpop_assets.models.recipe import method
from kpop_assets.models.viral_outcomes import judge_weeks
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
    parser = make_parser("bench.forecast", __doc__)
    parser.add_argument("what", choices=("scores", "cost", "weeks", "viral", "voices"))
    parser.add_argument("--artists", type=positive, default=300, help="of made-up inputs")
    parser.add_argument("--days", type=positive, default=400, help="of made-up inputs")
    parser.add_argument("--evaluation-days", type=positive, default=60, help="scored on")
    parser.add_argument("--trainings", type=positive, default=8, help="of weeks")
    parser.add_argument("--weeks", type=positive, default=26, help="origins of viral")
    parser.add_argument("--of-home", action="store_true", help="read the inputs of KPOP_HOME")
    args = parser.parse_args()
    if args.what == "scores":
        print_scores()
    elif args.what == "viral":
        compare_rankings(read_inputs(), read_home(VIRAL_OUTCOMES), args.weeks)
    elif args.what == "voices":
        lake = build_lake(load_settings({**os.environ}))
        compare_with_voices(lake, read_inputs(), args.evaluation_days)
    elif args.what == "cost":
        measure_cost(args.artists, args.days, args.evaluation_days)
    else:
        inputs = read_inputs() if args.of_home else made_up_inputs(args.artists, args.days)
        measure_weeks(inputs, args.trainings, args.evaluation_days)


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
    # All that comes is judged.
    rows["fresh_days_7d"] = rules.WEEK_DAYS
    for column in ARTIST_INPUTS.columns:
        if column.name not in rows:
            noise = rng.normal(size=len(rows)) * 0.1
            rows[column.name] = (
                rows["tier"] if column.name.endswith("_ago") else rows["percentile"] + noise
            )
    return rows


def read_inputs() -> pd.DataFrame:
    """`models/artist_inputs` of `KPOP_HOME`."""
    return read_home(ARTIST_INPUTS)


def read_home(table: Table) -> pd.DataFrame:
    """All rows of a table of `KPOP_HOME`."""
    lake = build_lake(load_settings({**os.environ}))
    return read_pandas(lake, table, dt.date.min, dt.date.max)


def measure_cost(artists: int, days: int, evaluation_days: int) -> None:
    """Seconds and peak memory of one training with its logging, and of one forecast day."""
    inputs = made_up_inputs(artists, days)
    last = inputs["ingest_date"].max()
    with tempfile.TemporaryDirectory(prefix="kpop-bench-") as folder:
        tracking = open_tracking(Path(folder))
        print(f"{artists} artists x {days} days, made-up inputs")
        trained, uris = train_once(inputs, last.date(), evaluation_days, tracking)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:,.0f} MiB, {trained[0].train_count:,} rows")
        recent = inputs[inputs["ingest_date"] >= last - pd.Timedelta(days=rules.RANK_CHANGE_DAYS)]
        for one in sorted(trained, key=lambda one: one.latency_ms):
            model = tracking.load(uris[one.candidate.name])
            began = time.perf_counter()
            rows = forecast_artists(model.estimator, model.columns(recent), recent, last)
            seconds = time.perf_counter() - began
            print(f"forecast day with {one.candidate.name:28}{len(rows):>5} rows {seconds:.3f} s")
    print(f"horizon {HORIZON_DAYS} days")


def measure_weeks(inputs: pd.DataFrame, trainings: int, evaluation_days: int) -> None:
    """Trainings of successive weeks, each by what those before kept, as in another process."""
    last = inputs["ingest_date"].max().date()
    print(f"{len(inputs):,} rows, {inputs['ingest_date'].nunique()} days")
    with tempfile.TemporaryDirectory(prefix="kpop-bench-") as folder:
        tracking = open_tracking(Path(folder))
        started = time.perf_counter()
        for weeks in reversed(range(trainings)):
            train_once(inputs, last - dt.timedelta(weeks=weeks), evaluation_days, tracking)
        print(f"{trainings} trainings {time.perf_counter() - started:.1f} s")


def train_once(
    inputs: pd.DataFrame, day: dt.date, evaluation_days: int, tracking: Tracking
) -> tuple[list[Trained], dict[str, str]]:
    """One training of both targets with its logging; the tier's candidates, and where each lies."""
    kept = KeptForecasts(tracking.home / "forecasts", method())
    outcomes = judge_weeks(inputs, inputs["ingest_date"].min().date())
    found: list[tuple[list[Trained], dict[str, str]]] = []
    for learner in make_learners(inputs, outcomes, rules.HISTORY_DAYS, kept):
        wall, cpu = time.perf_counter(), time.process_time()
        planned = plan_training(learner.fitter, day, evaluation_days)
        is_refused = planned.refusal is not None
        trained = [] if is_refused else list(train(learner.fitter, planned, learner.competing))
        fitted, fitted_cpu = time.perf_counter(), time.process_time()
        uris = {one.candidate.name: record(tracking, one, day, {})[1] for one in trained}
        logged, logged_cpu = time.perf_counter(), time.process_time()
        print(
            f"{day} {learner.fitter.target.label} {len(planned.origins)} origins: training "
            f"{fitted - wall:.1f} s ({fitted_cpu - cpu:.1f} s of CPU), logging "
            f"{logged - fitted:.1f} s ({logged_cpu - fitted_cpu:.1f} s of CPU)",
            flush=True,
        )
        found.append((trained, uris))
    return found[0]


if __name__ == "__main__":
    run(main)
