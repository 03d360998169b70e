"""Days on which a chart over time has nothing to show.

Belongs here: which days of the lake say something new, for every page that draws days. Does not
belong here: the rule, and what stands on the day after (insights/fresh_days.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.fresh_days import find_gaps, mark_fresh_days


@reads(ARTIST_DAILY)
def list_seen_days(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """What `mark_fresh_days` returns of all days up to one."""
    columns = ["ingest_date", "engagement"]
    return mark_fresh_days(snapshot.read(ARTIST_DAILY, None, day_end(day), columns, then=_totals))


@reads(ARTIST_DAILY)
def list_gaps(snapshot: Snapshot, start: dt.date, day: dt.date) -> pl.DataFrame:
    """What `find_gaps` returns from `start`, but not before the first day, up to `day`."""
    days = list_seen_days(snapshot, day)
    if days.is_empty():
        return find_gaps(days, start, start)
    first = days.item(0, "ingest_date")
    return find_gaps(days, max(start, first), day_end(day))


def break_lines(rows: pl.DataFrame, days: pl.DataFrame, series: str | None = None) -> pl.DataFrame:
    """The rows of fresh days, and one of nulls for each other day, so that a line breaks there.

    Args:
        rows: rows with an ingest_date each, no two alike within a series.
        days: what `mark_fresh_days` returns.
        series: column that tells lines apart; days before its first row or after its last are left.
    """
    by = [series] if series else []
    date = pl.col("ingest_date")
    fresh = rows.join(days.filter("is_fresh"), on="ingest_date", how="semi")
    spans = rows.group_by(by or pl.lit(0)).agg(date.min().alias("first"), date.max().alias("last"))
    calendar = spans.with_columns(pl.date_ranges("first", "last").alias("ingest_date"))
    missing = (
        calendar.explode("ingest_date")
        .select(*by, "ingest_date")
        .join(fresh, on=[*by, "ingest_date"], how="anti")
    )
    return pl.concat([fresh, missing], how="diagonal").sort(*by, "ingest_date", maintain_order=True)


def _totals(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by("ingest_date").agg(pl.col("engagement").sum())
