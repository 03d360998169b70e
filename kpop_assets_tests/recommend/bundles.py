"""A small bundle: fifty listeners of two tastes, forty works by eight acts, everything served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from kpop_assets.recommend.bundle.kept_parts import served_parts
from kpop_assets.recommend.learners.factors import AlternatingFactors
from kpop_assets.recommend.learners.fitted import OfTheSameActs
from kpop_assets.recommend.learners.hybrid import FittedHybrid, Hybrid
from kpop_assets.recommend.learners.item_facts import SoundsAlike, rising
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.neighbours import ListenerNeighbours
from kpop_assets.recommend.learners.popularity import Popularity
from kpop_assets.recommend.matrices.bundle_parts import BundleParts
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets_tests.recommend.listeners import ITEMS, LISTENERS, listeners_of_two_tastes

DAY = dt.date(2026, 11, 28)
ACTS = 8
# Acts of even codes are liked by even listeners; act 3 is likely to rise.
ITEM_ACTS = (np.arange(ITEMS) % ACTS).astype(np.int32)
CHANCES = np.where(np.arange(ACTS) == 3, 0.7, 0.1)
LISTENER_IDS = np.array([f"u{number:032x}" for number in range(LISTENERS)])
QUOTAS = {"collaborative": 20, "content": 10, "popular": 5, "rising": 5}
WEIGHTS = {"collaborative": 0.6, "content": 0.3, "popular": 0.1}


def sound_vectors() -> np.ndarray:
    """Even and odd items lie in two directions, each a little apart from the others."""
    generator = np.random.default_rng(3)
    towards = np.where((np.arange(ITEMS) % 2 == 0)[:, None], [[1.0, 0, 0]], [[0, 1.0, 0]])
    return (towards + generator.normal(0, 0.1, (ITEMS, 3))).astype(np.float32)


def fitted_parts(known: Interactions) -> dict[str, Any]:
    """Every kind of recommender that is served without PyTorch."""
    return {
        "collaborative": AlternatingFactors(factors=8).fit(known),
        "items": Ease(penalty=10.0).fit(known),
        "listeners": ListenerNeighbours(LISTENERS).fit(known),
        "content": SoundsAlike.of(known.matrix(), sound_vectors()),
        "popular": Popularity().fit(known),
        "rising": rising(ITEM_ACTS, CHANCES),
        "same_act": OfTheSameActs(known.presence(), ITEM_ACTS),
    }


def works_told() -> pl.DataFrame:
    """The forty works: of act 0 to 7, in two clusters, each a day older than the one before."""
    rows = range(ITEMS)
    return pl.DataFrame(
        {
            "work_id": [f"work{row:02}" for row in rows],
            "artist": [f"ACT {row % ACTS}" for row in rows],
            "artist_name": [f"Act {row % ACTS}" for row in rows],
            "title": [f"Song {row}" for row in rows],
            "version_count": [1] * ITEMS,
            "cluster": [row % 2 for row in rows],
            "cluster_name": [("fast, bright", "slow, calm")[row % 2] for row in rows],
            "age_days": [float(row) for row in rows],
            "rise_chance": [CHANCES[row % ACTS] for row in rows],
        }
    )


def bundle_parts(**changed: Any) -> BundleParts:
    """All parts of the bundle, some of them changed."""
    known = changed.pop("known", listeners_of_two_tastes()[0])
    works = works_told()
    given: Mapping[str, Any] = {
        "training_day": DAY,
        "model": "hybrid_mix",
        "works": works,
        "names": works.select(pl.col("work_id").alias("track_id"), *works.columns[:4]),
        "listener_ids": LISTENER_IDS,
        "known": known,
        "parts": changed.get("parts") or served_parts(fitted_parts(known)),
        "quotas": QUOTAS,
        "weights": WEIGHTS,
        "vectors": sound_vectors(),
        "is_simulated": True,
    }
    return BundleParts(**{**given, **changed})


def fitted_hybrid(known: Interactions) -> FittedHybrid:
    """Trees over two parts, as a training fits them."""
    parts = {"collaborative": Ease(penalty=10.0), "popular": Popularity()}
    return Hybrid(parts, "trees", {"collaborative": 20, "popular": 10}).fit(known)
