"""Under which videos comments are read: those that stand out, new releases, and who drives a rise.

Belongs here: which videos, of what tables said last. Does not belong here: asking for comments
(comments.py), or what stands out (lens/, pareto/).

Only videos that YouTube's collector saw of late, and only of acts: comments cost quota, and say
something of acts alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain, zip_longest

import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.audience_rules import COMMENT_VIDEOS, COMMENT_WITHIN_DAYS
from kpop_assets.contracts.bronze import EVENTS, VIDEOS, YOUTUBE_SOURCE
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lake.rows import empty

_OF_ACTS = pl.col("artist") != OTHER


def pick_videos(reader: LakeReader, today: dt.date, most: int = COMMENT_VIDEOS) -> list[str]:
    """Ids of the videos whose comments are read, no more than `most`.

    In turn: the one that stands out most, the newest release, what drives the act that is most
    likely to rise, and so on; each as of the last day that has any.

    Args:
        reader: the tables.
        today: no later day counts.
        most: videos at most.
    """
    seen = set(_rows(reader, EVENTS, today, ["video_id", "source"], _is_collected())["video_id"])
    lists = [
        [video for video in found(reader, today) if video in seen]
        for found in (_outliers, _releases, _drivers)
    ]
    in_turn = chain.from_iterable(zip_longest(*lists))
    return [*dict.fromkeys(video for video in in_turn if video)][:most]


def _outliers(reader: LakeReader, today: dt.date) -> Sequence[str]:
    stands_out = pl.col("is_outlier") & pl.col("is_above") & _OF_ACTS
    columns = ["video_id", "artist", "is_outlier", "is_above", "outlier_score"]
    rows = _rows(reader, VIDEO_OUTLIERS, today, columns, stands_out)
    return _ids(
        rows.sort("ingest_date", "outlier_score", "video_id", descending=[True, True, False])
    )


def _releases(reader: LakeReader, today: dt.date) -> Sequence[str]:
    columns = ["video_id", "artist", "source", "published_at"]
    rows = _rows(reader, VIDEOS, today, columns, _OF_ACTS & _is_collected())
    is_new = pl.col("published_at").dt.date() >= today - dt.timedelta(days=COMMENT_WITHIN_DAYS)
    return _ids(rows.filter(is_new).sort("published_at", "video_id", descending=[True, False]))


def _drivers(reader: LakeReader, today: dt.date) -> Sequence[str]:
    columns = ["artist", "rise_rank", "driving_video_id"]
    named = pl.col("driving_video_id").is_not_null()
    rows = _rows(reader, NEXT_VIRAL, today, columns, named)
    last = rows.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    return _ids(last.sort("rise_rank", "artist"), "driving_video_id")


def _is_collected() -> pl.Expr:
    return pl.col("source") == YOUTUBE_SOURCE


def _rows(
    reader: LakeReader, table: Table, today: dt.date, columns: list[str], where: pl.Expr
) -> pl.DataFrame:
    """Rows of the last days; none where the table is not there yet."""
    names = ["ingest_date", *columns]
    if not reader.exists(table):
        return empty(table).select(names)
    since = today - dt.timedelta(days=COMMENT_WITHIN_DAYS)
    return reader.rows(table, since, day_end(today), names, where)


def _ids(rows: pl.DataFrame, name: str = "video_id") -> Sequence[str]:
    return rows[name].unique(maintain_order=True).to_list()
