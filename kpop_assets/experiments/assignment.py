"""Which variant a unit gets: the same always, drawn like a coin, and no two experiments alike.

Belongs here: the draw. Does not belong here: what a variant does (whoever asks), or its record.

Kohavi, Tang and Xu (2020), Trustworthy online controlled experiments, chapter 14: a hash of salt
and unit, cut at the shares.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from itertools import accumulate

from kpop_assets.experiments.plans import Experiment

_PLACES = 1 << 64


def place_of(salt: str, unit_id: str) -> float:
    """Where a unit stands under a salt: 0 to below 1, evenly over units, by SHA-256."""
    digest = hashlib.sha256(f"{salt}\0{unit_id}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / _PLACES


def variant_of(experiment: Experiment, unit_id: str) -> str:
    """The variant of a unit; the order of variants in the file is that of their stretches."""
    edges = list(accumulate(experiment.shares.values()))
    # Shares such as a third add up to 1 but for the last bit.
    place = bisect_right(edges[:-1], place_of(experiment.salt, unit_id))
    return list(experiment.shares)[place]
