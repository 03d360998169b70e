"""Near-duplicate texts: who wrote nearly the same, and how many wrote it, by MinHash.

Belongs here: shingles, signatures, bands, and the groups that come of them. Does not belong here:
what a copied text weighs (guard_traits.py), or floods of the very same text (voices/voices.py).

A text's set is that of its runs of three letters, spaces and signs left out. Two sets share a part
of their MinHash values that estimates their Jaccard similarity (Broder 1997, On the resemblance and
containment of documents). Bands of a few values each bring candidates together (Leskovec, Rajaraman
and Ullman, Mining of Massive Datasets, ch. 3); a candidate counts if all values say so.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from kpop_assets.contracts.guard_rules import (
    LEAST_COPY_LETTERS,
    NEAR_COPY_SIMILARITY,
)

_Hashes = npt.NDArray[np.uint64]

_SHINGLE = 3
# (1/20)^(1/3) = 0.37 is where bands begin to find pairs: well below what counts as near.
_BANDS, _ROWS = 20, 3
_SEED = 4
# Nobody's text needs more of its letters to be known again, and one of 10,000 costs as a hundred.
_MOST_LETTERS = 300
# What is no letter and no digit; marks and signs tell copies from originals no more than spaces do.
_NO_LETTER = r"[^\p{L}\p{N}]+"


def near_copies(texts: pl.Series, authors: pl.Series) -> pl.Series:
    """How many different authors wrote each text or nearly the same, its own included.

    Texts of fewer than `LEAST_COPY_LETTERS` letters say 1: "so good" is said by thousands. One
    without an author counts as one author more.

    Args:
        texts: as they were written; null is none.
        authors: ids of who wrote them; null where not known.
    """
    frame = pl.DataFrame({"text": texts.cast(pl.String), "author": authors.cast(pl.String)})
    frame = frame.with_row_index("row").with_columns(
        pl.col("text")
        .fill_null("")
        .str.to_lowercase()
        .str.replace_all(_NO_LETTER, "")
        .str.slice(0, _MOST_LETTERS)
        .alias("letters"),
        pl.coalesce("author", pl.format("row {}", "row")).alias("author"),
    )
    long = frame.filter(pl.col("letters").str.len_chars() >= LEAST_COPY_LETTERS)
    if long.is_empty():
        return pl.repeat(1, len(frame), eager=True, dtype=pl.Int64)
    unique = long.select("letters").unique(maintain_order=True)
    unique = unique.with_columns(pl.Series("group", _groups(unique["letters"])))
    counts = long.join(unique, on="letters").select(
        "row", pl.col("author").n_unique().over("group").cast(pl.Int64).alias("copies")
    )
    return frame.join(counts, on="row", how="left", maintain_order="left")["copies"].fill_null(1)


def _groups(letters: pl.Series) -> npt.NDArray[np.int32]:
    """A number for each text; near texts have one together, also over others between them."""
    # Here, because SciPy takes longer to load than a day without reviews to fill.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    signatures = _signatures(letters)
    left, right = _candidates(signatures)
    agree = np.zeros(len(left), np.int16)
    for value in signatures:
        agree += value[left] == value[right]
    is_near = agree >= NEAR_COPY_SIMILARITY * len(signatures)
    left, right = left[is_near], right[is_near]
    size = len(letters)
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    found: npt.NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return found


def _signatures(letters: pl.Series) -> _Hashes:
    """The least of each hash over a text's shingles: a row for each hash, a column for a text."""
    lengths = letters.str.len_chars().to_numpy().astype(np.int64)
    codes = np.frombuffer("".join(letters).encode("utf-32-le"), np.uint32).astype(np.uint64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    # Runs that would reach into the next text are left out.
    counts = lengths - _SHINGLE + 1
    first = np.repeat(starts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    places = first + np.arange(counts.sum())
    shingles = np.zeros(len(places), np.uint64)
    for offset in range(_SHINGLE):
        shingles = (shingles << np.uint64(21)) | codes[places + offset]
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    draw = np.random.default_rng(_SEED)
    factors = draw.integers(1, 2**63, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
    # The high half of a product with an odd number: the low bits of close letters stay close.
    shingles = (shingles ^ (shingles >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    shingles ^= shingles >> np.uint64(29)
    return np.stack(
        [np.minimum.reduceat((shingles * one) >> np.uint64(32), begins) for one in factors]
    )


def _candidates(signatures: _Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of texts that agree in all values of a band.

    Of texts that fall together each is held against the first and the next of them, not against
    all: a flood of n texts costs n pairs and not n².
    """
    lefts, rights = [], []
    for band in range(_BANDS):
        key = np.zeros(signatures.shape[1], np.uint64)
        for value in signatures[band * _ROWS : (band + 1) * _ROWS]:
            key = (key ^ value) * np.uint64(0xD6E8FEB86659FD93)
            key ^= key >> np.uint64(32)
        order = np.argsort(key, kind="stable")
        is_same = key[order][1:] == key[order][:-1]
        begins = np.concatenate([[True], ~is_same])
        firsts = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
        lefts += [order[:-1][is_same], firsts[1:][is_same]]
        rights += [order[1:][is_same], order[1:][is_same]]
    return np.concatenate(lefts), np.concatenate(rights)
