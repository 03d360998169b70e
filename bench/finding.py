"""What finding works costs: writing the search, opening it, p50 and p99 by what is typed, memory.

    python -m bench.finding                 # 1,000,000 made-up works
    python -m bench.finding --works 100000 --queries 200 --peers

Belongs here: queries of each kind, clocks, and the same question put to programs that look at every
name (`--peers`: DuckDB and rapidfuzz). Does not belong here: what fits
(kpop_assets/recommend/works/work_search.py). Queries go one at a time through one thread.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import psutil
from rapidfuzz import fuzz, process

from bench.arguments import make_parser, positive, run
from bench.made_up_works import make_works
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.recommend.works.typed_letters import firsts_of
from kpop_assets.recommend.works.work_search import WorkSearch
from kpop_assets.recommend.works.work_search_write import names_by_artist, write_work_search

_SHOWN = 10
_PEER_QUERIES = 20


def main() -> None:
    """Make the works, write the search, ask it."""
    parser = make_parser("bench.finding", __doc__)
    parser.add_argument("--works", type=positive, default=1_000_000)
    parser.add_argument("--queries", type=positive, default=500, help="of each kind")
    parser.add_argument(
        "--peers", action="store_true", help="also programs that look at every name"
    )
    args = parser.parse_args()
    works = make_works(args.works)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.sqlite"
        begun = time.perf_counter()
        names = works.rename({"work_id": "track_id"}).with_columns(work_id="track_id")
        fame = np.random.default_rng(3).pareto(1, len(works))
        write_work_search(path, works, names, fame, names_by_artist(load_catalog()))
        print(
            f"{len(works):,} works: written in {time.perf_counter() - begun:.0f} s, "
            f"{path.stat().st_size / 1e6:.0f} MB"
        )
        _ask(path, works, args.queries)
    if args.peers:
        _ask_peers(works)


def queries_of(works: pl.DataFrame, count: int) -> dict[str, list[str]]:
    """What people type of works drawn at random, by kind."""
    rng = np.random.default_rng(4)
    drawn = [works.row(int(row), named=True) for row in rng.integers(0, len(works), count)]
    titles = [row["title"] for row in drawn]
    hangul = [title for title in works["title"].head(50_000) if "가" <= title[0] <= "힣"][:count]
    return {
        "a letter": [title[0] for title in titles],
        "three letters": [title[:3] for title in titles],
        "a title": titles,
        "half a title": [title[: max(1, len(title) // 2)] for title in titles],
        "act - title": [f"{row['artist_name']} - {row['title']}" for row in drawn],
        "act, title begun": [f"{row['artist_name']} {row['title'][:3]}" for row in drawn],
        "an act": [row["artist_name"] for row in drawn],
        "first consonants": ["".join(map(firsts_of, title.split()))[:4] for title in hangul],
        "a slip": [_slipped(title, rng) for title in titles],
        "nothing": [f"{title}qxz" for title in titles],
    }


def _ask(path: Path, works: pl.DataFrame, count: int) -> None:
    own = psutil.Process()
    before = own.memory_full_info()
    begun = time.perf_counter()
    search = WorkSearch(path)
    print(f"opened in {1000 * (time.perf_counter() - begun):.1f} ms")
    print(f"{'what is typed':20}{'found':>8}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}")
    every: list[float] = []
    for kind, typed in queries_of(works, count).items():
        times, hits = _times(lambda one: len(search.find(one, _SHOWN)), typed)
        every += times
        p50, p99 = np.percentile(times, [50, 99])
        print(f"{kind:20}{hits:>8.0%}{p50:>9.2f}{p99:>9.2f}{max(times):>9.1f}", flush=True)
    p50, p99 = np.percentile(every, [50, 99])
    print(f"{'all':28}{p50:>9.2f}{p99:>9.2f}{max(every):>9.1f}")
    after = own.memory_full_info()
    print(
        f"memory: {(after.uss - before.uss) / 1e6:.0f} MB of its own, "
        f"{(after.rss - before.rss) / 1e6:.0f} MB with what it maps"
    )
    search.close()


def _ask_peers(works: pl.DataFrame) -> None:
    """Programs that look at every name, asked for what begins so and what is spelled alike."""
    names = [f"{act} {title}".lower() for act, title in works.select("artist_name", "title").rows()]
    frame = pl.DataFrame({"name": names})
    typed = [one.lower() for one in queries_of(works, _PEER_QUERIES)["half a title"]]
    asked = duckdb.connect()
    asked.execute("SET threads = 1")
    asked.register("names", frame.to_arrow())

    def contains(one: str) -> int:
        rows = asked.execute(
            "SELECT name FROM names WHERE contains(name, ?) LIMIT ?", [one, _SHOWN]
        )
        return len(rows.fetchall())

    def alike(one: str) -> int:
        return len(process.extract(one, names, scorer=fuzz.partial_ratio, limit=_SHOWN))

    for name, ask in (("DuckDB contains", contains), ("rapidfuzz over all", alike)):
        times, _ = _times(ask, typed)
        p50, p99 = np.percentile(times, [50, 99])
        print(f"{name:28}{p50:>9.2f}{p99:>9.2f}{max(times):>9.1f}", flush=True)


def _times(ask: Callable[[str], int], typed: list[str]) -> tuple[list[float], float]:
    """Milliseconds of each query, and the share that found something."""
    times, hits = [], 0
    for one in typed:
        begun = time.perf_counter()
        hits += ask(one) > 0
        times.append(1000 * (time.perf_counter() - begun))
    return times, hits / max(1, len(typed))


def _slipped(title: str, rng: np.random.Generator) -> str:
    """A title with two letters of a word in each other's place."""
    if len(title) < 4:
        return title
    at = int(rng.integers(1, len(title) - 2))
    return title[:at] + title[at + 1] + title[at] + title[at + 2 :]


if __name__ == "__main__":
    run(main)
