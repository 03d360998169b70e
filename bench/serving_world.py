"""A serving bundle as large as a service has: works, listeners, parts fitted to what they played.

    python -m bench.serving_world /tmp/world            # 1,000,000 works, 100,000 listeners
    python -m bench.serving_world /tmp/small --works 20000 --learnt 2000 --listeners 1000

Belongs here: made-up plays, and the parts that a training leaves, fitted to them. Does not belong
here: load (serving.py), or names (made_up_works.py). Listeners have tastes, so that parts agree as
trained ones do: an answer orders fewer works the more they agree (parts of random numbers agreed on
none). Vectors and trees are random numbers: what an answer costs is real, what it says is little.
It says SIMULATED.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path

import numpy as np
import polars as pl
from lightgbm import LGBMRanker

from bench.arguments import check_disk, make_parser, positive, run
from bench.made_up_works import make_works
from bench.nearness import make_vectors
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.recommend_rules import RANKING_LEAVES, RANKING_TREES
from kpop_assets.landing.persons import person_ids
from kpop_assets.ml.trees import REPEATABLE
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.kept_parts import served_part
from kpop_assets.recommend.learners.factors import AlternatingFactors
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.matrices.bundle_parts import BundleParts, ServedPart
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.works.work_search_write import names_by_artist

DAY = dt.date(2026, 11, 28)
NEAREST = 50
_LEAST_PLAYED, _MEAN_PLAYED = 5, 45
# Works belong to so many tastes, a listener has so many of them and plays such a share by them.
_TASTES, _OWN_TASTES, _OWN_SHARE = 100, 3, 0.7
_MONTH_SECONDS, _WEEK_SECONDS = 28 * 86_400, 7 * 86_400
_HOUR_NOISE = 0.5
_QUOTAS = {
    **dict.fromkeys(("collaborative", "items", "listeners", "content"), 500),
    **{"popular": 100, "discovered": 100, "rising": 50},
}
_FACTS = (
    *("age_days", "rise_chance", "outlier_days", "cluster"),
    *("listeners", "month_plays", "week_share"),
)
_TAUGHT, _CANDIDATES = 400, 100
_BYTES_PER_WORK, _BYTES_PER_PAIR = 1_500, 5


def main() -> None:
    """Write the bundle into a data folder."""
    parser = make_parser("bench.serving_world", __doc__)
    parser.add_argument("home", type=Path, help="data folder; its bundle is replaced")
    add_sizes(parser)
    args = parser.parse_args()
    begun = time.perf_counter()
    name = make_world(args.home, args.works, args.learnt, args.listeners)
    print(f"{name} in {args.home}: SIMULATED, made in {time.perf_counter() - begun:.0f} s")


def add_sizes(parser: argparse.ArgumentParser) -> None:
    """Options of how large it is."""
    parser.add_argument("--works", type=positive, default=1_000_000)
    parser.add_argument("--learnt", type=positive, default=10_000, help="works with plays")
    parser.add_argument("--listeners", type=positive, default=100_000)


def listener_name(number: int) -> str:
    """What a made-up listener is called by who asks."""
    return f"listener-{number:07}"


def make_world(home: Path, works: int, learnt: int, listeners: int) -> str:
    """Write a bundle of made-up works and listeners; returns its name."""
    home.mkdir(parents=True, exist_ok=True)
    learnt = min(learnt, works)
    check_disk(home, works * _BYTES_PER_WORK + learnt * learnt * _BYTES_PER_PAIR)
    ids = person_ids(home / "landing", "plays")
    names = np.sort([ids.id_of(listener_name(number)) for number in range(listeners)])
    return write_bundle(home, make_parts(works, learnt, names))


def make_parts(works: int, learnt: int, listener_ids: np.ndarray) -> BundleParts:
    """Everything that a training hands over."""
    rng = np.random.default_rng(5)
    known = _histories(rng, len(listener_ids), learnt)
    rows = _rows(rng, make_works(works))
    vectors = make_vectors(works)
    parts = _parts(rows[:learnt], known, vectors[:learnt])
    facts = {name: rng.random(learnt) for name in _FACTS}
    facts["age_days"] = rows["age_days"][:learnt].to_numpy()
    facts["rise_chance"] = rows["rise_chance"][:learnt].to_numpy()
    return BundleParts(
        training_day=DAY,
        model="fitted to made-up plays",
        works=rows,
        names=rows.select(
            pl.col("work_id").alias("track_id"), "work_id", "artist", "artist_name", "title"
        ),
        listener_ids=listener_ids,
        known=known,
        parts=parts,
        quotas=_QUOTAS,
        weights={},
        vectors=vectors,
        trees=_trees(rng, 3 * len(parts) + len(facts)),
        facts=facts,
        popular_by_hour=_by_hour(rng, known),
        told_popularity=100 * rng.random(works) ** 4,
        act_names=names_by_artist(load_catalog()),
        is_simulated=True,
        counts={"plays": int(known.values.sum())},
    )


def _histories(rng: np.random.Generator, listeners: int, learnt: int) -> Interactions:
    """Each listener has played works, mostly of their tastes, those that many play more often."""
    lengths = _LEAST_PLAYED + rng.geometric(1 / _MEAN_PLAYED, listeners)
    users = np.repeat(np.arange(listeners, dtype=np.int32), lengths)
    items = (learnt * rng.random(len(users)) ** 2.5).astype(np.int32)
    # Every hundredth work is of one taste: the work of it that is nearly as popular.
    own = rng.integers(0, _TASTES, (listeners, _OWN_TASTES))
    taste = own[users, rng.integers(0, _OWN_TASTES, len(users))]
    of_taste = np.minimum(items - items % _TASTES + taste, learnt - 1)
    items = np.where(rng.random(len(users)) < _OWN_SHARE, of_taste, items).astype(np.int32)
    last = int(dt.datetime(DAY.year, DAY.month, DAY.day, tzinfo=dt.UTC).timestamp())
    times = last - (_MONTH_SECONDS * rng.random(len(users))).astype(np.int64)
    plays = rng.geometric(0.3, len(users)).astype(np.float64)
    return Interactions(users, items, plays, times, listeners, learnt)


def _rows(rng: np.random.Generator, works: pl.DataFrame) -> pl.DataFrame:
    count = len(works)
    return works.with_columns(
        pl.lit(1, pl.Int32).alias("version_count"),
        pl.Series("cluster", rng.integers(0, 10, count), pl.Int32),
        pl.lit("danceable, energetic").alias("cluster_name"),
        pl.Series("age_days", rng.integers(0, 4_000, count).astype(float)),
        pl.Series("rise_chance", 0.5 * rng.random(count)),
    )


def _by_hour(rng: np.random.Generator, known: Interactions) -> np.ndarray:
    """How often each work is played at each hour: its plays, an hour other than the next."""
    chances = 1 + _HOUR_NOISE * (rng.random((24, known.item_count)) - 0.5)
    return (chances * _plays(known, 0)).astype(np.float32)


def _plays(known: Interactions, since: int) -> np.ndarray:
    """How many listeners played each work last at a moment or later."""
    return np.bincount(known.items[known.times >= since], minlength=known.item_count).astype(float)


def _parts(rows: pl.DataFrame, known: Interactions, vectors: np.ndarray) -> dict[str, ServedPart]:
    """Those that a hybrid with trees serves, fitted to the plays."""
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    _, acts = np.unique(rows["artist_name"].to_numpy().astype(str), return_inverse=True)
    of_acts = {"acts": acts.astype(np.int32)}
    scores = {
        "popular": _plays(known, 0),
        "discovered": _plays(known, int(known.times.max()) - _WEEK_SECONDS),
        "rising": rows["rise_chance"].to_numpy(),
        "recency": -rows["age_days"].to_numpy(),
    }
    return {
        "collaborative": served_part(AlternatingFactors().fit(known)),
        "items": served_part(Ease().fit(known)),
        "listeners": ServedPart("listeners", {}, {"nearest": NEAREST}),
        "content": ServedPart("sounds", {"units": units}, {"is_counted": 0.0}),
        "act": ServedPart("acts", of_acts),
        "act_lately": ServedPart("acts", of_acts, {"days": 21.0}),
        **{name: ServedPart("same", {"scores": told}) for name, told in scores.items()},
    }


def _trees(rng: np.random.Generator, width: int) -> str:
    """As many trees with as many leaves as a training fits, over numbers that say nothing."""
    table = rng.random((_TAUGHT * _CANDIDATES, width))
    labels = (table[:, 0] + rng.random(len(table)) > 1.6).astype(int)
    trees = LGBMRanker(
        objective="lambdarank",
        n_estimators=RANKING_TREES,
        num_leaves=RANKING_LEAVES,
        random_state=1,
        **REPEATABLE,
    )
    trees.fit(table, labels, group=[_CANDIDATES] * _TAUGHT)
    return trees.booster_.model_to_string()


if __name__ == "__main__":
    run(main)
