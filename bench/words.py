"""What do the words of 10,000 titles cost, in seconds of CPU, loading included?

Run as `python -m bench.words [--home FOLDER] [--titles 20000]`. Titles are the distinct ones of a
home's `bronze/events`, again and again with a number until there are as many; without a home those
of `bench.titles`, which are made up: their Korean is no language, and costs more.

Belongs here: titles and their cost. Does not belong here: whether words are good (`drills.words`).
"""

from __future__ import annotations

import argparse
import resource
import time
from itertools import count, islice
from pathlib import Path

from bench.titles import make_rows
from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.word_reader import VideoTexts, WordReader


def main() -> None:
    """Print seconds of CPU to load and to read, a 10,000 titles, and the highest memory."""
    parser = argparse.ArgumentParser(prog="python -m bench.words", description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--titles", type=int, default=20_000)
    args = parser.parse_args()
    catalog = load_catalog()
    videos = [VideoTexts(title) for title in make_titles(catalog, args.home, args.titles)]
    started, wall = time.process_time(), time.perf_counter()
    reader = WordReader(catalog)
    reader.read([VideoTexts("안녕하세요")])
    print(f"loading: {time.process_time() - started:.1f} s of CPU")
    read, began = time.process_time(), time.perf_counter()
    words = sum(map(len, reader.read(videos)))
    seconds = time.process_time() - read
    print(f"{len(videos):,} titles, {words:,} words: {seconds:.1f} s of CPU")
    print(f"a 10,000 titles: {seconds / len(videos) * 10_000:.2f} s of CPU")
    ended = time.perf_counter()
    print(f"wall: {ended - began:.1f} s, with loading {ended - wall:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:,.0f} MB")


def make_titles(catalog: Catalog, home: Path | None, number: int) -> list[str]:
    """As many titles, no two of them alike."""
    if home is None:
        return [row[0] for row in make_rows(catalog, number)]
    titles = LakeReader(home / "lake").rows(EVENTS, columns=["text"]).get_column("text")
    distinct = titles.unique().sort().to_list()
    again = (title if turn == 0 else f"{title} {turn}" for turn in count() for title in distinct)
    return list(islice(again, number))


if __name__ == "__main__":
    main()
