"""Which days are like a day: people listen otherwise on weekends.

Belongs here: that rule. Does not belong here: what is held against what (click_band.py,
input_drift.py). A public holiday is the day of the week that it is: no calendar is kept of them.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

# ISO's number of the first day of a weekend.
_SATURDAY = 6


def is_of_kind(date: pl.Expr, day: dt.date) -> pl.Expr:
    """Whether dates are weekend days where a day is one, or none where it is none."""
    return (date.dt.weekday() >= _SATURDAY) == (day.isoweekday() >= _SATURDAY)
