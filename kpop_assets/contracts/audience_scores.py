"""What a review weighs, what is scored of it, and how an act's days are: three tables.

Belongs here: their contracts. Does not belong here: numbers of guards (guard_rules.py) and scores
(audience_rules.py), or any formula (audience/).
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts import audience_rules, guard_rules
from kpop_assets.contracts.audience_aspects import ASPECT
from kpop_assets.contracts.audience_voices import AUDIENCE, VOICE_ID
from kpop_assets.contracts.bronze import ARTIST
from kpop_assets.contracts.reviews import CREATED_AT, REVIEW_SOURCE, SUBJECT, SUBJECT_KIND
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

EARLIER_WORD = "earlier_word"
REASONS = {
    EARLIER_WORD: "the author spoke of the subject again later, and counts once",
    **{name: trait.meaning for name, trait in guard_rules.TRAITS.items()},
}
_REASONS = "; ".join(f"{name}: {meaning}" for name, meaning in REASONS.items())
_IS_SIMULATED = Column("is_simulated", "boolean", "Whether any of it is of the demo.")

GUARDS = Table(
    AUDIENCE,
    "guards",
    f"What one review weighs that was received on the {guard_rules.GUARD_DAYS} days up to this "
    "one, by all that is known on it; the last of a review's rows counts. Authors' histories reach "
    f"{guard_rules.HABIT_DAYS} days back and as far as reviews are kept: how old an account is, no "
    "source says.",
    ("ingest_date", "review_id"),
    (
        INGEST_DATE,
        VOICE_ID,
        REVIEW_SOURCE,
        _IS_SIMULATED,
        SUBJECT_KIND,
        SUBJECT,
        ARTIST,
        CREATED_AT,
        Column(
            "pole",
            "string",
            f"high or low: rating or text at least {guard_rules.POLE:g} from the middle, of -1 to "
            "1; middle; unknown where neither says.",
        ),
        Column(
            "burst",
            "long",
            "Which burst of its subject and pole it lies in, by time, among those that the day "
            "still sees; 0 is none.",
        ),
        Column("weight", "double", "What it counts: the chance that it is honest.", "0-1"),
        Column(
            "weight_reasons",
            "string",
            "A JSON array, empty where it counts whole: what it shows, of a burst that holds a "
            f"campaign. {_REASONS}.",
        ),
    ),
    rhythm="occasional",
    look_back_days=guard_rules.HABIT_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

SCORES = {
    "weighted_rating": "v/(v+m)·R + m/(v+m)·C, 1 to 10",
    "tomatometer": "positive reviews, 0 to 100 %",
    "metascore": "critics' mean by outlet, 0 to 100",
    "net_sentiment": "(positive - negative) / all, -1 to 1",
}
_SCORES = "; ".join(f"{name}: {meaning}" for name, meaning in SCORES.items())
_real = partial(Column, type="double", nullable=True)
_reviews = partial(Column, type="long", unit="reviews")
_REVIEW_COUNT = _reviews("review_count", description="Reviews that say anything to it.")
_WEIGHT_SUM = Column(
    "weight_sum", "double", "Their weights together: reviews that count.", "reviews"
)

SUBJECT_SCORES = Table(
    AUDIENCE,
    "subject_scores",
    "One score of one subject, of reviews known on the day: ratings of "
    f"{audience_rules.RATED_DAYS} days, sentiment of {audience_rules.SENTIMENT_DAYS}. An act's "
    "row rests on all reviews about it and its works; each score stands beside what it would be "
    "without guards.",
    ("ingest_date", "subject_kind", "subject", "measure", "said_by", "aspect"),
    (
        INGEST_DATE,
        SUBJECT_KIND,
        SUBJECT,
        ARTIST,
        Column("measure", "string", f"{_SCORES}."),
        Column("said_by", "string", "Whose reviews: user, critic, or all."),
        ASPECT,
        _real(
            "score_value", description="The score, each review by its weight; null if none weighs."
        ),
        _real("low", description="Lower end of its 95 % interval; null of one review."),
        _real("high", description="Upper end of the same."),
        _real("plain_score_value", description="The score with every review counting whole."),
        Column(
            "score_verdict",
            "string",
            "Of a tomatometer certified, fresh or rotten; of a metascore green, yellow or red.",
            nullable=True,
        ),
        _REVIEW_COUNT,
        _WEIGHT_SUM,
        _reviews("down_weighted_count", description="Of them those that weigh less than 1."),
        Column(
            "left_out",
            "string",
            "A JSON object: how many reviews of the subject say nothing to the score, by reason: "
            "no_rating, no_opinion, no_critic, no_aspect.",
        ),
        _real("prior_mean", description="Of a weighted rating C.", unit="1-10"),
        _reviews("prior_count", description="Of a weighted rating m.", nullable=True),
        Column("generation", "int", "Of an act, by the catalogue.", "", True),
        _real(
            "cohort_value",
            description="Of an act's net_sentiment: median of the other acts of its generation.",
            unit="-1 to 1",
        ),
        Column("cohort_count", "long", "Those others.", "acts", True),
        _IS_SIMULATED,
        Column("is_of_youtube", "boolean", "Whether any of its reviews is YouTube's."),
    ),
    rhythm="occasional",
    look_back_days=audience_rules.RATED_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

ACT_MOODS = Table(
    AUDIENCE,
    "act_moods",
    "What was said of one act on one day, by what was known on it, against its own "
    f"{audience_rules.SENTIMENT_DAYS} days before.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        _REVIEW_COUNT,
        _WEIGHT_SUM,
        _real("net_sentiment", description="(positive - negative) / all of them.", unit="-1 to 1"),
        _real(
            "usual_net_sentiment",
            description="Mean over the days before, each review by its weight; null where fewer "
            f"than {audience_rules.LEAST_MOOD_DAYS} of them have "
            f"{audience_rules.LEAST_MOOD_REVIEWS:g} reviews.",
            unit="-1 to 1",
        ),
        _real("band_low", description="Lower end of where the day was to be.", unit="-1 to 1"),
        _real("band_high", description="Upper end of the same.", unit="-1 to 1"),
        Column(
            "is_below_band",
            "boolean",
            f"Whether it fell below, on at least {audience_rules.LEAST_MOOD_REVIEWS:g} reviews; "
            "null where there is no band.",
            nullable=True,
        ),
        _IS_SIMULATED,
    ),
    rhythm="occasional",
    look_back_days=audience_rules.SENTIMENT_DAYS,
    needs_provider_rows=True,
)
