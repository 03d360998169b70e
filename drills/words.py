"""Are keywords words that a person would put on a slide? Prints some to be read.

Run as `KPOP_HOME=... python -m drills.words --count 100 [--day DAY] [--scope acts]`. They are taken
in turn from the three rankings, each word once, with a title of a day's video that has it; mark
those that say nothing, and their share is what precision lacks. There is no list of right answers:
the aim of .95 is held by reading.

Belongs here: choosing what is read. Does not belong here: what a word is (kpop_assets/lens), or how
long it takes (`bench.words`).
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator

import polars as pl

from kpop_assets.insights.keyword_radar import Radar, read_keywords, read_word_videos
from kpop_assets.lake.reader import LakeReader
from kpop_assets.settings import load_settings


def main() -> None:
    """Print the words, each with a title; exit code 1 where there is none."""
    parser = argparse.ArgumentParser(prog="python -m drills.words", description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--day", type=dt.date.fromisoformat, help="default: the newest")
    parser.add_argument("--scope", default="everything")
    args = parser.parse_args()
    lake = LakeReader(load_settings().lake)
    radar = read_keywords(lake, args.day, args.scope)
    chosen = list(choose(radar, args.count))
    for number, (word, kind, ranking) in enumerate(chosen, start=1):
        videos = read_word_videos(lake, word, radar.scope, radar.day)
        print(f"{number:3} {word} ({kind}, {ranking}, {videos.height}): {videos.item(0, 'text')}")
    sys.exit(not chosen)


def choose(radar: Radar, count: int) -> Iterator[tuple[str, str, str]]:
    """Word, kind and ranking of as many words, the first of each ranking first."""
    ordered = radar.rows.sort("rank", "ranking").unique("word", keep="first", maintain_order=True)
    yield from ordered.head(count).select("word", "kind", pl.col("ranking")).iter_rows()


if __name__ == "__main__":
    main()
