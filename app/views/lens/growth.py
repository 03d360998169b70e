"""Growth: one video's views so far, what they may become, and its next round number.

Belongs here: choice of the video, headline, curve and methods. Does not belong here: a forecast's
computation (kpop_assets/lens/), or what is read (queries/lens/growth.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts.lens.growth import growth_fan
from app.frame import t, word
from app.links import source_link
from app.messages.catalogue import escape
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.pages import address_of
from app.queries.lens import growth
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.lens_forecasts import FORECAST_METHODS

Milestone = dict[str, Any] | None


def show(view: frame.View) -> None:
    """Draw the page."""
    video = _choose(view)
    forecasts = ask(view.snapshot, growth.read_forecasts, video["video_id"], view.day)
    if forecasts.is_empty():
        raise PageEnd("growth.unknown", day=view.day.isoformat())
    _say_whose(video)
    milestone = ask(view.snapshot, growth.read_milestone, video["video_id"], view.day)
    _headline(forecasts, milestone)
    _say_slope(forecasts.row(0, named=True))
    _curve(view, video, forecasts, milestone)
    _methods(view, forecasts)


def _choose(view: frame.View) -> dict[str, Any]:
    asked = st.query_params.get("video")
    found = ask(view.snapshot, growth.list_forecast_videos, view.day, asked)
    if found.is_empty():
        raise PageEnd("growth.no_video", day=view.day.isoformat())
    labels = {row["video_id"]: _label(row) for row in found.iter_rows(named=True)}
    default = None if asked and asked not in labels else next(iter(labels))
    with kept("video", default, list(labels), always=True) as key:
        chosen: str | None = st.selectbox(
            t("growth.choose"),
            list(labels),
            index=None if default is None else 0,
            format_func=lambda one: labels.get(one, one),
            key=key,
            label_visibility="collapsed",
            placeholder=asked or "",
        )
    if chosen is None:
        raise PageEnd("growth.unknown", day=view.day.isoformat())
    return found.row(by_predicate=pl.col("video_id") == chosen, named=True)


def _label(row: dict[str, Any]) -> str:
    title = row["video_title"] or row["video_id"]
    return title if row["artist"] == OTHER else f"{title} · {act_name(row['artist'])}"


def _say_whose(video: dict[str, Any]) -> None:
    links = []
    if video["artist"] != OTHER:
        name = t("growth.of_act", artist=act_name(video["artist"]))
        links.append(f"[{name}]({address_of('artist', artist=video['artist'])})")
    if address := source_link(video["video_id"], frame.shows_simulated()):
        links.append(f"[{t('growth.watch')}]({address})")
    if links:
        st.markdown(" · ".join(links))


def _headline(forecasts: pl.DataFrame, milestone: Milestone) -> None:
    places = st.columns(forecasts.height + 2)
    first = forecasts.row(0, named=True)
    places[0].metric(t("growth.now"), tables.number("compact", first["view_count"]))
    rows = forecasts.iter_rows(named=True)
    for place, row in zip(places[1:-1], rows, strict=True):
        place.metric(
            t("growth.in_horizon", span=tables.figure("horizon_hours", row["horizon_hours"])),
            tables.figure("forecast_views", row["forecast_views"]),
            delta=_between(row["low_80"], row["high_80"]),
            delta_color="off",
            delta_arrow="off",
            help=t("growth.between_help"),
        )
    _milestone(places[-1], milestone)


def _between(low: float | None, high: float | None) -> str | None:
    if low is None or high is None:
        return None
    ends = {"low": tables.figure("low_80", low), "high": tables.figure("high_80", high)}
    return word("growth.between", **ends)


def _milestone(place: Any, row: Milestone) -> None:
    """The next round number, in how many days, and between which."""
    label = t("growth.milestone")
    if row is None:
        place.metric(label, word("growth.milestone_far"), help=t("growth.milestone_help"))
        return
    mark = tables.number("compact", row["milestone_views"])
    shown = word("growth.milestone_in", mark=mark, days=_days(row["milestone_days"]))
    place.metric(
        label,
        shown,
        delta=_days_between(row["milestone_days_low"], row["milestone_days_high"]),
        delta_color="off",
        delta_arrow="off",
        help=t("growth.milestone_help"),
    )


def _days_between(low: float | None, high: float | None) -> str | None:
    if low is None:
        return None
    if high is None:
        return word("growth.milestone_from", low=_days(low))
    return word("growth.milestone_between", low=_days(low), high=_days(high))


def _days(days: float) -> str:
    return tables.number("age", 24 * days)


def _say_slope(row: dict[str, Any]) -> None:
    if row["slope_per_hour"] is None:
        st.caption(t("growth.no_slope", count=row["snapshot_count"]))
        return
    st.caption(
        t(
            "growth.slope",
            count=row["snapshot_count"],
            slope=tables.number("compact", row["slope_per_hour"]),
            fit=tables.number("number", row["r_squared"]),
            **{"class": word(f"growth.class_{row['growth_class']}")},
        )
    )


def _curve(
    view: frame.View, video: dict[str, Any], forecasts: pl.DataFrame, milestone: Milestone
) -> None:
    st.subheader(t("growth.curve"))
    seen = ask(view.snapshot, growth.read_observations, video["video_id"], view.day)
    if seen.is_empty():
        raise PageEnd("growth.unknown", day=view.day.isoformat())
    fan = growth.fan_of(forecasts, seen)
    titles = {name: tables.heading(name) for name in (*fan.columns, "view_count")}
    names = {name: word(f"growth.{name}") for name in ("seen", "forecast", "band_80", "band_95")}
    mark = milestone["milestone_views"] if milestone else None
    title = video["video_title"] or video["video_id"]
    tables.show_chart(
        growth_fan(seen, fan, mark, titles, names),
        t("growth.curve_caption", title=title, day=view.day.isoformat()),
        pl.concat([seen, fan.slice(1)], how="diagonal"),
        download_name("growth", video["video_id"], view.day),
    )


def _methods(view: frame.View, forecasts: pl.DataFrame) -> None:
    st.subheader(escape(word("growth.methods")))
    st.caption(t("growth.methods_lead", day=view.day.isoformat()))
    compared = growth.compare_methods(forecasts, ask(view.snapshot, growth.read_scores, view.day))
    said = {method: word(f"growth.method_{method}") for method in FORECAST_METHODS}
    shown = compared.with_columns(pl.col("method").replace_strict(said))
    name = download_name("growth_methods", forecasts.item(0, "video_id"), view.day)
    tables.show_table(shown, name, saved=compared)


if __name__ == "__main__":
    frame.run_page(show)
