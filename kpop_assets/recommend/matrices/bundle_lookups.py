"""What answers look up of works, tracks and listeners, worked out once as a bundle is written.

Belongs here: arrays that follow from the rest of a bundle. Does not belong here: files
(bundle/bundle_write.py), or what an open bundle tells of them (bundle/served_bundle.py).

Of a million works no process keeps names or numbers as objects of its own: all that is here is an
array that the system maps, and processes that answer side by side share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.names import normalise
from kpop_assets.recommend.matrices.bundle_parts import HISTORY, HOLDERS
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Singles, Wholes

ACT_NAMES = "act_names"
Lookup = NDArray | pl.DataFrame


def work_lookups(
    works: pl.DataFrame, learnt_count: int, told_popularity: Floats | None
) -> dict[str, Lookup]:
    """Facts of works as arrays, and which works each act has.

    Of an act those that were learnt come first, then those told to be popular.

    Returns:
        `acts` (code of the act of each item), `act_names` (a row a code, ascending), `act_starts`
        and `act_items` (items by act), `clusters` (-1 is none), `age_days`, `rise_chances` and
        `told_popularity` (NaN is unknown).
    """
    told = zip(works["artist"].to_list(), works["artist_name"].to_list(), strict=True)
    names, acts = np.unique(np.array([act_key(*pair) for pair in told], str), return_inverse=True)
    items = np.arange(len(works), dtype=np.int32)
    popularity = np.full(len(works), np.nan) if told_popularity is None else told_popularity
    rank = np.where(items < learnt_count, 0.0, -np.nan_to_num(popularity, nan=-1.0))
    order = np.lexsort((items, rank, items >= learnt_count, acts))
    return {
        "acts": acts.astype(np.int32),
        ACT_NAMES: pl.DataFrame({"act": names.tolist()}, {"act": pl.String}),
        "act_starts": np.searchsorted(acts[order], np.arange(len(names) + 1)).astype(np.int64),
        "act_items": items[order],
        "clusters": works["cluster"].fill_null(-1).cast(pl.Int32).to_numpy(),
        "age_days": works["age_days"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        "rise_chances": works["rise_chance"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        "told_popularity": popularity.astype(np.float32),
    }


def track_lookups(names: pl.DataFrame, works: pl.DataFrame) -> dict[str, NDArray]:
    """By which row and item an id of a track is found.

    Returns:
        `track_keys` (ascending), `track_rows` (the row of `names` of each) and `track_items` (its
        item, -1 where its work is not among the works).
    """
    keys = keys_of(names["track_id"].to_list())
    order = np.argsort(keys, kind="stable")
    items = works.select("work_id").with_row_index("item")
    found = names.select("work_id").join(items, "work_id", "left", maintain_order="left")["item"]
    owner = found.cast(pl.Int32).fill_null(-1).to_numpy()
    return {
        "track_keys": keys[order],
        "track_rows": order.astype(np.int32),
        "track_items": owner[order],
    }


def keys_of(ids: Sequence[str] | Iterable[str]) -> NDArray[np.uint64]:
    """A number for each id, by which it is looked up; two ids may have one."""
    digests = (hashlib.blake2b(one.encode(), digest_size=8).digest() for one in ids)
    return np.frombuffer(b"".join(digests), dtype=np.dtype("<u8")).astype(np.uint64)


def holders(starts: Wholes, items: Codes, item_count: int) -> dict[str, NDArray]:
    """Who has each item, from histories by listener (`HISTORY`)."""
    users = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    order = np.argsort(items, kind="stable")
    first = np.searchsorted(items[order], np.arange(item_count + 1)).astype(np.int64)
    return dict(zip(HOLDERS, (first, users[order]), strict=True))


def unit_vectors(vectors: NDArray) -> Singles:
    """Vectors of length 1 and the same directions; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def act_key(artist: str, shown: str) -> str:
    """One name for each act, also for those that the catalogue does not know."""
    return artist if artist != OTHER else f"{OTHER} {normalise(shown) or shown}"


def first_format_lookups(
    works: pl.DataFrame, names: pl.DataFrame, arrays: dict[str, NDArray]
) -> dict[str, Lookup]:
    """All of them, of a bundle whose files lack them, and its vectors as later ones have them."""
    starts, items = arrays[HISTORY[0]], arrays[HISTORY[1]]
    return {
        **work_lookups(works, len(works), None),
        **track_lookups(names, works),
        **holders(starts, items, len(works)),
        "vectors": unit_vectors(arrays["vectors"]),
    }
