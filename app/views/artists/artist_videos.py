"""An artist's videos of the last weeks, day by day.

Belongs here: the tab. Does not belong here: which videos those are (queries/artists/artist.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts import common as charts
from app.frame import t
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.over_days import with_gaps
from app.queries.artists import artist as queries

CURVES = 5


def show_videos(view: frame.View, artist: str) -> None:
    """Draw the tab."""
    st.subheader(t("artist.videos", days=queries.VIDEO_DAYS.days))
    videos = ask(view.snapshot, queries.read_videos, artist, view.day)
    if videos.is_empty():
        span = queries.VIDEO_DAYS.days
        raise PageEnd(
            "artist.no_videos", artist=act_name(artist), day=view.day.isoformat(), days=span
        )
    curves = queries.draw_videos(videos.head(CURVES), view.day)
    titles = {name: tables.heading(name) for name in curves.columns}
    chart = charts.lines(curves, "ingest_date", "views_gained", titles, series="text")
    chart = with_gaps(view, chart, view.day - queries.VIDEO_DAYS + dt.timedelta(days=1))
    name = download_name("artist_video_days", artist, view.day)
    tables.show_chart(
        chart, t("artist.videos_caption", count=min(CURVES, videos.height)), curves, name
    )
    shown = videos.select(
        "text",
        pl.col("video_id").alias("driving_video_id"),
        "published_at",
        "view_count",
        "gained_28d",
        "video_daily",
    )
    name = download_name("artist_videos", artist, view.day)
    tables.show_table(shown, name, saved=videos.drop("video_daily"))
