"""The rows of `audience/subject_scores` of a day: each score, guarded and not, and its reviews.

Belongs here: which reviews each score is told, and what was left out. Does not belong here: a
score's formula (weighted_rating.py, tomatometer.py, metascore.py, net_sentiment.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from kpop_assets.audience.guards.review_weights import last_words
from kpop_assets.audience.scores.metascore import score_critics
from kpop_assets.audience.scores.net_sentiment import against_cohorts, net_sentiment
from kpop_assets.audience.scores.outlet_weights import OutletWeights
from kpop_assets.audience.scores.score_rows import aspect_rows, last_weights, subject_rows
from kpop_assets.audience.scores.tomatometer import share_positive
from kpop_assets.audience.scores.weighted_rating import rate_subjects
from kpop_assets.audience.voices.known_words import known_words, of_words
from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_scores import EARLIER_WORD, SUBJECT_SCORES
from kpop_assets.lake.rows import empty

SCORED_COLUMNS = (
    *("ingest_date", "review_id", "source", "is_simulated", "subject_kind", "subject", "artist"),
    *("author_id", "author_kind", "outlet", "voice_kind", "rating_100"),
    *("created_at", "observed_at"),
)
MOOD_COLUMNS = ("ingest_date", "review_id", "p_negative", "p_neutral", "p_positive")
WEIGHT_COLUMNS = ("ingest_date", "review_id", "weight", "weight_reasons")
CLAUSE_COLUMNS = ("ingest_date", "review_id", "aspect", "sentiment", "artist")

_KEY = ("subject_kind", "subject", "author_kind", "aspect")
# As the contract has them: formulas have shorter ones.
_COLUMN_NAMES = {
    "score": "measure",
    "author_kind": "said_by",
    "value": "score_value",
    "plain_value": "plain_score_value",
    "verdict": "score_verdict",
}
_Score = Callable[[pl.DataFrame, str], pl.DataFrame]


@dataclass(frozen=True)
class ScoredRows:
    """What scores of a day rest on.

    Attributes:
        voices: `SCORED_COLUMNS` of `audience/voices`, of the day and `RATED_DAYS` before.
        moods: `MOOD_COLUMNS` of `audience/sentiments` of the same days.
        weights: `WEIGHT_COLUMNS` of `audience/guards` of the same days.
        clauses: `CLAUSE_COLUMNS` of `audience/aspects` of the last `SENTIMENT_DAYS`.
    """

    voices: pl.DataFrame
    moods: pl.DataFrame
    weights: pl.DataFrame
    clauses: pl.DataFrame


def score_subjects(
    read: ScoredRows,
    generations: pl.DataFrame,
    outlets: OutletWeights,
    day: dt.date,
) -> pl.DataFrame:
    """Every score of every subject on a day.

    Args:
        read: what they rest on; later days do not count.
        generations: artist, generation of the catalogue.
        outlets: what outlets weigh.
        day: the day.

    Returns:
        The columns of `audience/subject_scores` but the day.
    """
    columns = empty(SUBJECT_SCORES).drop("ingest_date")
    words = known_words(read.voices, day, rules.RATED_DAYS + 1)
    if words.is_empty():
        return columns
    rows = subject_rows(words, of_words(read.moods, words), _judged(read.weights, day))
    rows = rows.with_columns(pl.lit("all").alias("aspect"))
    since = day - dt.timedelta(days=rules.SENTIMENT_DAYS - 1)
    recent = rows.filter(pl.col("ingest_date") >= since)
    of_aspects = aspect_rows(recent.drop("aspect"), of_words(read.clauses, words))
    of_all = pl.lit("all").alias("author_kind")
    scored = partial(_scored, words)
    rating, critic = pl.col("rating_100").is_null(), pl.col("author_kind") == "critic"
    critics = partial(score_critics, outlets=outlets.outlets, usual=outlets.usual)
    scores = [
        scored("weighted_rating", rate_subjects, rows, {"no_rating": rating}, of_all),
        scored(
            "tomatometer", share_positive, rows, {"no_opinion": pl.col("is_positive").is_null()}
        ),
        scored(
            "metascore",
            critics,
            rows,
            {"no_critic": ~critic, "no_rating": critic & rating},
            pl.lit("critic").alias("author_kind"),
        ),
        scored(
            "net_sentiment", net_sentiment, recent, {"no_opinion": pl.col("sign").is_null()}, of_all
        ),
        _of_aspects(words, of_aspects, recent, of_all),
    ]
    found = pl.concat(scores, how="diagonal")
    told = _with_cohorts(found, generations).rename(_COLUMN_NAMES)
    return told.select([pl.col(name).cast(kind) for name, kind in columns.schema.items()])


def _judged(guards: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """review_id, weight: as guards said last, but for who spoke again, which each score says.

    Guards judge the last days alone: what they took for an earlier word may be the last by now.
    """
    is_earlier = pl.col("weight_reasons").str.contains(EARLIER_WORD, literal=True)
    return last_weights(guards.filter(~is_earlier), day).select("review_id", "weight")


def _last_alone(rows: pl.DataFrame, words: pl.DataFrame, speaks: pl.Expr) -> pl.DataFrame:
    """The rows; what their author said to the same score before weighs 0."""
    said = rows.filter(speaks).select("review_id", "aspect").unique()
    about = ("review_id", "subject_kind", "subject", "source", "author_id", "created_at")
    said = said.join(words.select(about), on="review_id")
    earlier = said.filter(~last_words(said, by=["aspect"])).select(
        "review_id", "aspect", pl.lit(0.0).alias("of_earlier")
    )
    return (
        rows.join(earlier, on=["review_id", "aspect"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("of_earlier", "weight").alias("weight"))
        .drop("of_earlier")
    )


def _scored(
    words: pl.DataFrame,
    name: str,
    score: _Score,
    rows: pl.DataFrame,
    left_out: Mapping[str, pl.Expr],
    author_kind: pl.Expr | None = None,
) -> pl.DataFrame:
    """One score of each subject, guarded and not, and what it rests on.

    Args:
        words: what is known of the reviews.
        name: of the score.
        score: makes values of rows, by the name of the column of weights.
        rows: of all reviews of the subjects.
        left_out: which rows say nothing to the score, by reason.
        author_kind: whose reviews they are taken to be, where not each kind's apart.
    """
    rows = _last_alone(rows, words, ~pl.any_horizontal(list(left_out.values())))
    # Whose a review is may be a reason, so reasons are told before all authors are taken together.
    marked = rows.with_columns([one.alias(f"_{reason}") for reason, one in left_out.items()])
    if author_kind is not None:
        marked = marked.with_columns(author_kind)
    counts = _counts(marked, {reason: pl.col(f"_{reason}") for reason in left_out})
    guarded = score(rows, "weight")
    plain = score(rows, "plain").rename({"value": "plain_value"})
    shared = [name for name in _KEY if name in guarded.columns]
    both = guarded.join(plain.select(*shared, "plain_value"), on=shared)
    return counts.join(both, on=shared).with_columns(pl.lit(name).alias("score"))


def _counts(marked: pl.DataFrame, silent: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """What each score rests on: reviews that say something, and those that do not, by reason."""
    speaks = ~pl.any_horizontal(list(silent.values()))
    return (
        marked.group_by(_KEY)
        .agg(
            pl.col("artist").mode().sort().first(),
            speaks.sum().cast(pl.Int64).alias("review_count"),
            (speaks & (pl.col("weight") < 1)).sum().cast(pl.Int64).alias("down_weighted_count"),
            pl.col("is_simulated").any(),
            pl.col("is_of_youtube").any(),
            _as_json(silent).alias("left_out"),
        )
        .filter(pl.col("review_count") > 0)
        .with_columns(pl.col("artist").fill_null(OTHER))
    )


def _as_json(counts: Mapping[str, pl.Expr]) -> pl.Expr:
    parts: list[pl.Expr] = []
    for place, (reason, count) in enumerate(counts.items()):
        parts += [pl.lit(f'{", " if place else "{"}"{reason}": '), count.sum().cast(pl.String)]
    return pl.concat_str([*parts, pl.lit("}")])


def _of_aspects(
    words: pl.DataFrame, aspects: pl.DataFrame, recent: pl.DataFrame, of_all: pl.Expr
) -> pl.DataFrame:
    """Net sentiment of each aspect; all other recent reviews of the subject do not speak of it."""
    silent = {"no_aspect": pl.col("aspect").is_null()}
    found = _scored(words, "net_sentiment", net_sentiment, aspects, silent, of_all)
    total = recent.group_by("subject_kind", "subject").len("total")
    others = (pl.col("total") - pl.col("review_count")).cast(pl.String)
    left_out = pl.concat_str([pl.lit('{"no_aspect": '), others, pl.lit("}")])
    return (
        found.join(total, on=["subject_kind", "subject"])
        .with_columns(left_out.alias("left_out"))
        .drop("total")
    )


def _with_cohorts(scores: pl.DataFrame, generations: pl.DataFrame) -> pl.DataFrame:
    net = scores.filter((pl.col("score") == "net_sentiment") & pl.col("value").is_not_null())
    cohorts = against_cohorts(net, generations).with_columns(pl.lit("net_sentiment").alias("score"))
    on = ["subject_kind", "subject", "aspect", "score"]
    return scores.join(cohorts, on=on, how="left", maintain_order="left").with_columns(
        *(
            pl.lit(None).alias(name)
            for name in ("verdict", "prior_mean", "prior_count")
            if name not in scores.columns
        )
    )
