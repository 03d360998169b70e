"""How far off were the forecasts of videos, and how often did their intervals hold?

Run as `python -m drills.forecasts HOME` on a data folder whose layer `lens` is filled. Each line is
a horizon and a method over all target days: mean of the days' medians of |forecast - came| / came
and of MASE, weighted by outcomes, and how much smaller the error is than that of the last rate
going on. The lines of `chosen` say how much of what came lay within the intervals. The last table
says the same of `chosen` by the age of the videos, which the total hides, and of how many of the
forecasts that were made it is known what came.

Ends with 1 where the chosen forecasts are not better than the last rate by `--least-gain` at some
horizon, over the days on which a method had been measured.

Belongs here: sums over `lens/forecast_scorecard`. Does not belong here: any forecast or score.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import FORECAST_SCORECARD
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.forecast_record import CHOSEN_METHOD, EVERY_BAND
from kpop_assets.settings import Settings

_LAST_RATE = "last_rate"
_ERROR = "median_relative_error"
_COVERAGES = ("coverage_80", "coverage_95")


def by_method(card: pl.DataFrame) -> pl.DataFrame:
    """Scores of each horizon and method over all days, the best first.

    Args:
        card: rows of `lens/forecast_scorecard`.
    """
    rows = _beside_last_rate(card.filter(pl.col("age_band") == EVERY_BAND))
    summed = rows.group_by("horizon_hours", "method").agg(
        pl.len().alias("days"),
        pl.col("outcome_count").sum(),
        *(_mean(name) for name in (_ERROR, "last_error", "mase", *_COVERAGES)),
    )
    gain = (1 - pl.col(_ERROR) / pl.col("last_error")).alias("gain_over_last_rate")
    return summed.with_columns(gain).drop("last_error").sort("horizon_hours", _ERROR, "method")


def by_age(card: pl.DataFrame) -> pl.DataFrame:
    """How the chosen forecasts of each horizon and age band did over all days, the young first.

    Args:
        card: rows of `lens/forecast_scorecard`.
    """
    rows = card.filter(pl.col("method") == CHOSEN_METHOD, pl.col("age_band").is_in(rules.AGE_BANDS))
    summed = rows.group_by("horizon_hours", "age_band").agg(
        *(pl.col(name).sum() for name in ("made_count", "outcome_count")),
        *(_mean(name) for name in (_ERROR, *_COVERAGES)),
    )
    known = (pl.col("outcome_count") / pl.col("made_count")).alias("known_share")
    order = pl.col("age_band").cast(pl.Enum(rules.AGE_BANDS))
    return summed.with_columns(known).sort("horizon_hours", order)


def _mean(name: str) -> pl.Expr:
    """The mean over days by outcomes, of those days that have one."""
    weight = pl.col("outcome_count")
    count = weight.filter(pl.col(name).is_not_null()).sum()
    return pl.when(count > 0).then((pl.col(name) * weight).sum() / count).alias(name)


def _beside_last_rate(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the error of the last rate on the same day and horizon."""
    key = ["ingest_date", "horizon_hours"]
    last = rows.filter(pl.col("method") == _LAST_RATE)
    return rows.join(last.select(*key, pl.col(_ERROR).alias("last_error")), on=key)


def with_interval(card: pl.DataFrame) -> pl.DataFrame:
    """The rows of days whose chosen forecasts had intervals: a method had been measured by then."""
    key = ["ingest_date", "horizon_hours"]
    is_chosen = pl.col("method") == CHOSEN_METHOD
    known = card.filter(is_chosen & pl.col("coverage_80").is_not_null()).select(key).unique()
    return card.join(known, on=key, how="semi")


def main() -> int:
    """Print the account; 0 where the forecasts are worth their name."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--since", type=dt.date.fromisoformat, help="first target day")
    parser.add_argument("--least-gain", type=float, default=0.2)
    args = parser.parse_args()
    reader = LakeReader(Settings(home=args.home).lake)
    card = reader.rows(FORECAST_SCORECARD, args.since)
    measured = by_method(with_interval(card))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_column_data_types=True):
        print("all target days\n", by_method(card))
        print("days by which a method had been measured\n", measured)
        print("of these the chosen forecasts, by age\n", by_age(with_interval(card)))
    gains = measured.filter(pl.col("method") == CHOSEN_METHOD)["gain_over_last_rate"]
    return 0 if gains.len() and (gains >= args.least_gain).all() else 1


if __name__ == "__main__":
    sys.exit(main())
