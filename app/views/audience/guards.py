"""Guards: which reviews count less, of what, and why.

Belongs here: the sentences, the chart of reasons and the table of bursts. Does not belong here:
what is read (queries/audience/guards.py), or how a review is weighed (kpop_assets/audience/).
"""

from __future__ import annotations

import json

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.audience.counts import draw_counts
from app.frame import View, t, word
from app.names import act_name
from app.queries.audience import guards as queries
from kpop_assets.catalog.catalog import OTHER

_FIGURES = (
    *("reviewed", "artist", "pole", "guard_reasons", "review_count", "weight_sum"),
    *("net_sentiment", "plain_net_sentiment", "began_at", "ended_at"),
)


def show(view: View) -> None:
    """Draw the page."""
    st.markdown(t("guards.lead"))
    _say_reasons(view)
    found = ask(view.snapshot, queries.list_campaigns, view.chosen)
    st.subheader(t("guards.bursts"))
    if found.is_empty():
        st.info(t("guards.no_campaign"), icon=":material/check_circle:")
        return
    if found["is_simulated"].any():
        st.caption(t("guards.simulated"))
    tables.show_table(_in_words(found).select(_FIGURES), "guards_bursts", saved=found)
    st.caption(t("guards.about_bursts"))


def _say_reasons(view: View) -> None:
    counts = ask(view.snapshot, queries.count_guard_reasons, view.chosen)
    if counts.is_empty():
        st.info(t("guards.all_count"), icon=":material/check_circle:")
        return
    named = counts.with_columns(
        pl.Series("reason", [word(f"guards.reason_{one}") for one in counts["reason"]])
    )
    titles = {name: tables.heading(name) for name in named.columns}
    chart = draw_counts(named, "reason", "review_count", titles)
    tables.show_chart(chart, t("guards.reasons_caption"), named, "guards_reasons")


def _in_words(found: pl.DataFrame) -> pl.DataFrame:
    """Acts, opinions and reasons as a visitor reads them."""
    reasons = [
        ", ".join(word(f"guards.short_{one}") for one in json.loads(told))
        for told in found["guard_reasons"]
    ]
    acts = [None if one == OTHER else act_name(one) for one in found["artist"]]
    return found.with_columns(
        pl.Series("guard_reasons", reasons, pl.String),
        pl.Series("artist", acts, pl.String),
        pl.col("subject").alias("reviewed"),
        pl.Series("pole", [word(f"guards.pole_{one}") for one in found["pole"]], pl.String),
    )


if __name__ == "__main__":
    frame.run_page(show)
