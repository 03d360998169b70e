"""Compare: two to five artists on the calendar, or in the days after their latest releases.

Belongs here: choice of artists, measure and axis, chart and tables. Does not belong here: a
figure's computation (queries/artists/compare.py, queries/releases.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts import common
from app.frame import t, word
from app.names import act_name, named
from app.naming import download_name
from app.notices import PageEnd
from app.over_days import with_gaps
from app.picker import pick_artists
from app.queries.artists import compare
from app.queries.releases import list_releases
from kpop_assets.contracts import rules
from kpop_assets.days import day_end
from kpop_assets.insights.benchmark import MEASURES

DEFAULT_DAYS = 90


def show(view: frame.View) -> None:
    """Draw the page."""
    known = ask(view.snapshot, compare.list_comparable, view.day)
    if known.height < rules.FEWEST_COMPARED:
        raise PageEnd("compare.one_artist", day=view.day.isoformat())
    artists, measure, axis = _choose(known)
    if len(artists) < rules.FEWEST_COMPARED:
        raise PageEnd("compare.choose_two")
    try:
        if axis == "by_date":
            _show_dates(view, artists, measure)
        else:
            _show_releases(view, artists, measure)
    except PageEnd as notice:
        frame.tell(notice)
    _show_standing(view, known, artists)


def _choose(known: pl.DataFrame) -> tuple[tuple[str, ...], str, str]:
    names = known.get_column("artist").to_list()
    measures = {name: tables.heading(name) for name in MEASURES}
    axes = {name: word(f"compare.{name}") for name in ("by_date", "by_release")}
    places = st.columns([3, 1.2, 1.8])
    artists = pick_artists(
        places[0],
        t("compare.artists"),
        names,
        "artists",
        names[: rules.FEWEST_COMPARED],
        max_selections=rules.MOST_COMPARED,
        placeholder=word("compare.artists_placeholder"),
        select_all=False,
    )
    with kept("measure", MEASURES[0], MEASURES) as key:
        measure = places[1].selectbox(
            t("compare.measure"), list(measures), format_func=measures.__getitem__, key=key
        )
    with kept("axis", "by_date", list(axes)) as key:
        axis = places[2].segmented_control(
            t("compare.axis"),
            list(axes),
            required=True,
            format_func=axes.__getitem__,
            key=key,
        )
    return tuple(artists), measure, str(axis)


def _show_dates(view: frame.View, artists: tuple[str, ...], measure: str) -> None:
    first, last = ask(view.snapshot, compare.list_span, view.day)
    start = max(first, last - dt.timedelta(days=DEFAULT_DAYS - 1))
    with kept("span", (start, last), low=first, high=last) as key:
        # Two days without any of its own: those are the address's.
        no_days: Any = ()
        chosen = st.columns([2, 4])[0].date_input(
            t("compare.span"), no_days, first, last, format="YYYY-MM-DD", key=key
        )
    if len(chosen) < 2:
        raise PageEnd("compare.choose_end")
    start, last = chosen
    span = {"start": start.isoformat(), "end": last.isoformat()}
    found = ask(view.snapshot, compare.by_date, artists, start, day_end(last), measure)
    if not found.get_column(measure).count():
        raise PageEnd("compare.no_days", **span)
    titles = {name: tables.heading(name) for name in found.columns}
    chart = common.lines(named(found), "ingest_date", measure, titles, series="artist")
    chart = with_gaps(view, chart, start, last)
    caption = t("compare.date_caption", measure=titles[measure], **span)
    tables.show_chart(chart, caption, found, download_name("compare_dates", *artists, start, last))


def _show_releases(view: frame.View, artists: tuple[str, ...], measure: str) -> None:
    day = view.day.isoformat()
    releases = ask(view.snapshot, list_releases, view.day)
    latest = compare.latest_releases(releases, artists)
    if len(latest) < rules.FEWEST_COMPARED:
        raise PageEnd("compare.too_few_releases", day=day)
    without = set(artists) - {artist for artist, _ in latest}
    if without:
        names = ", ".join(act_name(artist) for artist in artists if artist in without)
        frame.tell(PageEnd("compare.without_release", artists=names, day=day))
    places = st.columns([2, 2, 2])
    with kept("days", 60, low=7, high=180) as key:
        days = places[0].slider(t("compare.days"), 7, 180, key=key)
    amount: str | None = "per_day"
    amounts = {name: word(f"compare.{name}") for name in ("per_day", "so_far")}
    if measure not in compare.NOT_ADDED_UP:
        with kept("amount", "per_day", list(amounts)) as key:
            amount = places[1].segmented_control(
                t("compare.amount"),
                list(amounts),
                required=True,
                format_func=amounts.__getitem__,
                key=key,
            )
    found = ask(view.snapshot, compare.by_release, latest, days, measure, view.day)
    if measure in compare.NOT_ADDED_UP:
        found = found.drop("value_so_far")
    titles = {name: tables.heading(name) for name in found.columns}
    shown, caption = (measure, "release_caption")
    if amount == "so_far":
        shown, caption = ("value_so_far", "so_far_caption")
    chart = common.lines(
        named(found), "days_since_release", shown, titles, series="artist", points=True
    )
    text = t(f"compare.{caption}", measure=titles[measure], day=day)
    tables.show_chart(chart, text, found, download_name("compare_releases", *artists, view.day))


def _show_standing(view: frame.View, known: pl.DataFrame, artists: tuple[str, ...]) -> None:
    st.subheader(t("compare.standing", day=view.day.isoformat()))
    chosen = known.filter(pl.col("artist").is_in(artists))
    tables.show_table(chosen, download_name("compare", *artists, view.day))


if __name__ == "__main__":
    frame.run_page(show)
