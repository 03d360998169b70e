"""The first two stages of an answer: candidates of one history, and how well each fits.

Belongs here: what each part of a bundle is told of a listener, candidates among what was learnt,
and the order of all by trees or mix. Does not belong here: works that nobody learnt
(served_unlearnt.py), the page and its reasons (answer.py), or how a part scores
(bundle/served_parts.py).

What it costs does not grow with the catalogue: each part scores what was learnt, and of all other
works an index proposes a few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kpop_assets.contracts.recommend_rules import ORDERED_OF_A_PART, SEED_PLAYS
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard, HeardScorer, direction_of, worth_of
from kpop_assets.recommend.learners.candidate_stage import Candidates
from kpop_assets.recommend.learners.mixing import mixed
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask
from kpop_assets.recommend.matrices.top_items import best_of
from kpop_assets.recommend.service.served_unlearnt import facts_of, unlearnt_candidates

Order = Literal["trees", "mix", "popular"]
# Parts that can tell nothing of a work that nobody has played.
_OF_PLAYS = ("weights", "factors", "listeners", "network")
_STANDING_IN = 5


@dataclass(frozen=True)
class ServedCandidates:
    """Candidates of one listener, and which of them are put in order.

    Attributes:
        told: all of them: shares of candidates are held against these.
        rows: places of the best of each part.
    """

    told: Candidates
    rows: Codes

    @property
    def items(self) -> Codes:
        """What is put in order."""
        return self.told.items[self.rows]


def served_candidates(bundle: Bundle, heard: Heard, popular: Floats) -> ServedCandidates:
    """What a bundle proposes to a listener, with every part's score.

    Beside the parts, what is near the last plays proposes as many as `content` does, and what is
    popular now as many as `popular`; neither scores.

    Args:
        bundle: an open bundle.
        heard: what the listener played; not nothing.
        popular: by learnt item, at this hour and in this language; -inf is not to be proposed.
    """
    learnt = _learnt_candidates(bundle, heard, popular)
    if bundle.learnt_count == bundle.item_count:
        return learnt
    ours = learnt.told
    least = {name: float(scores.min(initial=0.0)) for name, scores in ours.scores.items()}
    others = unlearnt_candidates(bundle, heard, least)
    told = Candidates(
        np.zeros(len(ours) + len(others), np.int32),
        np.concatenate([ours.items, others.items]),
        {name: np.concatenate([one, others.scores[name]]) for name, one in ours.scores.items()},
        {n: np.concatenate([one, others.proposed[n]]) for n, one in ours.proposed.items()},
    )
    more = np.arange(len(ours), len(told), dtype=np.int32)
    return ServedCandidates(told, np.concatenate([learnt.rows, more]))


def served_fit(
    bundle: Bundle, heard: Heard, found: ServedCandidates, order: Order = "trees"
) -> Floats:
    """How well candidates suit their listener: by the trees where there are any, else the mix.

    Where nothing was heard that was learnt, plays can tell nothing: what is alike suits.
    """
    sounds = [name for name, part in bundle.parts.items() if part.kind == "sounds"]
    if sounds and (heard.items >= bundle.learnt_count).all():
        return found.told.scores[sounds[0]][found.rows]
    if bundle.trees is None or order != "trees":
        weights = bundle.manifest.weights or dict.fromkeys(found.told.scores, 1.0)
        return mixed(found.told, weights)[found.rows]
    # LightGBM takes long to load, and a bundle without trees does not need it.
    from kpop_assets.recommend.learners.ranking_stage import table_of_some

    table = table_of_some(found.told, found.rows, facts_of(bundle, found.items))
    return bundle.order.scores(table)


def _learnt_candidates(bundle: Bundle, heard: Heard, popular: Floats) -> ServedCandidates:
    scores = _scores(bundle, heard)
    had = heard.items[heard.items < bundle.learnt_count]
    quotas = bundle.manifest.quotas
    is_had = _is_among(had, bundle.learnt_count)
    proposed = {
        name: _best(told, is_had, quotas.get(name, 0), bundle.parts[name].best_first)
        for name, told in scores.items()
    }
    best = [*proposed.values(), _best(popular, is_had, quotas.get("popular", 0))]
    for name, part in bundle.parts.items():
        if part.kind == "sounds":
            last = heard.last(SEED_PLAYS)
            direction = direction_of(bundle.units(last.items), worth_of(part, last))
            near = (part.arrays["units"] @ direction).astype(np.float64)
            best.append(_best(near, is_had, quotas.get(name, 0)))
    is_found, is_ordered = (np.zeros(bundle.learnt_count, dtype=bool) for _ in range(2))
    for one in best:
        is_found[one] = True
        is_ordered[one[:ORDERED_OF_A_PART]] = True
    items = np.flatnonzero(is_found).astype(np.int32)
    told = Candidates(
        np.zeros(len(items), np.int32),
        items,
        {name: one[items] for name, one in scores.items()},
        {name: _is_among(one, bundle.learnt_count)[items] for name, one in proposed.items()},
    )
    return ServedCandidates(told, np.flatnonzero(is_ordered[items]).astype(np.int32))


def _scores(bundle: Bundle, heard: Heard) -> dict[str, Floats]:
    """Each part's score of each learnt item."""
    histories, found = bundle.histories, {}
    with_plays, of_acts = _standing_in(bundle, heard), _of_learnt_acts(bundle, heard)
    for name, part in bundle.parts.items():
        if part.kind == "sounds":
            direction = direction_of(bundle.units(heard.items), worth_of(part, heard))
            scorer = HeardScorer(part, heard, histories, direction)
        elif part.kind in _OF_PLAYS:
            scorer = HeardScorer(part, with_plays, histories)
        else:
            scorer = HeardScorer(part, of_acts, histories)
        found[name] = scorer.scores()
    return found


