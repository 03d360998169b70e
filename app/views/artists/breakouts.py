"""Rookies: smaller artists that take off.

Belongs here: the three thresholds and the table. Does not belong here: a figure's computation
(queries/artists/breakouts.py, insights/rookies.py).
"""

from __future__ import annotations

import streamlit as st

from app import frame, tables
from app.cache import ask
from app.frame import t
from app.queries.artists import breakouts
from kpop_assets.contracts.rules import TIERS
from kpop_assets.insights.rookies import DEFAULT, RookieConfig

COLUMNS = (
    "artist",
    "tier",
    "rank",
    "growth_rate_7d",
    "growth_rate_30d",
    "momentum",
    "p_rise",
    "total_engagement",
    "driving_video_title",
    "driving_video_id",
    "agency",
    "debut_year",
    "first_seen_date",
    "days_in_data",
    "market_share",
)


def show(view: frame.View) -> None:
    """Draw the page."""
    st.markdown(t("breakouts.lead", day=view.day.isoformat()))
    found = ask(view.snapshot, breakouts.list_rookies, view.day, _choose())
    details = ask(view.snapshot, breakouts.list_details, view.day)
    listed = found.join(details, on="artist", how="left", maintain_order="left")
    tables.show_table(
        listed.select(name for name in COLUMNS if name in listed.columns),
        f"rookies_{view.day}",
        height=min(38 + 35 * len(listed), 740),
    )


def _choose() -> RookieConfig:
    places = st.columns(3)
    tier_from = places[0].selectbox(
        t("breakouts.tier_from"),
        list(TIERS),
        index=DEFAULT.tier_from - 1,
        help=t("breakouts.tier_from_help"),
        key="rookies_tier",
    )
    growth_over = places[1].number_input(
        t("breakouts.growth_over"), value=DEFAULT.growth_over, step=10.0, format="%.0f"
    )
    momentum_over = places[2].number_input(
        t("breakouts.momentum_over"),
        value=DEFAULT.momentum_over,
        step=10.0,
        format="%.0f",
        help=t("breakouts.momentum_help"),
    )
    return RookieConfig(tier_from, growth_over, momentum_over)


if __name__ == "__main__":
    frame.run_page(show)
