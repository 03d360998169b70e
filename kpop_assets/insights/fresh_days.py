"""Days that said something new, and what counters gained a day between them.

Belongs here: which days a chart over time can show, and what stands on them. Does not belong here:
an artist's pace as models read it (models/paces.py, which has the same rule on an engine), or how
a gap is drawn (the viewer).

A source that repeats its page gains nothing that day, and a day that nobody collected has no row;
the next new day has the gains of all of them. Shown as they are, a line falls to 0 and then jumps
to twice its height, and neither happened. So such a day is a gap, and the new day after it shows
what was gained a day since the new day before. The first day of all has nothing to be taken
against.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from kpop_assets.contracts import rules

_DAY = pl.col("ingest_date")
_ALL, _OWN = "_all", "_own"


def mark_fresh_days(totals: pl.DataFrame) -> pl.DataFrame:
    """Which of the collected days are new ones.

    Args:
        totals: ingest_date and engagement: sums over a day, of all rows or of parts of them.

    Returns:
        ingest_date, is_fresh, span_days (days since the fresh day before, 1 after longer than
        counters are followed, and where there is one day alone; null on days that are not fresh,
        and on the first of several). By day.
    """
    days = totals.group_by("ingest_date").agg(pl.col("engagement").sum()).sort("ingest_date")
    usual = (
        pl.col("engagement")
        .cast(pl.Float64)
        .rolling_mean_by("ingest_date", f"{rules.USUAL_DAYS}d", closed="left")
    )
    is_fresh = (pl.col("engagement") >= usual * rules.FRESH_SHARE).fill_null(True)
    marked = days.select("ingest_date", is_fresh.alias("is_fresh"))
    span = _DAY.diff().dt.total_days()
    is_followed = span <= rules.COUNTERS_LOOK_BACK_DAYS
    spans = marked.filter("is_fresh").select(
        "ingest_date",
        pl.when(is_followed)
        .then(span)
        .when(span.is_not_null() | (pl.len() == 1))
        .then(1)
        .alias("span_days"),
    )
    return marked.join(spans, on="ingest_date", how="left", maintain_order="left")


def first_day_read(days: pl.DataFrame, start: dt.date) -> dt.date:
    """The first day whose gains stand on a day from `start` on: the one after a fresh day before.

    Args:
        days: what `mark_fresh_days` returns.
        start: the first day to show.
    """
    before = days.filter("is_fresh", start > _DAY).get_column("ingest_date").max()
    return before + dt.timedelta(days=1) if isinstance(before, dt.date) else start


def spread_gains(
    rows: pl.DataFrame,
    days: pl.DataFrame,
    span: tuple[dt.date, dt.date],
    gains: Sequence[str],
    levels: Sequence[str] = (),
    everyone: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What each series gained a day, on every calendar day: null where nothing new was said.

    Args:
        rows: ingest_date, the columns of `gains` and `levels`, and those that tell series apart;
            from `first_day_read` on. A collected day without a row is 0. Of `engagement` the
            observations (`event_count`, where that is there) are points of the day alone.
        days: what `mark_fresh_days` returns.
        span: the first day to show, and the day after the last one.
        gains: columns that add up over days.
        levels: columns that a day has by itself.
        everyone: the series, by the columns that tell them apart; None are those with a row.

    Returns:
        The columns that tell series apart, ingest_date, `gains` (a day) and `levels`; by series and
        day.
    """
    known = {"ingest_date", "event_count", *gains, *levels}
    series = [name for name in rows.columns if name not in known]
    parts = rows.with_columns(_own_points(rows), pl.lit(0).alias(_ALL))
    if "engagement" in gains:
        parts = parts.with_columns(pl.col("engagement") - pl.col(_OWN))
    by = [_ALL, *series]
    carried = _carry(parts, days, by, gains)
    dates = pl.date_range(*span, closed="left", eager=True).alias("ingest_date").to_frame()
    shown = (
        (parts if everyone is None else everyone.with_columns(pl.lit(0).alias(_ALL)))
        .select(by)
        .unique()
        .join(dates, how="cross")
        .join(days, on="ingest_date", how="left")
        .join(carried, on=[*by, "ingest_date"], how="left")
        .join(parts.select(*by, "ingest_date", _OWN, *levels), on=[*by, "ingest_date"], how="left")
    )
    zero = pl.col(_OWN, *gains, *levels).fill_null(0)
    a_day = {name: pl.col(name) / pl.col("span_days") for name in gains}
    if "engagement" in gains:
        a_day["engagement"] += pl.col(_OWN)
    return (
        shown.with_columns(zero)
        .with_columns(
            *(value.alias(name) for name, value in a_day.items()),
            *(pl.when("is_fresh").then(pl.col(name)).alias(name) for name in levels),
        )
        .sort(*series, "ingest_date")
        .select(*series, "ingest_date", *gains, *levels)
    )


def _carry(
    parts: pl.DataFrame, days: pl.DataFrame, by: Sequence[str], gains: Sequence[str]
) -> pl.DataFrame:
    """What each series gained, on the fresh day that has it: its own or the next."""
    fresh = days.filter("is_fresh").sort("ingest_date")
    return (
        parts.sort("ingest_date")
        .join_asof(
            fresh.select(_DAY, _DAY.alias("shown_date")), on="ingest_date", strategy="forward"
        )
        .group_by(*by, pl.col("shown_date").alias("ingest_date"))
        .agg(pl.col(gains).sum())
    )


def find_gaps(days: pl.DataFrame, start: dt.date, end: dt.date) -> pl.DataFrame:
    """The stretches of days [start, end) that say nothing new.

    Args:
        days: what `mark_fresh_days` returns.
        start: the first day looked at.
        end: the day after the last one.

    Returns:
        gap_from and gap_to (its first and last day), gap_days; by day.
    """
    dates = pl.date_range(start, end, closed="left", eager=True).alias("ingest_date").to_frame()
    missing = dates.join(days.filter("is_fresh"), on="ingest_date", how="anti").sort("ingest_date")
    number = (_DAY.diff().dt.total_days() > 1).fill_null(True).cum_sum()
    return (
        missing.group_by(number.alias("number"), maintain_order=True)
        .agg(
            _DAY.min().alias("gap_from"),
            _DAY.max().alias("gap_to"),
            pl.len().cast(pl.Int64).alias("gap_days"),
        )
        .drop("number")
    )


def _own_points(rows: pl.DataFrame) -> pl.Expr:
    """Points of observations: of the day alone, however many days the counters span."""
    has_events = "event_count" in rows.columns
    own = pl.col("event_count") * rules.MENTION_WEIGHT if has_events else pl.lit(0)
    return own.alias(_OWN)
