"""The map of works: one work, those near it, a part of all others, and the names of clusters.

Belongs here: that chart. Does not belong here: where a work lies (queries/recommend/work_map.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from app.charts.common import BLUE, GOLD, GREY, HEIGHT
from app.charts.forms import INK, legend_of, tooltips

# Of the map's width and height, what a cluster's name takes: its letters, and each of its lines.
_NAME_WIDTH, _LINE_HEIGHT = 0.17, 0.05
# Where the map is narrower than this, clusters without a work near the seed have no name on it.
_ROOMY_WIDTH = 500
_SIZES = {"seed": 260, "near": 130, "others": 14}
_SHAPES = {"seed": "diamond", "near": "circle", "others": "circle"}
_COLOURS = {"seed": GOLD, "near": BLUE, "others": GREY}
_OPACITIES = {"seed": 1.0, "near": 0.9, "others": 0.35}


@dataclass(frozen=True)
class MapNames:
    """What the chart's parts are called.

    Attributes:
        parts: what the legend calls `seed`, `near` and `others`.
        axes: what each axis runs from and to, across and up.
        titles: name of each column in tooltips.
    """

    parts: Mapping[str, str]
    axes: tuple[str, str]
    titles: Mapping[str, str]


def draw_work_map(
    works: pl.DataFrame, centres: pl.DataFrame, names: MapNames
) -> alt.LayerChart | alt.FacetChart:
    """Works as points, those near the seed with their places, clusters by their names.

    Args:
        works: part, rank (null but for those near), across, up, work, act, cluster_name.
        centres: cluster_name, across, up, is_near: whether the seed or a work near it is in it.
        names: what things are called.
    """
    points = [
        _points(works, part, names).mark_point(
            filled=True,
            size=_SIZES[part],
            shape=_SHAPES[part],
            opacity=_OPACITIES[part],
            # A thousand dots read aloud say nothing.
            aria=part != "others",
        )
        for part in ("others", "near", "seed")
    ]
    places = (
        alt.Chart(works.filter(pl.col("part") == "near"))
        .mark_text(dx=10, dy=-8, fontSize=12, fontWeight="bold", color=INK)
        .encode(x="across:Q", y="up:Q", text="rank:Q")
    )
    clusters = (
        alt.Chart(_apart(centres, works))
        .mark_text(fontSize=12, fontStyle="italic", lineBreak="\n", color=INK, baseline="top")
        .encode(x="across:Q", y="top:Q", text="lines:N")
        .transform_filter(f"width >= {_ROOMY_WIDTH} || datum.is_near")
    )
    return alt.layer(*points, clusters, places).properties(height=int(HEIGHT * 1.5))


def _points(works: pl.DataFrame, part: str, names: MapNames) -> alt.Chart:
    rows = works.filter(pl.col("part") == part).with_columns(part=pl.lit(names.parts[part]))
    order = list(names.parts.values())
    legend = legend_of(order)
    legend.symbolOpacity = 1
    scale = alt.Scale(domain=order, range=[_COLOURS[name] for name in names.parts])
    axis: Any = alt.Axis(labels=False, ticks=False, grid=False)
    return alt.Chart(rows).encode(
        x=alt.X("across:Q", title=names.axes[0], axis=axis),
        y=alt.Y("up:Q", title=names.axes[1], axis=axis),
        color=alt.Color("part:N", scale=scale, legend=legend, title=None),
        tooltip=tooltips(rows, list(names.titles), names.titles, "number"),
    )


def _apart(centres: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """The centres with `lines` of their names and their `top`, apart from each other."""
    wide, high = (_extent(works, centres, name) for name in ("across", "up"))
    placed: list[tuple[float, float, int]] = []
    told = []
    for row in centres.sort("up", "across", descending=[True, False]).iter_rows(named=True):
        lines = row["cluster_name"].split(", ")
        up = row["up"]
        while lower := [
            at - (count + len(lines)) / 2 * _LINE_HEIGHT * high
            for across, at, count in placed
            if abs(across - row["across"]) < _NAME_WIDTH * wide
            and abs(at - up) < (count + len(lines)) / 2 * _LINE_HEIGHT * high * (1 - 1e-9)
        ]:
            up = min(lower)
        placed.append((row["across"], up, len(lines)))
        top = up + len(lines) / 2 * _LINE_HEIGHT * high
        told.append({**row, "top": top, "lines": "\n".join(lines)})
    return pl.DataFrame(told, schema={**centres.schema, "top": pl.Float64, "lines": pl.String})


def _extent(works: pl.DataFrame, centres: pl.DataFrame, name: str) -> float:
    values = pl.concat([works.get_column(name), centres.get_column(name)])
    low, high = values.min(), values.max()
    return float(high) - float(low) if low is not None and high is not None else 0.0  # type: ignore[arg-type]
