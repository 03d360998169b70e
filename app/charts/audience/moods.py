"""Net sentiment: of each aspect, of acts side by side, and of one subject over days.

Belongs here: those charts. Does not belong here: a score's computation (kpop_assets/audience/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from app.charts.common import BLUE, GOLD, HEIGHT, colour_by
from app.charts.forms import INK, axis_of, axis_of_days, legend_of, tooltips

# The legend stands below.
_ROW, _ACT_ROW, _ROOM, _LEGEND = 26, 22, 130, 40
_WHOLE = alt.Scale(domain=[-1, 1])
_FORM = "sentiment"
# In a legend a tick is a circle of its own accord.
_TICK = "M-0.25,-1L0.25,-1L0.25,1L-0.25,1Z"
_SHOWN = ("score_value", "low", "high", "review_count")


def draw_aspect_bars(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.LayerChart:
    """A bar from 0 for each aspect, its 95 % interval as a line, acts alike as a tick.

    How many reviews speak of it stands behind its name.

    Args:
        frame: aspect_name, score_value, low, high, review_count, cohort_value; in the order of
            the bars.
        titles: name of each column.
    """
    tips = tooltips(frame, ["aspect_name", *_SHOWN, "cohort_value"], titles, _FORM)
    drawn = frame.with_columns(
        pl.format("{} ({})", "aspect_name", "review_count").alias("label"),
        pl.lit(titles["cohort_value"]).alias("mark"),
    )
    base = alt.Chart(drawn).encode(y=_rows_of("label"), tooltip=tips)
    x = alt.X("score_value:Q", title=titles["score_value"], axis=axis_of(_FORM), scale=_WHOLE)
    bars = base.mark_bar(size=14, color=BLUE, opacity=0.7).encode(x=x)
    spans = base.mark_rule(color=INK, strokeWidth=2).encode(
        x=alt.X("low:Q", scale=_WHOLE), x2="high:Q"
    )
    layers = bars + spans + _zero(drawn)
    alike = drawn.drop_nulls("cohort_value")
    if not alike.is_empty():
        layers += (
            alt.Chart(alike)
            .mark_tick(thickness=3, size=18, opacity=1)
            .encode(
                y=_rows_of("label"),
                x=alt.X("cohort_value:Q", scale=_WHOLE),
                color=_named(titles["cohort_value"], _TICK),
                tooltip=tips,
            )
        )
    return layers.properties(height=_ROOM + _ROW * frame.height)


def draw_acts_by_aspect(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.LayerChart:
    """A point with its 95 % interval for each act, below each other within each aspect.

    Args:
        frame: artist, aspect_name, score_value, low, high, review_count.
        titles: name of each column.
    """
    tips = tooltips(frame, ["artist", "aspect_name", *_SHOWN], titles, _FORM)
    base = alt.Chart(frame).encode(
        y=_rows_of("aspect_name"),
        yOffset=alt.YOffset("artist:N"),
        color=colour_by(frame, "artist", titles),
        tooltip=tips,
    )
    x = alt.X("score_value:Q", title=titles["score_value"], axis=axis_of(_FORM), scale=_WHOLE)
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=x)
    spans = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=_WHOLE), x2="high:Q")
    rows = frame["aspect_name"].n_unique() * max(frame["artist"].n_unique(), 2)
    return (_zero(frame) + spans + points).properties(height=_ROOM + _ACT_ROW * rows)


def draw_mood_days(
    frame: pl.DataFrame, releases: Sequence[dt.date], titles: Mapping[str, str]
) -> alt.LayerChart:
    """Net sentiment over days as a line in its 95 % interval; each release is a broken line.

    Beside names of columns `titles` has that of a release.

    Args:
        frame: ingest_date, score_value, low, high, review_count, days in order.
        releases: days of releases; those outside the frame's days are not drawn.
        titles: name of each column.
    """
    x = alt.X("ingest_date:T", title=None, axis=axis_of_days(frame["ingest_date"]))
    tips = tooltips(frame, ["ingest_date", *_SHOWN], titles, _FORM)
    axis = axis_of(_FORM)
    base = alt.Chart(frame).encode(x=x, tooltip=tips)
    band = base.mark_area(color=BLUE, opacity=0.2).encode(
        y=alt.Y("low:Q", title=titles["score_value"], axis=axis, scale=_WHOLE), y2="high:Q"
    )
    line = base.mark_line(color=BLUE, strokeWidth=2, point=frame.height == 1).encode(
        y=alt.Y("score_value:Q", title=titles["score_value"], axis=axis, scale=_WHOLE)
    )
    marks = pl.DataFrame({"release_date": releases}, {"release_date": pl.Date}).filter(
        pl.col("release_date").is_between(frame["ingest_date"].min(), frame["ingest_date"].max())
    )
    layers = band + line
    if not marks.is_empty():
        told = tooltips(marks, ["release_date"], titles, _FORM)
        layers += (
            alt.Chart(marks.with_columns(pl.lit(titles["release"]).alias("mark")))
            .mark_rule(strokeDash=[4, 3], strokeWidth=2)
            .encode(x="release_date:T", color=_named(titles["release"]), tooltip=told)
        )
    return layers.properties(height=HEIGHT + _LEGEND)


def _zero(frame: pl.DataFrame) -> alt.Chart:
    return alt.Chart(frame).mark_rule(aria=False, color=INK).encode(x=alt.datum(0))


def _named(mark: str, symbol: str | None = None) -> alt.Color:
    """Gold, with a legend that says what is marked so: column `mark`."""
    scale = alt.Scale(domain=[mark], range=[GOLD])
    legend = legend_of([mark])
    if symbol is not None:
        legend["symbolType"] = symbol
    return alt.Color("mark:N", title=None, scale=scale, legend=legend)


def _rows_of(column: str) -> alt.Y:
    axis = alt.Axis(labelLimit=200, labelOverlap=False)
    return alt.Y(f"{column}:N", title=None, sort=None, axis=axis)
