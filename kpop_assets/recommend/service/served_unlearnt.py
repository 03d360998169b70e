"""Works that no recommender learnt: proposed for what they are, and scored as a work unheard of.

Belongs here: which of them are candidates, and what parts and trees are told of them. Does not
belong here: works that were learnt (served_candidates.py), or how near works are found
(works/near_index.py).

Nobody has played them, as far as the training knows. So parts of plays and of popularity say of
them what they say of learnt works that nobody has: nothing, or the least; content and act say what
they are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts.recommend_rules import SEED_PLAYS, UNLEARNT_CANDIDATES
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard, direction_of, played_lately, worth_of
from kpop_assets.recommend.learners.candidate_stage import Candidates
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Singles
from kpop_assets.recommend.service.served_near import nearest_works

# Facts that are counts of plays; of those that no column of works has, nothing is known.
_COUNTS_OF_PLAYS = ("listeners", "month_plays")


def unlearnt_candidates(bundle: Bundle, heard: Heard, least: Mapping[str, float]) -> Candidates:
    """Those nearest to what was played, and to what was played last.

    Args:
        bundle: an open bundle.
        heard: what the listener played; not nothing.
        least: what each part says of the learnt candidate that it thinks least of.
    """
    last = heard.last(SEED_PLAYS)
    whole, recent = _direction(bundle, heard), _direction(bundle, last)
    first = bundle.learnt_count
    near = nearest_works(bundle, whole, UNLEARNT_CANDIDATES, first)[1]
    # Who played no more than the last plays asks the same twice.
    of_last = (
        near if len(heard) == len(last) else nearest_works(bundle, recent, len(near), first)[1]
    )
    items = np.setdiff1d(np.union1d(near, of_last), heard.items).astype(np.int32)
    is_near = np.isin(items, near, assume_unique=True)
    cosines = (bundle.units(items) @ whole).astype(np.float64)
    scores, proposed = {}, {}
    for name, part in bundle.parts.items():
        if part.kind == "sounds":
            scores[name] = cosines
        elif part.kind == "acts":
            scores[name] = _of_the_same_acts(bundle, played_lately(part, heard), items)
        else:
            # What sums over plays says nothing of what nobody played.
            told = least[name] if part.kind in ("same", "network") else 0.0
            scores[name] = np.full(len(items), told)
        proposed[name] = is_near if part.kind == "sounds" else np.zeros(len(items), bool)
    return Candidates(np.zeros(len(items), np.int32), items, scores, proposed)


def _direction(bundle: Bundle, heard: Heard) -> Singles:
    sounds = [part for part in bundle.parts.values() if part.kind == "sounds"]
    worth = worth_of(sounds[0], heard) if sounds else heard.counts
    return direction_of(bundle.units(heard.items), worth)


def _of_the_same_acts(bundle: Bundle, heard: Heard, items: Codes) -> Floats:
    acts, shown = bundle.acts[heard.items], bundle.acts[items]
    return (shown[:, None] == acts[None, :]).sum(axis=1) / max(len(acts), 1)


def facts_of(bundle: Bundle, items: Codes) -> Mapping[str, Floats]:
    """What trees are told of some works, an entry each; NaN is unknown."""
    learnt = items < bundle.learnt_count
    told: dict[str, NDArray] = {
        "age_days": bundle.age_days,
        "rise_chance": bundle.rise_chances,
        "cluster": bundle.clusters,
    }
    found = {}
    for name, values in bundle.facts.items():
        if learnt.all():
            found[name] = values[items]
            continue
        each = np.full(len(items), 0.0 if name in _COUNTS_OF_PLAYS else np.nan)
        if name in told:
            each[~learnt] = told[name][items[~learnt]]
        each[learnt] = values[items[learnt]]
        found[name] = each
    return found
