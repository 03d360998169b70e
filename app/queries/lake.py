"""What the lake holds: days, sources.

Belongs here: questions about the data as a whole that every page asks. Does not belong here:
how fresh and sound it is (trust/data_health.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from app.messages.media import MEDIA
from app.snapshot import Snapshot, reads
from kpop_assets.catalog.labels import SPOTIFY_SOURCE
from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.log import data_files

# The lines of every other kind that says who told them.
_OTHER_KINDS = tuple(
    record.rows
    for record in RECORDS
    if record.rows is not EVENTS and "source" in record.rows.column_names
)


@reads(ARTIST_FEATURES)
def list_ranked_days(snapshot: Snapshot) -> tuple[dt.date, ...]:
    """Days that have a ranking, oldest first."""
    return tuple(snapshot.rows_by_day(ARTIST_FEATURES))


@reads(EVENTS)
def describe_sources(snapshot: Snapshot) -> pl.DataFrame:
    """source, row_count, first_day, newest_day, is_simulated of every source, by name."""
    return (
        _rows_by_source(snapshot, EVENTS)
        .group_by("source")
        .agg(
            pl.col("row_count").sum(),
            pl.col("ingest_date").min().alias("first_day"),
            pl.col("ingest_date").max().alias("newest_day"),
        )
        .with_columns((pl.col("source") == SIMULATED_SOURCE).alias("is_simulated"))
        .sort("source")
    )


def medium_of(sources: Iterable[str]) -> str:
    """What sources count, one of `MEDIA`: tracks where it is charts of them, else videos."""
    kinds = {"track" if source == SPOTIFY_SOURCE else "video" for source in sources}
    return "mixed" if len(kinds) > 1 else next(iter(kinds), MEDIA[0])


@reads(EVENTS)
def list_regions(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """Regions that each source was asked for, from Delta's log alone: what that knows of a file."""
    files = data_files(snapshot.delta(EVENTS))
    ends = [f"{end}.{name}" for name in ("source", "region") for end in ("min", "max")]
    if not set(ends) <= set(files.columns):
        return {}
    noted = [
        files.select(
            pl.col(f"{end}.source").alias("source"), pl.col(f"{end}.region").alias("region")
        )
        for end in ("min", "max")
    ]
    known = pl.concat(noted).drop_nulls().unique().sort("source", "region")
    regions = known.group_by("source").agg("region")
    return {source: tuple(found) for source, found in regions.iter_rows()}


@reads(*_OTHER_KINDS)
def list_other_sources(snapshot: Snapshot) -> tuple[str, ...]:
    """Sources of what is no observation of a video, such as tracks and plays, by name."""
    found: set[str] = set()
    for table in _OTHER_KINDS:
        if snapshot.version(table) is not None:
            # Not every line says who told it.
            found.update(_rows_by_source(snapshot, table).get_column("source").drop_nulls())
    return tuple(sorted(found))


def _rows_by_source(snapshot: Snapshot, table: Table) -> pl.DataFrame:
    """ingest_date, source, row_count, from Delta's log where that knows a file's only source."""
    low, high = "min.source", "max.source"
    files = data_files(snapshot.delta(table))
    if not {low, high} <= set(files.columns):
        return _count_sources(snapshot.read(table, columns=["ingest_date", "source"]))
    # A statistic may be a text's beginning, but then the highest is another than the lowest.
    has_one = ((pl.col(low) == pl.col(high)) & pl.col("row_count").is_not_null()).fill_null(False)
    mixed: list[dt.date] = files.filter(~has_one).get_column("ingest_date").unique().to_list()
    known = files.filter(has_one, ~pl.col("ingest_date").is_in(mixed))
    parts = [known.select("ingest_date", pl.col(low).alias("source"), "row_count")]
    if mixed:
        is_mixed = pl.col("ingest_date").is_in(mixed)
        columns = ["ingest_date", "source"]
        rows = snapshot.read(table, min(mixed), day_end(max(mixed)), columns, is_mixed)
        parts.append(_count_sources(rows))
    return pl.concat(parts)


def _count_sources(rows: pl.DataFrame) -> pl.DataFrame:
    count = pl.len().cast(pl.Int64).alias("row_count")
    return rows.group_by("ingest_date", "source").agg(count)
