"""What a distinct title costs: the matcher alone, and inside the engine.

Belongs here: made-up titles of the lengths and scripts of popular ones, and CPU seconds. Does not
belong here: whether the answers are right (`drills.titles`).

Run as `python -m bench.titles --titles 1000000 [--engine]`. Of 100 titles two name an act, as among
the popular videos of Korea. The engine's figure has all of its threads in
it: handing the rows to Python and taking them back.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.catalog.matcher import Matcher

_SEED = 20260301
_CHANNELS = 20_000
_SHARE_OF_ACTS = 0.02
_SIGNS = ("", "", "", " |", " -", "!", "...", " ㅋㅋ", " 🔥", ",")
_ENGLISH = ("the", "best", "of", "my", "life", "how", "to", "make", "one", "record", "day")
Row = tuple[str, str, str, str]


def main() -> None:
    """Print CPU seconds and microseconds a title."""
    parser = argparse.ArgumentParser(prog="python -m bench.titles", description=__doc__)
    parser.add_argument("--titles", type=int, default=1_000_000)
    parser.add_argument("--engine", action="store_true", help="also inside the embedded engine")
    args = parser.parse_args()
    catalog = load_catalog()
    rows = make_rows(catalog, args.titles)
    started = time.process_time()
    matcher = Matcher(catalog)
    print(f"the matcher is built in {time.process_time() - started:.2f} s of CPU")
    started = time.process_time()
    hits = sum(bool(matcher.match(*row).credits) for row in rows)
    _print("the function alone", time.process_time() - started, len(rows), hits)
    if args.engine:
        _in_engine(catalog, rows)


def make_rows(catalog: Catalog, count: int) -> list[Row]:
    """Distinct titles with channel name, channel id and source."""
    rng = random.Random(_SEED)
    names = [name for act in catalog for name in act.names]
    words = [_korean_word(rng) for _ in range(30_000)]
    words += _ENGLISH * 400
    channels = [
        (" ".join(rng.choices(words, k=2)), f"UC{number:022d}") for number in range(_CHANNELS)
    ]
    rows = []
    for number in range(count):
        parts = [word + rng.choice(_SIGNS) for word in rng.choices(words, k=rng.randint(4, 14))]
        if rng.random() < _SHARE_OF_ACTS:
            parts.insert(rng.randrange(len(parts)), rng.choice(names))
        parts.append(f"#{number}")
        rows.append((" ".join(parts), *rng.choice(channels), "youtube"))
    return rows


def _korean_word(rng: random.Random) -> str:
    return "".join(chr(rng.randint(0xAC00, 0xD7A3)) for _ in range(rng.randint(1, 5)))


def _in_engine(catalog: Catalog, rows: list[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from kpop_assets.bronze.tagging import ADDED, tagger_of
    from kpop_assets.engine.session import open_session
    from kpop_assets.settings import Settings

    def tag(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from tagger_of(catalog).tag(pa.Table.from_batches([batch])).to_batches()

    spark = open_session(Settings(home=Path(os.environ.get("KPOP_HOME", "data"))))
    names = ["text", "author_name", "author_id", "source"]
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    # By a file: a million rows are too long for one message to an engine.
    with TemporaryDirectory() as folder:
        pq.write_table(pa.table(columns, names=names), f"{folder}/titles.parquet")
        events = spark.read.parquet(f"{folder}/titles.parquet")
        schema = ", ".join(f"{name} string" for name in (*names, *ADDED))
        events.limit(10).mapInArrow(tag, schema).collect()
        started = time.process_time()
        hits = events.mapInArrow(tag, schema).where("artist != 'OTHER'").count()
        _print("inside the engine", time.process_time() - started, len(rows), hits)


def _print(what: str, seconds: float, count: int, hits: int) -> None:
    each = seconds / count * 1e6
    print(f"{what}: {count:,} titles, {hits:,} name an act")
    print(f"  {seconds:.1f} s of CPU, {each:.1f} us each")


if __name__ == "__main__":
    main()
