"""What counters gained, as columns of an engine's rows: from rows to arrays and back.

Belongs here: how rows come to the rule and its answers to their rows. Does not belong here: the
rule (counters.py), or which row of a day counts (video_daily.py).

All rows of a video go to one partition, where they pass through Python as they are (`mapInArrow`),
with columns more: numbers alone are put in order, and what is said of them goes back to their
places. The rule as windows of the engine, some thirty of them, took Sail seven
times the CPU (1 M events: 3.4 seconds and 0.5).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import types as T

from kpop_assets.lake.exchange import hand_out
from kpop_assets.silver.counters import COUNTERS, UNKNOWN, History, Numbers, measure_gains

GAINS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}
_ADDED = [
    *(T.StructField(gained, T.LongType()) for gained in GAINS.values()),
    T.StructField("is_glitch", T.BooleanType()),
    T.StructField("gained_days", T.IntegerType()),
]


def with_gains(rows: DataFrame) -> DataFrame:
    """The rows with a column of `GAINS` for each counter, `is_glitch` and `gained_days`.

    Args:
        rows: one of a video and day, with `video_id`, the counters, `day` (a number) and `age`
            (in seconds, null where it is not known).
    """
    schema = T.StructType([*rows.schema.fields, *_ADDED])
    return hand_out(rows, "video_id").mapInArrow(_add_gains, schema)


def _add_gains(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Inside the engine: all rows of some videos, in any order."""
    given = [batch for batch in batches if batch.num_rows]
    if not given:
        return
    rows = pa.Table.from_batches(given)
    video = rows.column("video_id").combine_chunks().dictionary_encode().indices.to_numpy()
    numbers = {name: _numbers(rows.column(name)) for name in ("day", "age", *COUNTERS)}
    order = np.lexsort((numbers["day"], video))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    for name, values in _gains(video[order], {n: v[order] for n, v in numbers.items()}).items():
        rows = rows.append_column(name, values.take(pa.array(place)))
    yield from rows.to_batches()


def _gains(video: Numbers, numbers: dict[str, Numbers]) -> dict[str, pa.Array]:
    """The columns of rows in the order of video and day."""
    counters = {name: numbers[name] for name in COUNTERS}
    found = measure_gains(History(video, numbers["day"], numbers["age"], counters))
    days = found["view_count"].days
    return {
        **{gained: pa.array(found[name].gained) for name, gained in GAINS.items()},
        "is_glitch": pa.array(np.any([gain.is_held for gain in found.values()], axis=0)),
        "gained_days": pa.array(days.astype(np.int32), mask=days == UNKNOWN),
    }


def _numbers(column: pa.ChunkedArray) -> Numbers:
    return pc.fill_null(column.cast(pa.int64()), UNKNOWN).to_numpy()
