"""The fixed mix: every part's opinion of a candidate, by weights that were agreed on.

Belongs here: parts on one scale, and their weighted mean. Does not belong here: weights that are
learnt (ranking_stage.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from kpop_assets.contracts.recommend_rules import MIX_WEIGHTS
from kpop_assets.recommend.learners.candidate_stage import Candidates
from kpop_assets.recommend.matrices.interactions import Codes, Floats

_ALL_BUT_SIGN = np.int64(0x7FFF_FFFF_FFFF_FFFF)


def shares_below(users: Codes, scores: Floats) -> Floats:
    """Where a score stands among the listener's candidates: 0 lowest, 1 highest, equals the same.

    A single candidate is in the middle. Parts count on any scale; only their order is comparable.
    """
    if len(users) and (users == users[0]).all():
        return shares_of_some(scores[None, :], np.arange(len(scores), dtype=np.int32))[0]
    rows = pl.DataFrame({"user": users, "score": scores}).select(
        rank=pl.col("score").rank("average").over("user"), count=pl.len().over("user")
    )
    rank, count = rows["rank"].to_numpy(), rows["count"].to_numpy().astype(float)
    return np.where(count > 1, (rank - 1) / np.maximum(count - 1, 1), 0.5)


def shares_of_some(scores: Floats, rows: Codes) -> Floats:
    """The same of some of one listener's candidates, held against all of them, of several parts.

    An answer asks for many: a frame costs more than the sort, and searching for each row more than
    sorting places along. Numbers are sorted several times as fast as places by numbers, so each
    score carries its place in its lowest bits: scores that differ by less than one part in
    10^11 count as equal.

    Args:
        scores: by part, of each candidate; finite.
        rows: places of those that are told.
    """
    parts, count = scores.shape
    if count == 1:
        return np.full((parts, len(rows)), 0.5)
    places = np.int64((1 << (count - 1).bit_length()) - 1)
    # Numbers below 0 are ordered as their bits are, once all but the sign are turned; -0.0 is 0.0.
    keys = (scores + 0.0).view(np.int64)
    keys ^= (keys >> 63) & _ALL_BUT_SIGN
    keys &= ~places
    keys |= np.arange(count)
    keys.sort(axis=1)
    is_first = np.ones(keys.shape, dtype=bool)
    np.not_equal(keys[:, 1:] & ~places, keys[:, :-1] & ~places, out=is_first[:, 1:])
    starts = np.flatnonzero(is_first)
    sizes = np.diff(starts, append=keys.size)
    # Equals share the place in the middle of theirs.
    middles = np.repeat(starts % count + (sizes - 1) / 2, sizes).reshape(keys.shape)
    found = np.empty(keys.shape)
    np.put_along_axis(found, keys & places, middles, axis=1)
    return found[:, rows] / (count - 1)


def mixed(candidates: Candidates, weights: Mapping[str, float] = MIX_WEIGHTS) -> Floats:
    """Weighted mean of the parts that are there; the weights of absent parts go to the others.

    Raises:
        ValueError: no part has a weight.
    """
    present = {name: weights[name] for name in candidates.scores if name in weights}
    if not present:
        raise ValueError(f"no part has a weight, there are {sorted(candidates.scores)}")
    total = np.zeros(len(candidates))
    for name, weight in present.items():
        total += weight * shares_below(candidates.users, candidates.scores[name])
    return total / sum(present.values())
