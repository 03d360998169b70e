"""Plays of works as arrays, from tables of listeners' days: what recommenders are taught.

Belongs here: tracks turned into works, days into times, and ratings that listeners gave or that
follow from how often they played. Does not belong here: what works are (described_works.py), or
reading the lake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.interactions import Interactions, rated_by_counts

LISTENED_COLUMNS = ("ingest_date", "user_id", "track_id", "play_count", "rating")


@dataclass(frozen=True)
class PlayedWorks:
    """Who played which work on which day.

    Attributes:
        plays: an entry per listener, work and day; items are codes of the works that were given,
            values are plays, times the first second of the day.
        ratings: an entry per listener and work with a rating, the last one; empty where nobody
            rates.
        listeners: ids that the codes of listeners stand for, in order.
        unknown_play_count: plays of tracks of none of these works, which are left out.
    """

    plays: Interactions
    ratings: Interactions
    listeners: npt.NDArray[np.str_]
    unknown_play_count: int

    def rated(self) -> Interactions:
        """Ratings that were given; where there are none, those that follow from plays."""
        return self.ratings if len(self.ratings) else rated_by_counts(self.plays)


def play_works(
    listened: pl.DataFrame, versions: pl.DataFrame, work_ids: Sequence[str]
) -> PlayedWorks:
    """Plays of works by all listeners of them.

    Totals without times are no plays of a day and left out.

    Args:
        listened: `recommend/listener_tracks` of some days, `LISTENED_COLUMNS`.
        versions: `track_id` and `work_id` of each track.
        work_ids: of the works, whose places are their codes.
    """
    codes = pl.DataFrame({"work_id": work_ids}, {"work_id": pl.String}).with_row_index("item")
    rows = listened.join(
        versions.join(codes, "work_id").select("track_id", "item"), "track_id", "left"
    )
    unknown = rows.filter(pl.col("item").is_null())["play_count"].sum()
    known = rows.drop_nulls("item").filter(
        (pl.col("play_count") > 0) | pl.col("rating").is_not_null()
    )
    listeners = known["user_id"].unique().sort()
    people = pl.DataFrame({"user_id": listeners}).with_row_index("user")
    told = known.join(people, "user_id").select(
        "user",
        "item",
        "play_count",
        "rating",
        (pl.col("ingest_date").cast(pl.Int32).cast(pl.Int64) * DAY_SECONDS).alias("time"),
    )
    days = told.filter(pl.col("play_count") > 0)
    of_day = days.group_by("user", "item", "time").agg(pl.col("play_count").sum().alias("value"))
    rated = told.drop_nulls("rating").sort("user", "item", "time", "rating")
    last = rated.group_by("user", "item", maintain_order=True).agg(
        pl.col("time").last(), pl.col("rating").last().alias("value")
    )
    counts = (len(listeners), len(work_ids))
    return PlayedWorks(
        _arrays(of_day, *counts), _arrays(last, *counts), listeners.to_numpy(), int(unknown)
    )


def most_played(versions: pl.DataFrame, listened: pl.DataFrame, most: int) -> pl.DataFrame:
    """Versions of so many works at most: those that are played most, then those told of last.

    Args:
        versions: `track_id`, `work_id`, `told_date`.
        listened: `track_id`, `play_count`.
        most: works.
    """
    if versions["work_id"].n_unique() <= most:
        return versions
    counts = listened.group_by("track_id").agg(pl.col("play_count").sum())
    works = (
        versions.join(counts, "track_id", "left")
        .group_by("work_id")
        .agg(pl.col("play_count").sum(), pl.col("told_date").max())
        .sort("play_count", "told_date", "work_id", descending=[True, True, False])
    )
    return versions.join(works.head(most).select("work_id"), "work_id", "semi")


def _arrays(rows: pl.DataFrame, user_count: int, item_count: int) -> Interactions:
    ordered = rows.sort("user", "item", "time")
    return Interactions(
        ordered["user"].cast(pl.Int32).to_numpy(),
        ordered["item"].cast(pl.Int32).to_numpy(),
        ordered["value"].cast(pl.Float64).to_numpy(),
        ordered["time"].to_numpy(),
        user_count,
        item_count,
    )
