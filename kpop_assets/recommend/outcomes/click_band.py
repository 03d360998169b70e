"""Whether listeners click as they did: a day's share of shown works, and the band of days before.

Belongs here: the band. Does not belong here: clicks of a variant (experiments/), or telling people
(wiring/watch_serving.py).

The middle is the median of the days before that are of its kind: weekend days, or others. A day is
outside where both the days before and chance leave it there: further from the middle than four
times what lies between days (the median of their distances from that of their kind, as a standard
deviation, of the arcsine of the root: on it a share near 0 has room below it as above), and more or
fewer clicks than chance gives once in 16,000 times to as many works as the day showed. No click at
all is outside wherever chance says so: days that differ widely are no reason for it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import polars as pl

from kpop_assets.recommend.outcomes.day_kinds import is_of_kind

BAND_DAYS = 28
LEAST_BAND_DAYS = 7
# Of the day's kind: two weekends.
LEAST_KIND_DAYS = 4
# A day that showed fewer says nothing of shares of a few per cent.
LEAST_SHOWN = 500
_WIDTHS = 4.0
_CHANCE = 1 / 16_000
# Of days with fewer clicks the median is 0 or a single click: their mean stands for it.
_LEAST_CLICKS = 5
# Of a normal distribution the standard deviation by the median distance from the median.
_NORMAL = 1.4826
_HALF_A_CLICK = 0.5


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
    before = rates.filter(pl.col("ingest_date").is_between(start, day, closed="left"))
    is_kind = is_of_kind(pl.col("ingest_date"), day)
    alike = before.filter(is_kind)
    if before.height < LEAST_BAND_DAYS or alike.height < LEAST_KIND_DAYS:
        return None
    shown = int(rates.item(-1, "shown_count"))
    low, high = _reach_of_days(alike["rate"], before.filter(~is_kind)["rate"])
    fewest, most = _reach_of_chance(alike, shown)
    low, high = min(low, fewest / shown), max(high, most / shown)
    if fewest > 0:
        low = max(low, _HALF_A_CLICK / shown)
    return ClickBand(day, 100 * rates.item(-1, "rate"), 100 * low, 100 * high)


def _reach_of_days(alike: pl.Series, others: pl.Series) -> tuple[float, float]:
    """The shares between which days are that differ as those before.

    Args:
        alike: shares of the days of the day's kind.
        others: of the others; they tell how far days are apart, too.
    """
    middle, apart = _apart(alike)
    between = _NORMAL * _median(pl.concat([apart, _apart(others)[1]]))
    low, high = middle - _WIDTHS * between, middle + _WIDTHS * between
    return math.sin(max(0.0, low)) ** 2, math.sin(min(math.pi / 2, high)) ** 2


def _apart(shares: pl.Series) -> tuple[float, pl.Series]:
    """The median of the arcsines, and how far each is from it."""
    turned = shares.clip(upper_bound=1).sqrt().arcsin()
    middle = _median(turned)
    return middle, (turned - middle).abs()


def _median(numbers: pl.Series) -> float:
    return float(numbers.median() or 0.0)  # type: ignore[arg-type]


def _reach_of_chance(before: pl.DataFrame, shown: int) -> tuple[int, int]:
    """The fewest and the most clicks that chance gives to works that are clicked as before."""
    from scipy.special import bdtrik

    share = _median(before["rate"])
    if share * shown < _LEAST_CLICKS:
        # Of one click, where there was none: never is more than so many works can tell.
        clicks, works = before["clicked_count"].sum(), before["shown_count"].sum()
        share = max(1, int(clicks)) / int(works)
    fewest, most = bdtrik([_CHANCE, 1 - _CHANCE], shown, min(share, 1.0))
    return math.ceil(fewest), math.ceil(most)
