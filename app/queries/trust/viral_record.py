"""What became of forecasts of who becomes viral: their worth, and the first ten of each week.

Belongs here: base rate, precision and hits of checked forecasts, against other ways to rank, and
what came of those ranked first. Does not belong here: the outcomes themselves (pareto/), or the
record of the tiers (tier_record.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import VIRAL_RECORD
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

WEEKS = 26
# Ways to rank acts that the forecast has to beat, each the higher the likelier.
SCORES = ("p_viral", "growth_rate_7d", "p_rise")
_BINS = 10


@dataclass(frozen=True)
class ViralRecord:
    """Checked forecasts.

    Attributes:
        first: first target day among them.
        last: last such day.
        checked: forecasts.
        base_rate: share of them that became viral.
        ways: score (of `SCORES`), average_precision, top10_hit_rate: the same forecasts ranked by
            the model's chance, by growth and by the chance of a better tier.
        bins: p_viral_bin, checked_count, p_viral_mean, viral_count, viral_rate; bins of somebody.
        weeks: forecast_date, ingest_date (the target day) and the columns of `pareto/viral_record`
            of the first ten of each of the last `WEEKS` weeks, newest first.
    """

    first: dt.date
    last: dt.date
    checked: int
    base_rate: float
    ways: pl.DataFrame
    bins: pl.DataFrame
    weeks: pl.DataFrame


def read_checked(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Rows of `pareto/viral_record` up to a target day whose outcome is known."""
    if snapshot.version(VIRAL_RECORD) is None:
        return empty(VIRAL_RECORD)
    rows = snapshot.read(VIRAL_RECORD, end=day_end(day))
    return rows.filter(pl.col("is_viral").is_not_null())


@reads(VIRAL_RECORD, ARTIST_FEATURES)
def read_viral_record(snapshot: Snapshot, day: dt.date) -> ViralRecord:
    """How forecasts came out whose target day was seen by a day.

    Raises:
        PageEnd: none was checked.
    """
    rows = read_checked(snapshot, day)
    if rows.is_empty():
        raise PageEnd("track_record.not_checked")
    days = rows.get_column("ingest_date").unique().sort()
    first = rows.get_column("forecast_date").sort()[0]
    columns = ["ingest_date", "artist", "growth_rate_7d"]
    growth = snapshot.read(ARTIST_FEATURES, first, day_end(day), columns).rename(
        {"ingest_date": "forecast_date"}
    )
    known = rows.join(growth, on=["forecast_date", "artist"], how="left")
    named = rows.with_columns(snapshot.present_name())
    return ViralRecord(
        days[0],
        days[-1],
        rows.height,
        _share(rows.get_column("is_viral")),
        compare_ways(known, SCORES),
        _sum_bins(rows),
        _first_of_weeks(named, days.to_list()),
    )


def compare_ways(rows: pl.DataFrame, scores: Sequence[str]) -> pl.DataFrame:
    """score, average_precision, top10_hit_rate of each way to rank the same forecasts.

    What has no value in a score is ranked last. Average precision is that of all rows at once, the
    precision at each distinct score weighted by the hits that it adds; the first ten are those of
    each target day, ties by artist.
    """
    made = [
        (score, average_precision(rows, score), _hit_rate_of_ten(rows, score)) for score in scores
    ]
    names = ("score", "average_precision", "top10_hit_rate")
    return pl.DataFrame(made, schema=names, orient="row")


def average_precision(rows: pl.DataFrame, score: str) -> float | None:
    """Average precision of a score for `is_viral`; None where nobody became viral."""
    hits = pl.col("is_viral").cast(pl.Int64)
    by_score = (
        rows.with_columns(pl.col(score).cast(pl.Float64).fill_null(float("-inf")).alias("by"))
        .group_by("by")
        .agg(hits.sum().alias("hits"), pl.len().alias("count"))
        .sort("by", descending=True)
        .with_columns(pl.col("hits").cum_sum().alias("found"), pl.col("count").cum_sum())
    )
    total = by_score.get_column("hits").sum()
    if not total:
        return None
    weighted = by_score.select((pl.col("hits") * pl.col("found") / pl.col("count")).sum()).item()
    return float(weighted / total)


def _hit_rate_of_ten(rows: pl.DataFrame, score: str) -> float:
    first = (
        rows.sort(score, "artist", descending=[True, False], nulls_last=True)
        .group_by("ingest_date", maintain_order=True)
        .head(rules.TOP_RISERS)
    )
    return _share(first.get_column("is_viral"))


def _share(is_so: pl.Series) -> float:
    return int(is_so.sum()) / is_so.len()


def _sum_bins(rows: pl.DataFrame) -> pl.DataFrame:
    place = (pl.col("p_viral") * _BINS).floor().clip(0, _BINS - 1).cast(pl.Int64)
    return (
        rows.group_by(place.alias("p_viral_bin"))
        .agg(
            pl.len().cast(pl.Int64).alias("checked_count"),
            pl.col("p_viral").mean().alias("p_viral_mean"),
            pl.col("is_viral").cast(pl.Int64).sum().alias("viral_count"),
            pl.col("is_viral").mean().alias("viral_rate"),
        )
        .sort("p_viral_bin")
    )


def _first_of_weeks(rows: pl.DataFrame, days: list[dt.date]) -> pl.DataFrame:
    """The first ten of the newest target day and of those whole weeks before it."""
    last = days[-1]
    wanted = {last - dt.timedelta(days=rules.HORIZON_DAYS * number) for number in range(WEEKS)}
    return (
        rows.filter(pl.col("ingest_date").is_in(sorted(wanted & set(days))))
        .sort("ingest_date", "viral_rank", "artist", descending=[True, False, False])
        .group_by("ingest_date", maintain_order=True)
        .head(rules.TOP_RISERS)
    )
