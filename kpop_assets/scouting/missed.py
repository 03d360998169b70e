"""Who may be missing from the catalogue, over the week that ends on a day.

Belongs here: reading `catalog/unknown`. Does not belong here: who gets into it (suspects.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.labels import TOPIC_SUFFIX
from kpop_assets.contracts import rules
from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.days import day_end
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader


@dataclass(frozen=True)
class Missed:
    """Names that may be acts, by engagement; those of a chart that nothing else speaks for last.

    Attributes:
        day: the last day of the week.
        rows: author_name, author_id, kind, grounds, engagement, video_count (most on one day) and
            text (title on the best day).
    """

    day: dt.date
    rows: pl.DataFrame


def read_missed(lake: LakeReader, catalog: Catalog, day: dt.date | None) -> Missed:
    """The names of the week that ends on `day`, or on the newest day that has any.

    Args:
        lake: the tables.
        catalog: names that it knows by now are left out.
        day: last day of the week.

    Raises:
        MissingTableError: the table is not written, or has no row of that week.
    """
    if day is None:
        day = lake.newest_day(UNKNOWN)
    start = day - dt.timedelta(days=rules.WEEK_DAYS - 1) if day else None
    rows = lake.rows(UNKNOWN, start, day_end(day) if day else None)
    if day is None or rows.is_empty():
        week = f" in the week that ends on {day}" if day else ""
        raise MissingTableError(
            f"table {UNKNOWN.path} names nobody{week}",
            "either all are known, or the days have not been run: `kpop run DAY DAY`",
        )
    known = [n for n in rows.get_column("author_name").unique() if _is_known(catalog, n)]
    best = pl.col("engagement").arg_max()
    names = (
        rows.filter(~pl.col("author_name").is_in(known))
        .sort("ingest_date")
        .group_by("source", "author_name")
        .agg(
            pl.col("author_id", "kind").last(),
            pl.col("grounds").get(best),
            pl.col("engagement").sum(),
            pl.col("video_count").max(),
            pl.col("text").get(best),
        )
        .sort(
            pl.col("grounds") == "chart",
            "engagement",
            "author_name",
            descending=[False, True, False],
        )
    )
    return Missed(day, names)


def _is_known(catalog: Catalog, name: str) -> bool:
    return catalog.find(name.removesuffix(TOPIC_SUFFIX)) is not None
