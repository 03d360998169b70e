"""What came of answers: a row for each work that was shown.

Belongs here: the contract of answers joined with what listeners did in the 24 hours after them.
Does not belong here: the lines that it is made of (recommendations.py, feedback.py, plays.py), or
what experiments and policies make of it.
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts.play_rules import (
    COMPLETED_PCT,
    OUTCOME_LOOK_BACK_DAYS,
    OUTCOME_SECONDS,
    SKIPPED_SECONDS,
    TRACK_KNOWN_DAYS,
)
from kpop_assets.contracts.recommend_tracks import RECOMMEND, WORK_ID
from kpop_assets.contracts.recommendations import (
    ANSWER_SOURCE,
    ANSWERED_AT,
    APPLIED_VARIANTS,
    BASIS,
    BUNDLE_VERSION,
    CONTEXT_FEATURES,
    CONTEXT_HOUR,
    DEVICE,
    DRAWN_BY,
    FALLBACK,
    MAYBE_USER_ID,
    REQUEST_ID,
    RISING_ACT,
    RISING_POLICY,
    RISING_PROPENSITY,
)
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_HOURS = OUTCOME_SECONDS // 3600

_is = partial(Column, type="boolean")
_works = partial(Column, type="long", unit="works")
# What is counted of outcomes of a day, by whatever they are grouped.
OUTCOME_COUNTS = (
    _works("shown_work_count", description="Works that answers of the day before showed."),
    _works("clicked_work_count", description="Those of them that were clicked."),
    _works("taken_work_count", description=f"Those that were played within {_HOURS} hours."),
    _works("finished_work_count", description="Those that were heard to the end."),
    _works("skipped_work_count", description="Those that were skipped."),
    _works("liked_work_count", description="Those that were liked or saved."),
    _works("disliked_work_count", description="Those that were disliked or hidden."),
)

OUTCOMES = Table(
    RECOMMEND,
    "outcomes",
    f"One work that an answer showed, and what its listener did about it in the {_HOURS} hours "
    "after the answer. The ingest date is the day after the answer's: only then is that known, "
    "and the row is final. What was done counts for the last answer before it that showed the work "
    "to the listener, in whatever version, or for the answer that it names. What is said of a "
    "rising act stands in the row of its place alone.",
    ("ingest_date", "request_id", "position"),
    (
        INGEST_DATE,
        REQUEST_ID,
        Column("position", "long", "Place on the page that was shown, from 1."),
        WORK_ID,
        MAYBE_USER_ID,
        ANSWERED_AT,
        APPLIED_VARIANTS,
        BUNDLE_VERSION,
        BASIS,
        FALLBACK,
        CONTEXT_HOUR,
        DEVICE,
        Column(
            "fit_score",
            "double",
            "How well it fits by what ordered the page; comparable within an answer alone.",
            nullable=True,
        ),
        Column("propensity", "double", "Probability with which the work stood there.", "0-1", True),
        Column("reason", "string", "Why it stood there.", nullable=True),
        _is("is_rising_slot", description="Whether the place was one for a rising act."),
        RISING_ACT,
        RISING_PROPENSITY,
        RISING_POLICY,
        DRAWN_BY,
        CONTEXT_FEATURES,
        _is("is_clicked", description="Whether it was clicked."),
        _is(
            "is_played",
            description="Whether any version of it was played; without user_id plays cannot tell.",
        ),
        _is(
            "is_completed",
            description=f"Whether a play of it lasted {COMPLETED_PCT} % of the length that "
            f"recommend/tracks told in the {TRACK_KNOWN_DAYS} days before.",
        ),
        _is(
            "is_skipped",
            description="Whether it was skipped: said so, or its first play was known to end "
            f"within {SKIPPED_SECONDS} seconds and none was completed.",
        ),
        _is("is_liked", description="Whether it was liked or saved."),
        _is("is_disliked", description="Whether it was disliked or hidden."),
        Column(
            "first_play_delay_seconds",
            "long",
            "From the answer to the first play.",
            "seconds",
            nullable=True,
        ),
        ANSWER_SOURCE,
    ),
    rhythm="occasional",
    look_back_days=OUTCOME_LOOK_BACK_DAYS,
)
