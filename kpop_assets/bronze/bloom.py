"""Bloom filters of a day's video ids: "certainly new" without reading a table.

Belongs here: building a day's filter, its file form, and the look-up that trusts a miss and
checks a hit. Does not belong here: which videos are new on a day (videos.py), which is exact.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from struct import pack
from typing import Any

import numpy as np
import pyarrow as pa
from pybloom_live import BloomFilter
from pyspark.sql import DataFrame

from kpop_assets.contracts.bronze import BLOOM

CAPACITY = 500_000
ERROR_RATE = 0.01


def build_filters(events: DataFrame) -> DataFrame:
    """One filter per day of `bronze/events`, in the columns of `bronze/bloom`."""
    ids = events.select("ingest_date", "video_id").distinct()
    schema = ", ".join(f"{c.name} {_SQL_TYPES.get(c.type, c.type)}" for c in BLOOM.columns)
    return ids.groupBy("ingest_date").applyInArrow(_filter_of_day, schema)


def fill(ids: Sequence[str]) -> BloomFilter:
    """A filter that holds `ids`, the same bits as adding them one by one.

    A day with more ids than `CAPACITY` gets a larger filter rather than more false hits.
    """
    bloom = BloomFilter(max(CAPACITY, len(ids)), ERROR_RATE)
    slices, width = bloom.num_slices, bloom.bits_per_slice
    if not ids:
        return bloom
    # pybloom-live reads each key's digest as unsigned integers, one per slice; taking them for
    # all keys at once is four times as fast as its loop.
    salt = bloom.hashfn(bloom.hashfn(pack("I", 0)).digest())
    digests = bytearray()
    for video_id in ids:
        key = salt.copy()
        key.update(video_id.encode())
        digests += key.digest()
    numbers = np.frombuffer(digests, dtype="<u4").reshape(len(ids), -1)[:, :slices]
    bits = np.zeros(bloom.num_bits, dtype=np.uint8)
    bits[(numbers % width + np.arange(slices) * width).ravel()] = 1
    bloom.bitarray.clear()
    bloom.bitarray.frombytes(np.packbits(bits, bitorder="little").tobytes())
    del bloom.bitarray[bloom.num_bits :]
    bloom.count = len(ids)
    return bloom


def to_bytes(bloom: BloomFilter) -> bytes:
    """The filter in pybloom-live's file form."""
    buffer = io.BytesIO()
    bloom.tofile(buffer)
    return buffer.getvalue()


def from_bytes(data: bytes) -> BloomFilter:
    """The filter that `to_bytes` wrote."""
    return BloomFilter.fromfile(io.BytesIO(data))


def describe_filter(row: dict[str, Any]) -> dict[str, Any]:
    """What `artifacts/bronze_bloom.json` says of the filter in a row of `bronze/bloom`."""
    bloom = from_bytes(row["filter"])
    filled = bloom.bitarray.count() / len(bloom.bitarray)
    return {
        "ingest_date": row["ingest_date"].isoformat(),
        "capacity": row["capacity"],
        "error_rate": row["error_rate"],
        "id_count": row["id_count"],
        "size_bytes": len(row["filter"]),
        # A false hit needs a set bit in each of the slices.
        "estimated_false_positive_rate": filled**bloom.num_slices,
    }


def may_hold(filters: Iterator[BloomFilter], video_id: str) -> bool:
    """Whether any filter hits: if not, the id is certainly new; if so, look it up exactly."""
    return any(video_id in bloom for bloom in filters)


_SQL_TYPES = {"long": "bigint"}


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
