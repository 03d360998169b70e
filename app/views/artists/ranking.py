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
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.queries.artists import ranking
from kpop_assets.contracts.rules import TIERS

COLUMNS = (
    "rank",
    "artist",
    "total_engagement",
    "growth_rate_7d",
    "tier",
    "driving_video_title",
    "cohort_ratio",
    "sure_share",
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
        shown = ", ".join(escape(act_name(artist)) for artist in taken[:NAMED])
        st.caption(t("ranking.corrected", count=len(taken), artists=shown))
    if _asks_for_families():
        families = ask(view.snapshot, ranking.list_families, view.day)
        tables.show_table(families, f"ranking_with_units_{view.day}", height=740)
        return
    chosen = _filter(ranked)
    if chosen.is_empty():
        raise PageEnd("notice.no_match")
    show_board(
        view,
        chosen,
        f"ranking_{view.day}",
        COLUMNS,
        caption=word("ranking.board", day=view.day.isoformat()),
        saved=chosen.drop("daily_28d"),
    )


def _asks_for_families() -> bool:
    with kept("with_units", False) as key:
        return st.toggle(t("ranking.with_units"), help=t("ranking.with_units_help"), key=key)


def _headline(ranked: pl.DataFrame) -> None:
    rising = ranked.filter(pl.col("trend_direction") == "RISING").height
    figures = st.columns(4)
    figures[0].metric(t("ranking.leader"), escape(act_name(ranked.item(0, "artist"))))
    figures[1].metric(t("ranking.artists"), f"{ranked.height:,}")
    figures[2].metric(t("ranking.rising"), f"{rising:,}", help=t("ranking.rising_help"))
    videos = ranked.get_column("total_videos").sum()
    figures[3].metric(t("ranking.videos"), f"{videos:,}", help=t("ranking.videos_help"))


def _filter(ranked: pl.DataFrame) -> pl.DataFrame:
    """The rows that the reader asks for; the filters are folded, what they are set to is not."""
    words: dict[str, Callable[[Any], str]] = {
        "agency": str,
        "generation": lambda number: word("ranking.generation_option", number=number),
        "kind": lambda kind: word(f"ranking.{kind}"),
        "tier": lambda number: word("ranking.tier_option", number=number),
    }
    filters = st.popover(word("ranking.filters"), icon=":material/tune:")
    said = []
    for column, format_func in words.items():
        options = list(TIERS) if column == "tier" else _values(ranked, column)
        labels = {option: format_func(option) for option in options}
        with kept(column, [], options) as key:
            values = filters.multiselect(
                t(f"ranking.{column}"),
                options,
                format_func=labels.__getitem__,
                placeholder=word("ranking.any"),
                key=key,
            )
        if values:
            ranked = ranked.filter(pl.col(column).is_in(values))
            said.append(", ".join(map(labels.__getitem__, values)))
    with kept("top", TOPS[1], TOPS) as key:
        top = filters.selectbox(t("ranking.top"), TOPS, key=key)
    if said:
        st.caption(escape(" · ".join(said)))
    return ranked.head(top)


def _values(ranked: pl.DataFrame, column: str) -> list[Any]:
    return ranked.get_column(column).drop_nulls().unique().sort().to_list()
