"""Artist: everything about one act, by a link that can be shared (`artist?artist=NAME`).

Belongs here: the page's sections. Does not belong here: how several artists compare (compare.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts import common as charts
from app.frame import t, word
from app.messages.catalogue import load_messages
from app.notices import Notice
from app.queries import artist as queries
from app.queries.catalog import list_acts
from app.queries.ranking import rank_artists

PERIODS = (28, 90, 365)
FEATURES = ("momentum", "volatility", "market_share", "growth_rate_7d", "growth_rate_30d")
CURVES = 5


def show(view: frame.View) -> None:
    """Draw the page."""
    artist = _choose(view)
    row = ask(view.snapshot, rank_artists, view.day).filter(pl.col("artist") == artist)
    forecast = _forecast_of(view, artist)
    _headline(artist, row.row(0, named=True), forecast)
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
        _forecast(artist, forecast)
    _videos(view, artist)


def _choose(view: frame.View) -> str:
    artists = ask(view.snapshot, queries.list_artists, view.day)
    asked = st.query_params.get("artist", artists[0])
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
        raise Notice("artist.unknown", artist=asked, day=view.day.isoformat())
    st.query_params["artist"] = chosen
    return chosen


def _headline(artist: str, row: dict[str, object], forecast: pl.DataFrame) -> None:
    act = list_acts().filter(pl.col("artist") == artist)
    if act.height:
        about = act.row(0, named=True)
        st.caption(
            t(
                "artist.about",
                agency=about["agency"],
                generation=about["generation"],
                debut=about["debut_year"],
            )
        )
    change = row["rank_change"]
    figures = st.columns(5)
    figures[0].metric(
        t("artist.rank"),
        f"{row['rank']}",
        delta=t("artist.places", places=f"{change:+d}") if change else None,
    )
    figures[1].metric(t("artist.tier"), tables.MEDALS[int(str(row["tier"]))])
    figures[2].metric(t("column.total_engagement"), f"{row['total_engagement']:,}")
    growth = row["growth_rate_7d"]
    figures[3].metric(
        t("column.growth_rate_7d"), t("artist.none") if growth is None else f"{growth:+,.1f} %"
    )
    figures[4].metric(t("artist.p_rise"), _chance(row, forecast))


def _chance(row: dict[str, object], forecast: pl.DataFrame) -> str:
    if forecast.is_empty():
        return t("artist.none")
    if row["tier"] == 1:
        return t("artist.top_tier")
    return f"{forecast.item(0, 'p_rise'):.0%}"


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
    tables.show_chart(
        charts.bars(rows, "ingest_date", measure, titles), caption, rows, "artist_gains"
    )


def _features(view: frame.View, artist: str, start: dt.date) -> None:
    st.subheader(t("artist.features"))
    measure = _measure("features", FEATURES)
    rows = ask(view.snapshot, queries.read_features, artist, start, view.day)
    rows = rows.select("ingest_date", *FEATURES)
    if rows.get_column(measure).null_count() == rows.height:
        st.info(t("artist.feature_missing", measure=tables.heading(measure)))
        return
    titles = {name: tables.heading(name) for name in rows.columns}
    caption = t("artist.feature_caption", measure=titles[measure], artist=artist)
    form = "~s" if measure == "volatility" else ",.1f" if measure == "market_share" else ",.0f"
    chart = charts.lines(rows, "ingest_date", measure, titles, y_format=form, zero=False)
    tables.show_chart(chart, caption, rows, "artist_features")


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
    chart = charts.steps(rows, "ingest_date", "tier", titles)
    tables.show_chart(chart, t("artist.tiers_caption", artist=artist), rows, "artist_tiers")


def _forecast_of(view: frame.View, artist: str) -> pl.DataFrame:
    try:
        return ask(view.snapshot, queries.read_forecast, artist, view.day)
    except Notice:
        return pl.DataFrame()  # The section says that there is no forecast.


def _forecast(artist: str, forecast: pl.DataFrame) -> None:
    st.subheader(t("artist.forecast"))
    if forecast.is_empty():
        st.info(t("artist.no_forecast", artist=artist), icon=":material/info:")
        return
    row = forecast.row(0, named=True)
    chances = pl.DataFrame(
        {"tier": [1, 2, 3, 4], "probability": [row[f"p_tier_{tier}"] for tier in (1, 2, 3, 4)]}
    )
    titles = {name: tables.heading(name) for name in chances.columns}
    target = row["ingest_date"] + dt.timedelta(days=row["horizon_days"])
    caption = t(
        "artist.forecast_caption",
        target=target.isoformat(),
        day=row["ingest_date"].isoformat(),
        model=row["candidate"],
        trained=row["trained_date"].isoformat(),
    )
    tables.show_chart(charts.tier_bars(chances, titles), caption, chances, "artist_forecast")
    moved = [(row[f"factor_{i}_name"], row[f"factor_{i}_effect"]) for i in (1, 2, 3)]
    named = [(_input_name(name), effect) for name, effect in moved if name is not None]
    if named and row["tier"] > 1:
        st.markdown(f"**{t('artist.factors')}**", help=t("artist.factors_help"))
        factors = pl.DataFrame(named, schema=["input_name", "effect"], orient="row")
        tables.show_table(factors, "artist_factors")


def _input_name(name: str) -> str:
    return tables.heading(name) if f"column.{name}" in load_messages() else name


def _videos(view: frame.View, artist: str) -> None:
    st.subheader(t("artist.videos"))
    videos = ask(view.snapshot, queries.read_videos, artist, view.day)
    if videos.is_empty():
        raise Notice("artist.no_videos", artist=artist, day=view.day.isoformat())
    best = videos.head(CURVES)
    # Versions of one video share a title; each has a line of its own.
    repeats = pl.col("text").is_duplicated() | pl.col("text").is_null()
    named = pl.when(repeats).then(pl.format("{} ({})", "text", "video_id")).otherwise("text")
    curves = (
        best.with_columns(pl.coalesce(named, "video_id").alias("text"))
        .select("text", "video_id", "days", "video_daily")
        .explode("days", "video_daily")
        .rename({"days": "ingest_date", "video_daily": "views_gained"})
    )
    titles = {name: tables.heading(name) for name in curves.columns}
    chart = charts.lines(curves, "ingest_date", "views_gained", titles, series="text")
    tables.show_chart(chart, t("artist.videos_caption"), curves, "artist_video_days")
    shown = videos.select(
        "text",
        pl.col("video_id").alias("driving_video_id"),
        "published_at",
        "view_count",
        "gained_28d",
        "video_daily",
    )
    tables.show_table(shown, "artist_videos", saved=videos.drop("video_daily", "days"))


if __name__ == "__main__":
    frame.run(show)
