"""What do 100,000 comments cost: language, sentiment, aspects, guards, scores?

Run as `python -m bench.audience [--comments 100000] [--reviews TABLE] [--home FOLDER]`. Comments
have 80 letters: of real reviews (`review` of a table), put end to end, or of words of a list; one
in ten is a copy. Each part is timed by itself in the order in which a day takes them, in one
process. Sentiment is that of the home's trained model, without one the list of sayings.

Belongs here: comments, the parts in order, and their cost. Does not belong here: whether any part
is right (drills/, kpop_assets_tests/).
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from kpop_assets.audience.aspects.aspect_rows import (
    ASPECT_VOICE_COLUMNS,
    KNOWN_ASPECT_COLUMNS,
    AspectReader,
)
from kpop_assets.audience.guards.guard_days import GUARD_COLUMNS, guard_day
from kpop_assets.audience.scores.outlet_weights import OutletWeights
from kpop_assets.audience.scores.subject_scores import (
    CLAUSE_COLUMNS,
    MOOD_COLUMNS,
    SCORED_COLUMNS,
    WEIGHT_COLUMNS,
    ScoredRows,
    score_subjects,
)
from kpop_assets.audience.sentiments.moods import (
    KNOWN_MOOD_COLUMNS,
    MOOD_VOICE_COLUMNS,
    MoodModels,
    MoodReader,
)
from kpop_assets.audience.voices.voices import VoiceDays
from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.reviews import REVIEWS
from kpop_assets.lake.rows import empty

LETTERS = 80
DAY = dt.date(2026, 5, 4)
MOST_SECONDS, MOST_MB = 60.0, 1_000.0
_COPIED_SHARE, _SUBJECTS, _SEED = 0.1, 400, 8
_WORDS = (
    *(
        "이번",
        "무대",
        "노래",
        "정말",
        "좋다",
        "춤",
        "가사",
        "목소리",
        "영상",
        "의상",
        "컴백",
        "앨범",
    ),
    *(
        "라이브",
        "랩",
        "비주얼",
        "최고",
        "별로",
        "찢었다",
        "폼",
        "미쳤다",
        "아쉽다",
        "완벽하다",
        "실망",
    ),
    *("the", "vocals", "are", "great", "but", "outfit", "mid", "slay"),
)


def main() -> None:
    """Print seconds of each part and of all, and the highest memory; exit code 1 beyond either."""
    parser = argparse.ArgumentParser(prog="python -m bench.audience", description=__doc__)
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--reviews", type=Path, help="a table with a column `review`")
    parser.add_argument("--home", type=Path, default=Path("data"), help="whose models answer")
    asked = parser.parse_args()
    reviews, catalog = make_reviews(asked.comments, asked.reviews), load_catalog()
    began, worked = time.perf_counter(), time.process_time()
    count = judge_all(reviews, catalog, asked.home)
    total = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time() - worked
    print(f"{count:,} comments: {total:.1f} s, {cpu:.1f} s of CPU, peak memory {peak:,.0f} MB")
    raise SystemExit(total > MOST_SECONDS or peak > MOST_MB)


def judge_all(reviews: pl.DataFrame, catalog: Catalog, home: Path) -> int:
    """Take comments through every part, and print what each took; how many there are."""
    none = pl.DataFrame(schema={"video_id": pl.String, "artist": pl.String})
    days = VoiceDays(
        lambda day: reviews if day == DAY else reviews.clear(), lambda _: none, catalog
    )
    voices = _of_day(_timed("language and class", lambda: days.of_day(DAY)))
    moods = _of_day(_timed("sentiment", lambda: _moods(voices, home)))
    clauses = _of_day(_timed("aspects", lambda: _clauses(voices, catalog)))
    guards = _of_day(_timed("guards", lambda: guard_day(voices.select(GUARD_COLUMNS), moods, DAY)))
    read = ScoredRows(
        voices.select(SCORED_COLUMNS),
        moods.select(MOOD_COLUMNS),
        guards.select(WEIGHT_COLUMNS),
        clauses.select(CLAUSE_COLUMNS),
    )
    generations = pl.DataFrame(schema={"artist": pl.String, "generation": pl.Int32})
    _timed("scores", lambda: score_subjects(read, generations, OutletWeights(1.0, {}), DAY))
    return len(voices)


def make_reviews(count: int, table: Path | None) -> pl.DataFrame:
    """Rows of `bronze/reviews`: comments of a day on hundreds of videos, some of them copies."""
    draw = np.random.default_rng(_SEED)
    said = _WORDS if table is None else pl.read_csv(table)["review"].drop_nulls().to_list()
    picks = iter(draw.integers(0, len(said), 40 * count).tolist())
    texts = []
    for _ in range(count):
        text = ""
        while len(text) < LETTERS:
            text += f"{said[next(picks)]} "
        texts.append(text[:LETTERS])
    for place in draw.choice(count, int(count * _COPIED_SHARE), replace=False):
        texts[place] = texts[place % 100]
    noon = dt.datetime(2026, 5, 4, 3, tzinfo=dt.UTC)
    schema = empty(REVIEWS).schema
    made = pl.DataFrame(
        {
            "review_id": [f"c{number}" for number in range(count)],
            "subject": [f"v{one}" for one in draw.integers(0, _SUBJECTS, count)],
            "author_id": [f"a{one}" for one in draw.integers(0, count // 2, count)],
            "text": texts,
            "rating": draw.integers(1, 11, count).astype(float),
            "created_at": pl.Series(draw.integers(0, 36_000, count)).cast(pl.Int64) * 1_000_000,
        }
    ).with_columns(
        (pl.col("created_at").cast(pl.Duration("us")) + pl.lit(noon)).alias("created_at"),
        pl.lit("bench").alias("source"),
        pl.lit("video").alias("subject_kind"),
        pl.lit("1-10").alias("rating_scale"),
        pl.lit(noon).alias("observed_at"),
    )
    return made.select(
        (pl.col(name) if name in made.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


def _moods(voices: pl.DataFrame, home: Path) -> pl.DataFrame:
    before = empty(SENTIMENTS).select(KNOWN_MOOD_COLUMNS)
    reader = MoodReader(MoodModels(home / "artifacts"), before)
    return reader.read_day(voices.select(MOOD_VOICE_COLUMNS))


def _clauses(voices: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    reader = AspectReader(catalog, empty(ASPECTS).select(KNOWN_ASPECT_COLUMNS))
    return reader.of_day(voices.select(ASPECT_VOICE_COLUMNS))


def _of_day(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.lit(DAY).alias("ingest_date"))


def _timed(name: str, work: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    began = time.perf_counter()
    found = work()
    print(f"{name:<20}{time.perf_counter() - began:>7.1f} s", flush=True)
    return found


if __name__ == "__main__":
    main()
