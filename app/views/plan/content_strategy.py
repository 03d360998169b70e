"""Content strategy: what acts of one tier do differently, and one act beside its tier.

Belongs here: the three sections and their words. Does not belong here: a figure's
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
from app.charts.plan.content_strategy import effect_intervals
from app.frame import t, word
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.picker import pick_artist
from app.queries.plan import content_strategy
from app.queries.plan.content_strategy import KINDS
from kpop_assets.days import day_end
from kpop_assets.insights.content_strategy import OUTCOMES

SPANS = (7, 28, 90)
# Levers need as many releases.
LEVER_SPANS = (90, 180, 365)


def show(view: frame.View) -> None:
    """Draw the page."""
    artists = ask(view.snapshot, content_strategy.list_tiered, view.day)
    if artists.height < 2:
        raise PageEnd("content_strategy.one_artist", day=view.day.isoformat())
    st.markdown(t("content_strategy.lead"))
    try:
        _show_levers(view)
    except PageEnd as notice:
        frame.tell(notice)
    _show_kinds(view, artists)


def _show_levers(view: frame.View) -> None:
    st.subheader(t("content_strategy.levers"))
    outcomes = {name: word(f"content_strategy.outcome_{name}") for name in OUTCOMES}
    places = st.columns([2, 2, 2])
    with kept("outcome", OUTCOMES[0], OUTCOMES) as key:
        outcome = places[0].selectbox(
            t("content_strategy.outcome"), OUTCOMES, format_func=outcomes.__getitem__, key=key
        )
    days = _choose_span(places[1], "days", LEVER_SPANS, LEVER_SPANS[1])
    effects = ask(view.snapshot, content_strategy.list_effects, view.day, days, outcome)
    named = _named(effects)
    known = named.drop_nulls("effect_ratio")
    if known.is_empty():
        frame.tell(PageEnd("content_strategy.too_few_acts", outcome=outcomes[outcome]))
    else:
        _say_effects(known, outcomes[outcome])
        titles = {name: tables.heading(name) for name in known.columns}
        caption = t("content_strategy.levers_caption", outcome=outcomes[outcome], days=days)
        chart = effect_intervals(known, titles)
        tables.show_chart(chart, caption, named, f"strategy_effects_{view.day}")
    _show_artist(view, days)


def _say_effects(known: pl.DataFrame, outcome: str) -> None:
    """Name the levers that go with another outcome; where there are none, that is the answer."""
    differs = known.filter((pl.col("effect_low") > 1) | (pl.col("effect_high") < 1))
    if differs.is_empty():
        st.markdown(t("content_strategy.no_effect", outcome=outcome))
        return
    lines = [
        t(
            "content_strategy.effect",
            lever=row["feature_name"],
            **{name: f"{row[name]:.2f}" for name in ("effect_ratio", "effect_low", "effect_high")},
            count=row["act_count"],
        )
        for row in differs.to_dicts()
    ]
    st.markdown("\n".join([t("content_strategy.effects", outcome=outcome), "", *lines]))


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what each lever is called in its place."""
    names = {name: word(f"content_strategy.lever_{name}") for name in rows.get_column("lever")}
    called = pl.col("lever").replace_strict(names, return_dtype=pl.String).alias("feature_name")
    return rows.select(called, pl.all().exclude("lever"))


def _choose_span(place: DeltaGenerator, name: str, counts: tuple[int, ...], default: int) -> int:
    """How many days back a part of the page looks."""
    with kept(name, default, counts) as key:
        chosen: int = place.selectbox(
            t("content_strategy.days"),
            counts,
            format_func=lambda count: word("content_strategy.days_option", count=count),
            key=key,
        )
    return chosen


def _show_kinds(view: frame.View, artists: pl.DataFrame) -> None:
    """Videos, Shorts, streams and premieres apart; any of them can be left out."""
    end = day_end(view.day)
    week = (end - dt.timedelta(days=SPANS[0]), end)
    told = ask(view.snapshot, content_strategy.split_kinds, *week, None)
    if set(told.get_column("video_format")) <= {"unknown"}:
        # Tracks of a chart are of one kind.
        return
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
    count = _choose_span(places[1], "kinds_days", SPANS, SPANS[0])
    with kept("left_out", [], list(kinds)) as key:
        left_out = places[2].multiselect(
            t("content_strategy.left_out"),
            list(kinds),
            format_func=kinds.__getitem__,
            placeholder=word("content_strategy.none_left_out"),
            key=key,
        )
    found = ask(
        view.snapshot, content_strategy.split_kinds, end - dt.timedelta(days=count), end, artist
    )
    shown = found.filter(~pl.col("video_format").is_in(left_out))
    figures = {"total": found, "shown": shown}
    for place, (name, rows) in zip(st.columns(2), figures.items(), strict=True):
        points = int(rows.get_column("engagement").sum())
        tables.show_figure(
            place, t(f"content_strategy.kinds_{name}"), tables.figure("engagement", points)
        )
    st.caption(t("content_strategy.kinds_caption"))
    named = shown.with_columns(pl.col("video_format").replace_strict(kinds, return_dtype=pl.String))
    tables.show_table(named, f"kinds_{view.day}", saved=shown)


def _show_artist(view: frame.View, days: int) -> None:
    st.subheader(t("content_strategy.artist_part"))
    acts = ask(view.snapshot, content_strategy.list_acts_done, view.day, days)
    names = acts.get_column("artist").to_list()
    label = t("content_strategy.artist")
    artist = pick_artist(st.container(), label, names, "artist", names[0], width=360) or names[0]
    found = _named(content_strategy.beside_tier(acts, artist))
    tier = acts.filter(pl.col("artist") == artist).item(0, "tier")
    st.caption(t("content_strategy.artist_caption", artist=act_name(artist), tier=tier, days=days))
    tables.show_table(found, download_name("strategy", artist, view.day))


if __name__ == "__main__":
    frame.run_page(show)
