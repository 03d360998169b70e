"""When new videos do well: by weekday and hour of Seoul, and who else releases around a day.

Belongs here: counts and medians over new videos, and neighbours of a planned day. Does not
belong here: what a new video or a release is (releases.py).

The medians describe, they do not prove: who releases on a Friday may also spend more on it.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.days import TIME_ZONE

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def time_by_weekday(new_videos: pl.DataFrame) -> pl.DataFrame:
    """How new videos did by the weekday on which they came out in Seoul.

    The day is that of publishing; for sources without it, the day first seen.

    Args:
        new_videos: what `find_new_videos` returns.

    Returns:
        weekday (1 is Monday), weekday_name, then the columns of `time_by_hour` from
        new_video_count on. Always 7 rows, Monday first.
    """
    day = pl.coalesce(_published_in_seoul().dt.date(), pl.col("first_seen_date"))
    weekdays = pl.DataFrame(
        {"weekday": range(1, 8), "weekday_name": WEEKDAYS},
        schema={"weekday": pl.Int64, "weekday_name": pl.String},
    )
    return _summarise(new_videos, day.dt.weekday(), weekdays)


def time_by_hour(new_videos: pl.DataFrame) -> pl.DataFrame:
    """How new videos did by the hour of the day in Seoul at which they were published.

    Args:
        new_videos: what `find_new_videos` returns; videos without time of publishing are left
            out, because a chart's time is not one of publishing.

    Returns:
        hour (0 to 23), new_video_count, young_count (of them, without complete 7 days; left out
        of what follows), views_first_7d_median (views; null without a video),
        relative_median (median of views_first_7d / the artist's own median over its complete
        videos in all rows of the table, so that big acts do not decide; null where unknown),
        relative_count (videos that relative_median is of: the artist has at least 2 complete
        ones and a positive median),
        is_enough (relative_count is at least 10). Always 24 rows.
    """
    hours = pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int64})
    timed = new_videos.filter(pl.col("published_at").is_not_null())
    return _summarise(timed, _published_in_seoul().dt.hour(), hours)


def competition(
    releases: pl.DataFrame,
    features: pl.DataFrame,
    day: dt.date,
    span: int = 7,
    tier_to: int = 2,
) -> pl.DataFrame:
    """Releases of the leading artists around a planned day.

    Only releases that are in the data can be found: for a day to come, those shortly before it.

    Args:
        releases: what `find_releases` returns, or announced ones (artist, release_date).
        features: `gold/artist_features`; tier and rank are of its last day up to `day`.
        day: the planned day.
        span: days before and after the planned day that count, both ends included.
        tier_to: the lowest tier that counts as leading.

    Returns:
        artist, tier, rank, release_date, days_from_planned (negative before the planned day).
        By distance from the planned day, then by rank and name.
    """
    until = features.filter(pl.col("ingest_date") <= day)
    leading = until.filter(
        pl.col("ingest_date") == pl.col("ingest_date").max(), pl.col("tier") <= tier_to
    )
    distance = (pl.col("release_date") - pl.lit(day)).dt.total_days()
    return (
        releases.join(leading.select("artist", "tier", "rank"), on="artist")
        .with_columns(distance.alias("days_from_planned"))
        .filter(pl.col("days_from_planned").abs() <= span)
        .sort(pl.col("days_from_planned").abs(), "rank", "artist", "release_date")
        .select("artist", "tier", "rank", "release_date", "days_from_planned")
    )


def _published_in_seoul() -> pl.Expr:
    return pl.col("published_at").dt.convert_time_zone(TIME_ZONE)


def _summarise(new_videos: pl.DataFrame, slot: pl.Expr, slots: pl.DataFrame) -> pl.DataFrame:
    """Counts and medians per slot; `slots` has every slot in its first column."""
    name = slots.columns[0]
    complete = pl.col("views_first_7d").filter(pl.col("is_complete"))
    own_median = complete.median().over("artist")
    # The only video of an artist is its own median: it would say 1 whatever happened.
    is_comparable = (complete.count().over("artist") > 1) & (own_median > 0)
    relative = pl.when(pl.col("is_complete") & is_comparable).then(
        pl.col("views_first_7d") / own_median
    )
    found = (
        new_videos.with_columns(
            slot.cast(pl.Int64).alias(name),
            relative.alias("relative"),
        )
        .group_by(name)
        .agg(
            pl.len().cast(pl.Int64).alias("new_video_count"),
            pl.col("is_complete").not_().sum().cast(pl.Int64).alias("young_count"),
            complete.median().alias("views_first_7d_median"),
            pl.col("relative").median().alias("relative_median"),
            pl.col("relative").count().cast(pl.Int64).alias("relative_count"),
        )
    )
    counts = pl.col("new_video_count", "young_count", "relative_count")
    return (
        slots.join(found, on=name, how="left")
        .with_columns(counts.fill_null(0))
        .with_columns((pl.col("relative_count") >= rules.ENOUGH_VIDEOS).alias("is_enough"))
        .sort(name)
    )
