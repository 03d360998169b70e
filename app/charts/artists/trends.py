"""Momentum against size.

Belongs here: the scatter of the trends page. Does not belong here: classes
(queries/artists/trends.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.artists.tiers import score_labels, score_scale
from app.charts.common import BAD_COLOUR, BLUE, GREY, HEIGHT
from app.charts.forms import legend_of, tooltips
from kpop_assets.contracts import rules

# The axis is written in fractions.
_EDGE = rules.MOMENTUM_EDGE_POINTS / 100
CLASS_COLOURS = {"surging": BLUE, "stable": GREY, "falling": BAD_COLOUR}
CLASS_SHAPES = {"surging": "triangle-up", "stable": "circle", "falling": "triangle-down"}


def momentum_scatter(
    frame: pl.DataFrame, titles: Mapping[str, str], class_names: Mapping[str, str]
) -> alt.LayerChart | alt.FacetChart:
    """A point for each artist: momentum (linear near 0, logarithmic beyond) and score.

    Args:
        frame: artist, tier, total_engagement, growth rates, momentum, momentum_class; no nulls in
            momentum.
        titles: name of each column.
        class_names: what each class is called.
    """
    shown = frame.with_columns(
        pl.col("momentum_class").replace_strict(class_names).alias("momentum_class"),
        # The percent of axis and tooltip is written of parts of 1.
        pl.col("momentum", "growth_rate_7d", "growth_rate_30d") / 100,
    )
    names = [class_names[key] for key in CLASS_COLOURS]
    legend = legend_of(names)
    columns = ["artist", "tier", "total_engagement", "momentum", "growth_rate_7d"]
    columns += ["growth_rate_30d"]
    points = (
        alt.Chart(shown)
        .mark_point(filled=True, size=90, opacity=0.85)
        .encode(
            x=_momentum_axis(shown, titles),
            y=alt.Y(
                "total_engagement:Q",
                title=titles["total_engagement"],
                scale=score_scale(frame),
                axis=score_labels(frame),
            ),
            color=alt.Color(
                "momentum_class:N",
                scale=alt.Scale(domain=names, range=list(CLASS_COLOURS.values())),
                legend=legend,
            ),
            shape=alt.Shape(
                "momentum_class:N",
                scale=alt.Scale(domain=names, range=list(CLASS_SHAPES.values())),
                legend=legend,
            ),
            tooltip=tooltips(shown, columns, titles, "growth"),
        )
    )
    edges = alt.Chart(pl.DataFrame({"momentum": [-_EDGE, _EDGE]}))
    dashed = edges.mark_rule(strokeDash=[4, 3], color=GREY).encode(x="momentum:Q")
    return alt.layer(dashed, points).properties(height=int(HEIGHT * 1.3))


def _momentum_axis(shown: pl.DataFrame, titles: Mapping[str, str]) -> alt.X:
    largest = float(shown.get_column("momentum").abs().max() or 0)  # type: ignore[arg-type]
    powers = [10.0**power for power in range(-1, 12) if 10.0**power <= largest * 1.05]
    few = powers[:: max(1, (len(powers) + 4) // 5)]
    ticks = [-tick for tick in reversed(few)] + [0.0] + few
    used = shown.get_column("momentum")
    low, high = float(used.min()), float(used.max())  # type: ignore[arg-type]
    domain = [min(low * 1.3, -0.2), max(high * 1.3, 0.2)]
    return alt.X(
        "momentum:Q",
        title=titles["momentum"],
        scale=alt.Scale(type="symlog", constant=_EDGE, domain=domain, nice=False),
        axis=alt.Axis(
            values=[tick for tick in ticks if domain[0] <= tick <= domain[1]],
            labelExpr=(
                "datum.value == 0 ? '0%' : abs(datum.value) < 1000 "
                "? format(datum.value, '+,.0%') : format(datum.value * 100, '+~s') + '%'"
            ),
            labelOverlap=True,
        ),
    )
