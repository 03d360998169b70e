"""What finding near works costs: building each kind of index, its memory and recall, a query.

    python -m bench.nearness [--works 1000000] [--kinds exact,ivf,hnsw] [--queries 1000]

Belongs here: made-up works with the vectors that real ones have, and clocks. Does not belong here:
which works are near (`kpop_assets/recommend/`). Queries go one at a time through one thread; recall
is the share of the ten nearest of an index that looks at all, for works that no index was set by.
"""

from __future__ import annotations

import argparse
import time
from typing import get_args

import faiss
import numpy as np

from bench.arguments import positive
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.works.near_index import Floats, Kind, NearIndex, recall_of

NEAREST = 10
_ACTS_PER_WORK = 1 / 12
_SOUNDS = 200


def main() -> None:
    """Make the works, then build and ask each kind of index."""
    parser = argparse.ArgumentParser(prog="python -m bench.nearness", description=__doc__)
    parser.add_argument("--works", type=positive, default=1_000_000)
    parser.add_argument("--queries", type=positive, default=1_000)
    parser.add_argument("--kinds", default=",".join(get_args(Kind)))
    args = parser.parse_args()
    threads = faiss.omp_get_max_threads()
    vectors = make_vectors(args.works + args.queries)
    works, asked = vectors[: args.works], vectors[args.works :]
    exact = faiss.knn(asked, works, NEAREST, faiss.METRIC_INNER_PRODUCT)[1]
    print(f"{args.works:,} works of {works.shape[1]} numbers, {args.queries:,} queries of one")
    print(f"{'kind':8}{'effort':>8}{'build s':>9}{'MB':>8}{'recall':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for kind in args.kinds.split(","):
        begun = time.perf_counter()
        index = NearIndex(works, kind)
        seconds = time.perf_counter() - begun
        faiss.omp_set_num_threads(1)
        times, found = [], []
        for one in asked[:, None]:
            begun = time.perf_counter()
            found.append(index.nearest(one, NEAREST)[1][0])
            times.append(1000 * (time.perf_counter() - begun))
        faiss.omp_set_num_threads(threads)
        recall = recall_of(np.array(found), exact)
        p50, p99 = np.percentile(times, [50, 99])
        print(
            f"{kind:8}{index.effort:>8}{seconds:>9.1f}{index.size_bytes / 1e6:>8.0f}"
            f"{recall:>8.3f}{p50:>9.2f}{p99:>9.2f}",
            flush=True,
        )


def make_vectors(count: int, seed: int = 1) -> Floats:
    """Vectors as works have them: features about some sounds, and words of acts and titles."""
    rng = np.random.default_rng(seed)
    width = len(rules.FEATURES)
    centres = rng.normal(size=(_SOUNDS, width)).astype(np.float32)
    sound = centres[rng.integers(0, _SOUNDS, count)] + 0.7 * rng.normal(size=(count, width))
    acts = rng.normal(size=(max(1, int(count * _ACTS_PER_WORK)), rules.WORD_DIMENSIONS))
    # A few acts have most of the works.
    whose = (len(acts) * rng.random(count) ** 3).astype(np.int64)
    words = acts[whose].astype(np.float32) + rng.normal(size=(count, rules.WORD_DIMENSIONS))
    parts = (
        np.sqrt(rules.SOUND_WEIGHT) * sound / np.linalg.norm(sound, axis=1, keepdims=True),
        np.sqrt(rules.WORDS_WEIGHT) * words / np.linalg.norm(words, axis=1, keepdims=True),
    )
    return np.hstack(parts).astype(np.float32)


if __name__ == "__main__":
    main()
