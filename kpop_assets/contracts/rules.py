"""Every number that a formula shares with another, a contract or a page: said here alone.

Belongs here: windows, weights, cut-offs, horizons, limits and how far a formula looks back, each
with its reason. Does not belong here: the formula (its module tells where a number comes from), a
number of one function alone, or what is configured (settings.py).

Whoever changes one has to run the days anew that were computed with the other.
"""

from __future__ import annotations

# A video is new on a day if none of the days before, as many as this, has seen it.
NEW_VIDEO_LOOK_BACK_DAYS = 7
# A video seen again after longer than this is a new baseline: what it gained meanwhile belongs to
# no day in particular.
COUNTERS_LOOK_BACK_DAYS = 30

MONTH_DAYS = 30
# An artist without an event for this long has no row, and stands in the last tier.
ACTIVE_DAYS = 30
# History counts as reaching back to a window's start if a day was seen at most this long before.
HISTORY_GAP_DAYS = 7
# The previous month's window begins 59 days before the day, and its start may lie in a gap.
FEATURES_LOOK_BACK_DAYS = 2 * MONTH_DAYS - 1 + HISTORY_GAP_DAYS

# A video not seen for this long is new when it is seen again, as its gains are.
REAPPEARANCE_DAYS = COUNTERS_LOOK_BACK_DAYS
# Days since the last new video are counted up to this.
SINCE_NEW_DAYS = 60
PACES_LOOK_BACK_DAYS = REAPPEARANCE_DAYS + SINCE_NEW_DAYS
PEAK_DAYS = 28
PEAKS_LOOK_BACK_DAYS = PEAK_DAYS - 1
INPUTS_LOOK_BACK_DAYS = max(PACES_LOOK_BACK_DAYS, PEAKS_LOOK_BACK_DAYS, ACTIVE_DAYS)

# Days from a forecast to the day it is about.
HORIZON_DAYS = 7
# Origins of a backtest lie whole weeks apart.
STEP_DAYS = 7
# Forecast days before a cut that are learned from.
HISTORY_DAYS = 400
# Forecast days that candidates are scored on.
EVALUATION_DAYS = 60
# The oldest origin lies up to a step before the days it is scored on, whose outcomes lie a
# horizon before the training; it learns from the history before itself.
TRAINING_LOOK_BACK_DAYS = HISTORY_DAYS + EVALUATION_DAYS + STEP_DAYS + HORIZON_DAYS

# An older champion knows too little of today's artists to be shown.
CHAMPION_DAYS = 60
RANK_CHANGE_DAYS = 7
DRIVING_DAYS = 7
