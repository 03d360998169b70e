"""Breakouts and rookies: who takes off below the top, and every young act.

Belongs here: the two tabs, the three thresholds and the tables. Does not belong here: a figure's
computation (queries/artists/breakouts.py, insights/).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame
from app.address import choose_tab, kept
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.queries.artists import breakouts
from kpop_assets.contracts.rules import TIERS
from kpop_assets.insights.breakouts import DEFAULT, BreakoutConfig

_SHARED = (
    *("rank", "artist", "tier", "growth_rate_7d", "p_viral", "days_since_release"),
    *("driving_video_title", "total_engagement", "debut_year"),
)
BREAKOUT_COLUMNS = (
    *_SHARED,
    *("growth_rate_30d", "momentum"),
)
ROOKIE_COLUMNS = (*_SHARED, "agency")


def show(view: frame.View) -> None:
    """Draw the page."""
    tabs = {"breakouts": _show_breakouts, "rookies": _show_rookies}
    tabs[choose_tab({name: word(f"breakouts.tab_{name}") for name in tabs})](view)


def _show_breakouts(view: frame.View) -> None:
    st.markdown(t("breakouts.lead", day=view.day.isoformat()))
    found = ask(view.snapshot, breakouts.list_breakouts, view.day, _choose())
    _show_acts(view, found, "breakouts", BREAKOUT_COLUMNS)


def _show_rookies(view: frame.View) -> None:
    st.markdown(t("breakouts.rookies_lead", day=view.day.isoformat()))
    found = ask(view.snapshot, breakouts.list_rookies, view.day)
    st.caption(t("breakouts.debut_precision"))
    _show_acts(view, found, "rookies", ROOKIE_COLUMNS)


def _show_acts(view: frame.View, found: pl.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    details = ask(view.snapshot, breakouts.list_details, view.day)
    more = details.drop(
        column for column in found.columns if column != "artist" and column in details.columns
    )
    listed = found.join(more, on="artist", how="left", maintain_order="left")
    caption = word(f"breakouts.{name}_of", day=view.day.isoformat())
    shown = [column for column in columns if column in listed.columns]
    show_board(view, listed, name, shown, caption=caption, saved=listed)


def _choose() -> BreakoutConfig:
    places = st.columns(3)
    with kept("tier_from", DEFAULT.tier_from, TIERS) as key:
        tier_from = places[0].selectbox(
            t("breakouts.tier_from"), TIERS, help=t("breakouts.tier_from_help"), key=key
        )
    with kept("growth_over", DEFAULT.growth_over) as key:
        growth_over = places[1].number_input(
            t("breakouts.growth_over"), step=10.0, format="%.0f", key=key
        )
    with kept("momentum_over", DEFAULT.momentum_over) as key:
        momentum_over = places[2].number_input(
            t("breakouts.momentum_over"),
            step=10.0,
            format="%.0f",
            help=t("breakouts.momentum_help"),
            key=key,
        )
    return BreakoutConfig(tier_from, growth_over, momentum_over)


if __name__ == "__main__":
    frame.run_page(show)
