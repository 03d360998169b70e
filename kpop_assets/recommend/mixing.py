"""The fixed mix: every part's opinion of a candidate, by weights that were agreed on.

Belongs here: parts on one scale, and their weighted mean. Does not belong here: weights that are
learnt (ranking_stage.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from kpop_assets.contracts.recommend_rules import MIX_WEIGHTS
from kpop_assets.recommend.candidate_stage import Candidates
from kpop_assets.recommend.interactions import Codes, Floats


def shares_below(users: Codes, scores: Floats) -> Floats:
    """Where a score stands among the listener's candidates: 0 lowest, 1 highest, equals the same.

    A single candidate is in the middle. Parts count on any scale; only their order is comparable.
    """
    if len(users) and (users == users[0]).all():
        return shares_of_some(scores, np.arange(len(scores), dtype=np.int32))
    rows = pl.DataFrame({"user": users, "score": scores}).select(
        rank=pl.col("score").rank("average").over("user"), count=pl.len().over("user")
    )
    rank, count = rows["rank"].to_numpy(), rows["count"].to_numpy().astype(float)
    return np.where(count > 1, (rank - 1) / np.maximum(count - 1, 1), 0.5)


def shares_of_some(scores: Floats, rows: Codes) -> Floats:
    """The same of some of one listener's candidates, held against all of them.

    An answer asks for many: a frame costs more than the sort, and searching for each row more than
    sorting places along. A part of plays thinks nothing of most, and what is equal sorts slowest:
    only what is above the least is sorted.
    """
    count = len(scores)
    if count == 1:
        return np.full(len(rows), 0.5)
    above = np.flatnonzero(scores > scores.min())
    least_count = count - len(above)
    order = above[np.argsort(scores[above])]
    ordered = scores[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(above))
    sizes = np.diff(ends, prepend=0)
    # Equals share the place in the middle of theirs.
    places = np.full(count, (least_count - 1) / 2)
    places[order] = np.repeat(least_count + ends - (sizes + 1) / 2, sizes)
    return places[rows] / (count - 1)


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
