"""An artist as a multiple of a tier, and a feature over the tiers.

Belongs here: the charts of the content strategy page. Does not belong here: the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import GOLD, GREEN, GREY, HEIGHT, tier_scale
from app.charts.forms import axis_of, scaled, tooltips


def feature_by_tier(
    frame: pl.DataFrame, feature: str, titles: Mapping[str, str], form: str
) -> alt.Chart:
    """A bar for each tier, in the tier's colour: columns tier and `feature`."""
    scale = tier_scale()
    drawn = scaled(frame, feature, form)
    encoding = {
        "x": alt.X("tier:O", title=titles["tier"], axis=alt.Axis(labelAngle=0)),
        "y": alt.Y(f"{feature}:Q", title=titles[feature], axis=axis_of(form)),
        "color": alt.Color("tier:O", scale=scale, legend=None),
        "tooltip": tooltips(drawn, ["tier", feature], titles, form),
    }
    return alt.Chart(drawn).mark_bar().encode(**encoding).properties(height=HEIGHT)


def ratio_bars(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.LayerChart:
    """A bar for each feature from 1, the tier's mean, to the artist's multiple of it.

    Args:
        frame: feature_name and ratio, all ratios greater than 0.
        titles: name of each column.
    """
    ratios = [1.0, *frame.get_column("ratio")]
    span = (min(ratios) / 1.3, max(ratios) * 1.3)
    x = alt.X(
        "ratio:Q",
        title=titles["ratio"],
        # From 1 both ways, so that a tenth is as long as ten times.
        scale=alt.Scale(type="log", domain=span, nice=False),
        axis=axis_of("times", values=_ticks(*span)),
    )
    above, below = GREEN, GOLD
    base = alt.Chart(frame).encode(
        x=x,
        y=alt.Y("feature_name:N", title=None, sort=None, axis=alt.Axis(labelLimit=240)),
        tooltip=tooltips(frame, ["feature_name", "ratio"], titles, "times"),
    )
    bars = base.mark_bar().encode(
        x2=alt.datum(1),
        color=alt.condition(alt.datum.ratio >= 1, alt.value(above), alt.value(below)),
    )
    one = alt.Chart(frame).mark_rule(color=GREY).encode(x=alt.datum(1))
    return (bars + one).properties(height=40 + 32 * frame.height)


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 in each power of ten of a span; powers of ten alone where those are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    digits = (1, 2, 5) if len(powers) < 5 else (1,)
    ticks = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [tick for tick in ticks if low <= tick <= high]
