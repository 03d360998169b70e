"""What is shown to listeners of whom nothing is known, and what of items that nobody has.

Belongs here: the list that a new listener is asked about, and a first history made of the answers.
Does not belong here: recommenders, which take that history as any other.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from kpop_assets.contracts.recommend_rules import ONBOARDING_WORKS
from kpop_assets.recommend.matrices.interactions import Codes, Floats
from kpop_assets.recommend.matrices.top_items import best_of

# Works that stand for each choice.
CHOSEN_EACH = 5


def onboarding_items(
    popularity: Floats, works: Codes, acts: Codes, clusters: Codes, count: int = ONBOARDING_WORKS
) -> Codes:
    """Well-known items as unlike each other as can be: clusters in turn, no act and no work twice.

    In each turn every cluster gives its most popular item that is allowed, the cluster that is
    played most first; -1 is no cluster and gives nothing.
    """
    order = np.argsort(-popularity, kind="stable")
    names = [int(name) for name in np.unique(clusters) if name >= 0]
    names.sort(key=lambda name: -float(popularity[clusters == name].sum()))
    waiting = {name: [int(item) for item in order if clusters[item] == name] for name in names}
    chosen: list[int] = []
    had_acts: set[int] = set()
    had_works: set[int] = set()
    while len(chosen) < count and any(waiting.values()):
        for name in names:
            allowed = [
                item
                for item in waiting[name]
                if int(acts[item]) not in had_acts and int(works[item]) not in had_works
            ]
            waiting[name] = allowed[1:]
            if allowed and len(chosen) < count:
                chosen.append(allowed[0])
                had_acts.add(int(acts[allowed[0]]))
                had_works.add(int(works[allowed[0]]))
    return np.array(chosen, dtype=np.int32)


def history_of_choices(
    chosen_acts: Codes,
    chosen_clusters: Codes,
    popularity: Floats,
    acts: Codes,
    clusters: Codes,
    each: int = CHOSEN_EACH,
) -> sp.csr_matrix:
    """A history of one row: the most played items of each act and each cluster that was chosen."""
    row = np.zeros(len(popularity))
    for codes, chosen in ((acts, chosen_acts), (clusters, chosen_clusters)):
        for code in chosen:
            row[best_of(np.where(codes == code, popularity, -np.inf), each)] = 1.0
    return sp.csr_matrix(row)
