"""How good is every family of sentiment models on rated reviews, and what does it cost?

    python -m bench.sentiments reviews naver_reviews_dev.csv.gz --seeds 3
    python -m bench.sentiments reviews FILE --families weighed,joined
    python -m bench.sentiments toxicity train.tsv --unseen dev.tsv
    python -m bench.sentiments speed --home FOLDER

Reviews are a table with `movie_id`, `rating` (1 to 10) and `review`. For each seed a fifth of the
films is held back: families learn from the others, by cross-validation among these, and are held
to those films once. Each text counts once, and each end of ratings alike, which is what a test of
as many of each says.

Belongs here: splits, figures over seeds, and speed. Does not belong here: a family, or its figures.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from bench.arguments import make_parser, positive
from kpop_assets.audience.sentiments.moods import MoodModels, toxic_chance
from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily, sentiment_families
from kpop_assets.audience.sentiments.sentiment_figures import SentimentFigures, measure_moods
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, read_rated
from kpop_assets.audience.sentiments.sentiment_training import (
    JudgedSentiment,
    subject_folds,
    train_sentiment,
)
from kpop_assets.audience.sentiments.toxicity import (
    quote_figures,
    read_labelled_comments,
    toxicity_families,
    train_toxicity,
)
from kpop_assets.audience.words.abuse import has_abuse

_SPEED_TEXTS, _SPEED_LETTERS = 100_000, 80


def main() -> None:
    """Print what is asked for."""
    parser = make_parser("bench.sentiments", __doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    reviews = commands.add_parser("reviews")
    reviews.add_argument("file", type=Path)
    reviews.add_argument("--seeds", type=positive, default=3)
    reviews.add_argument("--families", default="", help="names parted by commas; all by default")
    reviews.add_argument("--transformer", type=Path, help="folder of a checkpoint that competes")
    toxicity = commands.add_parser("toxicity")
    toxicity.add_argument("file", type=Path)
    toxicity.add_argument("--unseen", type=Path, help="labelled comments to judge, not to learn")
    speed = commands.add_parser("speed")
    speed.add_argument("--home", type=Path, required=True, help="whose models answer")
    arguments = parser.parse_args()
    ask = {"reviews": _reviews, "toxicity": _toxicity, "speed": _speed}
    ask[arguments.what](arguments)


def read_reviews(file: Path) -> RatedTexts:
    """The reviews of a file, each text once, ratings on the common scale."""
    told = pl.read_csv(file).drop_nulls("review")
    rows = told.select(
        text="review",
        subject="movie_id",
        rating_100=(pl.col("rating") - 1) / 9 * 100,
        lang=pl.lit("ko"),
        voice_kind=pl.lit("text"),
    )
    return read_rated(rows, "ko")


def _reviews(arguments: argparse.Namespace) -> None:
    rows = read_reviews(arguments.file)
    wanted = [name for name in arguments.families.split(",") if name]
    every = sentiment_families("ko", arguments.transformer)
    families = [one for one in every if not wanted or one.name in wanted]
    print(
        f"{len(rows.texts):,} texts about {len(np.unique(rows.subjects)):,} films, "
        f"{rows.is_negative.sum():,} negative, {rows.is_positive.sum():,} positive"
    )
    figures: dict[str, list[SentimentFigures]] = defaultdict(list)
    costs: dict[str, tuple[float, float, float]] = {}
    for seed in range(1, arguments.seeds + 1):
        _hold_back(rows, families, seed, figures, costs)
        _print_figures(figures, costs)


def _hold_back(
    rows: RatedTexts,
    families: Sequence[SentimentFamily],
    seed: int,
    figures: dict[str, list[SentimentFigures]],
    costs: dict[str, tuple[float, float, float]],
) -> None:
    folds = subject_folds(rows.subjects, 5, seed)
    held, learnt = (rows.take(np.flatnonzero(is_one)) for is_one in (folds == 0, folds != 0))
    for judged in train_sentiment(learnt, families, "ko", seed):
        name = judged.family.name
        figures[name].append(measure_moods(judged.model.moods(held.texts), held))
        size = sum(part.size_bytes for part in judged.model.parts) / 1e6
        costs[name] = judged.latency_ms, size, judged.fit_seconds
        one = figures[name][-1]
        print(f"seed {seed} {name}: accuracy {one.accuracy:.4f}, ece {one.ece:.4f}", flush=True)


def _print_figures(
    figures: dict[str, list[SentimentFigures]], costs: dict[str, tuple[float, float, float]]
) -> None:
    print("| family | accuracy | F1 | ECE | three moods F1 | ms per 1,000 | MB | s to fit |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, each in figures.items():
        latency, size, seconds = costs[name]
        moods = statistics.mean(one.mood_f1 or 0.0 for one in each)
        cells = [
            _interval([getattr(one, key) for one in each]) for key in ("accuracy", "f1", "ece")
        ]
        print(
            f"| {name} | {' | '.join(cells)} | {moods:.3f} | {latency:.0f} | {size:.1f} "
            f"| {seconds:.0f} |",
            flush=True,
        )


def _interval(values: Sequence[float]) -> str:
    from scipy.stats import t

    mean = statistics.mean(values)
    if len(values) < 2:
        return f"{mean:.4f}"
    spread = t.ppf(0.975, len(values) - 1) * statistics.stdev(values) / len(values) ** 0.5
    return f"{mean:.4f} ± {spread:.4f}"


def _toxicity(arguments: argparse.Namespace) -> None:
    rows = read_labelled_comments(arguments.file)
    best, judged = train_toxicity(rows, toxicity_families())
    _print_toxicity(best, judged, rows)
    if arguments.unseen is not None:
        unseen = read_labelled_comments(arguments.unseen)
        print(f"on {len(unseen.texts):,} comments that were not learnt from:")
        told = {one.family.name: _judged_anew(one, unseen) for one in judged}
        _print_toxicity(told[best.family.name], list(told.values()), unseen)


def _judged_anew(one: JudgedSentiment, rows: RatedTexts) -> JudgedSentiment:
    chances = one.model.moods(rows.texts)
    return replace(one, chances=chances, figures=measure_moods(chances, rows))


def _print_toxicity(
    best: JudgedSentiment, judged: Sequence[JudgedSentiment], rows: RatedTexts
) -> None:
    for one in judged:
        chosen = " (chosen)" if one is best else ""
        print(f"{one.family.name}{chosen}: macro F1 {one.figures.mood_f1:.4f}")
    found = quote_figures(best, rows)
    print(
        f"kept back: precision {found.precision:.3f}, recall {found.recall:.3f}, of the hateful "
        f"{found.hate_recall:.3f}; of what is quoted {found.quoted_hate_share:.1%} is hateful"
    )


def _speed(arguments: argparse.Namespace) -> None:
    texts = _made_up_texts()
    models = MoodModels(arguments.home / "artifacts")
    model, toxicity = models.model("ko"), models.toxicity("ko")
    started = time.perf_counter()
    model.moods(texts)
    print(f"{len(texts):,} texts, moods by {model.version}: {time.perf_counter() - started:.1f} s")
    if toxicity is not None:
        started = time.perf_counter()
        toxic_chance(toxicity, texts)
        print(f"toxicity by {toxicity.version}: {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    for text in texts:
        has_abuse(text)
    print(f"list of abuse: {time.perf_counter() - started:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:,.0f} MB")


def _made_up_texts() -> list[str]:
    """No two alike, with blanks as in prose."""
    generator = np.random.default_rng(1)
    codes = generator.integers(0xAC00, 0xAC00 + 2000, (_SPEED_TEXTS, _SPEED_LETTERS))
    codes[generator.random(codes.shape) < 0.2] = ord(" ")
    return ["".join(map(chr, row)) for row in codes]


if __name__ == "__main__":
    main()
