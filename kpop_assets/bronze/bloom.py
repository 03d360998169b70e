"""The Bloom filter of each day: which videos it holds.

Belongs here: a day's filter of the day's events, as a row. Does not belong here: how a filter keeps
ids (bloom_filter.py), or which videos are new on a day (videos.py).
"""

from __future__ import annotations

import pyarrow as pa
from pyspark.sql import DataFrame

from kpop_assets.bronze.bloom_filter import fill, to_bytes
from kpop_assets.contracts.bronze import BLOOM

_SQL_TYPES = {"long": "bigint"}


def build_filters(events: DataFrame) -> DataFrame:
    """One filter per day of `bronze/events`, in the columns of `bronze/bloom`."""
    ids = events.select("ingest_date", "video_id").distinct()
    schema = ", ".join(f"{c.name} {_SQL_TYPES.get(c.type, c.type)}" for c in BLOOM.columns)
    return ids.groupBy("ingest_date").applyInArrow(_filter_of_day, schema)


def _filter_of_day(ids: pa.Table) -> pa.Table:
    bloom = fill(ids.column("video_id").to_pylist())
    return pa.table(
        {
            "ingest_date": ids.column("ingest_date").slice(0, 1),
            "capacity": pa.array([bloom.capacity], pa.int64()),
            "error_rate": pa.array([bloom.error_rate], pa.float64()),
            "id_count": pa.array([bloom.count], pa.int64()),
            "filter": pa.array([to_bytes(bloom)], pa.binary()),
        }
    )
