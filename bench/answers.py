"""What an answer of the serving bundle costs: opening it, p50 and p99 of a page, in one process.

    python -m bench.answers                     # the bundle of KPOP_HOME
    python -m bench.answers --works 8000 --listeners 10000 --plays 1000000

Belongs here: a bundle of made-up plays with everything that is served, and clocks. Does not belong
here: an answer (kpop_assets/recommend/service/answer.py). Pages are asked for one at a time through
one thread; listeners are drawn at random, those of made-up plays that have any.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import psutil
from threadpoolctl import threadpool_limits

from bench.arguments import make_parser, positive, run
from bench.nearness import make_vectors
from bench.recommender_runs import made_up
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.kept_parts import served_parts
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.learners.candidate_stage import gather
from kpop_assets.recommend.learners.factors import AlternatingFactors
from kpop_assets.recommend.learners.fitted import OfTheSameActs
from kpop_assets.recommend.learners.item_facts import SoundsAlike, recency, rising
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.neighbours import ListenerNeighbours
from kpop_assets.recommend.learners.popularity import Popularity
from kpop_assets.recommend.learners.ranking_stage import learn_order
from kpop_assets.recommend.matrices.bundle_parts import LISTENER_IDS, BundleParts
from kpop_assets.recommend.matrices.interactions import Codes, Interactions
from kpop_assets.recommend.matrices.splits import stratified
from kpop_assets.recommend.service.answer import ListeningWish, recommend
from kpop_assets.settings import load_settings

_QUOTAS = {
    **dict.fromkeys(("collaborative", "items", "listeners"), 1_000),
    **{"content": 500, "popular": 100, "rising": 50},
}
_SHARE = 0.1
_WORKS_PER_ACT = 12


def main() -> None:
    """Open a bundle and ask it."""
    parser = make_parser("bench.answers", __doc__)
    parser.add_argument("--works", type=positive, help="make up a bundle of so many works")
    parser.add_argument("--listeners", type=positive, default=2_000)
    parser.add_argument("--plays", type=positive, default=700_000)
    parser.add_argument("--pages", type=positive, default=1_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = load_settings().home
        if args.works:
            home = Path(folder)
            write_bundle(home, make_bundle(args.works, args.listeners, args.plays))
        with threadpool_limits(1):
            ask(home, args.pages)


def ask(home: Path, pages: int) -> None:
    """Print what opening and answering cost."""
    process = psutil.Process()
    before = process.memory_info().rss
    begun = time.perf_counter()
    bundle = open_bundle(home)
    opened = time.perf_counter() - begun
    counts, files = bundle.manifest.counts, bundle.manifest.files.values()
    print(
        f"{bundle.version} {bundle.manifest.model}: {counts['works']:,} works, "
        f"{counts['listeners']:,} listeners, {sum(one.size for one in files) / 1e6:.0f} MB on "
        f"disk, opened and held to its hashes in {opened:.2f} s"
    )
    ids = [name.decode() for name in bundle.arrays[LISTENER_IDS]]
    drawn = np.random.default_rng(1).integers(0, len(ids), pages, np.int32)
    wishes: dict[str, Callable[[int], ListeningWish]] = {
        "a listener": lambda one: ListeningWish(heard=bundle.heard(ids[one]), hour=20),
        "a seed": lambda one: ListeningWish(seeds=[one % counts["works"]]),
        "an act": lambda one: ListeningWish(acts=[bundle.act_names[one % len(bundle.act_names)]]),
        "nobody": lambda one: ListeningWish(hour=one % 24),
    }
    print(f"{'of whom':12}{'first ms':>10}{'p50 ms':>9}{'p99 ms':>9}")
    for name, wish_of in wishes.items():
        times = _times(bundle, wish_of, drawn)
        p50, p99 = np.percentile(times[1:], [50, 99])
        print(f"{name:12}{times[0]:>10.1f}{p50:>9.2f}{p99:>9.2f}", flush=True)
    after = process.memory_info().rss
    print(f"memory: {(after - before) / 1e6:.0f} MB more than before it was opened")


def make_bundle(works: int, listeners: int, plays: int) -> BundleParts:
    """A bundle of made-up plays: every part that is served, and trees."""
    known = made_up(plays, listeners, works)
    vectors = make_vectors(works).astype(np.float64)
    acts = (np.arange(works) // _WORKS_PER_ACT).astype(np.int32)
    chances = np.random.default_rng(2).random(int(acts[-1]) + 1)
    ages = np.random.default_rng(3).integers(0, 2_000, works).astype(float)

    def parts_of(learnt: Interactions) -> dict:
        return {
            "collaborative": AlternatingFactors().fit(learnt),
            "items": Ease().fit(learnt),
            "listeners": ListenerNeighbours().fit(learnt),
            "content": SoundsAlike.of(learnt.presence(), vectors),
            "act": OfTheSameActs(learnt.presence(), acts),
            "popular": Popularity().fit(learnt),
            "rising": rising(acts, chances),
            "recency": recency(ages),
        }

    quotas = {name: min(most, max(20, int(_SHARE * works))) for name, most in _QUOTAS.items()}
    facts = {"age_days": ages, "rise_chance": chances[acts]}
    mask = stratified(known.items, 7)
    learnt, held_back = known.where(mask), known.where(~mask)
    taught = np.unique(held_back.users)[:500].astype(np.int32)
    order = learn_order(
        gather(parts_of(learnt), learnt, taught, quotas), held_back.presence(), facts
    )
    rows = _works(acts, chances, ages)
    return BundleParts(
        training_day=dt.date(2026, 11, 28),
        model="made up",
        works=rows,
        names=rows.select(pl.col("work_id").alias("track_id"), *rows.columns[:4]),
        listener_ids=np.array([f"u{number:032x}" for number in range(listeners)]),
        known=known,
        parts=served_parts(parts_of(known)),
        quotas=quotas,
        weights={},
        vectors=vectors.astype(np.float32),
        trees=order.trees.booster_.model_to_string(),
        facts=facts,
        popular_by_hour=np.random.default_rng(4).random((24, works)).astype(np.float32),
        is_simulated=True,
        counts={"plays": len(known)},
    )


def _works(acts: Codes, chances: np.ndarray, ages: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "work_id": [f"work{row:09}" for row in range(len(acts))],
            "artist": [f"ACT {act}" for act in acts],
            "artist_name": [f"Act {act}" for act in acts],
            "title": [f"Song {row}" for row in range(len(acts))],
            "version_count": 1,
            "cluster": [row % 10 for row in range(len(acts))],
            "cluster_name": "fast, bright",
            "age_days": ages,
            "rise_chance": chances[acts],
        }
    )


def _times(bundle: Bundle, wish_of: Callable[[int], ListeningWish], drawn: Codes) -> list[float]:
    times = []
    for one in drawn:
        begun = time.perf_counter()
        recommend(bundle, wish_of(int(one)))
        times.append(1000 * (time.perf_counter() - begun))
    return times


if __name__ == "__main__":
    run(main)
