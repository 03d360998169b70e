"""Trends: who grows, who falls, and the videos behind it.

Belongs here: the page. Does not belong here: classes and movers (queries/artists/trends.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.behind import with_videos
from app.cache import ask
from app.charts.artists.trends import momentum_scatter
from app.frame import t, word
from app.notices import PageEnd
from app.queries.artists import trends
from app.queries.videos import find_driving_videos, find_fading_videos

MOVER_COLUMNS = ("artist", "tier", "growth_rate_7d", "growth_sigma", "total_engagement")


def show(view: frame.View) -> None:
    """Draw the page."""
    st.markdown(t("trends.lead", day=view.day.isoformat()))
    rows = ask(view.snapshot, trends.list_trends, view.day)
    _counts(rows)
    if rows.get_column("growth_rate_7d").is_null().all():
        frame.tell(PageEnd("trends.no_growth", day=view.day.isoformat()))
    else:
        _movers(view, rows, up=True)
        _movers(view, rows, up=False)
    names = {name: word(f"trends.{name}") for name in trends.CLASSES}
    st.subheader(t("trends.scatter"))
    _scatter(view, rows, names)
    st.subheader(t("trends.all"))
    tables.show_table(_named(rows, names), f"trends_{view.day}")


def _counts(rows: pl.DataFrame) -> None:
    figures = st.columns(len(trends.CLASSES))
    for place, name in zip(figures, trends.CLASSES, strict=True):
        count = rows.filter(pl.col("momentum_class") == name).height
        help_text = t("trends.unknown_help") if name == "unknown" else None
        place.metric(t(f"trends.{name}"), f"{count:,}", help=help_text)


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
    known = rows.filter(pl.col("momentum").is_not_null())
    if known.is_empty():
        frame.tell(PageEnd("trends.no_momentum", day=view.day.isoformat()))
        return
    titles = {name: tables.heading(name) for name in known.columns}
    columns = ["artist", "momentum", "momentum_class", "total_engagement"]
    chart = momentum_scatter(known, titles, names)
    under = _named(known.select(columns).sort("momentum", descending=True), names)
    tables.show_chart(chart, t("trends.scatter_caption"), under, f"trends_scatter_{view.day}")


def _named(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return rows.with_columns(pl.col("momentum_class").replace_strict(names))
