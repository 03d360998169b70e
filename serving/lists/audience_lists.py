"""Lists about what people say: scores of subjects, and what guards made of reviews.

Belongs here: entries over the viewer's queries of the audience; none has a row about one review,
and none says who wrote one. Does not belong here: how anything is scored (kpop_assets/audience/).
"""

from __future__ import annotations

import polars as pl

from app.queries.audience import guards, mood_models, quotes, scores
from app.snapshot import Snapshot
from kpop_assets.contracts.audience_sentiments import SENTIMENT_SCORES, SENTIMENT_TRAININGS
from serving.lists.entries import ListAsked, ListEntry, columns_of
from serving.lists.params import ARTIST, SPAN


def _acts(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    return pl.DataFrame({"artist": scores.list_reviewed_acts(lake, asked.day)})


def _days(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    last, _ = scores.read_said_scores(lake, asked.day, "act", asked["name"])
    return scores.read_sentiment_days(lake, last, asked["days"], "act", asked["name"])


def _withheld(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    last, _ = scores.read_said_scores(lake, asked.day, "act", asked["name"])
    return quotes.read_withheld(lake, last, "act", asked["name"])


AUDIENCE_LISTS = (
    ListEntry(
        "/v1/audience/acts",
        "Acts of whom anybody speaks, those of whom most do first",
        (scores.list_reviewed_acts,),
        _acts,
        ("artist",),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/acts/{name}/subjects",
        "What an act made that anybody speaks of, most reviews first",
        (scores.list_reviewed_subjects,),
        lambda lake, asked: scores.list_reviewed_subjects(lake, asked.day, asked["name"]),
        ("subject_kind", "subject", "subject_name", "review_count"),
        (ARTIST,),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/acts/{name}/scores",
        "Each score of an act, guarded and not, with its interval",
        (scores.read_said_scores,),
        lambda lake, asked: scores.read_said_scores(lake, asked.day, "act", asked["name"])[1],
        (
            *("measure", "said_by", "aspect", "score_value", "low", "high", "plain_score_value"),
            *("score_verdict", "review_count", "weight_sum", "down_weighted_count", "left_out"),
            *("prior_mean", "prior_count", "cohort_value", "cohort_count", "is_simulated"),
        ),
        (ARTIST,),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/acts/{name}/days",
        "Net sentiment of an act over days, with its interval",
        (scores.read_sentiment_days, scores.read_said_scores),
        _days,
        ("ingest_date", "score_value", "low", "high", "review_count"),
        (ARTIST, SPAN),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/acts/{name}/aspects",
        "Net sentiment of an act by what is spoken of",
        (scores.compare_aspects,),
        lambda lake, asked: scores.compare_aspects(lake, asked.day, (asked["name"],))[1],
        ("artist", "aspect", "score_value", "low", "high", "review_count", "cohort_value"),
        (ARTIST,),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/acts/{name}/withheld",
        "How many comments about an act are counted and never quoted, and of how many",
        (quotes.read_withheld, scores.read_said_scores),
        _withheld,
        ("withheld_count", "worded_count"),
        (ARTIST,),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/campaigns",
        "Bursts of four weeks that hold a campaign, by the weight that they lost",
        (guards.list_campaigns,),
        lambda lake, asked: guards.list_campaigns(lake, asked.day),
        (
            *("subject_kind", "subject", "artist", "pole", "began_at", "ended_at"),
            *("review_count", "weight_sum", "down_weighted_count", "guard_reasons"),
            *("weighted_rating", "plain_weighted_rating"),
            *("net_sentiment", "plain_net_sentiment", "is_simulated"),
        ),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/guard-reasons",
        "How many reviews of four weeks weigh less, by reason",
        (guards.count_guard_reasons,),
        lambda lake, asked: guards.count_guard_reasons(lake, asked.day),
        ("reason", "review_count"),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/models",
        "Families of models of sentiment in the newest training of each language, the best first",
        (mood_models.compare_mood_models,),
        lambda lake, asked: mood_models.compare_mood_models(lake, asked.day),
        ("ingest_date", *columns_of(SENTIMENT_SCORES)),
        days="newest",
    ),
    ListEntry(
        "/v1/audience/trainings",
        "The newest training of sentiment in each language: what it learnt from, or why not",
        (mood_models.list_mood_trainings,),
        lambda lake, asked: mood_models.list_mood_trainings(lake, asked.day),
        ("ingest_date", *columns_of(SENTIMENT_TRAININGS)),
        days="newest",
    ),
)
