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

Each recommender has a process of its own. Belongs here: the commands and what they print. Does not
belong here: protocols and clocks (recommender_runs.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bench.arguments import make_parser, positive, run
from bench.recommender_runs import RATING_MODELS, costed, ranked_films, rated, split_films
from kpop_assets.recommend.learners.variational import DEEP_IS_ABSENT, is_installed
from kpop_assets.recommend.training.recommender_families import families


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


def _apart(work: Callable[..., Any], *args: Any) -> Any:
    """In a process of its own, so that memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


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
        known, test = split_films(folder, by, seed)
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
