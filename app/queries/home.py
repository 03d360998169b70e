"""Who may go viral, how such forecasts came out, and who merely stands near a line.

Belongs here: what Home reads. Does not belong here: sentences (reasons.py, views/home.py), what
changed since yesterday (alerts.py), or the record in full (trust/viral_record.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.queries.artists.ranking import list_ranking
from app.queries.trust.viral_record import read_checked
from app.snapshot import Snapshot, reads, tables_of
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import TIER_CUTOFFS
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.pareto import NEXT_VIRAL, VIRAL_RECORD
from kpop_assets.days import day_end
from kpop_assets.insights.trend import classify_trend

# Edges of the chances that a record is told of together: "of forecasts of 40 to 60 %".
CHANCE_EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
NEAR_COUNT = 5
_OF_RANKING = ("artist", "rank", "total_engagement", "daily_28d")


@dataclass(frozen=True)
class ViralForecast:
    """The newest forecast of who becomes viral, made by a day.

    Attributes:
        day: day it was made from.
        horizon_days: days from then to the day by which it comes or not.
        candidate: the model.
        acts: every act by viral_rank: the columns of `pareto/next_viral`, and of the ranking of
            that day rank, total_engagement and daily_28d; days_since_new, trend_class and
            trend_growth (the pace of the week against that of its month, in per cent more).
        near: acts outside of the first ten that stand below a line, by p_rise: the same columns,
            next_tier, and line_gap (the score less that at the line, in per cent of it).
    """

    day: dt.date
    horizon_days: int
    candidate: str
    acts: pl.DataFrame
    near: pl.DataFrame

    @property
    def target(self) -> dt.date:
        """The day by which it comes or not."""
        return self.day + dt.timedelta(days=self.horizon_days)


@dataclass(frozen=True)
class AlikeForecasts:
    """How often forecasts like one came true.

    Attributes:
        low: lowest chance of theirs.
        high: highest.
        checked: forecasts whose outcome is known.
        came: those of them that came true.
    """

    low: float
    high: float
    checked: int
    came: int


@reads(NEXT_VIRAL, ARTIST_INPUTS, TIER_CUTOFFS, *tables_of(list_ranking))
def read_viral_forecast(snapshot: Snapshot, day: dt.date) -> ViralForecast:
    """The newest forecast that had been made by a day and is of use on it.

    Raises:
        PageEnd: there is none.
    """
    made = [found for found in _made(snapshot) if found <= day]
    if not made or (day - made[-1]).days >= rules.HORIZON_DAYS:
        raise PageEnd("home.no_forecast", day=day)
    newest = made[-1]
    rows = snapshot.read(NEXT_VIRAL, newest, day_end(newest)).filter(
        pl.col("p_viral").is_not_null()
    )
    if rows.is_empty():
        raise PageEnd("home.no_forecast", day=day)
    acts = (
        rows.with_columns(snapshot.present_name())
        .join(list_ranking(snapshot, newest).select(_OF_RANKING), on="artist", how="left")
        .join(_read_trends(snapshot, newest), on="artist", how="left")
        .sort("viral_rank", "artist")
    )
    first = acts.row(0, named=True)
    near = _near_line(acts, snapshot.read(TIER_CUTOFFS, newest, day_end(newest)))
    return ViralForecast(newest, first["horizon_days"], first["viral_candidate"], acts, near)


@reads(VIRAL_RECORD)
def read_kept(snapshot: Snapshot, day: dt.date, chance: float) -> AlikeForecasts:
    """How often forecasts of about a chance came true, of all that were checked by a day."""
    place = sum(chance >= edge for edge in CHANCE_EDGES[1:-1])
    low, high = CHANCE_EDGES[place], CHANCE_EDGES[place + 1]
    is_alike = (pl.col("p_viral") >= low) & (
        pl.col("p_viral") <= high if high == 1 else pl.col("p_viral") < high
    )
    alike = read_checked(snapshot, day).filter(is_alike)
    return AlikeForecasts(low, high, alike.height, int(alike.get_column("is_viral").sum()))


def _made(snapshot: Snapshot) -> list[dt.date]:
    if snapshot.version(NEXT_VIRAL) is None:
        return []
    return list(snapshot.rows_by_day(NEXT_VIRAL))


def _read_trends(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """artist, days_since_new, trend_class, trend_growth."""
    columns = ["artist", "days_since_new", "trend", "trend_change"]
    rows = snapshot.read(ARTIST_INPUTS, day, day_end(day), columns)
    trend = classify_trend(pl.col("trend"), pl.col("trend_change")).alias("trend_class")
    growth = (100 * (pl.col("trend").exp() - 1)).alias("trend_growth")
    return rows.with_columns(snapshot.present_name()).select(
        "artist", "days_since_new", trend, growth
    )


def _near_line(acts: pl.DataFrame, cutoffs: pl.DataFrame) -> pl.DataFrame:
    """The likeliest to rise a tier outside of the first ten, with how far they are below it."""
    lines = cutoffs.select(
        pl.col("tier").alias("next_tier"), pl.col("min_total_engagement").alias("line")
    )
    gap = 100 * (pl.col("total_engagement") / pl.col("line") - 1)
    return (
        acts.filter(pl.col("viral_rank") > rules.TOP_RISERS, pl.col("tier") > 1)
        .with_columns((pl.col("tier") - 1).alias("next_tier"))
        .join(lines, on="next_tier", how="left")
        .with_columns(pl.when(pl.col("line") > 0).then(gap).alias("line_gap"))
        .sort("p_rise", "artist", descending=[True, False])
        .head(NEAR_COUNT)
    )
