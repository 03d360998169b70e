"""How scores are spread over artists: cumulative and by bins, with the tiers' edges.

Belongs here: the two charts of the tiers page. Does not belong here: bins
(queries/artists/tiers.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import GREY, HEIGHT, colour_by
from app.charts.forms import COMPACT, axis_of, tooltips
from app.queries.artists.tiers import linear_below


def cumulative(
    scores: pl.DataFrame, cutoffs: pl.DataFrame, titles: Mapping[str, str]
) -> alt.LayerChart | alt.FacetChart:
    """Percentile over score, a point for each artist, with the lowest percentile of each tier."""
    base = alt.Chart(scores).encode(
        x=score_axis(scores, titles),
        y=alt.Y(
            "percentile:Q",
            title=titles["percentile"],
            scale=alt.Scale(domain=[0, 1]),
            axis=axis_of("share"),
        ),
    )
    columns = ["artist", "total_engagement", "percentile", "tier"]
    points = base.mark_circle(size=55, opacity=0.85).encode(
        color=colour_by(scores, "tier", titles),
        tooltip=tooltips(scores, columns, titles, "share"),
    )
    steps = base.mark_line(interpolate="step-after", strokeWidth=1.5, color=GREY)
    edges = _edges(cutoffs).mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=1.5)
    at_percentile = edges.encode(
        y="percentile_from:Q",
        color=colour_by(cutoffs, "tier", titles),
        tooltip=tooltips(cutoffs, ["tier", "percentile_from"], titles, "share"),
    )
    layers = alt.layer(steps, at_percentile, _lowest(cutoffs, titles), points)
    return layers.properties(height=HEIGHT)


def by_bins(
    bins: pl.DataFrame, scores: pl.DataFrame, cutoffs: pl.DataFrame, titles: Mapping[str, str]
) -> alt.LayerChart | alt.FacetChart:
    """Share of artists in each bin of score, by tier, with the lowest score of each tier."""
    columns = ["score_from", "score_to", "tier", "artist_count", "artist_share"]
    edges = tooltips(bins, columns[:2], titles, "compact")
    shown = [*edges, *tooltips(bins, columns[2:], titles, "share")]
    # Of bars with two ends Vega-Lite stacks none, so each bar says where it begins.
    over = pl.col("artist_share").cum_sum().over("score_from")
    stacked = bins.with_columns(
        over.alias("share_to"), (over - pl.col("artist_share")).alias("share_from")
    )
    bars = (
        alt.Chart(stacked)
        .mark_bar(opacity=0.85)
        .encode(
            x=score_axis(scores, titles, "score_from"),
            x2="score_to:Q",
            y=alt.Y("share_from:Q", title=titles["artist_share"], axis=axis_of("share")),
            y2="share_to:Q",
            color=colour_by(scores, "tier", titles),
            tooltip=shown,
        )
    )
    return alt.layer(bars, _lowest(cutoffs, titles)).properties(height=HEIGHT)


def score_axis(
    scores: pl.DataFrame, titles: Mapping[str, str], field: str = "total_engagement"
) -> alt.X:
    """Scores from left to right, on `score_scale`."""
    scale, axis = score_scale(scores), score_labels(scores)
    return alt.X(f"{field}:Q", title=titles["total_engagement"], scale=scale, axis=axis)


def score_scale(scores: pl.DataFrame) -> alt.Scale:
    """Logarithmic, but linear next to 0, which a logarithm has no place for."""
    low, high = _domain(scores)
    return alt.Scale(type="symlog", constant=linear_below(scores), domain=[low, high], nice=False)


def score_labels(scores: pl.DataFrame) -> alt.Axis:
    """Ticks with a unit each: 50K beside 1M."""
    return alt.Axis(values=score_ticks(scores), labelExpr=COMPACT, labelOverlap=True)


def score_ticks(scores: pl.DataFrame) -> list[int]:
    """Powers of ten where the scale is logarithmic; with 2 and 5 times them where they are few."""
    low, high = _domain(scores)
    lowest = round(math.log10(linear_below(scores)))
    powers = [10**power for power in range(lowest, 20) if 10**power <= high]
    factors = (1,) if high / max(low, powers[0]) > 500 else (1, 2, 5)
    ticks = [factor * power for power in powers for factor in factors]
    return [tick for tick in [0, *ticks] if low <= tick <= high]


def _domain(scores: pl.DataFrame) -> tuple[float, float]:
    """A little more than lowest to highest score, with room for the bins at both ends."""
    low, high = _extremes(scores)
    return (low * 0.5 if low > linear_below(scores) else 0.0), high * 1.8 + 1


def _extremes(scores: pl.DataFrame) -> tuple[float, float]:
    values = scores.get_column("total_engagement")
    return float(values.min()), float(values.max())  # type: ignore[arg-type]


def _edges(cutoffs: pl.DataFrame) -> alt.Chart:
    # The last tier begins at the bottom: no edge.
    begun = (pl.col("percentile_from") > 0) & pl.col("min_total_engagement").is_not_null()
    return alt.Chart(cutoffs.filter(begun))


def _lowest(cutoffs: pl.DataFrame, titles: Mapping[str, str]) -> alt.Chart:
    tips = tooltips(cutoffs, ["tier", "min_total_engagement"], titles, "count")
    rules = _edges(cutoffs).mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=1.5)
    return rules.encode(
        x="min_total_engagement:Q", color=colour_by(cutoffs, "tier", titles), tooltip=tips
    )
