"""The tables of how recommendations are served: each day's answers, and whether inputs moved.

Belongs here: their contracts, and the numbers that formulas and pages share. Does not belong here:
the log of single answers (recommendations.py), or any computation.
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts.recommend_outcomes import OUTCOME_COUNTS
from kpop_assets.contracts.recommend_tracks import RECOMMEND
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

# An input of a day is held against days of its kind (weekend or not) among so many before it.
DRIFT_DAYS = 28
# Fewer days of its kind, or rows of a day, say nothing: two weekends are four.
LEAST_DRIFT_DAYS = 4
LEAST_DRIFT_ROWS = 200
# What is called a large shift; chance reaches the limit of a day once in a thousand inputs.
LEAST_STABILITY_INDEX = 0.2
DRIFT_ALPHA = 0.001

_INPUT = Column("input_name", "string", "What is looked at, such as the hour of plays.")
_share = partial(Column, type="double", unit="%", nullable=True)

# A page that was shown in the evening is clicked past midnight.
CLICK_DAYS = 1
# The row of all answers, whatever experiments applied; no plan may be called so.
EVERYTHING = "*"

_VARIANT = (
    Column("experiment", "string", f"Name of the experiment; `{EVERYTHING}` is all answers."),
    Column("variant", "string", f"Its variant; `{EVERYTHING}` is all answers."),
)
_answers = partial(Column, type="long", unit="answers")
_works = partial(Column, type="long", unit="works")
_told = partial(Column, type="long", unit="works", nullable=True)
_milliseconds = partial(Column, type="double", unit="milliseconds", nullable=True)

ANSWER_DAYS = Table(
    RECOMMEND,
    "answer_days",
    "The answers of a day: all of them, and once more for each variant of an experiment by which "
    "they were given; and what was done on the day about works that answers of it or of the day "
    "before showed.",
    ("ingest_date", "experiment", "variant"),
    (
        INGEST_DATE,
        *_VARIANT,
        _answers("answer_count", description="Answers that were given."),
        Column("answered_listener_count", "long", "Listeners that got any.", "listeners"),
        _answers("fallback_count", description="Answers of what is popular in place of a model."),
        _answers("cached_count", description="Answers that were found in a cache."),
        _milliseconds("response_ms_p50", description="Half of the answers took no longer."),
        _milliseconds("response_ms_p95", description="95 % of the answers took no longer."),
        _milliseconds("response_ms_p99", description="99 % of the answers took no longer."),
        _works("shown_count", description="Works in these answers."),
        _works("rising_shown_count", description="Those in the place of a rising act."),
        _told("clicked_count", description="Works of answers that were clicked on the day."),
        _told("skipped_count", description="Works of answers that were skipped on the day."),
        _told("liked_count", description="Works of answers that were liked or saved on the day."),
        _told("disliked_count", description="Works that were disliked or hidden on the day."),
    ),
    rhythm="occasional",
    look_back_days=CLICK_DAYS,
)

OUTCOME_DAYS = Table(
    RECOMMEND,
    "outcome_days",
    "What came of the answers of the day before: of all of them, and once more of those that were "
    "given by each variant of an experiment. The works that they showed, and what listeners did "
    "about them in the 24 hours after each answer, as `recommend/outcomes` has it.",
    ("ingest_date", "experiment", "variant"),
    (INGEST_DATE, *_VARIANT, *OUTCOME_COUNTS),
    rhythm="occasional",
)

INPUT_DAYS = Table(
    RECOMMEND,
    "input_days",
    "Rows of a day by the value of an input: of counted plays, of their listeners, or of answers.",
    ("ingest_date", "input_name", "input_value"),
    (
        INGEST_DATE,
        _INPUT,
        Column("input_value", "string", "One value of it, or a range of numbers."),
        Column("input_count", "long", "Rows that have it.", "rows"),
    ),
    rhythm="occasional",
)

INPUT_DRIFT = Table(
    RECOMMEND,
    "drift",
    f"How far an input of a day is from that of the {DRIFT_DAYS} days before it, of which weekend "
    "days are held against weekend days, others against others: the population stability index.",
    ("ingest_date", "input_name"),
    (
        INGEST_DATE,
        _INPUT,
        Column("day_count", "long", "Rows of the day.", "rows"),
        Column("past_count", "long", "Rows of the days of its kind before it.", "rows"),
        Column("past_day_count", "long", "Days of its kind before it that have any.", "days"),
        Column(
            "stability_index",
            "double",
            "0 is no change; null where there is too little to tell: fewer than "
            f"{LEAST_DRIFT_DAYS} days of its kind before, or {LEAST_DRIFT_ROWS} rows.",
            nullable=True,
        ),
        Column(
            "stability_limit",
            "double",
            f"Above it the input moved: {LEAST_STABILITY_INDEX}, or what chance alone reaches once "
            f"in {1 / DRIFT_ALPHA:,.0f}.",
            nullable=True,
        ),
        Column("is_drifted", "boolean", "Whether it is above."),
        Column("moved_value", "string", "The value whose share moved most.", nullable=True),
        _share("moved_from_pct", description="Its share of the days of its kind before."),
        _share("moved_to_pct", description="Its share of the day."),
    ),
    rhythm="occasional",
    look_back_days=DRIFT_DAYS,
)
