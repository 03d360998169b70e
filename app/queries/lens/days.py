"""Rows of the lens on one day, and what is added to rows about single videos.

Belongs here: reading such a day, titles and channels of its videos. Does not belong here: which of
them a page shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from app.notices import PageEnd
from app.queries.videos import find_titles
from app.snapshot import Snapshot
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

IS_OF_ACT = pl.col("artist") != OTHER


def read_lens_day(
    snapshot: Snapshot,
    table: Table,
    day: dt.date,
    where: pl.Expr | None = None,
    columns: Iterable[str] | None = None,
) -> pl.DataFrame:
    """Rows of a day, acts by their present names.

    Raises:
        PageEnd: nobody has filled the table on that day, or ever.
    """
    refuse_unfilled(snapshot, table, day)
    rows = snapshot.read(table, day, day_end(day), columns, where)
    return rows.with_columns(snapshot.present_name()) if "artist" in rows.columns else rows


def refuse_unfilled(snapshot: Snapshot, table: Table, day: dt.date) -> None:
    """Say so where a table has no row of a day.

    Raises:
        PageEnd: nobody has filled the table on that day, or ever.
    """
    if day not in snapshot.rows_by_day(table):
        raise PageEnd("lens.no_day", table=table.path, day=day.isoformat())


def read_lens_day_if_any(
    snapshot: Snapshot, table: Table, day: dt.date, where: pl.Expr | None = None
) -> pl.DataFrame:
    """The same of what may have none on a day; no row either where nobody has filled it."""
    if snapshot.version(table) is None:
        return empty(table)
    rows = snapshot.read(table, day, day_end(day), where=where)
    return rows.with_columns(snapshot.present_name()) if "artist" in rows.columns else rows


def with_titles(snapshot: Snapshot, rows: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rows with video_title, the last one of the day; null where it is not known."""
    ids = rows.get_column("video_id").unique()
    titles = find_titles(snapshot, ids, day, day_end(day)).rename({"text": "video_title"})
    return rows.join(titles, on="video_id", how="left", maintain_order="left")


def find_channel_names(snapshot: Snapshot, author_ids: pl.Series, day: dt.date) -> pl.DataFrame:
    """author_id, author_name: what channels are called on a day."""
    if snapshot.version(EVENTS) is None or author_ids.is_empty():
        return empty(EVENTS).select("author_id", "author_name")
    among = pl.col("author_id").is_in(author_ids.implode())
    seen = snapshot.read(EVENTS, day, day_end(day), ["author_id", "author_name"], among)
    return seen.drop_nulls().sort("author_name").unique("author_id", keep="first")
