"""Works as rows of the board, and what pages say of one.

Belongs here: links, acts and sounds of works in the reader's language. Does not belong here: which
works a page shows.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app import frame
from app.links import source_link
from app.names import act_name
from app.sound_words import say_sound
from kpop_assets.catalog.catalog import OTHER


def asked_day(view: frame.View) -> dt.date | None:
    """The day whose knowledge is asked for; None is the newest of whatever there is.

    Tracks are told of on days of their own, which may be later than those of videos.
    """
    return view.chosen if view.chosen in view.days else None


def with_work_cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of works as the board draws them.

    Args:
        rows: `work_id`, `track_id`, `title`, `artist`, `artist_name`, and `cluster_name` if any.

    Returns:
        The rows with `work` and where it leads, `act`, and `artist` null where nobody knows the
        act; `cluster_name` in words.
    """
    names = [whose(row) for row in rows.iter_rows(named=True)]
    sources = [heard_at(track_id) for track_id in rows["track_id"]]
    told = rows.with_columns(
        pl.col("title").alias("work"),
        pl.col("work_id").alias("to_work"),
        pl.Series("work_source", sources, pl.String),
        pl.Series("act", names, pl.String),
        pl.when(pl.col("artist") != OTHER).then("artist").alias("artist"),
    )
    if "cluster_name" not in rows.columns:
        return told
    sounds = [name and say_sound(name) for name in rows["cluster_name"]]
    return told.with_columns(pl.Series("cluster_name", sounds, pl.String))


def whose(row: dict[str, object]) -> str:
    """The act of a row of a work, by its name in the reader's language or as its source has it."""
    artist, own = str(row["artist"]), str(row["artist_name"])
    return own if artist == OTHER else act_name(artist)


def heard_at(track_id: str) -> str | None:
    """Where a track can be heard, if its id is one of Spotify's."""
    return source_link(f"spotify:{track_id}", frame.shows_simulated())
