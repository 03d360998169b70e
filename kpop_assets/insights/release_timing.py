"""When new videos do well: by weekday and hour of Seoul, and who else releases around a day.

Belongs here: medians and their intervals over first weeks, and neighbours of a planned day. Does
not belong here: what a new video or a release is (releases.py), or a video's kind (silver/).

A question about hours must not be answered by what comes out at them: a music video has several
times the views of a teaser, and each has its hour. So videos of one kind are compared, on the
acts' own channels, each with what is usual for the act and the kind. That an act spends more on
what it brings out on a Friday remains possible: the medians describe, they do not prove.

What comes out for one release is watched much or little together, so it counts as one value: videos
of an act and a kind less than `rules.RELEASE_GAP_DAYS` after one another. An act's usual is the
median of its releases, each the median of its videos, and a slot has one value of each act and
release, the median of its videos in that slot. Taken one by one, six acts' teasers made a third of
the slots differ where no hour mattered.
"""

from __future__ import annotations

import datetime as dt
import statistics

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.days import TIME_ZONE
from kpop_assets.insights.intervals import median_interval

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# What an act plans the hour of; `other` is no kind that can be compared with itself.
KINDS = ("music_video", "teaser", "dance", "stage", "lyrics", "short", "live")
# Of an act's only video the usual is itself: it would say 1 whatever happened.
_FEWEST_OWN = 2


def select_timed(firsts: pl.DataFrame) -> pl.DataFrame:
    """The videos whose hour an act chose: on its own channel, with a time at which they came out.

    Args:
        firsts: rows of `silver/video_firsts`.
    """
    is_own = pl.col("is_own_channel").fill_null(False)
    return firsts.filter(is_own, pl.col("launched_at").is_not_null())


def time_by_weekday(videos: pl.DataFrame) -> pl.DataFrame:
    """How videos of one kind did by the weekday in Seoul on which they came out.

    Args:
        videos: rows of `select_timed` of one kind.

    Returns:
        weekday (1 is Monday), weekday_name, then the columns of `time_by_hour` from release_count
        on. Always 7 rows, Monday first.
    """
    weekdays = pl.DataFrame(
        {"weekday": range(1, 8), "weekday_name": WEEKDAYS},
        schema={"weekday": pl.Int64, "weekday_name": pl.String},
    )
    return _summarise(videos, _in_seoul().dt.weekday(), weekdays)


def time_by_hour(videos: pl.DataFrame) -> pl.DataFrame:
    """How videos of one kind did by the hour of the day in Seoul at which they came out.

    Args:
        videos: rows of `select_timed` of one kind.

    Returns:
        hour (0 to 23), release_count (releases with a video then, of acts with two videos or more
        and a positive usual), artist_count (acts that they are of), relative_median (over the
        releases, of views_first_7d over the act's usual), relative_low and relative_high (the
        interval of that median). All three are null below `rules.FEWEST_TIMED_RELEASES` releases
        or `rules.FEWEST_TIMED_ACTS` acts. Always 24 rows.
    """
    hours = pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int64})
    return _summarise(videos, _in_seoul().dt.hour(), hours)


def differing(slots: pl.DataFrame) -> pl.DataFrame:
    """The slots whose interval does not hold 1: those that did better or worse than usual."""
    return slots.filter((pl.col("relative_low") > 1) | (pl.col("relative_high") < 1))


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


def _in_seoul() -> pl.Expr:
    return pl.col("launched_at").dt.convert_time_zone(TIME_ZONE)


def _summarise(videos: pl.DataFrame, slot: pl.Expr, slots: pl.DataFrame) -> pl.DataFrame:
    """Medians and intervals per slot; `slots` has every slot in its first column."""
    name = slots.columns[0]
    relative = pl.col("views_first_7d") / pl.col("usual")
    found = (
        _with_usual(_with_releases(videos))
        .with_columns(slot.cast(pl.Int64).alias(name), relative.alias("relative"))
        .group_by(name, *_RELEASE)
        .agg(pl.col("relative").median())
        .group_by(name)
        .agg(pl.col("relative"), pl.col("artist").n_unique().cast(pl.Int64).alias("artist_count"))
    )
    rows = [_describe_slot(*row) for row in found.select(name, "artist_count", "relative").rows()]
    described = pl.DataFrame(rows, {name: pl.Int64, **_SLOT}, orient="row")
    counts = pl.col("release_count", "artist_count")
    return slots.join(described, on=name, how="left").with_columns(counts.fill_null(0)).sort(name)


_RELEASE = ("artist", "release_number")


def _with_releases(videos: pl.DataFrame) -> pl.DataFrame:
    """The videos with release_number: which release of its act each belongs to."""
    gap = pl.col("launched_at").diff().over("artist")
    starts_one = (gap >= dt.timedelta(days=rules.RELEASE_GAP_DAYS)).fill_null(True)
    return videos.sort("artist", "launched_at").with_columns(
        starts_one.cum_sum().over("artist").alias("release_number")
    )


def _with_usual(videos: pl.DataFrame) -> pl.DataFrame:
    """The videos that can be compared, with the usual of their acts."""
    usual = (
        videos.group_by(_RELEASE)
        .agg(pl.col("views_first_7d").median(), pl.len().alias("count"))
        .group_by("artist")
        .agg(pl.col("views_first_7d").median().alias("usual"), pl.col("count").sum())
        .filter(pl.col("count") >= _FEWEST_OWN, pl.col("usual") > 0)
    )
    return videos.join(usual, on="artist")


_SLOT = {
    "release_count": pl.Int64,
    "artist_count": pl.Int64,
    "relative_median": pl.Float64,
    "relative_low": pl.Float64,
    "relative_high": pl.Float64,
}


def _describe_slot(
    number: int, artist_count: int, relative: list[float]
) -> tuple[int, int, int, float | None, float | None, float | None]:
    interval = median_interval(relative)
    if interval is None or artist_count < rules.FEWEST_TIMED_ACTS:
        return number, len(relative), artist_count, None, None, None
    return number, len(relative), artist_count, statistics.median(relative), *interval
