"""Release timing: weekdays and hours that did well, and who else releases around a day.

Belongs here: the four sections and their words. Does not belong here: a figure's computation
(queries/releases.py, insights/release_timing.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts.plan.release_timing import slot_intervals
from app.frame import t, word
from app.notices import PageEnd
from app.queries.plan import release_timing
from app.queries.releases import list_releases
from kpop_assets.contracts.rules import TIERS
from kpop_assets.insights.release_timing import competition, differing

SHOWN = ("relative_median", "relative_low", "relative_high", "release_count", "artist_count")
AHEAD = dt.timedelta(days=365)
# Of slots that differ, so many are named.
NAMED = 3


def show(view: frame.View) -> None:
    """Draw the page."""
    st.markdown(t("release_timing.lead"))
    try:
        _show_times(view)
    except PageEnd as notice:
        frame.tell(notice)
    releases = ask(view.snapshot, list_releases, view.day)
    _show_competition(view, releases)
    _show_latest(view, releases)


def _show_times(view: frame.View) -> None:
    kinds = ask(view.snapshot, release_timing.time_kinds, view.day)
    names = {
        kind: word(
            "release_timing.kind_option",
            kind=_kind(kind),
            count=tables.number("count", times.video_count),
        )
        for kind, times in kinds.items()
    }
    with kept("kind", next(iter(names)), tuple(names)) as key:
        kind = st.selectbox(
            t("release_timing.kind"),
            list(names),
            format_func=names.__getitem__,
            key=key,
            width=360,
        )
    times = kinds[kind]
    _say_differing(times, kind)
    weekdays, hours = st.columns([3, 6])
    with weekdays:
        st.subheader(t("release_timing.weekday"))
        _show_slots(times.by_weekday, "weekday")
    with hours:
        st.subheader(t("release_timing.hour"))
        _show_slots(times.by_hour, "hour")
    st.caption(t("release_timing.describes"))


def _kind(kind: str) -> str:
    return word(f"release_timing.kind_{kind}")


def _say_differing(times: release_timing.Times, kind: str) -> None:
    """Name the slots that did otherwise than usual; where there are none, that is the answer."""
    slots = {"weekday": times.by_weekday, "hour": times.by_hour}
    if not any(table.get_column("relative_low").count() for table in slots.values()):
        frame.tell(PageEnd("release_timing.too_few_of_kind", kind=_kind(kind)))
        return
    named = [
        t(
            "release_timing.differs_slot",
            slot=_slot(row[name], name),
            **{key: f"{row[f'relative_{key}']:.2f}" for key in ("median", "low", "high")},
            count=row["release_count"],
        )
        for name, table in slots.items()
        for row in differing(table).sort("release_count", descending=True).head(NAMED).to_dicts()
    ]
    if named:
        st.markdown("\n".join([t("release_timing.differs", kind=_kind(kind)), "", *named]))
    else:
        st.markdown(t("release_timing.no_difference", kind=_kind(kind)))


def _slot(number: int, name: str) -> str:
    if name == "weekday":
        return word(f"release_timing.day_{number}")
    return f"{number:02}:00"


def _show_slots(slots: pl.DataFrame, name: str) -> None:
    labels = {number: _slot(number, name) for number in slots.get_column(name)}
    if name == "hour":
        labels = {number: f"{number:02}" for number in labels}
    label = pl.col(name).replace_strict(labels, return_dtype=pl.String).alias(f"{name}_label")
    shown = slots.select(label, *SHOWN)
    titles = {column: tables.heading(column) for column in shown.columns}
    chart = slot_intervals(shown, f"{name}_label", titles)
    tables.show_chart(chart, t(f"release_timing.{name}_caption"), shown, f"release_{name}")


def _show_competition(view: frame.View, releases: pl.DataFrame) -> None:
    st.subheader(t("release_timing.competition"))
    places = st.columns([2, 2, 2])
    planned = places[0].date_input(
        t("release_timing.planned"), view.day, view.days[0], view.day + AHEAD, format="YYYY-MM-DD"
    )
    span = places[1].slider(t("release_timing.span"), 1, 30, 7, key="release_span")
    tier_to = places[2].selectbox(
        t("release_timing.tier_to"),
        list(TIERS),
        index=1,
        key="release_tier",
    )
    ranked = max(day for day in view.days if day <= min(planned, view.day))
    standing = ask(view.snapshot, release_timing.list_standing, ranked)
    near = competition(releases, standing, planned, span, tier_to)
    day = view.day.isoformat()
    if near.is_empty():
        values = {"span": span, "planned": planned.isoformat(), "day": day}
        frame.tell(PageEnd("release_timing.no_competition", **values))
        return
    st.caption(t("release_timing.competition_caption", day=day, ranked=ranked.isoformat()))
    tables.show_table(near, f"competition_{planned}")


def _show_latest(view: frame.View, releases: pl.DataFrame) -> None:
    st.subheader(t("release_timing.lately"))
    latest = release_timing.take_latest(releases, view.day)
    values = {"count": release_timing.LATELY_DAYS, "day": view.day.isoformat()}
    if latest.is_empty():
        frame.tell(PageEnd("release_timing.none_lately", **values))
        return
    ids = tuple(latest.get_column("top_video_id"))
    titles = ask(view.snapshot, release_timing.list_release_titles, ids, view.day)
    shown = latest.join(titles, on="top_video_id", how="left", maintain_order="left").select(
        "release_date",
        "artist",
        "top_video_title",
        "top_video_id",
        "views_first_7d",
        pl.col("video_count").alias("big_video_count"),
    )
    st.caption(t("release_timing.lately_caption", **values))
    tables.show_table(shown, f"releases_{view.day}")


if __name__ == "__main__":
    frame.run_page(show)
