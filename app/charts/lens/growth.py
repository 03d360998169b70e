"""A video's views so far, and the fan of what it may have in the days to come.

Belongs here: that chart. Does not belong here: the forecasts (kpop_assets/lens/), or which video.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GOLD, HEIGHT
from app.charts.forms import INK, axis_of, legend_of, tooltips

_TIME = "%Y-%m-%d %H:%M"


def growth_fan(
    seen: pl.DataFrame,
    fan: pl.DataFrame,
    milestone: float | None,
    titles: Mapping[str, str],
    names: Mapping[str, str],
) -> alt.LayerChart | alt.FacetChart:
    """Observations as a line, the forecast as a broken one, its intervals as bands.

    Args:
        seen: seoul_time and view_count of each observation.
        fan: seoul_time, forecast_views, low_80, high_80, low_95, high_95; its first row is the last
            observation.
        milestone: the next round number, drawn as a line where the chart reaches it.
        titles: name of each column.
        names: what the legend calls `seen`, `forecast`, `band_80` and `band_95`.
    """
    order = [names[key] for key in ("seen", "forecast", "band_80", "band_95")]
    scale = alt.Scale(domain=order, range=[BLUE, GOLD, f"{GOLD}66", f"{GOLD}33"])
    legend = alt.Color("part:N", scale=scale, legend=legend_of(order), title=None)
    x = alt.X("seoul_time:T", title=None, axis=alt.Axis(format="%m-%d %H:%M", labelOverlap=True))
    bands = [
        _named(fan, names[f"band_{level}"])
        .mark_area(opacity=1)
        .encode(
            x=x,
            y=alt.Y(f"low_{level}:Q", title=titles["view_count"], axis=axis_of("compact")).scale(
                zero=False
            ),
            y2=f"high_{level}:Q",
            color=legend,
            tooltip=_tips(fan, [f"low_{level}", f"high_{level}"], titles),
        )
        for level in (95, 80)
    ]
    line = (
        _named(fan, names["forecast"])
        .mark_line(strokeDash=[6, 4], strokeWidth=2, point=alt.OverlayMarkDef(size=36))
        .encode(x=x, y="forecast_views:Q", color=legend)
        .encode(tooltip=_tips(fan, ["forecast_views"], titles))
    )
    past = (
        _named(seen, names["seen"])
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=36))
        .encode(x=x, y="view_count:Q", color=legend, tooltip=_tips(seen, ["view_count"], titles))
    )
    layers: list[alt.Chart] = [*bands, line, past]
    top = fan.get_column("high_95").max()
    if milestone is not None and isinstance(top, int | float) and top >= milestone:
        mark = pl.DataFrame({"view_count": [float(milestone)]})
        layers.append(
            alt.Chart(mark).mark_rule(strokeDash=[2, 3], color=INK).encode(y="view_count:Q")
        )
    return alt.layer(*layers).properties(height=int(HEIGHT * 1.3))


def _named(frame: pl.DataFrame, name: str) -> alt.Chart:
    return alt.Chart(frame.with_columns(part=pl.lit(name)))


def _tips(frame: pl.DataFrame, columns: list[str], titles: Mapping[str, str]) -> list[alt.Tooltip]:
    when = alt.Tooltip("seoul_time:T", title=titles["seoul_time"], format=_TIME)
    return [when, *tooltips(frame, columns, titles, "compact")]
