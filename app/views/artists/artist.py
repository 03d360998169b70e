"""Artist: everything about one act, by a link that can be shared (`artist?artist=NAME`).

Belongs here: the page's sections. Does not belong here: how several artists compare (compare.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts import common as charts
from app.frame import t, word
from app.naming import download_name
from app.notices import PageEnd
from app.over_days import broken, with_gaps
from app.queries.artists import artist as queries
from app.queries.artists.ranking import list_ranking, write_shares
from app.queries.catalog import describe_act
from kpop_assets.contracts import rules

PERIODS = (28, 90, 365)
# Days of data that each takes.
FEATURES = {
    "momentum": 2 * rules.MONTH_DAYS,
    "volatility": 2,
    "market_share": 1,
    "growth_rate_7d": 2 * rules.WEEK_DAYS,
    "growth_rate_30d": 2 * rules.MONTH_DAYS,
}
CURVES = 5
# The menu leads back to the artist last looked at.
_LAST = "artist_last"

Forecast = dict[str, Any] | PageEnd


def show(view: frame.View) -> None:
    """Draw the page."""
    artist = _choose(view)
    row = ask(view.snapshot, list_ranking, view.day).filter(pl.col("artist") == artist)
    forecast = _forecast_of(view, artist)
    _headline(view, artist, row.row(0, named=True), forecast)
    start = _period(view)
    left, right = st.columns(2)
    with left:
        _gains(view, artist, start)
    with right:
        _features(view, artist, start)
    factors = _factors_of(forecast)
    places = st.columns(2 if factors.is_empty() else 3)
    with places[0]:
        _tiers(view, artist, start)
    with places[1]:
        _forecast(view, artist, forecast)
    if not factors.is_empty():
        with places[2]:
            st.subheader(t("artist.factors"), help=t("artist.factors_help"))
            tables.show_table(factors, download_name("artist_factors", artist, view.day))
    _videos(view, artist)


def _choose(view: frame.View) -> str:
    artists = ask(view.snapshot, queries.list_ranked, view.day)
    last = st.session_state.get(_LAST)
    asked = st.query_params.get("artist", last if last in artists else artists[0])
    known = asked in artists
    chosen = st.selectbox(
        t("artist.choose"),
        artists,
        index=artists.index(asked) if known else None,
        placeholder=asked,
        label_visibility="collapsed",
        width=360,
    )
    if chosen is None:
        raise PageEnd("artist.unknown", artist=asked, day=view.day.isoformat())
    st.query_params["artist"] = st.session_state[_LAST] = chosen
    return chosen


def _headline(view: frame.View, artist: str, row: dict[str, Any], forecast: Forecast) -> None:
    if about := describe_act(view.snapshot.catalog, artist):
        st.caption(t("artist.about", **about))
    if shares := write_shares(row):
        st.caption(t("artist.vague_only" if row["is_vague_only"] else "artist.evidence", **shares))
    change = row["rank_change"]
    figures = st.columns(5)
    places = t("artist.places")
    tables.show_figure(
        figures[0], t("artist.rank"), f"{row['rank']}", change, delta_description=places
    )
    figures[1].metric(t("artist.tier"), str(row["tier"]))
    figures[2].metric(
        t("column.total_engagement"), tables.figure("total_engagement", row["total_engagement"])
    )
    growth = tables.figure("growth_rate_7d", row["growth_rate_7d"])
    figures[3].metric(t("column.growth_rate_7d"), growth)
    figures[4].metric(t("artist.p_rise"), _chance(row, forecast))


def _chance(row: dict[str, Any], forecast: Forecast) -> str:
    if isinstance(forecast, PageEnd):
        return t("artist.none")
    if row["tier"] == 1:
        return t("artist.top_tier")
    return tables.number("share", forecast["p_rise"])


def _period(view: frame.View) -> dt.date:
    chosen = st.segmented_control(
        t("artist.period"),
        [*PERIODS, 0],
        default=PERIODS[1],
        format_func=lambda n: word("artist.days", days=n) if n else word("artist.all_days"),
        required=True,
        label_visibility="collapsed",
    )
    return view.day - dt.timedelta(days=chosen - 1) if chosen else view.days[0]


def _gains(view: frame.View, artist: str, start: dt.date) -> None:
    st.subheader(t("artist.gains"))
    measure = _measure("gains", queries.GAINS)
    rows = ask(view.snapshot, queries.read_gains, artist, start, view.day)
    titles = {name: tables.heading(name) for name in rows.columns}
    caption = t("artist.gains_caption", measure=titles[measure], artist=artist)
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
    caption = t("artist.feature_caption", measure=titles[measure], artist=artist)
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
    return PageEnd("artist.feature_missing", measure=name, artist=artist)


def _measure(name: str, measures: tuple[str, ...]) -> str:
    chosen: str = st.selectbox(
        tables.heading("field"),
        measures,
        format_func=tables.heading,
        key=f"artist_{name}_measure",
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
    caption = t("artist.tiers_caption", artist=artist)
    tables.show_chart(chart, caption, rows, download_name("artist_tiers", artist, view.day))


def _forecast_of(view: frame.View, artist: str) -> Forecast:
    """The day's forecast, or why there is none."""
    try:
        return ask(view.snapshot, queries.read_artist_forecast, artist, view.day)
    except PageEnd as notice:
        return notice


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


def _factors_of(forecast: Forecast) -> pl.DataFrame:
    """Inputs that moved P(rise), and by how much; none where nothing could move it."""
    named: list[tuple[str, float]] = []
    if not isinstance(forecast, PageEnd) and forecast["tier"] > 1:
        numbers = range(1, rules.FACTOR_COUNT + 1)
        moved = [(forecast[f"factor_{n}_name"], forecast[f"factor_{n}_effect"]) for n in numbers]
        named = [(tables.input_name(name), effect) for name, effect in moved if name is not None]
    schema = {"input_name": pl.String, "effect": pl.Float64}
    return pl.DataFrame(named, schema, orient="row")


def _videos(view: frame.View, artist: str) -> None:
    st.subheader(t("artist.videos", days=queries.VIDEO_DAYS.days))
    videos = ask(view.snapshot, queries.read_videos, artist, view.day)
    if videos.is_empty():
        span = queries.VIDEO_DAYS.days
        raise PageEnd("artist.no_videos", artist=artist, day=view.day.isoformat(), days=span)
    curves = queries.draw_videos(videos.head(CURVES), view.day)
    titles = {name: tables.heading(name) for name in curves.columns}
    chart = charts.lines(curves, "ingest_date", "views_gained", titles, series="text")
    chart = with_gaps(view, chart, view.day - queries.VIDEO_DAYS + dt.timedelta(days=1))
    name = download_name("artist_video_days", artist, view.day)
    tables.show_chart(
        chart, t("artist.videos_caption", count=min(CURVES, videos.height)), curves, name
    )
    shown = videos.select(
        "text",
        pl.col("video_id").alias("driving_video_id"),
        "published_at",
        "view_count",
        "gained_28d",
        "video_daily",
    )
    name = download_name("artist_videos", artist, view.day)
    tables.show_table(shown, name, saved=videos.drop("video_daily"))


if __name__ == "__main__":
    frame.run_page(show)
