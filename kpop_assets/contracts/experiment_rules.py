"""Numbers of experiments that tables, formulas and pages share.

Belongs here: chances and limits. Does not belong here: any computation.
"""

from __future__ import annotations

# An experiment of many weeks has lost its question, and each day of it is measured by all before.
MOST_DAYS = 56
MOST_PRE_PERIOD_DAYS = 28
# Chance of a finding where there is none, and of none where the least effect is there.
ALPHA = 0.05
POWER = 0.8
# Shares that chance brings once in a thousand experiments: then something is lost on the way.
MISMATCH_ALPHA = 0.001
# More units than these that met two variants, or one that was not planned, are no accident.
MOST_STRAY_PCT = 1.0
