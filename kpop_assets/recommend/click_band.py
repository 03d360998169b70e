"""Whether listeners click as they did: a day's share of shown works, and the band of days before.

Belongs here: the band. Does not belong here: clicks of a variant (experiments/), or telling people
(wiring/watch_serving.py).

The middle is the median of the days before, the width what lies between them (the median of their
distances, as a standard deviation) or, where that is more, what chance does to as many works as the
day showed. Four widths: of days that are like those before about one in 16,000 lies outside; of
four weeks alone, whose own width is an estimate, a few times that.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import polars as pl

BAND_DAYS = 28
LEAST_BAND_DAYS = 7
# A day that showed fewer says nothing of shares of a few per cent.
LEAST_SHOWN = 500
_WIDTHS = 4.0
# Of a normal distribution the standard deviation by the median distance from the median.
_NORMAL = 1.4826


@dataclass(frozen=True)
class ClickBand:
    """A day's share of shown works that were clicked, and where it was to be.

    Attributes:
        day: the day.
        clicked_pct: its share.
        low_pct: lower end of the band.
        high_pct: upper end.
    """

    day: dt.date
    clicked_pct: float
    low_pct: float
    high_pct: float

    @property
    def is_outside(self) -> bool:
        """Whether the share left its band."""
        return not self.low_pct <= self.clicked_pct <= self.high_pct


def judge_clicks(days: pl.DataFrame, last: dt.date) -> ClickBand | None:
    """The band of the newest day up to `last` of which clicks are known; None where too few are.

    Args:
        days: ingest_date, shown_count and clicked_count of whole days.
        last: the last day whose clicks are all in.
    """
    told = days.filter(
        pl.col("clicked_count").is_not_null(),
        pl.col("shown_count") >= LEAST_SHOWN,
        pl.col("ingest_date") <= last,
    ).sort("ingest_date")
    if told.is_empty():
        return None
    day: dt.date = told.item(-1, "ingest_date")
    rates = told.with_columns((pl.col("clicked_count") / pl.col("shown_count")).alias("rate"))
    start = day - dt.timedelta(days=BAND_DAYS)
    before = rates.filter(pl.col("ingest_date").is_between(start, day, closed="left"))["rate"]
    if before.len() < LEAST_BAND_DAYS:
        return None
    middle = float(before.median() or 0.0)  # type: ignore[arg-type]
    between = _NORMAL * float((before - middle).abs().median() or 0.0)  # type: ignore[arg-type]
    chance = math.sqrt(middle * (1 - middle) / rates.item(-1, "shown_count"))
    reach = _WIDTHS * max(between, chance)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return ClickBand(day, 100 * rates.item(-1, "rate"), 100 * low, 100 * high)
