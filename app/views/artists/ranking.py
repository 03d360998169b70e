"""Ranking: who leads on a day, why, and against whom.

Belongs here: filters, headline figures and the table. Does not belong here: a figure's
computation (queries/artists/ranking.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.frame import t, word
from app.messages.catalogue import escape
from app.notices import PageEnd
from app.queries.artists import ranking
from kpop_assets.contracts.rules import TIERS

COLUMNS = (
    "rank",
    "rank_change",
    "artist",
    "tier",
    "total_engagement",
    "daily_28d",
    "growth_rate_7d",
    "growth_rate_30d",
    "sure_share",
    "cohort_ratio",
    "driving_video_title",
    "driving_video_id",
    "agency",
    "generation",
)


# Artists whose counters were taken back, by name: the rest are a number.
NAMED = 5


def show(view: frame.View) -> None:
    """Draw the page."""
    ranked = ask(view.snapshot, ranking.list_ranking, view.day)
    st.markdown(t("ranking.lead", day=view.day.isoformat()))
    _headline(ranked)
    missing = ranked.item(0, "missing_days")
    if missing:
        st.caption(t("ranking.missing", days=missing))
    taken = ranked.filter(pl.col("corrected_30d") < 0).get_column("artist").to_list()
    if taken:
        shown = ", ".join(map(escape, taken[:NAMED]))
        st.caption(t("ranking.corrected", count=len(taken), artists=shown))
    if st.toggle(t("ranking.with_units"), help=t("ranking.with_units_help"), key="with_units"):
        families = ask(view.snapshot, ranking.list_families, view.day)
        tables.show_table(families, f"ranking_with_units_{view.day}", height=740)
        return
    chosen = _filter(ranked)
    if chosen.is_empty():
        raise PageEnd("notice.no_match")
    tables.show_table(
        chosen.select(COLUMNS),
        f"ranking_{view.day}",
        height=min(38 + 35 * len(chosen), 740),
        saved=chosen.drop("daily_28d"),
    )


def _headline(ranked: pl.DataFrame) -> None:
    rising = ranked.filter(pl.col("trend_direction") == "RISING").height
    figures = st.columns(4)
    figures[0].metric(t("ranking.leader"), escape(ranked.item(0, "artist")))
    figures[1].metric(t("ranking.artists"), f"{ranked.height:,}")
    figures[2].metric(t("ranking.rising"), f"{rising:,}", help=t("ranking.rising_help"))
    videos = ranked.get_column("total_videos").sum()
    figures[3].metric(t("ranking.videos"), f"{videos:,}", help=t("ranking.videos_help"))


def _filter(ranked: pl.DataFrame) -> pl.DataFrame:
    places = st.columns([2, 2, 2, 2, 1])
    agencies = places[0].multiselect(
        t("ranking.agency"), _values(ranked, "agency"), placeholder=word("ranking.any")
    )
    generations = places[1].multiselect(
        t("ranking.generation"),
        _values(ranked, "generation"),
        format_func=lambda number: word("ranking.generation_option", number=number),
        placeholder=word("ranking.any"),
    )
    kinds = places[2].multiselect(
        t("ranking.kind"),
        _values(ranked, "kind"),
        format_func=lambda kind: word(f"ranking.{kind}"),
        placeholder=word("ranking.any"),
    )
    tiers = places[3].multiselect(
        t("ranking.tier"),
        list(TIERS),
        placeholder=word("ranking.any"),
    )
    top = places[4].selectbox(t("ranking.top"), [20, 50, 100, 500], index=1)
    wanted = {"agency": agencies, "generation": generations, "kind": kinds, "tier": tiers}
    for column, values in wanted.items():
        if values:
            ranked = ranked.filter(pl.col(column).is_in(values))
    return ranked.head(top)


def _values(ranked: pl.DataFrame, column: str) -> list[Any]:
    return ranked.get_column(column).drop_nulls().unique().sort().to_list()
