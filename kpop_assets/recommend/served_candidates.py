"""The first two stages of an answer: candidates of one history, and how well each fits.

Belongs here: what each part of a bundle is told of a listener, and their order by trees or mix.
Does not belong here: the page and its reasons (answer.py), or how a part scores (served_parts.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kpop_assets.contracts.recommend_rules import SEED_PLAYS
from kpop_assets.recommend.candidate_stage import Candidates, gather
from kpop_assets.recommend.fitted import EqualForAll
from kpop_assets.recommend.interactions import Floats, Interactions
from kpop_assets.recommend.mixing import mixed
from kpop_assets.recommend.served_bundle import Bundle
from kpop_assets.recommend.served_parts import Heard, HeardScorer
from kpop_assets.recommend.top_items import Scorer, best_of

# Parts that can tell nothing of a work that nobody has played.
_OF_PLAYS = ("weights", "factors", "listeners", "network")
_STANDING_IN = 5
_NEAR_SEEDS, _POPULAR_NOW = "near the seeds", "popular now"
_USER = np.zeros(1, dtype=np.int32)


def served_candidates(bundle: Bundle, heard: Heard, popular: Floats) -> Candidates:
    """What the parts of a bundle propose to a listener, with every part's score.

    Beside the parts, what is near the last plays proposes as many as `content` does, and what is
    popular now as many as `popular`; neither scores.

    Args:
        bundle: an open bundle.
        heard: what the listener played; not nothing.
        popular: by item, at this hour and in this language; -inf is not to be proposed.
    """
    with_plays = _standing_in(bundle, heard)
    parts: dict[str, Scorer] = {
        name: HeardScorer(part, with_plays if part.kind in _OF_PLAYS else heard, bundle.histories)
        for name, part in bundle.parts.items()
    }
    quotas = dict(bundle.manifest.quotas)
    more: dict[str, Scorer] = {_POPULAR_NOW: EqualForAll(popular)}
    for name, part in bundle.parts.items():
        if part.kind == "sounds":
            more[_NEAR_SEEDS] = HeardScorer(part, heard.last(SEED_PLAYS), bundle.histories)
            quotas[_NEAR_SEEDS] = quotas.get(name, 0)
    quotas[_POPULAR_NOW] = quotas.get("popular", 0)
    known = Interactions(
        np.zeros(len(heard), np.int32), heard.items, heard.counts, heard.times, 1, len(popular)
    )
    found = gather({**parts, **more}, known, _USER, quotas)
    return replace(
        found,
        scores={name: found.scores[name] for name in parts},
        proposed={name: found.proposed[name] for name in parts},
    )


def served_fit(bundle: Bundle, candidates: Candidates) -> Floats:
    """How well candidates suit their listener: by the trees, else by the mix."""
    if bundle.trees is None:
        return mixed(candidates, bundle.manifest.weights)
    # LightGBM takes long to load, and a bundle without trees does not need it.
    from kpop_assets.recommend.ranking_stage import RankingInputs

    table = RankingInputs(bundle.facts).table(candidates)
    return np.asarray(bundle.booster.predict(table, num_threads=1))


def _standing_in(bundle: Bundle, heard: Heard) -> Heard:
    """For parts of plays: what was played of the acts stands in for works that nobody has."""
    is_cold = bundle.item_listeners[heard.items] == 0
    if not is_cold.any():
        return heard
    found = [*heard.items[~is_cold]]
    for act in np.unique(bundle.acts[heard.items[is_cold]]):
        listeners = np.where(bundle.acts == act, bundle.item_listeners, 0).astype(float)
        listeners[listeners == 0] = -np.inf
        found += [*best_of(listeners, _STANDING_IN)]
    return Heard.of(np.array(found, dtype=np.int32))
