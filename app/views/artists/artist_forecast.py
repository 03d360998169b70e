"""An artist's forecast: the chance to go viral and why, and the chance of each tier.

Belongs here: the tab. Does not belong here: how far forecasts can be trusted (the track record).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts import common as charts
from app.frame import language, t, word
from app.messages.catalogue import escape
from app.naming import download_name
from app.notices import PageEnd
from app.queries.artists import artist as queries
from app.reasons import say_reasons
from kpop_assets.contracts import rules

Forecast = dict[str, Any] | PageEnd


def show_forecast(view: frame.View, artist: str) -> None:
    """Draw the tab."""
    forecast = forecast_of(view, artist)
    _viral(forecast)
    _forecast(view, artist, forecast)


def forecast_of(view: frame.View, artist: str) -> Forecast:
    """The day's forecast, or why there is none."""
    try:
        return ask(view.snapshot, queries.read_artist_forecast, artist, view.day)
    except PageEnd as notice:
        return notice


def _viral(forecast: Forecast) -> None:
    """The chance to go viral with its reasons in words; nothing where no model foresees it."""
    if isinstance(forecast, PageEnd) or forecast["p_viral"] is None:
        return
    target = forecast["ingest_date"] + dt.timedelta(days=forecast["horizon_days"])
    st.subheader(t("artist.viral", target=target.isoformat()))
    chance, rank = forecast["p_viral"], forecast["viral_rank"]
    st.metric(
        t("column.p_viral"),
        tables.figure("p_viral", chance),
        delta=word("artist.viral_rank", rank=rank),
        delta_color="off",
        delta_arrow="off",
    )
    reasons = say_reasons(forecast, language()).all or (word("reasons.nothing"),)
    st.markdown("\n".join(f"- {escape(reason)}" for reason in reasons))


def _forecast(view: frame.View, artist: str, forecast: Forecast) -> None:
    st.subheader(t("artist.forecast"))
    if isinstance(forecast, PageEnd):
        frame.tell(forecast)
        return
    chances = pl.DataFrame(
        {"tier": rules.TIERS, "probability": [forecast[f"p_tier_{tier}"] for tier in rules.TIERS]}
    )
    titles = {name: tables.heading(name) for name in chances.columns}
    target = forecast["ingest_date"] + dt.timedelta(days=forecast["horizon_days"])
    caption = t(
        "artist.forecast_caption",
        target=target.isoformat(),
        day=forecast["ingest_date"].isoformat(),
        model=forecast["candidate"],
        trained=forecast["trained_date"].isoformat(),
    )
    name = download_name("artist_forecast", artist, view.day)
    tables.show_chart(charts.tier_bars(chances, titles), caption, chances, name)
