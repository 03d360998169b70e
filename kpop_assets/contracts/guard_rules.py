"""The numbers that guards against campaigns judge by; said here alone.

Belongs here: limits, windows, and how often honest and planted reviews show a trait. Does not
belong here: a computation, or the numbers of scores (audience_rules.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Shorter ones are said in the same words by people who never met.
LEAST_COPY_LETTERS = 12
# Part of their runs of three letters that two texts share and are near copies.
NEAR_COPY_SIMILARITY = 0.45
# Two moments are the same where they lie in one such stretch.
MOMENT_MINUTES = 15
# So many authors who share two moments on two acts are no accident, ...
LEAST_TOGETHER = 4
# ... if they are this part of the smaller moment's authors, and this many times what chance brings.
TOGETHER_SHARE = 0.25
TOGETHER_LIFT = 5.0
# A burst: reviews in twelve hours above this many times the usual, and above so many.
BURST_HOURS = 12
BURST_RATIO = 2.5
LEAST_BURST_REVIEWS = 6
# Days before a burst that make the subject's own rhythm, and that habits of authors are told by.
RHYTHM_DAYS = 14
HABIT_DAYS = 90
# From how many rated acts on an author has a habit.
LEAST_HABIT_ACTS = 3
# On these a rating is always one end or the other: it says nothing of who gives the utmost.
TWO_STEP_SCALES = ("thumbs",)
# On these no rating but the end stands at a pole: 4 of 5 is 75 of 100.
END_ALONE_SCALES = (*TWO_STEP_SCALES, "1-5")
# Opinions (-1 to 1) at least so far from the middle stand at a pole.
POLE = 0.6
# P(positive) less P(negative) at least so far on the other side of the rating contradicts it.
CONTRADICTION = 0.3
NEWCOMER_DAYS = 2


@dataclass(frozen=True)
class Trait:
    """What a review may show, and how often it does.

    Attributes:
        meaning: what it shows, in words.
        honest: share of honest reviews of a burst that show it, on the high side.
        planted: share of those of a campaign.
        stands: share of a group from which on it speaks for a campaign.
        alone: share from which on it needs no second one.
    """

    meaning: str
    honest: float
    planted: float
    stands: float
    alone: float = 2.0


# By which a review is judged; measured in docs/decisions/0041.
TRAITS: Mapping[str, Trait] = {
    "copied": Trait("nearly the same text as of two other authors or more", 0.06, 0.6, 0.16, 0.22),
    "together": Trait(
        f"the author was with others at the same moments ({MOMENT_MINUTES} minutes) on two acts or "
        "more",
        *(0.02, 0.5, 0.1, 0.3),
    ),
    "extreme_only": Trait(
        f"the author spoke of {LEAST_HABIT_ACTS} acts or more and gave the utmost each time",
        *(0.25, 0.8, 0.5, 0.75),
    ),
    "contradicts": Trait("the text says the opposite of the rating", 0.1, 0.4, 0.3),
    "utmost": Trait(
        "the end of the scale, where others of this opinion stop short of it", 0.85, 0.97, 0.97
    ),
    "newcomer": Trait(
        f"the author was first seen in the burst or within {NEWCOMER_DAYS} days before it",
        *(0.7, 0.9, 0.93),
    ),
}
# Of one kind of evidence: a first hit is liked to the utmost by people whom nobody knew.
WEAK_TRAITS = ("utmost", "newcomer")
LEAST_GROUP = 12
# A wave of the worst ratings is a campaign by itself where at least this part are newcomers, ...
LEAST_STRANGERS = 0.88
# ... this part of it has fewer than LEAST_COPY_LETTERS of words, ...
LEAST_WORDLESS = 0.7
# ... and of those who spoke of anything in the RHYTHM_DAYS before at most this part were newcomers,
# so many reviews being known.
MOST_USUAL_NEWCOMERS = 0.85
LEAST_USUAL_REVIEWS = 30
# Standard errors above the honest share that make a trait stand.
TRAIT_SIGMAS = 3.0
# Within which a part of a group is thought to be more than honest people would say.
SURPLUS_LIMITS = (0.05, 0.98)
# Days in which an author's word is judged anew, as more of a campaign comes to light.
GUARD_DAYS = 7
