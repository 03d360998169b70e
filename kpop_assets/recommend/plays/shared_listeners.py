"""Who else is played by those who play an act: "fans of A also play B".

Belongs here: counting listeners that two acts share. Does not belong here: what to hear next.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy.sparse as sp

from kpop_assets.contracts.recommend_rules import LEAST_SHARED_LISTENERS
from kpop_assets.recommend.matrices.interactions import Codes, Interactions


def shared_listeners(
    interactions: Interactions, acts: Codes, least: int = LEAST_SHARED_LISTENERS
) -> pl.DataFrame:
    """Pairs of acts by the listeners they share, in both directions, the highest lift first.

    Columns: act, other_act, listener_count and other_listener_count (of each act), shared_count,
    shared_pct (of the act's listeners who play the other one too), lift (over what would be if
    tastes had nothing to do with each other). Pairs with few shared listeners are left
    out: three people make any lift.

    Args:
        interactions: of all listeners; who plays nothing is no listener.
        acts: code of the act of each item.
        least: shared listeners that a pair must have.
    """
    shape = (len(acts), int(acts.max(initial=-1)) + 1)
    whose = sp.csr_matrix((np.ones(len(acts)), (np.arange(len(acts)), acts)), shape)
    plays = interactions.presence() @ whose
    plays.data[:] = 1.0
    everybody = int((np.diff(plays.indptr) > 0).sum())
    together = (plays.T @ plays).tocoo()
    counts = np.asarray(plays.sum(axis=0)).ravel().astype(int)
    kept = (together.row != together.col) & (together.data >= least)
    act, other, shared = together.row[kept], together.col[kept], together.data[kept].astype(int)
    return pl.DataFrame(
        {
            "act": act.astype(np.int32),
            "other_act": other.astype(np.int32),
            "listener_count": counts[act],
            "other_listener_count": counts[other],
            "shared_count": shared,
            "shared_pct": 100 * shared / counts[act],
            "lift": shared * everybody / (counts[act] * counts[other]),
        }
    ).sort("lift", "act", "other_act", descending=[True, False, False])
