"""Next viral: who may rise, why, and how far such forecasts can be trusted.

Belongs here: the page. Does not belong here: a figure's computation (queries/next_viral.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.next_viral import by_week, calibration
from app.frame import t, word
from app.notices import PageEnd
from app.queries import next_viral
from app.queries.next_viral import Forecast, TrackRecord
from kpop_assets.contracts.rules import FACTOR_COUNT, RISE_BINS

COLUMNS = (
    "artist",
    "tier",
    "p_rise",
    "driving_video_title",
    "driving_video_id",
    "factor_1",
    "rise_rank_change",
    "top10_since",
    "p_tier_1",
    "factor_2",
    "factor_3",
)


def show(view: frame.View) -> None:
    """Draw the page."""
    forecast = ask(view.snapshot, next_viral.read_forecast, view.day)
    _risers(forecast)
    st.subheader(t("next_viral.record"))
    _record(ask(view.snapshot, next_viral.read_track_record, view.day))


def _risers(forecast: Forecast) -> None:
    lead = t(
        "next_viral.lead",
        target=forecast.target,
        day=forecast.day,
        model=forecast.candidate,
        trained=forecast.trained_date,
    )
    st.markdown(lead)
    factors = [_factor(forecast.risers, number) for number in range(1, FACTOR_COUNT + 1)]
    row = tables.show_table(
        forecast.risers.with_columns(factors).select(COLUMNS),
        f"next_viral_{forecast.day}",
        selectable=True,
        height=min(38 + 35 * forecast.risers.height, 600),
        saved=forecast.risers,
    )
    st.caption(t("next_viral.effects"))
    if row is not None:
        artist = forecast.risers.item(row, "artist")
        st.switch_page("views/artist.py", query_params={"artist": artist})


def _factor(risers: pl.DataFrame, number: int) -> pl.Series:
    """An input and its effect in percentage points as one text; null where nothing moves."""
    # Not in an expression: Polars' threads do not know the visitor's language.
    pairs = risers.select(f"factor_{number}_name", f"factor_{number}_effect").iter_rows()
    texts = [
        None
        if name is None or effect is None
        else word("next_viral.factor", input=tables.input_name(name), effect=effect * 100)
        for name, effect in pairs
    ]
    return pl.Series(f"factor_{number}", texts, pl.String)


def _record(record: TrackRecord) -> None:
    count = f"{int(record.sums['forecast_count']):,}"
    lead = t("next_viral.record_lead", count=count, first=record.first, last=record.last)
    st.markdown(lead)
    _figures(record)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(t("next_viral.calibration"))
        _calibration(record)
    with right:
        st.subheader(t("next_viral.weekly"))
        _weeks(record)


def _figures(record: TrackRecord) -> None:
    sums, high = record.sums, record.high
    count, stays = sums["forecast_count"], sums["persistence_rps_sum"]
    skill = f"{1 - sums['rps_sum'] / stays:.1%}" if stays else "–"
    of_high = word("next_viral.of", part=high["rise_count"], whole=high["can_rise_count"])
    figures = {
        "hit_rate": f"{sums['hit_count'] / count:.1%}",
        "persistence": f"{sums['persistence_hit_count'] / count:.1%}",
        "skill": skill,
        "high": of_high if high["can_rise_count"] else "–",
        "risers": f"{sums['rise_count']:,} / {sums['p_rise_sum']:,.1f}",
    }
    for place, (name, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(t(f"next_viral.{name}"), value, help=t(f"next_viral.{name}_help"))


def _calibration(record: TrackRecord) -> None:
    if record.bins.is_empty():
        frame.tell(PageEnd("next_viral.no_calibration"))
        return
    titles = {name: tables.heading(name) for name in record.bins.columns}
    width = 100 // RISE_BINS
    low = pl.col("p_rise_bin") * width
    steps = pl.format("{}–{} %", low, low + width)
    under = record.bins.with_columns(steps.alias("p_rise_bin"))
    chart = calibration(record.bins, titles)
    caption = t("next_viral.calibration_caption")
    tables.show_chart(chart, caption, under, "next_viral_calibration")


def _weeks(record: TrackRecord) -> None:
    names = {
        "hit_rate": word("next_viral.model"),
        "persistence_hit_rate": word("next_viral.stays"),
    }
    long = record.weeks.unpivot(
        list(names), index="week_start", variable_name="series", value_name="came"
    ).with_columns(pl.col("series").replace_strict(names))
    titles = {
        "week_start": tables.heading("week_start"),
        "came": word("next_viral.came"),
        "series": word("next_viral.series"),
    }
    chart = by_week(long, titles)
    tables.show_chart(chart, t("next_viral.weekly_caption"), record.weeks, "next_viral_weeks")


if __name__ == "__main__":
    frame.run_page(show)
