"""Home: who may rise, and why.

Belongs here: the page. Does not belong here: a figure's computation (queries/next_viral.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.frame import t, word
from app.queries import next_viral
from app.queries.next_viral import Forecast
from kpop_assets.contracts.rules import FACTOR_COUNT

COLUMNS = (
    "artist",
    "tier",
    "p_rise",
    "driving_video_title",
    "driving_video_id",
    "factor_1",
    "rise_rank_change",
    "top10_since",
    "p_tier_1",
    "factor_2",
    "factor_3",
)


def show(view: frame.View) -> None:
    """Draw the page."""
    forecast = ask(view.snapshot, next_viral.read_forecast, view.day)
    _risers(forecast)


def _risers(forecast: Forecast) -> None:
    lead = t(
        "next_viral.lead",
        target=forecast.target,
        day=forecast.day,
        model=forecast.candidate,
        trained=forecast.trained_date,
    )
    st.markdown(lead)
    factors = [_factor(forecast.risers, number) for number in range(1, FACTOR_COUNT + 1)]
    tables.show_table(
        forecast.risers.with_columns(factors).select(COLUMNS),
        f"next_viral_{forecast.day}",
        height=min(38 + 35 * forecast.risers.height, 600),
        saved=forecast.risers,
    )
    st.caption(t("next_viral.effects"))


def _factor(risers: pl.DataFrame, number: int) -> pl.Series:
    """An input and its effect in percentage points as one text; null where nothing moves."""
    # Not in an expression: Polars' threads do not know the visitor's language.
    pairs = risers.select(f"factor_{number}_name", f"factor_{number}_effect").iter_rows()
    texts = [
        None
        if name is None or effect is None
        else word("next_viral.factor", input=tables.input_name(name), effect=effect * 100)
        for name, effect in pairs
    ]
    return pl.Series(f"factor_{number}", texts, pl.String)


if __name__ == "__main__":
    frame.run_page(show)