def _best(values: Floats, is_had: Mask, quota: int, best_first: Codes | None = None) -> Codes:
    if not quota:
        return np.zeros(0, dtype=np.int32)
    if best_first is not None:
        first = best_first[: quota + int(is_had.sum())]
        return first[~is_had[first]][:quota]
    return best_of(np.where(is_had, -np.inf, values), quota)


def _is_among(codes: Codes, count: int) -> Mask:
    mask = np.zeros(count, dtype=bool)
    mask[codes] = True
    return mask


def _standing_in(bundle: Bundle, heard: Heard) -> Heard:
    """For parts of plays: what was played of the acts stands in for works that nobody has."""
    is_cold = np.ones(len(heard), dtype=bool)
    is_learnt = heard.items < bundle.learnt_count
    is_cold[is_learnt] = bundle.item_listeners[heard.items[is_learnt]] == 0
    if not is_cold.any():
        return heard
    found = [*heard.items[~is_cold]]
    for act in np.unique(bundle.acts[heard.items[is_cold]]):
        own = bundle.items_of_act(int(act))
        own = own[own < bundle.learnt_count]
        listeners = bundle.item_listeners[own].astype(float)
        listeners[listeners == 0] = -np.inf
        found += [*own[best_of(listeners, _STANDING_IN)]]
    return Heard.of(np.array(found, dtype=np.int32))


def _of_learnt_acts(bundle: Bundle, heard: Heard) -> Heard:
    """For parts that look at acts: of a work that was not learnt, one that was by its act."""
    is_learnt = heard.items < bundle.learnt_count
    if is_learnt.all():
        return heard
    items = heard.items.copy()
    for place in np.flatnonzero(~is_learnt):
        # Of an act those that were learnt come first; of one that has none nothing is known.
        items[place] = bundle.items_of_act(int(bundle.acts[items[place]]))[0]
    return Heard(items, heard.counts, heard.times).where(items < bundle.learnt_count)
