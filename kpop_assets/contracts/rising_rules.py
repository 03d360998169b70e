"""The numbers of the slot for a rising act. Said here alone.

Belongs here: names of policies, words of a context, limits and windows, as in rules.py. Does not
belong here: a column, or a formula.
"""

from __future__ import annotations

from typing import Literal, get_args

RisingPolicy = Literal["none", "epsilon_greedy", "linucb", "thompson"]
RISING_POLICIES: tuple[RisingPolicy, ...] = get_args(RisingPolicy)
# Those that show an act; "none" leaves the slot to the page.
SHOWING_POLICIES = RISING_POLICIES[1:]

# Where on a page of ten the act's work stands: seen by most, and not what a listener came for.
RISING_PLACE = 4
# More acts are not told apart by what one slot brings in.
MOST_OFFERED_ACTS = 20

# First hour of each band of the day, in Seoul.
HOUR_BANDS = {"night": 0, "morning": 6, "afternoon": 12, "evening": 18}
DEVICES = ("phone", "tablet", "desktop", "tv", "speaker", "car")
OTHER_DEVICE = "other"
# Of an hour, device or cluster that is not known.
UNKNOWN_WORD = "unknown"

# The share that epsilon-greedy shows by lot.
EPSILON = 0.1
# The share that the others show by lot, at most and as it shrinks: 10 % up to 900 shows, 1 % of
# 90,000.
MOST_BY_LOT, BY_LOT_SCALE = 0.1, 3.0
# In rewards: how far LinUCB trusts what is not known yet, and how far an act's worth may lie from
# what was seen, for Thompson sampling.
LINUCB_ALPHA = 0.3
THOMPSON_DEVIATION = 0.3

# -- learning --
# What was shown so many days ago is forgotten: acts rise and fall.
LEARN_DAYS = 28
# What comes of a show comes within a day, and counts as part of one until then. How soon it comes
# is told by earlier shows; before there are many, as if so many rewards were spread over the day.
REWARD_SECONDS = 86_400
DELAY_PRIOR_REWARDS = 20
# -- what another policy would have earned --
# A policy is estimated from what was shown in so many days, by what was known before them.
ESTIMATE_DAYS = 7
# More rows say little more and take long: every so many-th of them then.
MOST_ESTIMATED_SHOWS = 20_000
ESTIMATE_FOLDS = 5
# Where the spread comes from fewer listeners nothing is decided: from seven, intervals of 95 % hold
# the truth 92 to 94 times in 100 (drills/bandit.py).
LEAST_EFFECTIVE_LISTENERS = 40
# Nor where a show counts for more than so many: the policy would show an act over twenty times as
# often as it was shown. Of six logs in which it counts for 60 to 95 and 40 listeners tell, one held
# the truth; up to 11 it makes no difference (drills/bandit.py).
MOST_WEIGHT = 20
# Beside the policies: what showing by lot alone would earn.
BY_LOT = "by_lot"
ESTIMATE_VERDICTS = ("better", "not yet", "worse", "too few")
