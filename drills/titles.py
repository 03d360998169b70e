"""How often is a title credited to the right act, by evidence and by decade?

Run as `python -m drills.titles FOLDER` with the folder of `kpop_titles.csv` (year, artist, title,
channel). An answer is right where it is the file's act; a member for the group, or a unit for the
band, is related. Labels were made by others and some are wrong, so the wrong answers are to be
read (`--wrong`, `--missed`).

Of the acts one half (`--half 0` or `1`, by a hash of the name) may be read while rules are made;
the other says what the rules are worth for acts that nobody looked at.

Belongs here: counting. Does not belong here: a rule (kpop_assets/catalog).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kpop_assets.catalog.catalog import OTHER, Catalog, load_catalog
from kpop_assets.catalog.credits import Match
from kpop_assets.catalog.matcher import matcher_of

# What was measured (.993, .979 exactly the act, .953) less .005, so that a fall is seen.
LEAST_PRECISION, LEAST_EXACT, LEAST_RECALL = 0.988, 0.974, 0.948
Verdict = Literal["right", "related", "wrong", "missed"]


@dataclass(frozen=True)
class Judged:
    """A title of the file, the answer, and what it is worth."""

    row: dict[str, str]
    artist: str
    answer: Match
    verdict: Verdict

    @property
    def half(self) -> int:
        """Which half of the acts it belongs to."""
        return half_of(self.artist)


@dataclass(frozen=True)
class Score:
    """Counts of verdicts.

    Attributes:
        titles: how many.
        precision: right and related of those that got an act.
        exact: right of those that got an act.
        recall: right and related of all.
    """

    titles: int
    precision: float
    exact: float
    recall: float


def main() -> None:
    """Print the scores; exit code 1 where one of all is below its bound."""
    parser = argparse.ArgumentParser(prog="python -m drills.titles", description=__doc__)
    parser.add_argument("folder", type=Path, help="with kpop_titles.csv")
    parser.add_argument("--half", type=int, choices=(0, 1), help="of the acts; both by default")
    parser.add_argument("--wrong", action="store_true", help="print wrong answers")
    parser.add_argument("--missed", action="store_true", help="print titles without an answer")
    args = parser.parse_args()
    catalog = load_catalog()
    judged = [
        each
        for each in judge_file(args.folder / "kpop_titles.csv", catalog)
        if args.half in (None, each.half)
    ]
    for name, score in scores(judged).items():
        print(
            f"{name:24} {score.titles:6,} titles, precision {score.precision:.3f} "
            f"(exactly the act {score.exact:.3f}), recall {score.recall:.3f}"
        )
    for each in judged:
        if (args.wrong and each.verdict == "wrong") or (args.missed and each.verdict == "missed"):
            row = each.row
            print(f"{each.artist} -> {each.answer.artist}: {row['title']} | {row['channel']}")
    whole = scores(judged)["all"]
    print(
        f"aims, of all: precision {LEAST_PRECISION}, exactly the act {LEAST_EXACT}, "
        f"recall {LEAST_RECALL}: {'reached' if reaches(whole) else 'MISSED'}"
    )
    sys.exit(not reaches(whole))


def reaches(score: Score) -> bool:
    """Whether a score is no lower than the aims."""
    is_precise = score.precision >= LEAST_PRECISION and score.exact >= LEAST_EXACT
    return is_precise and score.recall >= LEAST_RECALL


def judge_file(path: Path, catalog: Catalog) -> Iterator[Judged]:
    """The titles of the file whose act is in the catalogue, each with the answer."""
    match = matcher_of(catalog).match
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            act = catalog.find(row["artist"])
            if act is not None:
                answer = match(row["title"], row["channel"], None, "youtube")
                yield Judged(row, act.artist, answer, _verdict(answer.artist, act.artist, catalog))


def scores(judged: list[Judged]) -> dict[str, Score]:
    """By decade, by evidence, by half of the acts, and of all."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for each in judged:
        decade = f"{each.row['year'][:3]}0s"
        evidence, half = f"by {each.answer.evidence}", f"acts of half {each.half}"
        for name in (decade, evidence, half, "all"):
            counts[name][each.verdict] += 1
    return {name: _score(counts[name]) for name in sorted(counts)}


def half_of(artist: str) -> int:
    """0 or 1, by the name alone."""
    return hashlib.sha256(artist.encode()).digest()[0] % 2


def _score(count: Counter[Verdict]) -> Score:
    answered = max(1, count.total() - count["missed"])
    good = count["right"] + count["related"]
    return Score(
        count.total(), good / answered, count["right"] / answered, good / max(1, count.total())
    )


def _verdict(answer: str, artist: str, catalog: Catalog) -> Verdict:
    if answer == artist:
        return "right"
    if answer == OTHER:
        return "missed"
    is_related = catalog[answer].group == artist or catalog[artist].group == answer
    return "related" if is_related else "wrong"


if __name__ == "__main__":
    main()
