"""What `bench.recommenders` measures: one recommender by one protocol, in one process.

Belongs here: protocols and clocks. Does not belong here: printing (recommenders.py), or a
recommender (kpop_assets/recommend).
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kpop_assets.recommend.learners.bayesian_factors import DrawnFactors
from kpop_assets.recommend.learners.rating_models import SPECIFIED_FACTORS, TUNED_FACTORS, Biases
from kpop_assets.recommend.matrices.interactions import Interactions, coded
from kpop_assets.recommend.matrices.splits import rating_folds, stratified
from kpop_assets.recommend.matrices.top_items import top_items
from kpop_assets.recommend.training.family_choice import chosen_setting
from kpop_assets.recommend.training.ranking_metrics import (
    catalogue_share,
    gini,
    interval_by_listener,
    novelty,
    ranking_scores,
)
from kpop_assets.recommend.training.rating_metrics import (
    mean_absolute_error_of_ratings,
    root_mean_squared_error,
)
from kpop_assets.recommend.training.recommender_families import families

RATING_MODELS: dict[str, Callable[[], Any]] = {
    "biases": Biases,
    "svd_specified": lambda: SPECIFIED_FACTORS,
    "svd_tuned": lambda: TUNED_FACTORS,
    "drawn_factors": DrawnFactors,
}
SHOWN = 20


@dataclass(frozen=True)
class Cost:
    """What a recommender took.

    Attributes:
        choose_seconds: choosing a setting, on parts of the training.
        fit_seconds: fitting the chosen one.
        rank_seconds: the first twenty items of every listener.
        peak_mb: highest memory of its process, Python and libraries included.
    """

    choose_seconds: float
    fit_seconds: float
    rank_seconds: float
    peak_mb: float


def read_ratings(folder: Path) -> Interactions:
    """MovieLens 100k's ratings in the order of the file, on which every split rests."""
    rows = np.loadtxt(folder / "u.data", dtype=np.int64)
    return coded(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])[0]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def rated(folder: Path, name: str, seed: int) -> tuple[list[float], list[float], float, float]:
    """RMSE and MAE of each fold, seconds of a fit, and peak memory."""
    known = read_ratings(folder)
    squares, absolutes, taken = [], [], 0.0
    for train, test in rating_folds(len(known), seed):
        held = known.where(test)
        started = time.perf_counter()
        model = RATING_MODELS[name]().fit(known.where(train))
        taken += time.perf_counter() - started
        told = model.foretell(held.users, held.items)
        squares.append(root_mean_squared_error(held.values, told))
        absolutes.append(mean_absolute_error_of_ratings(held.values, told))
    return squares, absolutes, taken / len(squares), _peak_mb()


def ranked(known: Interactions, test: Interactions, name: str) -> tuple[dict[str, Any], Cost, str]:
    """Scores of one recommender by the ranking protocol, what it cost, and its setting."""
    family = next(family for family in families() if family.name == name)
    started = time.perf_counter()
    setting = chosen_setting(family, known)
    chosen = time.perf_counter()
    scorer = setting.fit(known)
    fitted = time.perf_counter()
    users = np.unique(test.users).astype(np.int32)
    shown = top_items(scorer, known, users, SHOWN)
    cost = Cost(chosen - started, fitted - chosen, time.perf_counter() - fitted, _peak_mb())
    scores = ranking_scores(shown, test.presence()[users])
    ten = shown[:, :10]
    figures: dict[str, Any] = scores.means() | {
        "coverage": catalogue_share(ten, known.item_count),
        "gini": gini(ten, known.item_count),
        "novelty": novelty(ten, known.users_per_item(), known.user_count),
        "interval": interval_by_listener(scores.ndcg_10),
    }
    return figures, cost, repr(setting)


def split_films(folder: Path, by: str, seed: int) -> tuple[Interactions, Interactions]:
    """75/25 of each item or each listener: what is known, and the test."""
    known = read_ratings(folder)
    mask = stratified(known.items if by == "item" else known.users, seed)
    return known.where(mask), known.where(~mask)


def ranked_films(folder: Path, by: str, seed: int, name: str) -> tuple[dict[str, Any], Cost, str]:
    """The ranking protocol on MovieLens."""
    return ranked(*split_films(folder, by, seed), name)


def made_up(plays: int, users: int, items: int, seed: int = 1) -> Interactions:
    """Plays of listeners who each like three of 40 tastes, items long-tailed within a taste."""
    generator = np.random.default_rng(seed)
    tastes = 40
    taste_of = generator.integers(0, tastes, items)
    by_taste = [np.flatnonzero(taste_of == taste) for taste in range(tastes)]
    liked = generator.integers(0, tastes, (users, 3))
    who = generator.zipf(1.4, plays * 2) - 1
    who = generator.permutation(users)[who[who < users][:plays]]
    chosen = np.empty(len(who), dtype=np.int64)
    which = liked[who, generator.integers(0, 3, len(who))]
    for taste, own in enumerate(by_taste):
        rows = np.flatnonzero(which == taste)
        place = (len(own) * generator.random(len(rows)) ** 3).astype(int)
        chosen[rows] = own[place]
    times = generator.integers(1_700_000_000, 1_710_000_000, len(who))
    return Interactions(
        who.astype(np.int32), chosen.astype(np.int32), np.ones(len(who)), times, users, items
    )


def costed(plays: int, users: int, items: int, name: str) -> tuple[Cost, float]:
    """What one recommender costs at a size, its first setting taken."""
    known = made_up(plays, users, items)
    before = _peak_mb()
    family = next(family for family in families() if family.name == name)
    started = time.perf_counter()
    scorer = family.grid[0].fit(known)
    fitted = time.perf_counter()
    top_items(scorer, known, np.arange(users, dtype=np.int32), SHOWN)
    return Cost(0.0, fitted - started, time.perf_counter() - fitted, _peak_mb()), before
