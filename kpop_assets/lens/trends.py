"""The line through a video's counter over a week, and what it calls the video.

Belongs here: the regression of views on hours, its fit, and the class of growth. Does not belong
here: which observations are believed (believed_snapshots says how they are left out), or forecasts.

Least squares over the observations of the `rules.TREND_HOURS` hours up to the day's last one; with
fewer than `rules.TREND_LEAST_SNAPSHOTS`, or all at one instant, there is no line. R² is the share
of the counter's variance that the line explains; a counter that does not move lies on its line.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts import rules

SNAPSHOT_COLUMNS = ("ingest_date", "video_id", "observed_at", "view_count")
BELIEF_COLUMNS = ("ingest_date", "video_id", "is_glitch", "gained_days", "launched_at")
_HOUR = pl.duration(hours=1)


def believed_snapshots(events: pl.DataFrame, video_daily: pl.DataFrame) -> pl.DataFrame:
    """Observations with a view counter, without the days on which it is not believed.

    Before its launch a video has a page and no views; such observations are left out too. A glitch
    of likes or comments alone leaves the views, whose `gained_days` is known then.

    Args:
        events: `SNAPSHOT_COLUMNS` of `bronze/events`.
        video_daily: `BELIEF_COLUMNS` of `silver/video_daily` of the same days.
    """
    key = ["ingest_date", "video_id"]
    is_held = pl.col("is_glitch") & pl.col("gained_days").is_null()
    known = events.filter(pl.col("view_count").is_not_null())
    believed = known.join(video_daily.filter(is_held), on=key, how="anti")
    launched = believed.join(video_daily.select(*key, "launched_at"), on=key, how="left")
    is_to_come = (pl.col("observed_at") < pl.col("launched_at")).fill_null(value=False)
    return launched.filter(~is_to_come).drop("launched_at")


def growth_class(slope_per_hour: pl.Expr) -> pl.Expr:
    """The class of a slope, from the top; null where there is none."""
    named = [
        pl.when(slope_per_hour > edge).then(pl.lit(name))
        for name, edge in rules.GROWTH_CLASSES.items()
    ]
    lowest = pl.when(slope_per_hour.is_not_null()).then(pl.lit(rules.LOWEST_GROWTH_CLASS))
    return pl.coalesce(*named, lowest)


def fit_trends(snapshots: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """A row for each video that was seen on `day`: its line, if it has one.

    Args:
        snapshots: believed observations of `day` and of `rules.TREND_LOOK_BACK_DAYS` before.
        day: the day.

    Returns:
        ingest_date, video_id, snapshot_count, slope_per_hour, trend_views, r_squared, growth_class.
    """
    last = (
        snapshots.filter(pl.col("ingest_date") == day)
        .group_by("video_id")
        .agg(pl.col("observed_at").max().alias("last_at"))
    )
    hours = ((pl.col("observed_at") - pl.col("last_at")) / _HOUR).alias("hours")
    near = (
        snapshots.join(last, on="video_id")
        .with_columns(hours, pl.col("view_count").cast(pl.Float64).alias("views"))
        .filter(pl.col("hours") >= -rules.TREND_HOURS, pl.col("hours") <= 0)
        # Sums of floats depend on their order, and files are read in any.
        .sort("video_id", "observed_at")
    )
    sums = near.group_by("video_id").agg(
        pl.len().alias("snapshot_count"),
        pl.cov("hours", "views").alias("both"),
        pl.col("hours").var().alias("hours_var"),
        pl.col("views").var().alias("views_var"),
        pl.col("hours").mean().alias("hours_mean"),
        pl.col("views").mean().alias("views_mean"),
    )
    return (
        _lines(sums)
        .select(
            pl.lit(day).alias("ingest_date"),
            "video_id",
            pl.col("snapshot_count").cast(pl.Int64),
            "slope_per_hour",
            "trend_views",
            "r_squared",
            growth_class(pl.col("slope_per_hour")).alias("growth_class"),
        )
        .sort("video_id")
    )


def _lines(sums: pl.DataFrame) -> pl.DataFrame:
    has_line = (pl.col("snapshot_count") >= rules.TREND_LEAST_SNAPSHOTS) & (pl.col("hours_var") > 0)
    slope = pl.when(has_line).then(pl.col("both") / pl.col("hours_var")).alias("slope_per_hour")
    explained = pl.col("both") ** 2 / (pl.col("hours_var") * pl.col("views_var"))
    return sums.with_columns(slope).with_columns(
        (pl.col("views_mean") - pl.col("slope_per_hour") * pl.col("hours_mean")).alias(
            "trend_views"
        ),
        pl.when(has_line)
        .then(pl.when(pl.col("views_var") > 0).then(explained).otherwise(1.0))
        .alias("r_squared"),
    )
