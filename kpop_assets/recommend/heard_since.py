"""What a listener played up to now: what the bundle knows, and the days since from the lake.

Belongs here: reading one listener's plays, and tracks turned into items of a bundle. Does not
belong here: who is meant by a name (landing/persons.py), or an answer (answer.py).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.served_bundle import Bundle
from kpop_assets.recommend.served_parts import Heard

_NOTHING = Heard.of(np.zeros(0, dtype=np.int32))


def heard_until_now(bundle: Bundle, reader: LakeReader, listener_id: str) -> Heard:
    """A listener's history with the plays since the training day; nothing of whom none is known.

    Plays of tracks that the bundle does not know are left out.
    """
    known = bundle.heard(listener_id) or _NOTHING
    since = bundle.training_day + dt.timedelta(days=1)
    is_theirs = pl.col("user_id") == listener_id
    columns = ["user_id", "track_id", "play_count", "last_played_at"]
    try:
        rows = reader.rows(LISTENER_TRACKS, since, None, columns, is_theirs)
    except MissingTableError:
        return known
    played = rows.filter(pl.col("play_count") > 0)
    return joined(known, heard_tracks(bundle, played)) if len(played) else known


def heard_tracks(bundle: Bundle, played: pl.DataFrame) -> Heard:
    """Plays of tracks as a history of a bundle's items.

    Args:
        bundle: whose items.
        played: `track_id`, `play_count`, `last_played_at`.
    """
    items = bundle.works.select("work_id").with_row_index("item")
    tracks = bundle.names.select("track_id", "work_id").unique("track_id").join(items, "work_id")
    rows = (
        played.join(tracks, "track_id")
        .group_by("item")
        .agg(pl.col("play_count").sum(), pl.col("last_played_at").max().dt.epoch("s"))
        .sort("item")
    )
    return Heard(
        rows["item"].cast(pl.Int32).to_numpy(),
        rows["play_count"].cast(pl.Float64).to_numpy(),
        rows["last_played_at"].to_numpy(),
    )


def joined(one: Heard, other: Heard) -> Heard:
    """Two histories as one: counts add up, the later last time holds."""
    items, places = np.unique(np.concatenate([one.items, other.items]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([one.counts, other.counts]), len(items))
    times = np.zeros(len(items), dtype=np.int64)
    np.maximum.at(times, places, np.concatenate([one.times, other.times]))
    return Heard(items.astype(np.int32), counts.astype(np.float64), times)
