"""What listeners share: acts that the same people play, and works that they come back to.

Belongs here: what the page of shared listeners and an artist's tab of music read. Does not belong
here: who shares whom (kpop_assets/recommend/plays/shared_listeners.py, audiences.py there).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.recommend_listening import SHARED_LISTENERS, WORK_AUDIENCE
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end

ORDERS = ("lift", "shared_pct", "shared_listener_count")


@reads(SHARED_LISTENERS)
def read_shared(snapshot: Snapshot, day: dt.date | None) -> tuple[dt.date, pl.DataFrame]:
    """The training day, the newest or the newest up to a day, and its pairs of acts.

    Raises:
        PageEnd: nobody has counted any listeners yet.
    """
    last, rows = _newest(snapshot, SHARED_LISTENERS, day)
    other = pl.col("other_artist").replace(snapshot.catalog.renamed())
    return last, rows.with_columns(other)


@reads(WORK_AUDIENCE)
def read_audience(
    snapshot: Snapshot, day: dt.date | None, artist: str
) -> tuple[dt.date, pl.DataFrame]:
    """The same day, and the works of an act with counted plays, those played most first.

    Raises:
        PageEnd: nobody has counted any plays yet.
    """
    last, rows = _newest(snapshot, WORK_AUDIENCE, day)
    own = rows.filter(pl.col("artist") == artist)
    return last, own.sort("plays_28d", "work_id", descending=[True, False])


def _newest(snapshot: Snapshot, table: Table, day: dt.date | None) -> tuple[dt.date, pl.DataFrame]:
    last = snapshot.last_day(table, day)
    if last is None:
        raise PageEnd("shared.none", table=table.path)
    rows = snapshot.read(table, last, day_end(last)).drop("ingest_date")
    return last, rows.with_columns(snapshot.present_name())


def shared_with(pairs: pl.DataFrame, artist: str, order: str) -> pl.DataFrame:
    """Acts that listeners of an act play too, by one of `ORDERS`, the most first."""
    own = pairs.filter(pl.col("artist") == artist)
    return own.sort(order, "other_artist", descending=[True, False])


def strongest_pairs(pairs: pl.DataFrame, order: str, count: int) -> pl.DataFrame:
    """Pairs by one of `ORDERS`, the most first, each once: from whom more listeners go over."""
    once = pairs.sort("shared_pct", "artist", descending=[True, False]).unique(
        pl.concat_list("artist", "other_artist").list.sort().list.join("\n").alias("pair"),
        keep="first",
        maintain_order=True,
    )
    ordered = once.sort(order, "artist", "other_artist", descending=[True, False, False])
    return ordered.head(count)


def list_sharing(pairs: pl.DataFrame) -> tuple[str, ...]:
    """Acts that share listeners with any other, those with most listeners first."""
    counts = pairs.group_by("artist").agg(pl.col("act_listener_count").max())
    ordered = counts.sort("act_listener_count", "artist", descending=[True, False])
    return tuple(ordered.get_column("artist"))
