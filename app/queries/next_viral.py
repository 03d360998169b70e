"""Who may rise, as the champion forecast it, and how often such forecasts came true.

Belongs here: the risers of a day and the track record up to it. Does not belong here: forecasts
and their scores themselves (pareto/), how they are shown (views/home.py).
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

LIKELIEST = rules.TOP_RISERS
# An older forecast is about a day that has passed.
OLDEST_DAYS = rules.HORIZON_DAYS
# Few stay among the ten for longer, so most runs are found in one read.
_READ_DAYS = 28


@dataclass(frozen=True)
class Forecast:
    """The newest forecast made by a day.

    Attributes:
        day: day it was made from.
        horizon_days: days from then to the day it is about.
        candidate: the model.
        trained_date: newest day whose data the model had seen.
        risers: artists below tier 1 by rise_rank, with the columns of `pareto/next_viral` that
            are not the same for all, and top10_since.
    """

    day: dt.date
    horizon_days: int
    candidate: str
    trained_date: dt.date
    risers: pl.DataFrame

    @property
    def target(self) -> dt.date:
        """The day it is about."""
        return self.day + dt.timedelta(days=self.horizon_days)


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


@reads(NEXT_VIRAL)
def read_forecast(snapshot: Snapshot, day: dt.date) -> Forecast:
    """The newest forecast that had been made by a day.

    Raises:
        PageEnd: there is none, it is too old to be of use, or nobody in it can rise.
    """
    made = list(snapshot.rows_by_day(NEXT_VIRAL))
    known = [found for found in made if found <= day]
    if not known:
        if made:
            raise PageEnd("next_viral.later_forecast", day=day, first=made[0])
        raise PageEnd("next_viral.no_forecast", day=day)
    newest = known[-1]
    if (day - newest).days > OLDEST_DAYS:
        raise PageEnd("next_viral.old_forecast", day=day, newest=newest, days=OLDEST_DAYS)
    rows = snapshot.read(NEXT_VIRAL, newest, day_end(newest))
    risers = rows.filter(pl.col("tier") > 1).sort("rise_rank", "artist")
    if risers.is_empty():
        raise PageEnd("next_viral.no_risers", day=newest)
    first = risers.row(0, named=True)
    same = ["ingest_date", "horizon_days", "candidate", "model_uri", "trained_date"]
    return Forecast(
        newest,
        first["horizon_days"],
        first["candidate"],
        first["trained_date"],
        risers.drop(*same, "inputs_digest").join(
            _since(snapshot, known), on="artist", how="left", maintain_order="left"
        ),
    )


def _since(snapshot: Snapshot, days: list[dt.date]) -> pl.DataFrame:
    """artist, top10_since: the first of the unbroken days among the likeliest, up to the last."""
    since: dict[str, dt.date] = {}
    running: set[str] | None = None
    for end in range(len(days), 0, -_READ_DAYS):
        batch = days[max(end - _READ_DAYS, 0) : end]
        likeliest = _likeliest(snapshot, batch)
        for day in reversed(batch):
            among = likeliest.get(day, set())
            running = among if running is None else running & among
            since |= dict.fromkeys(running, day)
        if not running:
            break
    schema = {"artist": pl.String, "top10_since": pl.Date}
    return pl.DataFrame(list(since.items()), schema=schema, orient="row")


def _likeliest(snapshot: Snapshot, days: list[dt.date]) -> dict[dt.date, set[str]]:
    columns = ["ingest_date", "artist", "rise_rank"]
    # In a small lake P(rise) 0 of tier 1 may rank among the ten.
    among = (pl.col("rise_rank") <= LIKELIEST) & (pl.col("tier") > 1)
    rows = snapshot.read(NEXT_VIRAL, days[0], day_end(days[-1]), columns, among)
    found: dict[dt.date, set[str]] = {}
    for day, artist in rows.select("ingest_date", "artist").iter_rows():
        found.setdefault(day, set()).add(artist)
    return found


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
        return PageEnd("next_viral.not_checked_days")
    return PageEnd("next_viral.not_checked", date=first)


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
