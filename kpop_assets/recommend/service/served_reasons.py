"""Why each row of an answer stands there, from a bundle and what the answer rests on.

Belongs here: which work speaks for another, and which facts a reason may tell. Does not belong
here: which of several reasons is told (listening_reasons.py), or its words.
"""

from __future__ import annotations

import numpy as np

from kpop_assets.contracts.recommend_rules import REASON_NEARNESS
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import speaking_for
from kpop_assets.recommend.matrices.interactions import Codes, Mask
from kpop_assets.recommend.service.listening_reasons import ListeningReason, listening_reason


def served_reasons(
    bundle: Bundle,
    heard: Codes,
    seeds: Codes,
    items: Codes,
    is_kept: Mask,
    is_named: bool,
    was_played: bool = True,
) -> list[ListeningReason]:
    """A reason for each item.

    Args:
        bundle: an open bundle.
        heard: what the answer rests on; empty where that is popularity.
        seeds: those of it that were named, or played last.
        items: what is shown; none of it was heard.
        is_kept: whether the place was kept for acts that are likely to rise.
        is_named: whether the seeds were named: then nearness to one comes first, else what was
            played.
        was_played: whether the listener played what the answer rests on.
    """
    near, spoken = nearest_to(bundle, seeds, items), spoken_by(bundle, heard, items)
    found = []
    for place, item in enumerate(items):
        speaker = spoken[place]
        # NaN is unknown. What rests on popularity stands there for that, whatever else is true.
        chance, age = float(bundle.rise_chances[item]), float(bundle.age_days[item])
        if not len(heard):
            age, chance = np.nan, chance if is_kept[place] else np.nan
        found.append(
            listening_reason(
                int(item),
                near_seed=near[place] if is_named or speaker is None else None,
                spoken_for_by=speaker,
                was_played=was_played,
                sound=bundle.cluster_names[int(bundle.clusters[item])],
                rise_chance=None if np.isnan(chance) else chance,
                age_days=None if np.isnan(age) else age,
                is_rising_place=bool(is_kept[place]),
            )
        )
    return found


def nearest_to(bundle: Bundle, seeds: Codes, items: Codes) -> list[int | None]:
    """Of each item the seed that it is nearest to, None where none is near."""
    if not len(seeds):
        return [None] * len(items)
    nearness = bundle.units(items) @ bundle.units(seeds).T
    best = nearness.argmax(axis=1)
    is_near = nearness[np.arange(len(items)), best] >= REASON_NEARNESS
    return [int(seeds[b]) if near else None for b, near in zip(best, is_near, strict=True)]


def spoken_by(bundle: Bundle, heard: Codes, items: Codes) -> list[int | None]:
    """Of each item what of the heard speaks most for it by the weights of items, if any does."""
    weights = [part for part in bundle.parts.values() if part.kind == "weights"]
    if not weights or not len(heard):
        return [None] * len(items)
    learnt = bundle.learnt_count
    speakers, places = heard[heard < learnt], np.flatnonzero(items < learnt)
    found: list[int | None] = [None] * len(items)
    if not len(speakers):
        return found
    told = speaking_for(weights[0], speakers, items[places])
    best = told.argmax(axis=0)
    is_told = told[best, np.arange(len(places))] > 0
    for place, speaker, speaks in zip(places, best, is_told, strict=True):
        found[place] = int(speakers[speaker]) if speaks else None
    return found
