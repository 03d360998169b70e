"""What candidates may know of an artist on a day, beyond the features of gold.

Belongs here: the inputs' definitions. Does not belong here: the target (dataset.py), or what one
family of models does to its inputs (candidates.py).

Most of what can be known of the tier in 7 days is how the last days would rank if they went on:
by then the 7-day window has forgotten everything before them. So an artist's pace, and the place
it would have at that pace, stand beside the features of gold. Every input of a day looks at that
day and those before it.
"""

from __future__ import annotations

import datetime as dt

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.models import ARTIST_INPUTS, PACE_DAYS
from kpop_assets.engine.trailing import hand_ahead
from kpop_assets.models.dataset import HORIZON_DAYS
from kpop_assets.models.paces import measure_paces, new_videos, since_new


def know_artists(
    features: DataFrame,
    video_daily: DataFrame,
    artist_daily: DataFrame,
    start: dt.date,
) -> DataFrame:
    """One row per artist and day of gold from `start` on, with what is known of each by itself.

    It is all of the work, and `complete_inputs` looks at it twice: stage it.

    Args:
        features: `gold/artist_features` from `rules.PEAKS_LOOK_BACK_DAYS` days before `start` on.
        video_daily: `silver/video_daily` from `rules.PACES_LOOK_BACK_DAYS` before `start` on.
        artist_daily: `silver/artist_daily` from `rules.ACTIVE_DAYS` before `start` on.
        start: first day to report.
    """
    rows = features.where(F.col("ingest_date") >= F.lit(start))
    new = new_videos(video_daily, start)
    return (
        rows.join(_peaks(features, start), ["ingest_date", "artist"], "left")
        .join(_absences(artist_daily, start), ["ingest_date", "artist"], "left")
        .join(measure_paces(video_daily, new, start), ["ingest_date", "artist"], "left")
        .join(since_new(new, start), ["ingest_date", "artist"], "left")
        .na.fill(0, [*map("pace_{}d".format, PACE_DAYS), "pace_28d", "new_rate", "video_count"])
        .na.fill(0, [*map("pace_{}d_week_ago".format, (3, 7, 28))])
        .na.fill(0.0, ["top_margin", "presence_7"])
        .na.fill({"days_absent": rules.ACTIVE_DAYS, "days_since_new": rules.SINCE_NEW_DAYS})
        # Who has no event until the target day has no row there, so it ranks nowhere.
        .withColumn("stays", F.col("days_absent") < rules.ACTIVE_DAYS - HORIZON_DAYS)
    )


def complete_inputs(known: DataFrame) -> DataFrame:
    """The rows of `know_artists` with all inputs, also those that rank artists among each other."""
    return (
        known.drop("fresh_days_7d")
        .join(_edges(known), "ingest_date")
        .withColumns(_nowcasts())
        .withColumns(_distances())
        .withColumns(_changes())
        .withColumns(_trends())
        .select(ARTIST_INPUTS.column_names)
    )


def _peaks(features: DataFrame, start: dt.date) -> DataFrame:
    """Highest percentile of 28 days, and the tiers of the same weekday before."""
    known = features.select("ingest_date", "artist", "percentile", "tier")
    ahead = hand_ahead(known, rules.PEAK_DAYS, start)
    tiers = [
        F.max(F.when(F.col("age") == days, F.col("tier"))).alias(f"tier_{days}d_ago")
        for days in rules.EARLIER_TIER_DAYS
    ]
    peak = F.max("percentile").alias("percentile_max_28d")
    return ahead.groupBy("ingest_date", "artist").agg(peak, *tiers)


def _absences(artist_daily: DataFrame, start: dt.date) -> DataFrame:
    """Days since the artist's last event."""
    return (
        hand_ahead(artist_daily.select("ingest_date", "artist"), rules.ACTIVE_DAYS, start)
        .groupBy("ingest_date", "artist")
        .agg(F.min("age").alias("days_absent"))
    )


def _edges(known: DataFrame) -> DataFrame:
    """Per day: the pace at each cut-off among those who stay, and a small pace as unit."""
    staying = F.when(F.col("stays"), F.col("pace_3d"))
    typical = F.percentile(F.when(F.col("pace_3d") > 0, F.col("pace_3d")), F.lit(0.5))
    edges = [
        F.coalesce(F.percentile(staying, F.lit(lowest)), F.lit(0.0)).alias(f"edge_{tier}")
        for tier, lowest in enumerate(rules.TIER_PERCENTILES, start=1)
    ]
    unit = F.greatest(F.coalesce(typical * rules.PACE_UNIT_SHARE, F.lit(1.0)), F.lit(1.0)).alias(
        "unit"
    )
    # The same of all artists of a day; one without a video knows it not.
    fresh_days = F.coalesce(F.max("fresh_days_7d"), F.lit(0)).alias("fresh_days_7d")
    return known.groupBy("ingest_date").agg(*edges, unit, fresh_days)


def _nowcasts() -> dict[str, Column]:
    """Percentile that the artist would have if the last 1, 3, 7 fresh days went on."""
    day = Window.partitionBy("ingest_date", "stays")
    return {
        f"nowcast_{days}d": F.when(
            F.col("stays"), F.percent_rank().over(day.orderBy(f"pace_{days}d"))
        ).otherwise(0.0)
        for days in PACE_DAYS
    }


def _distances() -> dict[str, Column]:
    """Logarithm of the pace against the pace at each cut-off."""
    return {
        f"distance_{tier}": _log_ratio(F.col("pace_3d"), F.col(f"edge_{tier}"))
        for tier in rules.TIERS[:-1]
    }


def _changes() -> dict[str, Column]:
    return {
        "pace_change_7d": _log_ratio(F.col("pace_1d"), F.col("pace_7d")),
        "pace_change_week": _log_ratio(F.col("pace_3d"), F.col("pace_3d_week_ago")),
        "new_share": F.col("new_rate") / (F.col("pace_1d") + 1),
    }


def _trends() -> dict[str, Column]:
    """The pace of a week against that of four, and what became of it since a week ago."""
    now = _log_ratio(F.col("pace_7d"), F.col("pace_28d"))
    before = _log_ratio(F.col("pace_7d_week_ago"), F.col("pace_28d_week_ago"))
    return {
        "trend": _with_days(rules.TREND_LEAST_DAYS, now),
        "trend_change": _with_days(rules.TREND_LEAST_DAYS + rules.TREND_WEEK_DAYS, now - before),
        "pace_28d": _with_days(rules.TREND_LEAST_DAYS, F.col("pace_28d")),
    }


def _with_days(least: int, value: Column) -> Column:
    # Its own days: null, and so too few, of an act without a video in five weeks.
    return F.when(F.col("own_fresh_count") >= least, value)


def _log_ratio(pace: Column, other: Column) -> Column:
    # The unit keeps small paces from looking like great changes.
    return F.log((pace + F.col("unit")) / (other + F.col("unit")))
