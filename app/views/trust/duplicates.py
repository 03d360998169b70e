"""Duplicates: how good a day's Bloom filter is, and whether an id was seen before.

Belongs here: figures, the box for an id, and its answer. Does not belong here: asking filters
(queries/trust/duplicates.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts.common import bars
from app.frame import t, word
from app.notices import PageEnd
from app.queries.trust import duplicates

# A rate below this is as good as none.
SMALLEST_RATE = 0.00001


def show(view: frame.View) -> None:
    """Draw the page."""
    st.markdown(t("duplicates.lead"))
    day = _day(view)
    st.subheader(t("duplicates.check"))
    told = _check(view, day)
    st.subheader(t("duplicates.filter"))
    try:
        _describe(ask(view.snapshot, duplicates.describe_day, day))
    except PageEnd as notice:
        # What kept the look-up from an answer is the same table.
        if told is None or told.key != notice.key:
            frame.tell(notice)
    st.subheader(t("duplicates.lines"))
    _count(view, day)


def _day(view: frame.View) -> dt.date:
    """The day to show; without a ranking, the newest that was taken in."""
    newest = None if view.days else ask(view.snapshot, duplicates.newest_searched_day)
    return newest or view.day


def _check(view: frame.View, day: dt.date) -> PageEnd | None:
    """The box and what is said of an id; gives back what kept it from an answer."""
    with kept("video", "") as key:
        typed: str = st.text_input(
            t("duplicates.id"), max_chars=200, placeholder="dQw4w9WgXcQ", key=key
        )
    video_id = typed.strip()
    if not video_id:
        return None
    try:
        answer = ask(view.snapshot, duplicates.look_up, day, video_id)
    except PageEnd as notice:
        frame.tell(notice)
        return notice
    _answer(answer)
    st.caption(t("duplicates.cost", asked=answer.day_count, read=len(answer.hit_days)))
    return None


def _answer(answer: duplicates.LookUp) -> None:
    first = answer.first.isoformat()
    if not answer.hit_days:
        st.success(
            t("duplicates.new", days=answer.day_count, first=first), icon=":material/fiber_new:"
        )
    elif answer.seen.is_empty():
        st.success(t("duplicates.false_hit", hits=len(answer.hit_days)), icon=":material/rule:")
    else:
        st.warning(
            t("duplicates.seen", days=answer.seen.height, asked=answer.day_count),
            icon=":material/content_copy:",
        )
        tables.show_table(answer.seen, "duplicates_seen")


def _describe(day: duplicates.Filter) -> None:
    measured = word("duplicates.of", hits=f"{day.false_hits:,}", asked=f"{day.asked_count:,}")
    facts = {
        "ids": f"{day.id_count:,}",
        "capacity": f"{day.capacity:,}",
        "size": f"{day.size_bytes / 1000:,.0f} kB",
        "promised": _rate(day.error_rate),
        "estimated": _rate(day.estimated_rate),
        "measured": measured,
    }
    for row in (0, 3):
        for place, name in zip(st.columns(3), list(facts)[row : row + 3], strict=True):
            place.metric(t(f"duplicates.{name}"), facts[name], help=t(f"duplicates.{name}_help"))


def _rate(rate: float) -> str:
    return f"< {SMALLEST_RATE:.3%}" if 0 < rate < SMALLEST_RATE else f"{rate:.3%}"


def _count(view: frame.View, day: dt.date) -> None:
    lines = ask(view.snapshot, duplicates.count_repeats, day)
    today = lines.filter(pl.col("ingest_date") == day)
    if today.is_empty():
        frame.tell(PageEnd("duplicates.no_lines", day=day.isoformat()))
    if lines.is_empty():
        return
    if not lines.get_column("duplicate_count").sum():
        st.markdown(
            t(
                "duplicates.none",
                lines=f"{lines.get_column('line_count').sum():,}",
                days=duplicates.LOOK_BACK_DAYS,
            )
        )
        return
    if not today.is_empty():
        row = today.row(0, named=True)
        figures = {"share": f"{row['duplicate_share']:.2%}", "day": day.isoformat()}
        counts = {name: f"{row[name]:,}" for name in ("line_count", "duplicate_count")}
        st.markdown(t("duplicates.today", **counts, **figures))
    titles = {name: tables.heading(name) for name in lines.columns}
    chart = bars(lines, "ingest_date", "duplicate_count", titles, form="count")
    tables.show_chart(
        chart,
        t("duplicates.per_day", days=duplicates.LOOK_BACK_DAYS),
        lines,
        f"duplicates_lines_{day}",
    )
