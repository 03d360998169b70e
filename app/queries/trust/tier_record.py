"""How often forecasts of tiers came true.

Belongs here: sums of checked forecasts up to a day. Does not belong here: the scores themselves
(pareto/), how they are shown (views/trust/tier_record.py), or who becomes viral (viral_record.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.pareto import NEXT_VIRAL, SCORECARD
from kpop_assets.days import day_end


@dataclass(frozen=True)
class TrackRecord:
    """Checked forecasts; every rate is a quotient of sums.

    Attributes:
        first: first day that a checked forecast was for.
        last: last such day.
        sums: the sums of `pareto/scorecard` over everything.
        high: can_rise_count and rise_count of the bins that say "will rise".
        bins: p_rise_bin, can_rise_count, p_rise_mean, rise_count, rise_rate; bins of somebody.
        weeks: week_start, forecast_count, hit_rate, persistence_hit_rate, rps_skill (null where
            "tier stays" was perfect), p_rise_sum, rise_count.
    """

    first: dt.date
    last: dt.date
    sums: dict[str, float]
    high: dict[str, int]
    bins: pl.DataFrame
    weeks: pl.DataFrame


@reads(NEXT_VIRAL, SCORECARD)
def read_track_record(snapshot: Snapshot, day: dt.date) -> TrackRecord:
    """How often forecasts came true whose target day was seen by a day.

    Raises:
        PageEnd: none was checked; says from which day on there can be some.
    """
    card = _read_card(snapshot, day)
    if card.is_empty():
        raise _not_checked(snapshot, day)
    names = [
        column.name for column in SCORECARD.columns if column.name not in SCORECARD.primary_key
    ]
    high = card.filter(pl.col("p_rise_bin") >= rules.HIGH_RISE_BIN).select(
        pl.col("can_rise_count", "rise_count").sum()
    )
    days = card.get_column("ingest_date").unique().sort()
    return TrackRecord(
        days[0],
        days[-1],
        card.select(pl.col(names).sum()).row(0, named=True),
        high.row(0, named=True),
        _sum_bins(card),
        _sum_weeks(card),
    )


def _read_card(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    if snapshot.version(SCORECARD) is None:
        # It is written when the first forecast can be checked.
        return pl.DataFrame()
    return snapshot.read(SCORECARD, end=day_end(day))


def _not_checked(snapshot: Snapshot, day: dt.date) -> PageEnd:
    made = snapshot.read(NEXT_VIRAL, end=day_end(day), columns=["ingest_date", "horizon_days"])
    target = pl.col("ingest_date") + pl.duration(days=pl.col("horizon_days"))
    open_days = made.select(target.alias("target")).filter(pl.col("target") > day)
    first = open_days.get_column("target").min() if open_days.height else None
    if first is None:
        return PageEnd("tier_record.not_checked_days")
    return PageEnd("tier_record.not_checked", date=first)


def _sum_bins(card: pl.DataFrame) -> pl.DataFrame:
    return (
        card.group_by("p_rise_bin")
        .agg(pl.col("can_rise_count", "p_rise_sum", "rise_count").sum())
        .filter(pl.col("can_rise_count") > 0)
        .sort("p_rise_bin")
        .select(
            "p_rise_bin",
            "can_rise_count",
            (pl.col("p_rise_sum") / pl.col("can_rise_count")).alias("p_rise_mean"),
            "rise_count",
            (pl.col("rise_count") / pl.col("can_rise_count")).alias("rise_rate"),
        )
    )


def _sum_weeks(card: pl.DataFrame) -> pl.DataFrame:
    week = pl.col("ingest_date").dt.truncate("1w").alias("week_start")
    stays = pl.col("persistence_rps_sum")
    return (
        card.group_by(week)
        .agg(pl.exclude("ingest_date", "candidate", "trained_date").sum())
        .sort("week_start")
        .select(
            "week_start",
            "forecast_count",
            (pl.col("hit_count") / pl.col("forecast_count")).alias("hit_rate"),
            (pl.col("persistence_hit_count") / pl.col("forecast_count")).alias(
                "persistence_hit_rate"
            ),
            pl.when(stays > 0).then(1 - pl.col("rps_sum") / stays).alias("rps_skill"),
            "p_rise_sum",
            "rise_count",
        )
    )
