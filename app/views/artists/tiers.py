"""Tiers: how scores are spread, where tiers begin, who changed tier this week.

Belongs here: the page. Does not belong here: a figure's computation (queries/artists/tiers.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.behind import with_videos
from app.cache import ask
from app.charts.artists import tiers as charts
from app.frame import t
from app.notices import PageEnd
from app.queries.artists import tiers
from app.queries.videos import find_driving_videos
from kpop_assets.contracts.gold import TIER_CUTOFFS
from kpop_assets.lake.rows import empty


def show(view: frame.View) -> None:
    """Draw the page."""
    st.markdown(t("tiers.lead", day=view.day.isoformat()))
    scores = ask(view.snapshot, tiers.list_scores, view.day)
    cutoffs = _cutoffs(view)
    _distribution(view, scores, cutoffs)
    if not cutoffs.is_empty():
        st.subheader(t("tiers.table"))
        tables.show_table(cutoffs, f"tiers_{view.day}")
    st.subheader(t("tiers.movers"))
    _movers(view)


def _cutoffs(view: frame.View) -> pl.DataFrame:
    """The cut-offs; none, with a sentence, where they cannot be read."""
    try:
        return ask(view.snapshot, tiers.list_cutoffs, view.day)
    except PageEnd as notice:
        frame.tell(notice)
    return empty(TIER_CUTOFFS).drop("ingest_date")


def _distribution(view: frame.View, scores: pl.DataFrame, cutoffs: pl.DataFrame) -> None:
    if scores.height < 2:
        frame.tell(PageEnd("tiers.one_artist", day=view.day.isoformat()))
        return
    bins = tiers.bin_scores(scores)
    names = {*scores.columns, *cutoffs.columns, *bins.columns}
    titles = {name: tables.heading(name) for name in names}
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(t("tiers.cumulative"))
        chart = charts.cumulative(scores, cutoffs, titles)
        linear = f"{tiers.linear_below(scores):,}"
        caption = t("tiers.cumulative_caption", linear=linear)
        tables.show_chart(chart, caption, scores, f"tiers_cdf_{view.day}")
    with right:
        st.subheader(t("tiers.bins"))
        chart = charts.by_bins(bins, scores, cutoffs, titles)
        caption = t("tiers.bins_caption", bins=tiers.BINS_PER_DECADE)
        tables.show_chart(chart, caption, bins, f"tiers_pdf_{view.day}")


def _movers(view: frame.View) -> None:
    try:
        moved = ask(view.snapshot, tiers.find_tier_changes, view.day)
    except PageEnd as notice:
        frame.tell(notice)
        return
    since = moved.since.isoformat()
    rose = moved.rows.filter(pl.col("tier") < pl.col("tier_7d_ago")).height
    figures = st.columns(4)
    figures[0].metric(t("tiers.up"), f"{rose:,}")
    figures[1].metric(t("tiers.down"), f"{moved.rows.height - rose:,}")
    figures[2].metric(t("tiers.entered"), f"{moved.entered:,}", help=t("tiers.entered_help"))
    figures[3].metric(t("tiers.left"), f"{moved.left:,}", help=t("tiers.left_help"))
    if moved.rows.is_empty():
        st.markdown(t("tiers.nobody_moved", since=since))
        return
    st.caption(t("tiers.movers_caption", since=since))
    shown = with_videos(view, moved.rows, find_driving_videos)
    tables.show_table(shown, f"tier_movers_{view.day}")
