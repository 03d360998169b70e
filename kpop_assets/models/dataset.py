"""The target of this domain: the tier of an artist, a week later.

Belongs here: which target is forecast, and by which rules. Does not belong here: how rows are
labelled (ml/target.py), features (inputs.py) or estimators (candidates.py).
"""

from __future__ import annotations

from kpop_assets.contracts import rules
from kpop_assets.ml.target import Target

HORIZON_DAYS = rules.HORIZON_DAYS
TIERS = rules.TIERS
TARGET = Target(
    label="tier",
    classes=TIERS,
    horizon_days=HORIZON_DAYS,
    subject="artist",
    # Who has no row on a day that was seen had no event for 30 days.
    absent=TIERS[-1],
    min_days=rules.MIN_DAYS,
    step_days=rules.STEP_DAYS,
    earlier_share=rules.CALIBRATION_SHARE,
    later_days=rules.LATER_DAYS,
    ece_bins=rules.ECE_BINS,
    top=rules.TOP_RISERS,
)
PROBABILITIES = TARGET.probabilities
# Tiers on the same weekday before, null where unknown.
EARLIER = tuple(f"tier_{days}d_ago" for days in rules.EARLIER_TIER_DAYS)
