"""Events to videos, artists and windows of a day, in Polars.

Belongs here: what looks at single events or videos. Does not belong here: features over days
(gold.py).
"""

from __future__ import annotations

import polars as pl

from bench import peer

_DAY = "ingest_date"
_GAINS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}


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
        "artist",
        "author_id",
        "observed_at",
        "event_at",
        "published_at",
        *_GAINS,
    ]
    daily = (
        events.lazy()
        .select(_DAY, "video_id", *columns)
        .sort("video_id", "observed_at")
        .with_columns(is_last=pl.struct("video_id", _DAY) != pl.struct("video_id", _DAY).shift(-1))
        .collect()
    )
    counts = daily.group_by("video_id", _DAY).len("event_count")
    last = daily.filter(pl.col("is_last").fill_null(True)).drop("is_last")
    known = last.join(counts, ["video_id", _DAY], maintain_order="left")
    gains = {gained: _gained(name) for name, gained in _GAINS.items()}
    points = pl.sum_horizontal(pl.col(n) * weight for n, weight in peer.WEIGHTS.items())
    return (
        known.with_columns(event_count=pl.col("event_count").cast(pl.Int64), **gains)
        .with_columns(engagement=points)
        .select(_DAY, "video_id", *columns, "event_count", *_GAINS.values(), "engagement")
    )


def _gained(name: str) -> pl.Expr:
    """Against the last value that is not null, of the same video, at most 30 days old."""

    def previous(column: str) -> pl.Expr:
        return pl.when(pl.col(name).is_not_null()).then(pl.col(column)).shift(1).forward_fill()

    gap = (pl.col(_DAY) - previous(_DAY)).dt.total_days()
    is_known = (previous("video_id") == pl.col("video_id")) & (gap <= peer.COUNTERS_LOOK_BACK)
    age = pl.col("observed_at").dt.epoch("s") - pl.col("published_at").dt.epoch("s")
    first = pl.when(age <= peer.FIRST_SEEN_SECONDS).then(pl.col(name)).otherwise(0)
    gained = pl.when(is_known.fill_null(False)).then(pl.col(name) - previous(name))
    return gained.otherwise(first).fill_null(0)


def sum_artists(video_daily: pl.DataFrame) -> pl.DataFrame:
    """Sums per artist and day."""
    names = ["views_gained", "likes_gained", "comments_gained", "engagement"]
    return video_daily.group_by(_DAY, "artist").agg(
        pl.sum("event_count"),
        pl.len().cast(pl.Int64).alias("video_count"),
        *[pl.sum(name) for name in names],
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
