"""What is near a work, and what somebody new may choose from: nobody's own.

Belongs here: both as they are sent. Does not belong here: what makes works near
(kpop_assets/recommend/works/contents.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from kpop_assets.contracts.recommend_rules import CANDIDATE_TIMES, MOST_OF_AN_ACT
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.service.answer import named_work, onboarding
from kpop_assets.recommend.service.served_near import nearest_works
from serving.answers.answer_maker import shown_work


def near_works(
    bundle: Bundle, korean: Mapping[str, str | None], item: int, count: int
) -> dict[str, Any]:
    """Works whose vectors are most like one's, at most two of an act, nearest first."""
    own = bundle.units(np.array([item], dtype=np.int32))[0]
    cosines, items = nearest_works(bundle, own, 1 + CANDIDATE_TIMES * count)
    rows: list[dict[str, Any]] = []
    shown: Counter[int] = Counter()
    for cosine, near in zip(cosines.tolist(), items.tolist(), strict=True):
        act = int(bundle.acts[near])
        if near == item or shown[act] >= MOST_OF_AN_ACT or not own.any():
            continue
        shown[act] += 1
        rows.append({**shown_work(korean, named_work(bundle, near)), "nearness": cosine})
        if len(rows) == count:
            break
    work = shown_work(korean, named_work(bundle, item))
    return {"work": work, "model": bundle.version, "works": rows}


def to_choose_from(bundle: Bundle, korean: Mapping[str, str | None]) -> dict[str, Any]:
    """Works and sounds that a new listener is asked about."""
    learnt = bundle.learnt_works.select("cluster", "cluster_name")
    sounds = learnt.drop_nulls().unique().sort("cluster")
    return {
        "model": bundle.version,
        "works": [shown_work(korean, work) for work in onboarding(bundle)],
        "clusters": [{"cluster": one, "sound": sound} for one, sound in sounds.iter_rows()],
    }
