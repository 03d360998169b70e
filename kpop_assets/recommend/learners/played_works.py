"""Plays of works as arrays, from tables of listeners' days: what recommenders are taught.

Belongs here: tracks turned into works, days into times, and ratings that listeners gave or that
follow from how often they played. Does not belong here: what works are (described_works.py), or
reading the lake.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.matrices.interactions import (
    Floats,
    Interactions,
    Mask,
    Wholes,
    last_of_each,
    rated_by_counts,
)

LISTENED_COLUMNS = ("ingest_date", "user_id", "track_id", "play_count", "rating")
# Days are counted from 1970; of what has none, from a day that never comes.
NEVER = np.iinfo(np.int32).max
_TIME = pl.col("ingest_date").cast(pl.Int32).cast(pl.Int64) * DAY_SECONDS


@dataclass(frozen=True)
class PlayedWorks:
    """Who played which work on which day.

    Attributes:
        plays: an entry per listener, work and day; items are codes of the works that were given,
            values are plays, times the first second of the day.
        ratings: an entry per listener, work and day with a rating; empty where nobody rates.
        listeners: ids that the codes of listeners stand for, in order.
        unknown_play_count: plays of tracks of no work, which are left out.
        dropped_work_count: works that were too many; their plays are left out as well.
        dropped_play_count: how many these are.
        dropped_firsts: when each listener first played each such work, as times are counted.
    """

    plays: Interactions
    ratings: Interactions
    listeners: npt.NDArray[np.str_]
    unknown_play_count: int
    dropped_work_count: int = 0
    dropped_play_count: int = 0
    dropped_firsts: Wholes = field(default_factory=lambda: np.zeros(0, np.int64))

    def rated(self) -> Interactions:
        """The last rating of each listener and work; of too few, those that follow from plays."""
        given = last_of_each(self.ratings)
        is_enough = len(given) >= rules.LEAST_GIVEN_RATINGS
        return given if is_enough else rated_by_counts(self.plays)


def play_works(
    listened: pl.DataFrame, versions: pl.DataFrame, work_ids: Sequence[str]
) -> PlayedWorks:
    """Plays of works by all listeners of them.

    Totals without times are no plays of a day and left out.

    Args:
        listened: `recommend/listener_tracks` of some days, `LISTENED_COLUMNS`.
        versions: `track_id` and `work_id` of each track.
        work_ids: of the works that are kept, whose places are their codes.
    """
    others = versions.filter(~pl.col("work_id").is_in(list(work_ids)))
    dropped = listened.filter(pl.col("play_count") > 0).join(others, "track_id")
    firsts = dropped.group_by("user_id", "work_id").agg(_TIME.min().alias("time"))
    listened = listened.join(others, "track_id", "anti")
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
        _TIME.alias("time"),
    )
    days = told.filter(pl.col("play_count") > 0)
    of_day = days.group_by("user", "item", "time").agg(pl.col("play_count").sum().alias("value"))
    # Of versions of a work that were rated on one day the highest counts.
    rated = (
        told.drop_nulls("rating")
        .group_by("user", "item", "time")
        .agg(pl.col("rating").max().alias("value"))
    )
    counts = (len(listeners), len(work_ids))
    return PlayedWorks(
        _arrays(of_day, *counts),
        _arrays(rated, *counts),
        listeners.to_numpy(),
        int(unknown),
        others["work_id"].n_unique(),
        int(dropped["play_count"].sum()),
        firsts["time"].sort().to_numpy(),
    )


def most_played(
    versions: pl.DataFrame,
    listened: pl.DataFrame,
    told: pl.DataFrame,
    days: Sequence[dt.date],
    most: int,
) -> pl.DataFrame:
    """Versions of the works that are among so many on any of some days, as `among_most` has it.

    Args:
        versions: `track_id`, `work_id`.
        listened: `ingest_date`, `track_id`, `play_count`.
        told: `ingest_date`, `track_id` of each time that a track was told of.
        days: on which recommenders learn.
        most: works a day.
    """
    if versions["work_id"].n_unique() <= most:
        return versions
    first = told.group_by("track_id").agg(pl.col("ingest_date").min())
    works = (
        versions.join(first, "track_id", "left")
        .group_by("work_id")
        .agg(pl.col("ingest_date").min())
    ).sort("work_id")
    since = works["ingest_date"].cast(pl.Int32).fill_null(int(NEVER)).to_numpy()
    kept = np.zeros(len(works), dtype=bool)
    for day in days:
        plays = (
            listened.filter(pl.col("ingest_date") <= day)
            .join(versions, "track_id")
            .group_by("work_id")
            .agg(pl.col("play_count").sum())
        )
        counts = works.join(plays, "work_id", "left", maintain_order="left")["play_count"]
        by_then = counts.fill_null(0).cast(pl.Float64).to_numpy()
        kept |= among_most(by_then, since, (day - dt.date(1970, 1, 1)).days, most)
    return versions.join(works.filter(pl.Series(kept)).select("work_id"), "work_id", "semi")


def among_most(plays: Floats, told_days: npt.NDArray[np.int32], day: int, most: int) -> Mask:
    """Works known by a day, of too many those most played by then, then those first told of last.

    Args:
        plays: of each work up to the end of the day.
        told_days: the day on which each was first told of, since 1970.
        day: the day, counted the same.
        most: works.
    """
    known = (told_days <= day) | (plays > 0)
    if known.sum() <= most:
        return known
    order = np.lexsort((-np.where(told_days <= day, told_days, -1), -plays, ~known))
    kept = np.zeros(len(plays), dtype=bool)
    kept[order[:most]] = True
    return kept


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
