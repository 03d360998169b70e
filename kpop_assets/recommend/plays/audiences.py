"""Who plays a work and comes back to it, and whom else the listeners of an act play.

Belongs here: `recommend/work_audience` and `recommend/shared_listeners`, pure functions of plays by
listener and of works. Does not belong here: how shared listeners are counted
(shared_listeners.py), or what to hear next.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts.recommend_rules import LEAST_PLAY_DAYS

HEARD_COLUMNS = (
    *("ingest_date", "user_id", "track_id", "play_count"),
    *("known_length_count", "completed_count"),
)
AUDIENCE_WORK_COLUMNS = (
    *("track_id", "work_id", "artist", "artist_name", "work_title", "is_shown"),
)
_WEEK = dt.timedelta(days=7)


def describe_audience(heard: pl.DataFrame, versions: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rows of `recommend/work_audience` of a training day but for its date.

    Args:
        heard: `recommend/listener_tracks` of the days that count, `HEARD_COLUMNS`.
        versions: `recommend/works` of one training day, `AUDIENCE_WORK_COLUMNS`.
        day: the training day.
    """
    counted = heard.filter(pl.col("play_count") > 0).join(versions, "track_id")
    of_listener = counted.group_by("work_id", "user_id").agg(
        pl.col("play_count", "known_length_count", "completed_count").sum(),
        pl.col("ingest_date").n_unique().alias("day_count"),
        pl.col("play_count").filter(pl.col("ingest_date") > day - _WEEK).sum().alias("plays_7d"),
    )
    sums = of_listener.group_by("work_id").agg(
        pl.col("play_count").sum().alias("plays_28d"),
        pl.len().cast(pl.Int64).alias("listeners_28d"),
        (pl.col("day_count") >= LEAST_PLAY_DAYS)
        .sum()
        .cast(pl.Int64)
        .alias("returning_listeners_28d"),
        pl.col("known_length_count", "completed_count", "plays_7d").sum(),
    )
    named = versions.filter("is_shown").drop("track_id", "is_shown")
    known = pl.col("known_length_count")
    return (
        sums.join(named, "work_id")
        .with_columns(
            returning_pct=100 * pl.col("returning_listeners_28d") / pl.col("listeners_28d"),
            completed_pct=pl.when(known > 0).then(100 * pl.col("completed_count") / known),
        )
        .drop("known_length_count", "completed_count")
        .sort("work_id")
    )


def share_acts(heard: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """The rows of `recommend/shared_listeners` of a training day but for its date.

    Args:
        heard: as for `describe_audience`.
        versions: as for `describe_audience`.
    """
    # NumPy's matrices take longer to load than most days to fill.
    import numpy as np

    from kpop_assets.recommend.matrices.interactions import coded
    from kpop_assets.recommend.plays.shared_listeners import shared_listeners

    of_acts = heard.filter(pl.col("play_count") > 0).join(
        versions.filter(pl.col("artist") != OTHER), "track_id"
    )
    days = of_acts.group_by("user_id", "artist").agg(pl.col("ingest_date").n_unique())
    fans = days.filter(pl.col("ingest_date") >= LEAST_PLAY_DAYS).sort("user_id", "artist")
    ones = np.ones(len(fans))
    told, _, acts = coded(fans["user_id"].to_numpy(), fans["artist"].to_numpy(), ones, ones)
    names = pl.Series(acts, dtype=pl.String)
    pairs = shared_listeners(told, np.arange(len(acts), dtype=np.int32))
    return pairs.select(
        names.gather(pairs["act"]).alias("artist"),
        names.gather(pairs["other_act"]).alias("other_artist"),
        pl.col("listener_count").cast(pl.Int64).alias("act_listener_count"),
        pl.col("other_listener_count").cast(pl.Int64),
        pl.col("shared_count").cast(pl.Int64).alias("shared_listener_count"),
        "shared_pct",
        "lift",
    ).sort("artist", "other_artist")
