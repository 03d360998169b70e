"""The record of the tiers: how often the forecast tier came, and whether P(rise) keeps its word.

Belongs here: the tab. Does not belong here: a figure's computation (queries/trust/tier_record.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.trust.track_record import by_week, calibration
from app.frame import t, word
from app.notices import PageEnd
from app.queries.trust.tier_record import TrackRecord, read_track_record
from kpop_assets.contracts.rules import RISE_BINS


def show(view: frame.View) -> None:
    """Draw the tab."""
    record = ask(view.snapshot, read_track_record, view.day)
    count = f"{int(record.sums['forecast_count']):,}"
    lead = t("tier_record.record_lead", count=count, first=record.first, last=record.last)
    st.markdown(lead)
    _figures(record)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(t("tier_record.calibration"))
        _calibration(record)
    with right:
        st.subheader(t("tier_record.weekly"))
        _weeks(record)


def _figures(record: TrackRecord) -> None:
    sums, high = record.sums, record.high
    count, stays = sums["forecast_count"], sums["persistence_rps_sum"]
    skill = f"{1 - sums['rps_sum'] / stays:.1%}" if stays else "–"
    of_high = word("tier_record.of", part=high["rise_count"], whole=high["can_rise_count"])
    figures = {
        "hit_rate": f"{sums['hit_count'] / count:.1%}",
        "persistence": f"{sums['persistence_hit_count'] / count:.1%}",
        "skill": skill,
        "high": of_high if high["can_rise_count"] else "–",
        "risers": f"{sums['rise_count']:,} / {sums['p_rise_sum']:,.1f}",
    }
    for place, (name, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(t(f"tier_record.{name}"), value, help=t(f"tier_record.{name}_help"))


def _calibration(record: TrackRecord) -> None:
    if record.bins.is_empty():
        frame.tell(PageEnd("tier_record.no_calibration"))
        return
    titles = {name: tables.heading(name) for name in record.bins.columns}
    width = 100 // RISE_BINS
    low = pl.col("p_rise_bin") * width
    steps = pl.format("{}–{} %", low, low + width)
    under = record.bins.with_columns(steps.alias("p_rise_bin"))
    chart = calibration(record.bins, titles)
    caption = t("tier_record.calibration_caption")
    tables.show_chart(chart, caption, under, "tier_record_calibration")


def _weeks(record: TrackRecord) -> None:
    names = {
        "hit_rate": word("tier_record.model"),
        "persistence_hit_rate": word("tier_record.stays"),
    }
    long = record.weeks.unpivot(
        list(names), index="week_start", variable_name="series", value_name="came"
    ).with_columns(pl.col("series").replace_strict(names))
    titles = {
        "week_start": tables.heading("week_start"),
        "came": word("tier_record.came"),
        "series": word("tier_record.series"),
    }
    chart = by_week(long, titles)
    tables.show_chart(chart, t("tier_record.weekly_caption"), record.weeks, "tier_record_weeks")
