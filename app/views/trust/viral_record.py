"""The record of who was forecast to become viral, and what became of them.

Belongs here: the tab. Does not belong here: a figure's computation
(queries/trust/viral_record.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, numbers, tables
from app.board.board import reader_of
from app.board.weeks import show_weeks
from app.cache import ask
from app.charts.trust.track_record import VIRAL_CALIBRATION, calibration
from app.downloads import offer_downloads
from app.frame import language, t, word
from app.queries.trust.viral_record import ViralRecord, read_viral_record

MODEL = "p_viral"


def show(view: frame.View) -> None:
    """Draw the tab."""
    record = ask(view.snapshot, read_viral_record, view.day)
    lead = t(
        "track_record.lead",
        checked=f"{record.checked:,}",
        first=record.first.isoformat(),
        last=record.last.isoformat(),
    )
    st.markdown(lead)
    _figures(record)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(t("track_record.ways"))
        _ways(record)
    with right:
        st.subheader(t("track_record.calibration"))
        _calibration(record)
    st.subheader(t("track_record.weeks"))
    st.caption(t("track_record.weeks_lead"))
    show_weeks(record.weeks, reader_of(view), word("track_record.weeks"))
    offer_downloads(record.weeks, f"track_record_weeks_{record.last}")


def _figures(record: ViralRecord) -> None:
    own = record.ways.row(by_predicate=pl.col("score") == MODEL, named=True)
    figures = {
        "base_rate": record.base_rate,
        "hit_rate": own["top10_hit_rate"],
        "precision": own["average_precision"],
    }
    for place, (name, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        written = numbers.write("share", value, language())
        place.metric(t(f"track_record.{name}"), written, help=t(f"track_record.{name}_help"))


def _ways(record: ViralRecord) -> None:
    names = {name: word(f"track_record.by_{name}") for name in record.ways["score"]}
    shown = record.ways.with_columns(pl.col("score").replace_strict(names))
    tables.show_table(shown, "track_record_ways")
    st.caption(t("track_record.ways_caption"))


def _calibration(record: ViralRecord) -> None:
    titles = {name: tables.heading(name) for name in record.bins.columns}
    low = pl.col("p_viral_bin") * 10
    under = record.bins.with_columns(pl.format("{}–{} %", low, low + 10).alias("p_viral_bin"))
    chart = calibration(record.bins, titles, VIRAL_CALIBRATION)
    tables.show_chart(chart, t("track_record.calibration_caption"), under, "viral_calibration")
