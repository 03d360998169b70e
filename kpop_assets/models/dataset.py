"""The target of this domain: the tier of an artist, a week later.

Belongs here: which target is forecast, and the numbers of its trainings. Does not belong here: how
rows are labelled (ml/target.py), features (inputs.py) or estimators (candidates.py).
"""

from __future__ import annotations

from kpop_assets.ml.target import Target

HORIZON_DAYS = 7
# Forecast days before a cut that are learned from.
HISTORY_DAYS = 400
# Top first, as tier_of numbers them in gold/features.py: three cut-offs and the rest.
TIERS = (1, 2, 3, 4)
# Who has no row on a day that was seen had no event for 30 days: it stands in the last tier.
TARGET = Target("tier", TIERS, HORIZON_DAYS, subject="artist", absent=TIERS[-1])
PROBABILITIES = TARGET.probabilities
# Tiers on the same weekday before, null where unknown.
EARLIER = ("tier_7d_ago", "tier_14d_ago", "tier_21d_ago")
