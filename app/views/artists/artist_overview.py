"""An artist's overview: why it stands where it does, how it got there, and its videos in short.

Belongs here: the tab, which printed is a page about the artist. Does not belong here: all of its
videos (artist_videos.py) and of its forecast (artist_forecast.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts import common as charts
from app.frame import t, word
from app.links import source_link
from app.messages.catalogue import escape
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.over_days import broken, with_gaps
from app.queries.artists import artist as queries
from kpop_assets.contracts import rules

PERIODS = (28, 90, 365)
# Days of data that each takes.
FEATURES = {
    "market_share": 1,
    "growth_rate_7d": 2 * rules.WEEK_DAYS,
    "growth_rate_30d": 2 * rules.MONTH_DAYS,
    "volatility": 2,
    "momentum": 2 * rules.MONTH_DAYS,
}
BEST_VIDEOS = 5


def show_overview(view: frame.View, artist: str) -> None:
    """Draw the tab."""
    start = _period(view)
    left, right = st.columns(2)
    with left:
        _gains(view, artist, start)
    with right:
        _features(view, artist, start)
    left, right = st.columns(2)
    with left:
        _tiers(view, artist, start)
    with right:
        _best_videos(view, artist)


def _period(view: frame.View) -> dt.date:
    periods = [*PERIODS, 0]
    with kept("period", PERIODS[1], periods) as key:
        chosen = st.segmented_control(
            t("artist.period"),
            periods,
            format_func=lambda n: word("artist.days", days=n) if n else word("artist.all_days"),
            required=True,
            label_visibility="collapsed",
            key=key,
        )
    return view.day - dt.timedelta(days=chosen - 1) if chosen else view.days[0]


def _gains(view: frame.View, artist: str, start: dt.date) -> None:
    st.subheader(t("artist.gains"))
    measure = _measure("gains", queries.GAINS)
    rows = ask(view.snapshot, queries.read_gains, artist, start, view.day)
    titles = {name: tables.heading(name) for name in rows.columns}
    caption = t("artist.gains_caption", measure=titles[measure], artist=act_name(artist))
    chart = with_gaps(view, charts.bars(rows, "ingest_date", measure, titles), start)
    tables.show_chart(chart, caption, rows, download_name("artist_gains", artist, view.day))


def _features(view: frame.View, artist: str, start: dt.date) -> None:
    st.subheader(t("artist.features"))
    measure = _measure("features", tuple(FEATURES))
    rows = ask(view.snapshot, queries.read_features, artist, start, view.day)
    rows = rows.select("ingest_date", *FEATURES)
    if rows.get_column(measure).null_count() == rows.height:
        frame.tell(_why_unknown(view, artist, measure))
        return
    titles = {name: tables.heading(name) for name in rows.columns}
    caption = t("artist.feature_caption", measure=titles[measure], artist=act_name(artist))
    form = tables.form_of(measure)
    chart = charts.lines(broken(view, rows), "ingest_date", measure, titles, form=form, zero=False)
    chart = with_gaps(view, chart, start)
    tables.show_chart(chart, caption, rows, download_name("artist_features", artist, view.day))


def _why_unknown(view: frame.View, artist: str, measure: str) -> PageEnd:
    held = (view.day - view.days[0]).days + 1
    name = tables.heading(measure)
    if held < FEATURES[measure]:
        needed = FEATURES[measure]
        return PageEnd("artist.feature_young", measure=name, needed=needed, held=held)
    return PageEnd("artist.feature_missing", measure=name, artist=act_name(artist))


def _measure(name: str, measures: tuple[str, ...]) -> str:
    with kept(name, measures[0], measures) as key:
        chosen: str = st.selectbox(
            tables.heading("field"),
            measures,
            format_func=tables.heading,
            key=key,
            label_visibility="collapsed",
        )
    return chosen


def _tiers(view: frame.View, artist: str, start: dt.date) -> None:
    st.subheader(t("artist.tiers"))
    rows = ask(view.snapshot, queries.read_features, artist, start, view.day)
    rows = rows.select("ingest_date", "tier", "rank", "percentile")
    titles = {name: tables.heading(name) for name in rows.columns}
    chart = charts.steps(broken(view, rows), "ingest_date", "tier", titles)
    chart = with_gaps(view, chart, start)
    caption = t("artist.tiers_caption", artist=act_name(artist))
    tables.show_chart(chart, caption, rows, download_name("artist_tiers", artist, view.day))


def _best_videos(view: frame.View, artist: str) -> None:
    """The videos that gained most, in short; the tab of videos has all."""
    st.subheader(t("artist.best_videos", days=queries.VIDEO_DAYS.days))
    try:
        videos = ask(view.snapshot, queries.read_videos, artist, view.day)
    except PageEnd as notice:
        frame.tell(notice)
        return
    lines = [_write_video(row) for row in videos.head(BEST_VIDEOS).iter_rows(named=True)]
    st.markdown("\n".join(f"1. {line}" for line in lines) or t("artist.no_best_video"))


def _write_video(row: dict[str, Any]) -> str:
    title = escape(row["text"] or row["video_id"])
    address = source_link(row["video_id"], frame.shows_simulated())
    gained = t("artist.gained", count=tables.figure("gained_28d", row["gained_28d"]))
    return f"{f'[{title}]({address})' if address else title} {gained}"
