"""Growth: who grows, who falls, the videos behind it, and where each pace is going.

Belongs here: the tab. Does not belong here: trends and movers (queries/artists/trends.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.behind import with_videos
from app.cache import ask
from app.charts.artists.trends import trend_scatter, within_bounds
from app.frame import t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.queries.artists import trends
from app.queries.videos import find_driving_videos, find_fading_videos

MOVER_COLUMNS = ("artist", "tier", "growth_rate_7d", "growth_sigma", "total_engagement")
# Acts beyond the chart that are named, by side.
NAMED = 5


def show(view: frame.View) -> None:
    """Draw the tab."""
    st.markdown(t("trends.lead", day=view.day.isoformat()))
    rows = ask(view.snapshot, trends.list_trends, view.day)
    names = {name: _class(name) for name in trends.CLASSES}
    _counts(rows, names)
    _scatter(view, rows, names)
    if rows.get_column("growth_rate_7d").is_null().all():
        frame.tell(PageEnd("trends.no_growth", day=view.day.isoformat()))
    else:
        _movers(view, rows, up=True)
        _movers(view, rows, up=False)
    st.subheader(t("trends.all"))
    shown = _named(rows, names).drop("trend", "trend_change")
    tables.show_table(shown, f"trends_{view.day}", saved=rows)


def _class(name: str) -> str:
    return word("trends.unknown" if name == "unknown" else f"rows.trend_{name}")


def _counts(rows: pl.DataFrame, names: dict[str, str]) -> None:
    figures = st.columns(len(names))
    for place, (name, label) in zip(figures, names.items(), strict=True):
        count = rows.filter(pl.col("trend_class") == name).height
        help_text = t("trends.unknown_help") if name == "unknown" else None
        tables.show_figure(place, label, tables.number("count", count), help=help_text)


def _movers(view: frame.View, rows: pl.DataFrame, up: bool) -> None:
    side = "up" if up else "down"
    st.subheader(t(f"trends.{side}"))
    moved = trends.find_movers(rows, up).select(MOVER_COLUMNS)
    if moved.is_empty():
        st.markdown(t(f"trends.nobody_{side}"))
        return
    st.caption(t(f"trends.{side}_caption"))
    if up:
        shown = with_videos(view, moved, find_driving_videos)
    else:
        shown = with_videos(view, moved, find_fading_videos, tuple(moved.get_column("artist")))
    tables.show_table(shown, f"trends_{side}_{view.day}")


def _scatter(view: frame.View, rows: pl.DataFrame, names: dict[str, str]) -> None:
    st.subheader(t("trends.scatter"))
    known = rows.filter(pl.col("trend").is_not_null())
    if known.is_empty():
        frame.tell(PageEnd("trends.no_trend", day=view.day.isoformat()))
        return
    inside = within_bounds(known)
    titles = {name: tables.heading(name) for name in known.columns}
    called = known.with_columns(pl.col("artist").map_elements(act_name, pl.String))
    chart = trend_scatter(called.filter(inside), titles, names)
    columns = ["artist", "trend_class", "trend_ratio", "trend", "trend_change"]
    under = _named(known.sort("trend", descending=True), names).select(columns)
    tables.show_chart(chart, t("trends.scatter_caption"), under, f"trends_scatter_{view.day}")
    beyond = known.filter(~inside).sort(pl.col("trend").abs(), descending=True)
    if beyond.height:
        written = [
            f"{escape(act_name(artist))} {tables.number('times', ratio)}"
            for artist, ratio in beyond.select("artist", "trend_ratio").head(NAMED).rows()
        ]
        st.caption(t("trends.beyond", count=beyond.height) + " " + ", ".join(written))


def _named(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return rows.with_columns(pl.col("trend_class").replace_strict(names))


if __name__ == "__main__":
    frame.run_page(show)
