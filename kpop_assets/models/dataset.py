"""The targets of this domain: the tier of an artist a week later, and whether it becomes viral.

Belongs here: which target is forecast, and by which rules. Does not belong here: how rows are
labelled (ml/target.py), features (inputs.py) or estimators (candidates.py).
"""

from __future__ import annotations

from dataclasses import replace

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
IS_VIRAL, IS_NOT_VIRAL = VIRAL_CLASSES = (1, 2)
# By the same rules, but for who is absent: every outcome says itself what became of it.
VIRAL_TARGET = replace(TARGET, label="viral", classes=VIRAL_CLASSES, absent=None, is_event=True)
# Tiers on the same weekday before, null where unknown.
EARLIER = tuple(f"tier_{days}d_ago" for days in rules.EARLIER_TIER_DAYS)
