"""Rows of the API in tables: how many there are beyond the limit, and the tables without them.

Belongs here: which rows and cells go from each table. Does not belong here: the order of the
steps (purge.py) or lines of files (api_lines.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kpop_assets.bronze.bloom import build_filters
from kpop_assets.contracts import rules
from kpop_assets.contracts.audience_voices import AUDIENCE
from kpop_assets.contracts.bronze import BLOOM, EVENTS, VIDEOS, YOUTUBE_SOURCE
from kpop_assets.contracts.lens_videos import LENS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.registry import ALL_TABLES, RECORDS
from kpop_assets.contracts.retention import PURGES
from kpop_assets.contracts.reviews import REVIEWS
from kpop_assets.contracts.silver import VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.frames import arrow_frame
from kpop_assets.lake.lake import Lake

# Rows about one video on one day, which name no source.
OF_VIDEOS = (
    VIDEO_DAILY,
    *(t for t in ALL_TABLES if t.layer == LENS and t.provider and "video_id" in t.column_names),
)
# Rows about one review, whose id begins with its source.
OF_REVIEWS = tuple(
    t for t in ALL_TABLES if t.layer == AUDIENCE and t.provider and "review_id" in t.column_names
)
_BEST = ("best_video_id", "best_views_per_hour")
_DRIVING = ("driving_video_id", "driving_video_title", "driving_video_gain")


def count_rows(lake: Lake, before: dt.date) -> dict[dt.date, Counter[str]]:
    """Rows of the API by day and kind, of days before `before` that have any."""
    found: dict[dt.date, Counter[str]] = {}
    for day in _days_of_source(lake, EVENTS, before):
        ids = _api_ids(lake, day, day_end(day))
        if ids:
            known = len(set(ids["video_id"].to_pylist()) & set(_ids(lake, VIDEO_DAILY, day)))
            found[day] = Counter(purged_event_count=ids.num_rows, purged_video_count=known)
    _count_sources(lake, VIDEOS, before, "purged_new_video_count", found)
    _count_sources(lake, REVIEWS, before, "purged_review_count", found)
    return found


def _count_sources(
    lake: Lake, table: Table, before: dt.date, name: str, found: dict[dt.date, Counter[str]]
) -> None:
    """Count the rows of the API in a table whose rows name their source."""
    for day in _days_of_source(lake, table, before):
        sources = lake.arrow(table, day, day_end(day), ["source"])["source"].to_pylist()
        if count := sources.count(YOUTUBE_SOURCE):
            found.setdefault(day, Counter())[name] = count


def has_rows(lake: Lake) -> bool:
    """Whether the tables hold or held rows of the API; the history of others is left alone."""
    if lake.exists(PURGES) and lake.row_count(PURGES):
        return True
    return any(
        lake.exists(table) and bool(lake.days_with(table, "source", YOUTUBE_SOURCE))
        for table in (record.rows for record in RECORDS if record.rows.provider)
    )


def clear_driving_videos(lake: Lake, start: dt.date, before: dt.date, run_id: str) -> int:
    """Empty the driving video of forecasts whose last sighting of it lies before `before`.

    Args:
        lake: the tables.
        start: first day that is purged.
        before: first day that is kept.
        run_id: for the commit.

    Returns:
        Forecasts that lost theirs.
    """
    if not (lake.exists(NEXT_VIRAL) and lake.exists(EVENTS)):
        return 0
    # A forecast names a video of the week that ends on its day.
    reach = dt.timedelta(days=rules.DRIVING_DAYS - 1)
    rows = lake.arrow(NEXT_VIRAL, start, before + reach)
    seen: dict[str, set[dt.date]] = {}
    for event in _api_ids(lake, start - reach, before + reach).to_pylist():
        seen.setdefault(event["video_id"], set()).add(event["ingest_date"])
    is_stale = [_is_stale(row, seen, before) for row in rows.to_pylist()]
    if not any(is_stale):
        return 0
    for name in _DRIVING:
        cells = pc.if_else(pa.array(is_stale), pa.nulls(len(rows), rows[name].type), rows[name])
        rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), cells)
    kept = make_rows(lake, NEXT_VIRAL, rows)
    lake.replace_range(NEXT_VIRAL, start, before + reach, kept, run_id)
    return sum(is_stale)


def remove_video_days(lake: Lake, table: Table, start: dt.date, end: dt.date, run_id: str) -> None:
    """Remove the rows of videos that the API showed on the row's day; needs its events."""
    if lake.exists(table) and lake.exists(EVENTS):
        api = lake.read(EVENTS, start, end).where(F.col("source") == YOUTUBE_SOURCE)
        key = ["ingest_date", "video_id"]
        kept = lake.read(table, start, end).join(api.select(*key), key, "left_anti")
        lake.replace_range(table, start, end, kept.select(*table.column_names), run_id)


def remove_single_words(
    lake: Lake, table: Table, start: dt.date, end: dt.date, run_id: str
) -> None:
    """Remove words of one video on days on which the API showed any; needs its events."""
    if lake.exists(table) and lake.exists(EVENTS):
        api = lake.read(EVENTS, start, end).where(F.col("source") == YOUTUBE_SOURCE)
        rows = lake.read(table, start, end)
        shared = rows.where(F.col("video_count") > 1)
        single = rows.where(F.col("video_count") == 1)
        others = single.join(api.select("ingest_date").distinct(), "ingest_date", "left_anti")
        columns = table.column_names
        kept = shared.select(columns).unionByName(others.select(columns))
        lake.replace_range(table, start, end, kept, run_id)


