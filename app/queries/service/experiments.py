"""What experiments say: the newest result of each, its days, and its verdict in words.

Belongs here: what the page Experiments reads. Does not belong here: which sentence a result is
(kpop_assets/insights/experiment_words.py), how it is worked out (kpop_assets/experiments/), or
drawing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets.days import day_end
from kpop_assets.experiments.usual_settings import VariantSettings
from kpop_assets.insights.experiment_words import ResultSentence, judge_results

_ENDS = ("effect_pct", "effect_low_pct", "effect_high_pct", "any_day_low_pct", "any_day_high_pct")


@reads(EXPERIMENT_RESULTS)
def list_results(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """The rows of the newest day of each experiment up to a day; experiments that end last first.

    Returns:
        The columns of `experiments/results`.

    Raises:
        PageEnd: no experiment had a result by then.
    """
    rows = _read(snapshot, day)
    newest = pl.col("ingest_date") == pl.col("ingest_date").max().over("experiment")
    return rows.filter(newest).sort(
        *("end_date", "experiment", "is_primary", "metric", "variant"),
        descending=[True, False, True, False, False],
    )


@reads(EXPERIMENT_RESULTS)
def follow_experiment(snapshot: Snapshot, experiment: str, day: dt.date | None) -> pl.DataFrame:
    """All days of an experiment up to a day, each effect as a share of control's mean.

    Returns:
        ingest_date, metric, variant, unit_count and is_primary, and the effect as a share of
        control's mean with the ends of both intervals.
    """
    rows = _read(snapshot, day).filter(
        pl.col("experiment") == experiment, pl.col("verdict").is_not_null()
    )
    return rows.sort("ingest_date", "variant", "metric").select(
        *("ingest_date", "metric", "variant", "unit_count", "is_primary"), *_ENDS
    )


def judge_experiment(
    rows: pl.DataFrame, today: dt.date, settings: Mapping[str, VariantSettings]
) -> list[ResultSentence]:
    """What an experiment says and what to do next, worst first, by keys of messages.

    Args:
        rows: its rows of `list_results`.
        today: after its last day nothing more comes.
        settings: what its variants set.
    """
    found = judge_results(rows, today, settings)
    return [replace(said, key=f"experiments.{said.key}") for said in found]


def _read(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    if snapshot.version(EXPERIMENT_RESULTS) is None:
        raise PageEnd("experiments.none")
    rows = snapshot.read(EXPERIMENT_RESULTS, end=None if day is None else day_end(day))
    if rows.is_empty():
        raise PageEnd("experiments.none")
    return rows
