"""Release timing: weekdays and hours that did well, and who else releases around a day.

Belongs here: the four sections and their words. Does not belong here: a figure's computation
(queries/releases.py, insights/release_timing.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.plan.release_timing import slot_bars
from app.frame import t, word
from app.notices import PageEnd
from app.queries.plan import release_timing
from app.queries.releases import LookBack, look_back
from kpop_assets.contracts import rules
from kpop_assets.insights.release_timing import competition

MEDIANS = (
    "relative_median",
    "relative_count",
    "is_enough",
    "views_first_7d_median",
    "new_video_count",
    "young_count",
)
AHEAD = dt.timedelta(days=365)


def show(view: frame.View) -> None:
    """Draw the page."""
    found = ask(view.snapshot, look_back, view.day)
    day = view.day.isoformat()
    if not found.new_video_count:
        raise PageEnd("release_timing.no_new_videos", day=day)
    st.markdown(t("release_timing.lead", count=f"{found.new_video_count:,}", day=day))
    _show_medians(found)
    _show_competition(view, found.releases)
    _show_latest(view, found.releases)


def _show_medians(found: LookBack) -> None:
    if not found.by_weekday.get_column("relative_count").sum():
        frame.tell(PageEnd("release_timing.too_young"))
        return
    if found.timed_count:
        weekdays, hours = st.columns([2, 5])
        with weekdays:
            _show_weekdays(found)
        with hours:
            _show_hours(found)
    else:
        _show_weekdays(found)
        frame.tell(PageEnd("release_timing.no_hours"))
    st.caption(t("release_timing.describes"))


def _show_weekdays(found: LookBack) -> None:
    st.subheader(t("release_timing.weekday"))
    names = {number: word(f"release_timing.day_{number}") for number in range(1, 8)}
    label = pl.col("weekday").replace_strict(names, return_dtype=pl.String).alias("weekday_label")
    _show_slots(found.by_weekday.select(label, *MEDIANS), "weekday")


def _show_hours(found: LookBack) -> None:
    st.subheader(t("release_timing.hour"))
    if found.timed_count < found.new_video_count:
        counts = {"timed": f"{found.timed_count:,}", "count": f"{found.new_video_count:,}"}
        frame.tell(PageEnd("release_timing.partly_timed", **counts))
    label = pl.col("hour").cast(pl.String).str.zfill(2).alias("hour_label")
    _show_slots(found.by_hour.select(label, *MEDIANS), "hour")


def _show_slots(slots: pl.DataFrame, kind: str) -> None:
    titles = {name: tables.heading(name) for name in slots.columns}
    legend = (
        word("release_timing.enough", count=rules.ENOUGH_VIDEOS),
        word("release_timing.too_few"),
    )
    chart = slot_bars(slots, f"{kind}_label", titles, legend)
    tables.show_chart(chart, t(f"release_timing.{kind}_caption"), slots, f"release_{kind}")


def _show_competition(view: frame.View, releases: pl.DataFrame) -> None:
    st.subheader(t("release_timing.competition"))
    places = st.columns([2, 2, 2])
    planned = places[0].date_input(
        t("release_timing.planned"), view.day, view.days[0], view.day + AHEAD, format="YYYY-MM-DD"
    )
    span = places[1].slider(t("release_timing.span"), 1, 30, 7, key="release_span")
    tier_to = places[2].selectbox(
        t("release_timing.tier_to"),
        list(rules.TIERS),
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
    titles = ask(view.snapshot, release_timing.list_titles, ids, view.day)
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