def clear_best_videos(lake: Lake, table: Table, start: dt.date, end: dt.date, run_id: str) -> None:
    """Empty what names and tells of a video that the API showed on the day; needs its events."""
    column, _ = _BEST
    if not (lake.exists(table) and lake.exists(EVENTS)):
        return
    api = lake.read(EVENTS, start, end).where(F.col("source") == YOUTUBE_SOURCE)
    shown = api.select("ingest_date", F.col("video_id").alias(column)).distinct()
    rows = lake.read(table, start, end)
    is_shown = F.col("is_shown").isNotNull()
    joined = rows.join(shown.withColumn("is_shown", F.lit(True)), ["ingest_date", column], "left")
    told = {name: F.when(~is_shown, F.col(name)) for name in _BEST}
    cleared = joined.withColumns(told)
    lake.replace_range(table, start, end, cleared.select(*table.column_names), run_id)


def remove_first_weeks(lake: Lake, start: dt.date, before: dt.date, run_id: str) -> None:
    """Remove first days of the API's videos that began before `before`; needs its events."""
    if not (lake.exists(VIDEO_FIRSTS) and lake.exists(EVENTS)):
        return
    # Rows stand on the day that completes them.
    end = before + dt.timedelta(days=rules.FIRST_WEEK_LOOK_BACK_DAYS)
    api = lake.read(EVENTS, start, end).where(F.col("source") == YOUTUBE_SOURCE)
    rows = lake.read(VIDEO_FIRSTS, start, end)
    young = rows.where(F.col("first_seen_date") >= F.lit(before))
    others = rows.where(F.col("first_seen_date") < F.lit(before)).join(
        api.select("video_id").distinct(), "video_id", "left_anti"
    )
    columns = VIDEO_FIRSTS.column_names
    kept = young.select(columns).unionByName(others.select(columns))
    lake.replace_range(VIDEO_FIRSTS, start, end, kept, run_id)


def remove_by_source(lake: Lake, table: Table, start: dt.date, end: dt.date, run_id: str) -> None:
    """Remove the rows of a table that name the API as their source."""
    if lake.exists(table):
        kept = lake.read(table, start, end).where(F.col("source") != YOUTUBE_SOURCE)
        lake.replace_range(table, start, end, kept, run_id)


def remove_review_rows(lake: Lake, table: Table, start: dt.date, end: dt.date, run_id: str) -> None:
    """Remove the rows about reviews that the API said, which their ids tell."""
    if lake.exists(table):
        is_of_api = F.col("review_id").startswith(f"{YOUTUBE_SOURCE}:")
        lake.replace_range(
            table, start, end, lake.read(table, start, end).where(~is_of_api), run_id
        )


def remove_video_scores(
    lake: Lake, table: Table, start: dt.date, end: dt.date, run_id: str
) -> None:
    """Remove scores of single videos that a review of the API has a part in; those of acts stay."""
    if lake.exists(table):
        is_of_api = F.col("is_of_youtube") & (F.col("subject_kind") == "video")
        kept = lake.read(table, start, end).where(~is_of_api)
        lake.replace_range(table, start, end, kept, run_id)


def rebuild_filters(lake: Lake, start: dt.date, end: dt.date, run_id: str) -> None:
    """Make the Bloom filters anew of the events that are left."""
    if lake.exists(BLOOM) and lake.exists(EVENTS):
        rows = build_filters(lake.read(EVENTS, start, end))
        lake.replace_range(BLOOM, start, end, rows, run_id)


def make_rows(lake: Lake, table: Table, rows: pa.Table) -> DataFrame:
    """Arrow rows as a frame with exactly the contract's columns and types."""
    return arrow_frame(lake, table, rows.cast(table.arrow_schema()))


def _days_of_source(lake: Lake, table: Table, before: dt.date) -> list[dt.date]:
    if not lake.exists(table):
        return []
    return [day for day in lake.days_with(table, "source", YOUTUBE_SOURCE) if day < before]


def _api_ids(lake: Lake, start: dt.date, end: dt.date) -> pa.Table:
    rows = lake.arrow(EVENTS, start, end, ["ingest_date", "video_id", "source"])
    return rows.filter(pc.equal(rows["source"], YOUTUBE_SOURCE))


def _ids(lake: Lake, table: Table, day: dt.date) -> list[str]:
    if not lake.exists(table):
        return []
    ids: list[str] = lake.arrow(table, day, day_end(day), ["video_id"])["video_id"].to_pylist()
    return ids


def _is_stale(row: dict[str, Any], seen: dict[str, set[dt.date]], before: dt.date) -> bool:
    day = row["ingest_date"]
    since = day - dt.timedelta(days=rules.DRIVING_DAYS - 1)
    days = [d for d in seen.get(row["driving_video_id"], ()) if since <= d <= day]
    return bool(days) and max(days) < before
