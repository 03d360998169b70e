"""Duplicates: a day's Bloom filter, and whether an id was ever seen.

Belongs here: what a filter promises against what it does, and the look-up that trusts its misses
and checks its hits. Does not belong here: how a filter is built
(kpop_assets/bronze/bloom_filter.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.queries.trust.intake import sum_files
from app.snapshot import Snapshot, reads
from kpop_assets.bronze.bloom_filter import (
    describe_filter,
    from_bytes,
    may_hold,
    measure_false_positives,
)
from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty

LOOK_BACK_DAYS = 30
ASKED_IDS = 100_000


@dataclass(frozen=True)
class Filter:
    """A day's filter.

    Attributes:
        capacity: ids that it can hold at its error rate.
        id_count: ids in it.
        size_bytes: its size.
        error_rate: chance of a false hit when full.
        estimated_rate: chance of a false hit as it is, from the bits that are set.
        false_hits: made-up ids that it took for seen.
        asked_count: made-up ids that it was asked for.
    """

    capacity: int
    id_count: int
    size_bytes: int
    error_rate: float
    estimated_rate: float
    false_hits: int
    asked_count: int


@dataclass(frozen=True)
class LookUp:
    """What the filters and the exact look-up say of an id.

    Attributes:
        day_count: days whose filter was asked.
        first: the oldest of them.
        hit_days: days whose filter hits, which were then read.
        seen: ingest_date, event_count, text, artist, author_name of each day it was seen on,
            newest first.
    """

    day_count: int
    first: dt.date
    hit_days: tuple[dt.date, ...]
    seen: pl.DataFrame


@reads(BLOOM, FILES)
def newest_searched_day(snapshot: Snapshot) -> dt.date | None:
    """The newest day with a filter or a landing file; None where there is neither table."""
    present = [table for table in (BLOOM, FILES) if snapshot.version(table) is not None]
    return max((day for table in present for day in snapshot.rows_by_day(table)), default=None)


@reads(BLOOM, EVENTS)
def describe_day(snapshot: Snapshot, day: dt.date) -> Filter:
    """The filter of a day, and how it does on ids that are not in it.

    Raises:
        PageEnd: the day has no filter.
    """
    rows = snapshot.read(BLOOM, day, day_end(day))
    if rows.is_empty():
        raise PageEnd("duplicates.no_filter", day=day.isoformat())
    row = rows.row(0, named=True)
    about = describe_filter(row)
    real = snapshot.read(EVENTS, day, day_end(day), ["video_id"]).get_column("video_id").unique()
    hits, asked = measure_false_positives(from_bytes(row["filter"]), set(real), ASKED_IDS)
    return Filter(
        capacity=about["capacity"],
        id_count=about["id_count"],
        size_bytes=about["size_bytes"],
        error_rate=about["error_rate"],
        estimated_rate=about["estimated_false_positive_rate"],
        false_hits=hits,
        asked_count=asked,
    )


@reads(FILES)
def count_repeats(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """ingest_date, line_count, duplicate_count, duplicate_share of the 30 days to a day."""
    start = day_end(day) - dt.timedelta(days=LOOK_BACK_DAYS)
    return (
        sum_files(snapshot, start, day_end(day), ("line_count", "duplicate_count"))
        .filter(pl.col("line_count") > 0)
        .with_columns((pl.col("duplicate_count") / pl.col("line_count")).alias("duplicate_share"))
        .sort("ingest_date")
    )


@reads(BLOOM, EVENTS)
def look_up(snapshot: Snapshot, day: dt.date, video_id: str) -> LookUp:
    """Whether an id was seen in the 30 days to a day: filters first, then the days that hit.

    Raises:
        PageEnd: none of the days has a filter.
    """
    start = day_end(day) - dt.timedelta(days=LOOK_BACK_DAYS)
    rows = snapshot.read(BLOOM, start, day_end(day), ["ingest_date", "filter"]).sort("ingest_date")
    if rows.is_empty():
        raise PageEnd("duplicates.no_filters", day=day.isoformat(), days=LOOK_BACK_DAYS)
    hit_days = may_hold(((date, from_bytes(data)) for date, data in rows.iter_rows()), video_id)
    return LookUp(
        day_count=rows.height,
        first=rows.item(0, "ingest_date"),
        hit_days=tuple(hit_days),
        seen=_find(snapshot, hit_days, video_id),
    )


def _find(snapshot: Snapshot, days: list[dt.date], video_id: str) -> pl.DataFrame:
    columns = ["ingest_date", "observed_at", "text", "artist", "author_name"]
    # A miss is trusted: without a hit, no day is read.
    start, end = (days[0], day_end(days[-1])) if days else (dt.date.min, dt.date.min)
    wanted = pl.col("ingest_date").is_in(days) & (pl.col("video_id") == video_id)
    found = snapshot.read(EVENTS, start, end, columns, wanted) if days else empty(EVENTS)
    return (
        found.sort("ingest_date", "observed_at")
        .group_by("ingest_date", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("event_count"),
            pl.col("text", "artist", "author_name").last(),
        )
        .sort("ingest_date", descending=True)
    )
