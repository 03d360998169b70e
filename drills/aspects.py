"""How often is a clause given to the right aspect, with the right sign?

Run as `python -m drills.aspects`. Clauses and labels are those of
`kpop_assets_tests/audience/aspects/aspect_clauses.tsv`, whose head says how they were drawn and
labelled. `--wrong` prints what went wrong of the set that may be read. `--propose CSV` learns
vectors of the words of a file with a column `review` (gzip or plain) and prints words that stand
where those of an aspect stand: a person reads them, and enters in `aspect_words.toml` what belongs
there.

`--learn CSV` also judges signs with a model of sentiment, which it learns of that file's reviews
(`review_id`, `movie_id`, `rating` of 1 to 10) of films of which no clause here is.

Belongs here: counting. Does not belong here: a word or rule (kpop_assets/audience).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpop_assets.audience.aspects.clause_aspects import SentimentOf, judge_clauses
from kpop_assets.audience.aspects.word_neighbours import Neighbour, learn_vectors, near_words
from kpop_assets.audience.sentiments.sentiment_families import sentiment_families
from kpop_assets.audience.sentiments.sentiment_rows import read_rated
from kpop_assets.audience.sentiments.sentiment_training import train_sentiment
from kpop_assets.audience.words.word_lists import LISTS, naming_words

CLAUSES = Path(__file__).parents[1] / "kpop_assets_tests" / "audience/aspects/aspect_clauses.tsv"
SETS = ("rules", "held", "fresh")
# The family that learns fastest of those that answer.
MODEL = "weighed"
# Below these nine of ten proposals name no aspect.
LEAST_SIMILAR, LEAST_LEAD = 0.5, 0.15
# A sentiment nearer to 0 is neither praise nor complaint.
_NEITHER = 0.1


@dataclass(frozen=True)
class LabelledClause:
    """A clause, its labels by hand and the answer: sign by aspect, `+`, `-` or `0`."""

    text: str
    labels: dict[str, str]
    answer: dict[str, str]


@dataclass(frozen=True)
class AspectScore:
    """Counts over clauses.

    Attributes:
        clauses: how many.
        labels: aspects by hand.
        precision: of the aspects that were found, the share that is labelled.
        recall: of those labelled, the share that was found.
        sign: of those found and labelled, the share with the labelled sign.
        sign_of_judged: the same, of those labelled + or -.
    """

    clauses: int
    labels: int
    precision: float
    recall: float
    sign: float
    sign_of_judged: float


def main() -> None:
    """Print the scores of each set and list; exit code 1 where there is no clause."""
    parser = argparse.ArgumentParser(prog="python -m drills.aspects", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print what went wrong of `rules`")
    parser.add_argument("--propose", type=Path, metavar="CSV", help="print words the lists lack")
    parser.add_argument("--learn", type=Path, metavar="CSV", help="learn a model for signs")
    args = parser.parse_args()
    if args.propose:
        for near in propose_words(args.propose):
            figures = f"{near.similarity:.2f} +{near.lead:.2f} {near.times:6}"
            print(f"{near.aspect:15} {figures} {near.word}")
        return
    model = learn_sentiment(args.learn) if args.learn else None
    found = 0
    for name in SETS:
        for listed in LISTS:
            judged = judge_file(name, listed, model)
            if judged:
                found += len(judged)
                print(f"{name:6} {listed:6} {_line(score_aspects(judged))}")
            if args.wrong and name == "rules":
                for each in judged:
                    if each.labels != each.answer:
                        print(f"  {each.text} | {each.labels} | {each.answer}")
    sys.exit(not found)


def judge_file(
    name: str, listed: str, sentiment_of: SentimentOf | None = None
) -> list[LabelledClause]:
    """The clauses of a set that a list is read for, each with the answer."""
    rows = [row for row in _rows() if row[:2] == (name, listed)]
    words = next(known for known in LISTS if known == listed)
    judged = judge_clauses([[text] for _, _, text, _ in rows], words, sentiment_of)
    return [
        LabelledClause(
            text,
            {label[:-1]: label[-1] for label in labels.split()},
            {aspect: _sign(sentiment) for aspect, sentiment, _ in clause},
        )
        for (_, _, text, labels), (clause,) in zip(rows, judged, strict=True)
    ]


def score_aspects(judged: Sequence[LabelledClause]) -> AspectScore:
    """Precision, recall and signs of answers."""
    both = [
        (each.labels[aspect], each.answer[aspect])
        for each in judged
        for aspect in each.labels
        if aspect in each.answer
    ]
    labels = sum(len(each.labels) for each in judged)
    answers = sum(len(each.answer) for each in judged)
    return AspectScore(
        len(judged),
        labels,
        len(both) / max(answers, 1),
        len(both) / max(labels, 1),
        _share_equal(both),
        _share_equal([pair for pair in both if pair[0] != "0"]),
    )


def learn_sentiment(path: Path) -> SentimentOf:
    """A model of reviews of the films that no labelled clause is of."""
    told = pl.read_csv(path).drop_nulls("review")
    own = {review for _, _, review, *_ in _cells()}
    films = told.filter(pl.col("review_id").cast(pl.String).is_in(own))["movie_id"].unique()
    others = told.filter(~pl.col("movie_id").is_in(films.implode())).select(
        text="review",
        subject="movie_id",
        rating_100=(pl.col("rating") - 1) / 9 * 100,
        lang=pl.lit("ko"),
        voice_kind=pl.lit("text"),
    )
    rows = read_rated(others, "ko")
    chosen = [one for one in sentiment_families("ko") if one.name == MODEL]
    (trained,) = train_sentiment(rows, chosen, "ko")
    print(
        f"{MODEL}: learnt of {len(rows.texts):,} reviews of {others['subject'].n_unique():,} films"
    )

    def sentiment_of(texts: Sequence[str]) -> list[float]:
        return [float(good - bad) for bad, _, good in trained.model.moods(texts)]

    return sentiment_of


def propose_words(path: Path) -> list[Neighbour]:
    """Words of a file of reviews that stand where the words of a film's aspects do."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        texts = [row["review"] for row in csv.DictReader(file)]
    found = near_words(learn_vectors(texts), naming_words("film"))
    return [near for near in found if near.similarity >= LEAST_SIMILAR and near.lead >= LEAST_LEAD]


def _share_equal(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(left == right for left, right in pairs) / max(len(pairs), 1)


def _rows() -> Iterator[tuple[str, str, str, str]]:
    for name, listed, _, text, labels in _cells():
        yield name, listed, text, labels


def _cells() -> Iterator[Iterable[str]]:
    for line in CLAUSES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield _padded(line.split("\t"), 5)


def _padded(cells: Sequence[str], count: int) -> Iterable[str]:
    return [*cells, *[""] * (count - len(cells))]


def _sign(sentiment: float) -> str:
    if abs(sentiment) < _NEITHER:
        return "0"
    return "+" if sentiment > 0 else "-"


def _line(score: AspectScore) -> str:
    return (
        f"{score.clauses:4} clauses, {score.labels:3} labels: precision {score.precision:.3f}, "
        f"recall {score.recall:.3f}, sign {score.sign:.3f} ({score.sign_of_judged:.3f} of + and -)"
    )


if __name__ == "__main__":
    main()
