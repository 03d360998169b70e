"""An artist's music: its works and who comes back to them, and whom else its listeners play.

Belongs here: the tab. Does not belong here: the page of shared listeners
(views/recommend/shared.py), or what is read (queries/recommend/audiences.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame
from app.address import carried
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.pages import file_of
from app.queries.recommend import audiences
from app.views.recommend.shared import show_shared
from app.views.recommend.works_shown import asked_day

WORK_COLUMNS = (
    *("work", "plays_28d", "plays_7d", "listeners_28d", "returning_pct", "completed_pct"),
)
MOST_WORKS = 15


def show_music(view: frame.View, artist: str) -> None:
    """Draw the tab; a part that cannot be shown becomes a sentence in its place."""
    parts = {"works": _works, "shared": _shared}
    for title, part in parts.items():
        st.subheader(t(f"artist.music_{title}"))
        try:
            part(view, artist)
        except PageEnd as notice:
            frame.tell(notice)


def _works(view: frame.View, artist: str) -> None:
    day, works = ask(view.snapshot, audiences.read_audience, asked_day(view), artist)
    if works.is_empty():
        raise PageEnd("artist.music_no_work", artist=act_name(artist), day=day.isoformat())
    st.caption(t("artist.music_about", day=day.isoformat()))
    show_board(
        view,
        works.drop("artist")
        .head(MOST_WORKS)
        .with_columns(pl.col("work_title").alias("work"), pl.col("work_id").alias("to_work")),
        download_name("artist_works", artist, day),
        WORK_COLUMNS,
        caption=word("artist.music_works"),
        saved=works,
        key="work_id",
        head="work",
    )


def _shared(view: frame.View, artist: str) -> None:
    day, pairs = ask(view.snapshot, audiences.read_shared, asked_day(view))
    own = audiences.shared_with(pairs, artist, audiences.ORDERS[0])
    if own.is_empty():
        raise PageEnd("artist.music_no_shared", artist=act_name(artist), day=day.isoformat())
    st.caption(t("artist.music_shared_about", day=day.isoformat()))
    show_shared(view, own, artist, download_name("artist_shared", artist, day))
    query = {**carried(), "artist": artist}
    st.page_link(file_of("shared"), label=word("artist.music_all_shared"), query_params=query)
