"""Content strategy: what leading tiers do differently, and one artist against a tier.

Belongs here: the two sections and how mixed units are written. Does not belong here: a figure's
computation (queries/plan/content_strategy.py, insights/content_strategy.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts.plan.content_strategy import feature_by_tier, ratio_bars
from app.frame import t, word
from app.notices import PageEnd
from app.picker import pick_artist
from app.queries.plan import content_strategy
from app.queries.plan.content_strategy import KINDS, SHOWN
from kpop_assets.contracts.rules import TIERS
from kpop_assets.days import day_end

SPANS = (7, 28, 90)
WRITTEN = ("artist_value", "tier_median", "tier_mean")


def show(view: frame.View) -> None:
    """Draw the page."""
    artists = ask(view.snapshot, content_strategy.list_tiered, view.day)
    if artists.height < 2:
        raise PageEnd("content_strategy.one_artist", day=view.day.isoformat())
    st.markdown(t("content_strategy.lead"))
    try:
        _show_tiers(view)
    except PageEnd as notice:
        frame.tell(notice)
    _show_kinds(view, artists)
    _show_artist(view, artists)


def _show_tiers(view: frame.View) -> None:
    st.subheader(t("content_strategy.tiers"))
    headings = {name: tables.heading(name) for name in SHOWN}
    places = st.columns([2, 2, 2])
    with kept("feature", SHOWN[0], SHOWN) as key:
        feature = places[0].selectbox(
            t("content_strategy.feature"), SHOWN, format_func=headings.__getitem__, key=key
        )
    count = _choose_span(places[1], "days", SPANS[1])
    start = day_end(view.day) - dt.timedelta(days=count)
    medians = ask(view.snapshot, content_strategy.list_medians, start, day_end(view.day))
    titles = {name: tables.heading(name) for name in medians.columns}
    if not medians.get_column(feature).count():
        raise PageEnd("content_strategy.unknown_feature", feature=titles[feature])
    caption = t(
        "content_strategy.tiers_caption",
        feature=titles[feature],
        start=max(start, view.days[0]).isoformat(),
        end=view.day.isoformat(),
    )
    chart = feature_by_tier(medians, feature, titles, tables.form_of(feature))
    tables.show_chart(chart, caption, medians, f"tiers_{view.day}")


def _choose_span(place: DeltaGenerator, name: str, default: int) -> int:
    """How many days back a part of the page looks."""
    spans = {count: word("content_strategy.days_option", count=count) for count in SPANS}
    with kept(name, default, list(spans)) as key:
        chosen: int = place.selectbox(
            t("content_strategy.days"), list(spans), format_func=spans.__getitem__, key=key
        )
    return chosen


def _show_kinds(view: frame.View, artists: pl.DataFrame) -> None:
    """Videos, Shorts, streams and premieres apart; any of them can be left out."""
    st.subheader(t("content_strategy.kinds"))
    kinds = {kind: word(f"content_strategy.kind_{kind}") for kind in KINDS}
    places = st.columns([2, 2, 2])
    artist = pick_artist(
        places[0],
        t("content_strategy.artist"),
        artists.get_column("artist").to_list(),
        "kinds_of",
        None,
        nobody=word("content_strategy.all_artists"),
    )
    count = _choose_span(places[1], "kinds_days", SPANS[0])
    with kept("left_out", [], list(kinds)) as key:
        left_out = places[2].multiselect(
            t("content_strategy.left_out"),
            list(kinds),
            format_func=kinds.__getitem__,
            placeholder=word("content_strategy.none_left_out"),
            key=key,
        )
    end = day_end(view.day)
    found = ask(
        view.snapshot, content_strategy.split_kinds, end - dt.timedelta(days=count), end, artist
    )
    shown = found.filter(~pl.col("video_format").is_in(left_out))
    figures = {"total": found, "shown": shown}
    for place, (name, rows) in zip(st.columns(2), figures.items(), strict=True):
        points = rows.get_column("engagement").sum()
        place.metric(t(f"content_strategy.kinds_{name}"), f"{points:,}")
    st.caption(t("content_strategy.kinds_caption"))
    named = shown.with_columns(pl.col("video_format").replace_strict(kinds, return_dtype=pl.String))
    tables.show_table(named, f"kinds_{view.day}", saved=shown)


def _show_artist(view: frame.View, artists: pl.DataFrame) -> None:
    st.subheader(t("content_strategy.artist_part"))
    names = artists.get_column("artist").to_list()
    below = artists.filter(pl.col("tier") > 1).get_column("artist")
    places = st.columns([2, 2, 2])
    first = below[0] if len(below) else names[0]
    label = t("content_strategy.artist")
    artist = pick_artist(places[0], label, names, "artist", first) or first
    with kept("tier", TIERS[0], TIERS) as key:
        tier = places[1].selectbox(t("content_strategy.tier"), list(TIERS), key=key)
    values = {"tier": tier, "day": view.day.isoformat()}
    if artists.filter(pl.col("tier") == tier).is_empty():
        raise PageEnd("content_strategy.empty_tier", **values)
    found = ask(view.snapshot, content_strategy.compare_artist, artist, view.day, tier)
    headings = {name: tables.heading(name) for name in SHOWN}
    named = found.select(
        pl.col("feature").replace_strict(headings, return_dtype=pl.String).alias("feature_name"),
        pl.all().exclude("feature"),
    )
    drawn = named.filter(pl.col("ratio") > 0).select("feature_name", "ratio")
    if drawn.is_empty():
        frame.tell(PageEnd("content_strategy.no_ratio"))
    else:
        titles = {name: tables.heading(name) for name in drawn.columns}
        caption = t("content_strategy.ratio_caption", artist=artist, **values)
        tables.show_chart(ratio_bars(drawn, titles), caption, drawn, "strategy_ratio")
    features = found.get_column("feature")
    written = named.with_columns(_write(named.get_column(name), features) for name in WRITTEN)
    tables.show_table(
        written.select("feature_name", *WRITTEN, "known_count"),
        f"strategy_{view.day}",
        saved=named,
    )


def _write(values: pl.Series, features: pl.Series) -> pl.Series:
    """Numbers of several features as texts, each as its own column has them."""
    pairs = zip(values, features, strict=True)
    texts = [tables.number(tables.form_of(feature), value) for value, feature in pairs]
    return pl.Series(values.name, texts, pl.String)


if __name__ == "__main__":
    frame.run_page(show)
