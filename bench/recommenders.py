"""How good is every recommender by the field's published protocols, and what does it cost?

Run as one of

    python -m bench.recommenders movielens FOLDER [--seeds 42,43,44] [--by item,user] [--only ease]
    python -m bench.recommenders cost [--plays 1000000] [--users 10000] [--items 8000]

`movielens` wants the folder of MovieLens 100k (`u.data`). Ratings: five folds, shuffled anew for
each seed; every rating is tested once. Ranking: 75/25 of each item, as the `recommenders` project
publishes it (with seed 42 the very same rows), and of each listener; every test rating is relevant
whatever its stars, what a listener rated in training is left out, the rest is ranked in full, and
listeners without a test rating are not counted. Settings are chosen within the training part alone.

`cost` makes up plays whose listeners have tastes, and says what fitting and ranking cost.

Each recommender has a process of its own. Belongs here: protocols, clocks and printing. Does not
belong here: a recommender (kpop_assets/recommend).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bench.arguments import make_parser, positive, run
from kpop_assets.recommend.bayesian_factors import DrawnFactors
from kpop_assets.recommend.families import DEEP_IS_ABSENT, families
from kpop_assets.recommend.family_choice import chosen_setting
from kpop_assets.recommend.interactions import Interactions, coded
from kpop_assets.recommend.ranking_metrics import (
    catalogue_share,
    gini,
    interval_by_listener,
    list_scores,
    novelty,
)
from kpop_assets.recommend.rating_metrics import (
    mean_absolute_error_of_ratings,
    root_mean_squared_error,
)
from kpop_assets.recommend.rating_models import SPECIFIED_FACTORS, TUNED_FACTORS, Biases
from kpop_assets.recommend.splits import rating_folds, stratified
from kpop_assets.recommend.top_items import top_items
from kpop_assets.recommend.variational import is_installed

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


def main() -> None:
    """Print the figures."""
    parser = make_parser("bench.recommenders", __doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    films = commands.add_parser("movielens", help="both published protocols")
    films.add_argument("folder", type=Path, help="of MovieLens 100k, with u.data")
    films.add_argument("--seeds", default="42,43,44")
    films.add_argument("--by", default="item,user", help="whose ratings are split 75/25")
    films.add_argument("--protocols", default="ratings,ranking")
    costs = commands.add_parser("cost", help="made-up plays")
    costs.add_argument("--plays", type=positive, default=1_000_000)
    costs.add_argument("--users", type=positive, default=10_000)
    costs.add_argument("--items", type=positive, default=8_000)
    for command in (films, costs):
        command.add_argument("--only", default="", help="names of recommenders")
    args = parser.parse_args()
    only = set(filter(None, args.only.split(",")))
    if args.command == "cost":
        _print_costs(args, only)
        return
    seeds = [int(seed) for seed in args.seeds.split(",")]
    if "ratings" in args.protocols:
        _print_ratings(args.folder, seeds, only)
    if "ranking" in args.protocols:
        for by in args.by.split(","):
            _print_rankings(args.folder, by, seeds, only)


def read_ratings(folder: Path) -> Interactions:
    """MovieLens 100k's ratings in the order of the file, on which every split rests."""
    rows = np.loadtxt(folder / "u.data", dtype=np.int64)
    return coded(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])[0]


def _apart(work: Callable[..., Any], *args: Any) -> Any:
    """In a process of its own, so that memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


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


def _print_ratings(folder: Path, seeds: list[int], only: set[str]) -> None:
    print(f"\nratings, five folds, seeds {seeds}: mean over folds")
    print(
        f"{'':22}"
        + "".join(f"{f'RMSE {seed}':>10}" for seed in seeds)
        + f"{'RMSE':>8}{'MAE':>8}{'fit s':>8}{'peak MB':>9}"
    )
    for name in RATING_MODELS:
        if only and name not in only:
            continue
        found = [_apart(rated, folder, name, seed) for seed in seeds]
        errors = [float(np.mean(squares)) for squares, *_ in found]
        print(
            f"{name:22}"
            + "".join(f"{error:>10.4f}" for error in errors)
            + f"{np.mean(errors):>8.4f}{np.mean([each[1] for each in found]):>8.4f}"
            f"{np.mean([each[2] for each in found]):>8.1f}{max(each[3] for each in found):>9,.0f}",
            flush=True,
        )


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
    scores = list_scores(shown, test.presence()[users])
    ten = shown[:, :10]
    figures: dict[str, Any] = scores.means() | {
        "coverage": catalogue_share(ten, known.item_count),
        "gini": gini(ten, known.item_count),
        "novelty": novelty(ten, known.users_per_item(), known.user_count),
        "interval": interval_by_listener(scores.ndcg_10),
    }
    return figures, cost, repr(setting)


def _split_films(folder: Path, by: str, seed: int) -> tuple[Interactions, Interactions]:
    known = read_ratings(folder)
    mask = stratified(known.items if by == "item" else known.users, seed)
    return known.where(mask), known.where(~mask)


def ranked_films(folder: Path, by: str, seed: int, name: str) -> tuple[dict[str, Any], Cost, str]:
    """The ranking protocol on MovieLens."""
    return ranked(*_split_films(folder, by, seed), name)


_COLUMNS = (
    "ndcg_10",
    "map_all",
    "map_10",
    "recall_10",
    "recall_20",
    "hit_10",
    "coverage",
    "gini",
    "novelty",
)


def _names(only: set[str]) -> Iterator[str]:
    for family in families():
        if not only or family.name in only:
            yield family.name
    if not is_installed() and (not only or "variational" in only):
        print(DEEP_IS_ABSENT)


def _print_rankings(folder: Path, by: str, seeds: list[int], only: set[str]) -> None:
    for seed in seeds:
        known, test = _split_films(folder, by, seed)
        print(
            f"\nranking, 75/25 of each {by}, seed {seed}: {len(known):,} known, {len(test):,} test,"
            f" {len(np.unique(test.users))} listeners"
        )
        print(
            f"{'':22}"
            + "".join(f"{column:>10}" for column in _COLUMNS)
            + f"{'ndcg 95 %':>14}{'choose s':>9}{'fit s':>7}{'rank s':>7}{'peak MB':>8}"
        )
        for name in _names(only):
            figures, cost, setting = _apart(ranked_films, folder, by, seed, name)
            low, high = figures["interval"]
            print(
                f"{name:22}"
                + "".join(f"{figures[column]:>10.4f}" for column in _COLUMNS)
                + f"{low:>8.3f}-{high:.3f}{cost.choose_seconds:>9.1f}{cost.fit_seconds:>7.1f}"
                f"{cost.rank_seconds:>7.1f}{cost.peak_mb:>8,.0f}  {setting}",
                flush=True,
            )


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


def _print_costs(args: argparse.Namespace, only: set[str]) -> None:
    print(f"{args.plays:,} plays, {args.users:,} listeners, {args.items:,} items, settings given")
    print(f"{'':22}{'fit s':>9}{'rank s':>9}{'peak MB':>9}{'before MB':>10}")
    for name in _names(only):
        cost, before = _apart(costed, args.plays, args.users, args.items, name)
        print(
            f"{name:22}{cost.fit_seconds:>9.1f}{cost.rank_seconds:>9.1f}{cost.peak_mb:>9,.0f}"
            f"{before:>10,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    run(main)
