"""How an artist's pace changed: growth over the days that counters really spanned.

Belongs here: what a window's days cover, paces and growth. Does not belong here: the other sums of
a window, ranks and tiers (features.py).

What a day gained spans the days since the last one that was collected: the day after a gap carries
the gap's gains, and the first day of a lake carries none at all, because a counter that is seen for
the first time has no rise. So windows of as many calendar days hold gains of more days or fewer,
and are compared by their paces:

    pace = M / S + G / C

with M the observations of the window (points of their own), S its collected days, G what counters
gained on days with another before them, and C the days that these gains span. Of two whole windows
without a gap that is the comparison of their sums.

A day of an act with a counter that is not believed is not covered for that act: what it gained, and
the days that this spans, stand with the day after, as after a gap. A dip lasts two observations at
most; what is held for longer (a counter at 0) counts as it is from its third day on.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules

# Last and first age of the two windows that growth of each name compares.
_SPANS = {"7d": rules.WEEK_DAYS, "30d": rules.MONTH_DAYS}

# Held days further before are no part of the same dip. A day's gains rest on twice as many.
_NEAR_DAYS = 3


def with_spans(seen: DataFrame) -> DataFrame:
    """The collected days (`ingest_date`), each with `span`: days since the one before, or null."""
    # All days in one partition, a few hundred rows: without it Spark warns of those not meant to.
    by_day = Window.partitionBy(F.lit(1)).orderBy("ingest_date")
    span = F.date_diff("ingest_date", F.lag("ingest_date").over(by_day))
    # Seen again after longer, every video begins anew.
    return seen.withColumn("span", F.when(span <= rules.COUNTERS_LOOK_BACK_DAYS, span))


def with_moved(values: DataFrame) -> DataFrame:
    """`gained` and `gained_span` of each act's day: with those of the partial days before it.

    Args:
        values: each act on each collected day, with `span` and `held_count`.
    """
    by_day = Window.partitionBy("artist").orderBy("ingest_date")

    def before(value: Column, i: int) -> Column:
        is_near = F.date_diff("ingest_date", F.lag("ingest_date", i).over(by_day)) <= _NEAR_DAYS
        return F.when(is_near, F.lag(value, i).over(by_day))

    is_held = F.col("held_count") > 0
    lasts = F.coalesce(before(is_held, 1) & before(is_held, 2), F.lit(False))
    mentions = F.col("event_count") * F.lit(rules.MENTION_WEIGHT).cast("bigint")
    own = F.col("engagement") - mentions
    rows = values.withColumns({"is_partial": is_held & ~lasts, "gained": own})
    moved = F.coalesce(before(F.col("is_partial"), 1), F.lit(False))
    longer = moved & F.coalesce(before(F.col("is_partial"), 2), F.lit(False))
    sums = {
        target: F.when(
            ~F.col("is_partial"),
            F.col(name)
            + F.when(moved, before(F.col(name), 1)).otherwise(0)
            + F.when(longer, before(F.col(name), 2)).otherwise(0),
        )
        for target, name in {"gained_moved": "gained", "gained_span": "span"}.items()
    }
    return rows.withColumns(sums).drop("gained").withColumnRenamed("gained_moved", "gained")


def known_span() -> Column:
    """The span of a day that was handed on, null where the day before is further than is read.

    So a day alone gives what it gives within a range.
    """
    is_read = F.col("age") + F.col("span") <= rules.FEATURES_LOOK_BACK_DAYS
    return F.when(is_read, F.col("span"))


def daily_pace() -> Column:
    """Points a day of an artist on a collected day, a whole number; null where none is known."""
    mentions = F.col("event_count") * F.lit(rules.MENTION_WEIGHT).cast("bigint")
    gained = F.round((F.col("engagement") - mentions) / known_span()).cast("bigint")
    return mentions + gained


def growth_sums() -> list[Column]:
    """Sums of an artist's days in each window: `mentions_`, `gained_`, days spanned (`spans_`)."""
    mentions = F.col("event_count") * F.lit(rules.MENTION_WEIGHT).cast("bigint")
    is_read = F.col("age") + F.col("gained_span") <= rules.FEATURES_LOOK_BACK_DAYS
    sums = {
        "mentions": mentions,
        "gained": F.when(is_read, F.col("gained")),
        "spans": F.when(is_read, F.col("gained_span")).cast("bigint"),
    }
    zero = F.lit(0).cast("bigint")
    return [
        F.coalesce(F.sum(F.when(_is_within(window), value)), zero).alias(f"{name}_{window}")
        for window in _WINDOWS
        for name, value in sums.items()
    ]


def growth_days() -> list[Column]:
    """How many of the collected days each window has (`seen_`)."""
    return [F.count(F.when(_is_within(window), 1)).alias(f"seen_{window}") for window in _WINDOWS]


def growth(name: str) -> Column:
    """(recent - previous) / previous · 100 of the paces.

    Null where there is no previous to compare with, where either window's gains span half of it or
    less, and where corrections outweigh a window's gains: a multiple of a fall says nothing.
    """
    recent, previous = _pace(f"recent_{name}"), _pace(f"previous_{name}")
    half = _SPANS[name] / 2
    covers = (F.col(f"spans_recent_{name}") > half) & (F.col(f"spans_previous_{name}") > half)
    is_known = F.col(f"knows_previous_{name}") & covers & (previous > 0) & (recent >= 0)
    return F.when(is_known, (recent - previous) / previous * 100)


def _pace(window: str) -> Column:
    """Points of a whole window at its pace: the plain sum where every day is there once."""
    days = F.lit(_SPANS[window.partition("_")[2]])
    mentions, gained = F.col(f"mentions_{window}"), F.col(f"gained_{window}")
    seen, spans = F.col(f"seen_{window}"), F.col(f"spans_{window}")
    at_pace = mentions * days / F.when(seen > 0, seen) + gained * days / F.when(spans > 0, spans)
    is_whole = (seen == days) & (spans == days)
    return F.when(is_whole, (mentions + gained).cast("double")).otherwise(at_pace)


_WINDOWS = [f"{which}_{name}" for name in _SPANS for which in ("recent", "previous")]


def _is_within(window: str) -> Column:
    which, _, name = window.partition("_")
    days = _SPANS[name]
    first = 0 if which == "recent" else days
    return F.col("age").between(first, first + days - 1)
