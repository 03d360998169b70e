"""Bloom filters of a day's video ids, as the library keeps them: "certainly new" without a table.

Belongs here: all that knows the library's bits: filling a filter, its file form, the look-up that
trusts a miss and checks a hit, and how often a hit is false. Does not belong here: which filters a
day has (bloom.py), or which videos are new on a day (videos.py), which is exact.

The library adds ids one by one. `fill` and `measure_false_positives` set and ask all at once, by
its way of placing bits, which it documents nowhere; a test holds them to the library itself.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterable, Sequence
from struct import pack
from typing import Any

import numpy as np
from pybloom_live import BloomFilter

from kpop_assets.contracts import rules

# What YouTube makes an id of.
_ID_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_ID_LENGTH = 11


def fill(ids: Sequence[str]) -> BloomFilter:
    """A filter that holds `ids`, the same bits as adding them one by one.

    A day with more ids than that holds gets a larger filter rather than more false hits.
    """
    bloom = BloomFilter(max(rules.BLOOM_CAPACITY, len(ids)), rules.BLOOM_ERROR_RATE)
    if not ids:
        return bloom
    bits = np.zeros(bloom.num_bits, dtype=np.uint8)
    bits[places(bloom, ids).ravel()] = 1
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


def measure_false_positives(
    bloom: BloomFilter, real: Collection[str], count: int = 100_000, seed: int = 42
) -> tuple[int, int]:
    """Ask a filter for made-up ids that it does not hold.

    Args:
        bloom: a filter that `fill` made.
        real: every id in it; a made-up id that is one of them is not asked for.
        count: ids to make up; they have the form of YouTube's.
        seed: the same seed makes up the same ids.

    Returns:
        How many of them hit, each falsely, and how many were asked for.
    """
    letters = np.frombuffer(_ID_LETTERS, dtype=np.uint8)
    drawn = letters[np.random.default_rng(seed).integers(0, letters.size, (count, _ID_LENGTH))]
    made_up = drawn.view(f"S{_ID_LENGTH}").ravel().astype(str).tolist()
    asked = list(set(made_up).difference(real))
    if not asked:
        return 0, 0
    bits = np.unpackbits(np.frombuffer(bloom.bitarray.tobytes(), np.uint8), bitorder="little")
    return int(bits[places(bloom, asked)].all(axis=1).sum()), len(asked)


def may_hold(filters: Iterable[tuple[dt.date, BloomFilter]], video_id: str) -> list[dt.date]:
    """The days whose filter hits: on no other was the id seen; on these, look it up exactly."""
    return [day for day, bloom in filters if video_id in bloom]


def places(bloom: BloomFilter, ids: Sequence[str]) -> np.ndarray[Any, Any]:
    """The bits of each id, one in each slice: shape (ids, slices)."""
    # pybloom-live reads each key's digest as unsigned integers, one per slice; taking them for
    # all keys at once is four times as fast as its loop.
    slices, width = bloom.num_slices, bloom.bits_per_slice
    salt = bloom.hashfn(bloom.hashfn(pack("I", 0)).digest())
    digests = bytearray()
    for video_id in ids:
        key = salt.copy()
        key.update(video_id.encode())
        digests += key.digest()
    numbers = np.frombuffer(digests, dtype="<u4").reshape(len(ids), -1)[:, :slices]
    return numbers % width + np.arange(slices) * width
