"""Ranking: who leads on a day, why, and against whom.

Belongs here: filters, headline figures and the table. Does not belong here: a figure's
computation (queries/artists/ranking.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
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
TOPS = [20, 50, 100, 500]


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
    with kept("with_units", False) as key:
        is_family = st.toggle(t("ranking.with_units"), help=t("ranking.with_units_help"), key=key)
    if is_family:
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
    words: dict[str, Callable[[Any], str]] = {
        "agency": str,
        "generation": lambda number: word("ranking.generation_option", number=number),
        "kind": lambda kind: word(f"ranking.{kind}"),
        "tier": str,
    }
    for place, (column, format_func) in zip(places[:-1], words.items(), strict=True):
        options = list(TIERS) if column == "tier" else _values(ranked, column)
        with kept(column, [], options) as key:
            values = place.multiselect(
                t(f"ranking.{column}"),
                options,
                format_func=format_func,
                placeholder=word("ranking.any"),
                key=key,
            )
        if values:
            ranked = ranked.filter(pl.col(column).is_in(values))
    with kept("top", TOPS[1], TOPS) as key:
        top = places[-1].selectbox(t("ranking.top"), TOPS, key=key)
    return ranked.head(top)


def _values(ranked: pl.DataFrame, column: str) -> list[Any]:
    return ranked.get_column(column).drop_nulls().unique().sort().to_list()
