"""What experiments say: the newest result of each, its days, and its verdict in words.

Belongs here: what the page Experiments reads, and which sentence a result is. Does not belong
here: how a result is worked out (kpop_assets/experiments/), or drawing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.queries.trust.data_health import Sentence
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets.days import day_end

_ENDS = ("effect", "effect_low", "effect_high", "any_day_low", "any_day_high")


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
        ingest_date, metric, variant, unit_count, is_primary, effect_pct, and effect_low_pct,
        effect_high_pct, any_day_low_pct and any_day_high_pct, the ends of both intervals.
    """
    rows = _read(snapshot, day).filter(pl.col("experiment") == experiment)
    return with_shares(rows).select(
        *("ingest_date", "metric", "variant", "unit_count", "is_primary", "effect_pct"),
        *(f"{end}_pct" for end in _ENDS[1:]),
    )


def with_shares(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of treatments, with their effects and ends of intervals as shares of control's mean."""
    key = ("ingest_date", "experiment", "metric")
    control = rows.filter(pl.col("effect").is_null() & pl.col("verdict").is_null())
    means = control.select(*key, pl.col("mean").alias("control_mean"))
    shares = (100 * pl.col(end) / pl.col("control_mean") for end in _ENDS)
    treated = rows.filter(pl.col("verdict").is_not_null()).join(means, key, "left")
    has_mean = pl.col("control_mean") != 0
    return treated.with_columns(
        pl.when(has_mean).then(share).alias(f"{end}_pct")
        for end, share in zip(_ENDS, shares, strict=True)
    ).sort("ingest_date", "variant", "metric")


def judge_experiment(rows: pl.DataFrame, today: dt.date) -> list[Sentence]:
    """What an experiment says and what to do next, worst first.

    Args:
        rows: its rows of `list_results`.
        today: after its last day nothing more comes.
    """
    treated = with_shares(rows)
    broken = rows.filter(pl.col("broken_reason").is_not_null())
    if broken.height:
        reason = broken.item(0, "broken_reason")
        return [
            Sentence(f"experiments.broken_{reason}", values={"day": rows.item(0, "ingest_date")})
        ]
    worse = treated.filter(~pl.col("is_primary"), pl.col("direction") == "worse")
    found = [Sentence("experiments.guardrail", values=_said(row)) for row in worse.to_dicts()]
    for row in treated.filter("is_primary").to_dicts():
        sentence = _judge_primary(row, today)
        if sentence.is_good and row["variant"] in worse["variant"]:
            sentence = Sentence("experiments.better_but", values=sentence.values)
        found.append(sentence)
    return found or [Sentence("experiments.nobody", values={"day": rows.item(0, "ingest_date")})]


def _judge_primary(row: dict[str, Any], today: dt.date) -> Sentence:
    said = _said(row)
    if row["verdict"] == "significant":
        is_better = row["direction"] == "better"
        return Sentence(f"experiments.{row['direction']}", is_better, said)
    if row["effect"] is None:
        return Sentence("experiments.too_few", values=said)
    if today > row["end_date"]:
        return Sentence("experiments.ended", values=said)
    if row["needed_days"]:
        return Sentence("experiments.not_yet", values=said)
    return Sentence(f"experiments.wait_{row['decides']}", values=said)


def _said(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        *("variant", "metric", "end_date", "needed_days", "power_pct", "least_effect_pct"),
        *("effect_pct", "effect_low_pct", "effect_high_pct"),
    )
    return {name: row[name] for name in names}


def _read(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    if snapshot.version(EXPERIMENT_RESULTS) is None:
        raise PageEnd("experiments.none")
    rows = snapshot.read(EXPERIMENT_RESULTS, end=None if day is None else day_end(day))
    if rows.is_empty():
        raise PageEnd("experiments.none")
    return rows
