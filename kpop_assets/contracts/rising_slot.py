"""The table of the domain `rising_slot`: what each policy of the slot would have earned.

Belongs here: its contract. Does not belong here: what was shown (recommendations.py and
recommend_outcomes.py beside this), numbers (rising_rules.py), or a formula.
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

RISING_SLOT = "rising_slot"
# Of recommend/outcomes: those that are looked at, and those that were learnt from before.
OUTCOME_DAYS = rules.LEARN_DAYS + rules.ESTIMATE_DAYS
# And what of them is read.
SLOT_COLUMNS = (
    *(
        "ingest_date",
        "request_id",
        "user_id",
        "answered_at",
        "is_rising_slot",
        "rising_act",
        "rising_propensity",
    ),
    *("drawn_by", "context_features"),
    *("is_clicked", "is_played", "is_skipped", "is_liked", "is_disliked"),
)

_reward = partial(Column, type="double", unit="rewards a show", nullable=True)


def _estimate(name: str, told: str) -> tuple[Column, Column, Column]:
    end = "end of its 95 % interval; null where there are too few listeners for any."
    return (
        _reward(f"{name}_reward", description=told),
        _reward(f"{name}_low", description=f"Lower {end}"),
        _reward(f"{name}_high", description=f"Upper {end}"),
    )


POLICY_ESTIMATES = Table(
    RISING_SLOT,
    "policy_estimates",
    f"One policy of the slot for a rising act, as it was known {rules.ESTIMATE_DAYS} days before "
    "the day and held fixed: what it would have earned in those days, from what others showed. "
    "What was shown on the day itself is left out: what came of it is not all known. A reward is a "
    "click, a like or a play in the 24 hours after it, and neither a skip nor a dislike.",
    ("ingest_date", "policy"),
    (
        INGEST_DATE,
        Column(
            "policy",
            "string",
            f"Which: {rules.BY_LOT} is any act by lot, the others as docs/rising_slot.md says.",
        ),
        Column("show_count", "long", "Acts shown in the days.", "shows"),
        Column(
            "estimated_count",
            "long",
            f"Those that were looked at: {rules.MOST_ESTIMATED_SHOWS:,} at most.",
            "shows",
        ),
        Column(
            "effective_count",
            "long",
            "Listeners from whom the spread of the gain comes; few where a few outdo all others. "
            "Who is not known is one at each show.",
            "listeners",
        ),
        Column("shown_reward", "double", "What was earned in truth.", "rewards a show"),
        *_estimate("ips", "What it would have earned, by inverse propensity."),
        *_estimate("snips", "The same over the sum of weights (self-normalised)."),
        *_estimate("dr", "The same by regression, put right by weights (doubly robust)."),
        *_estimate("gain", "By how much that is more than what was earned, doubly robust."),
        Column(
            "estimate_verdict",
            "string",
            f"Whether it gains: {', '.join(rules.ESTIMATE_VERDICTS)}. Too few is an "
            f"effective_count under {rules.LEAST_EFFECTIVE_LISTENERS}, or a most_weight over "
            f"{rules.MOST_WEIGHT}.",
        ),
        Column(
            "most_weight",
            "double",
            "How many times as often as it was shown the policy would show what it would show most "
            "oftener: such shows are few, and mislead.",
            "times",
            nullable=True,
        ),
    ),
    rhythm="occasional",
    look_back_days=OUTCOME_DAYS - 1,
)
