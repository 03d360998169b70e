"""Events to videos, artists and windows of a day, in Polars.

Belongs here: what looks at single events or videos. Does not belong here: features over days
(gold.py).
"""

from __future__ import annotations

import polars as pl

from bench import peer
from bench.pipe_polars.counters import measure_gains

_DAY = "ingest_date"


def select_new_videos(events: pl.DataFrame) -> pl.DataFrame:
    """The first event of each video on each day on which it is new."""
    columns = [
        "artist",
        "text",
        "author_id",
        "author_name",
        "source",
        "published_at",
        "observed_at",
    ]
    # Observation times repeat only for different videos, so they alone give the first.
    firsts = (
        events.select(_DAY, "video_id", *columns)
        .sort("video_id", "observed_at")
        .unique([_DAY, "video_id"], keep="first", maintain_order=True)
    )
    is_same = pl.col("video_id") == pl.col("video_id").shift(1)
    gap = (pl.col(_DAY) - pl.col(_DAY).shift(1)).dt.total_days()
    is_old = (is_same & (gap <= peer.VIDEOS_LOOK_BACK)).fill_null(False)
    return firsts.filter(~is_old).select(
        _DAY, "video_id", *columns[:-1], first_observed_at="observed_at"
    )


def measure_videos(events: pl.DataFrame) -> pl.DataFrame:
    """The last counters of each video on each day, and what they gained."""
    columns = [
        *("artist", "artist_evidence", "author_id", "observed_at", "event_at", "published_at"),
        *("scheduled_at", "began_at", "text", "duration_seconds", *peer.GAINS),
    ]
    # Only keys are sorted; the rest of a video's last row is fetched by its place.
    keys = events.lazy().select(_DAY, "video_id", "observed_at").with_row_index("place")
    daily = (
        keys.sort("video_id", "observed_at")
        .with_columns(is_last=pl.struct("video_id", _DAY) != pl.struct("video_id", _DAY).shift(-1))
        .with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64))
        .filter(pl.col("is_last").fill_null(True))
        .with_columns(event_count=pl.col("number") - pl.col("number").shift(1, fill_value=-1))
        .select(_DAY, "video_id", "place", "event_count")
        .collect()
    )
    last = daily.hstack(events.select(columns)[daily["place"]]).drop("place")
    rows = last.with_columns(
        launched_at=pl.coalesce("began_at", "scheduled_at", "published_at"),
        video_format=_video_format(),
    ).drop("text", "duration_seconds", "scheduled_at", "began_at")
    rows = measure_gains(rows)
    points = pl.sum_horizontal(pl.col(n) * weight for n, weight in peer.WEIGHTS.items())
    return rows.with_columns(engagement=points)


def _video_format() -> pl.Expr:
    title, seconds = pl.col("text"), pl.col("duration_seconds")
    says_short = title.str.to_lowercase().str.contains("#short", literal=True)
    is_short = (seconds <= peer.SHORT_SECONDS) | (
        (seconds <= peer.TAGGED_SHORT_SECONDS) & says_short
    )
    begins = pl.any_horizontal(pl.col("scheduled_at", "began_at").is_not_null())
    is_premiere = seconds.is_between(1, peer.PREMIERE_SECONDS).fill_null(False)
    return (
        pl.when(begins & is_premiere)
        .then(pl.lit("premiere"))
        .when(begins)
        .then(pl.lit("live"))
        .when((seconds > 0) & is_short)
        .then(pl.lit("short"))
        .when(seconds > 0)
        .then(pl.lit("video"))
        .when(title.str.contains(peer.SAYS_LIVE))
        .then(pl.lit("live"))
        .otherwise(pl.lit("unknown"))
    )


def sum_artists(video_daily: pl.DataFrame) -> pl.DataFrame:
    """Sums per artist and day."""
    names = ["views_gained", "likes_gained", "comments_gained", "engagement"]
    return video_daily.group_by(_DAY, "artist").agg(
        pl.sum("event_count"),
        pl.len().cast(pl.Int64).alias("video_count"),
        *[pl.sum(name) for name in names],
        *[
            pl.col("engagement")
            .filter(pl.col("artist_evidence").is_in(kinds))
            .sum()
            .alias(f"{name}_engagement")
            for name, kinds in peer.BY_EVIDENCE.items()
        ],
        pl.col("is_glitch").sum().cast(pl.Int64).alias("held_count"),
    )


def slide_windows(events: pl.DataFrame, video_daily: pl.DataFrame) -> pl.DataFrame:
    """Windows of 12 slides: each event is new in those its video's previous event is not in."""
    by = [_DAY, "artist"]
    slide = (pl.col("event_at").dt.epoch("ms") // peer.SLIDE_MS).alias("slide")
    # Small numbers for names: everything after this is sums over integers.
    rows = events.lazy().select(*by, "video_id", "author_id", slide)
    rows = rows.sort(*by, "video_id", "slide").with_columns(
        new_videos=_new_windows([*by, "video_id"])
    )
    rows = rows.sort(*by, "author_id", "slide").with_columns(
        new_authors=pl.when(pl.col("author_id").is_not_null())
        .then(_new_windows([*by, "author_id"]))
        .otherwise(0)
    )
    mentions = rows.select(
        *by, "slide", "new_videos", "new_authors", n=pl.lit(1, pl.Int64), points=pl.lit(1, pl.Int64)
    )
    gains = video_daily.lazy().select(
        *by,
        slide,
        new_videos=pl.lit(0, pl.Int64),
        new_authors=pl.lit(0, pl.Int64),
        n=pl.lit(0, pl.Int64),
        points=pl.col("engagement") - pl.col("event_count"),
    )
    both = pl.concat([mentions, gains])
    windows = pl.concat([_window(both, by, offset) for offset in range(peer.WINDOW_SLIDES)])
    start = (pl.col("window") * peer.SLIDE_MS * 1000).cast(pl.Datetime("us", "UTC"))
    length = pl.duration(milliseconds=peer.SLIDE_MS * peer.WINDOW_SLIDES)
    return (
        windows.group_by(*by, "window")
        .agg(pl.sum("video_count", "unique_videos", "total_engagement", "unique_authors"))
        .with_columns(window_start_at=start)
        .select(
            *by,
            "window_start_at",
            (pl.col("window_start_at") + length).alias("window_end_at"),
            *["video_count", "unique_videos", "total_engagement", "unique_authors"],
        )
        .collect(engine="streaming")
    )


def _new_windows(key: list[str]) -> pl.Expr:
    """How many of the latest windows of a row hold no earlier row of the same key."""
    is_same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in key)
    gap = pl.col("slide") - pl.col("slide").shift(1)
    new = pl.when(is_same).then(pl.min_horizontal(gap, pl.lit(peer.WINDOW_SLIDES)))
    return new.otherwise(peer.WINDOW_SLIDES).fill_null(peer.WINDOW_SLIDES)


def _window(rows: pl.LazyFrame, by: list[str], offset: int) -> pl.LazyFrame:
    return rows.select(
        *by,
        window=pl.col("slide") - offset,
        video_count="n",
        unique_videos=(pl.col("new_videos") > offset).cast(pl.Int64),
        total_engagement="points",
        unique_authors=(pl.col("new_authors") > offset).cast(pl.Int64),
    )
