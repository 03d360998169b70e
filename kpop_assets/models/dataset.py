"""The targets of this domain: the tier of an artist a week later, and whether it becomes viral.

Belongs here: which target is forecast, and by which rules. Does not belong here: how rows are
labelled (ml/target.py), features (inputs.py) or estimators (candidates.py).
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kpop_assets.contracts import rules
from kpop_assets.ml.target import Target, label

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


def label_viral(inputs: pd.DataFrame, outcomes: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of `models/artist_inputs` with the class of `models/viral_outcomes` that came.

    Args:
        inputs: what is known of each artist and day.
        outcomes: what became of them; None where nothing is known.
    """
    if outcomes is None:
        outcomes = inputs[["ingest_date", "artist"]].head(0).assign(is_viral=None)
    came = outcomes["is_viral"].map({True: IS_VIRAL, False: IS_NOT_VIRAL})
    return label(inputs, VIRAL_TARGET, outcomes.assign(**{VIRAL_TARGET.label: came}))
