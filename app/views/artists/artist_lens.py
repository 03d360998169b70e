"""An artist through the lens: what stands out of it, what its videos speak of, what others show.

Belongs here: the tab. Does not belong here: the pages of the lens (views/lens/), whose rows these
are, or what is read (queries/lens/).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.queries.lens.outliers import list_act_outliers, list_outliers
from app.queries.lens.radar import RANKINGS, list_keywords
from app.views.lens import outside
from app.views.lens.outliers import with_reasons
from app.views.lens.radar import with_words

VIDEO_COLUMNS = ("video_title", "outlier_score", "views_per_hour", "view_count")
WORD_COLUMNS = ("rank", "word", "video_count", "views_gained", "rise_z")


def show_lens(view: frame.View, artist: str) -> None:
    """Draw the tab; a part that cannot be shown becomes a sentence in its place."""
    parts = {"outliers": _outliers, "keywords": _keywords, "signals": _signals}
    for title, part in parts.items():
        st.subheader(t(f"artist.lens_{title}"))
        _try(part, view, artist)


def _try(part: Callable[[frame.View, str], None], view: frame.View, artist: str) -> None:
    try:
        part(view, artist)
    except PageEnd as notice:
        frame.tell(notice)


def _outliers(view: frame.View, artist: str) -> None:
    day = view.day.isoformat()
    acts = ask(view.snapshot, list_act_outliers, view.day).filter(pl.col("artist") == artist)
    if acts.height and acts.item(0, "gain_ratio") is not None:
        st.markdown(t("artist.lens_gain", day=day, **_gain(acts.row(0, named=True))))
    found = ask(view.snapshot, list_outliers, view.day, "acts", "age")
    own = found.filter(pl.col("artist") == artist)
    if own.is_empty():
        raise PageEnd("artist.lens_no_outlier", artist=act_name(artist), day=day)
    show_board(
        view,
        with_reasons(own).drop("artist"),
        download_name("artist_outliers", artist, view.day),
        VIDEO_COLUMNS,
        caption=word("outliers.videos_of", day=day),
        saved=own,
        key="video_id",
        head="video_title",
    )


def _gain(row: dict[str, Any]) -> dict[str, str]:
    counts = ("views_gained", "usual_views_gained")
    said = {name: tables.figure(name, row[name]) for name in counts}
    return said | {"gain_ratio": tables.number("tenths", row["gain_ratio"])}


def _keywords(view: frame.View, artist: str) -> None:
    by = RANKINGS[1]
    found = ask(view.snapshot, list_keywords, view.day, artist, by)
    if found.is_empty():
        raise PageEnd("artist.lens_no_word", artist=act_name(artist), day=view.day.isoformat())
    show_board(
        view,
        with_words(found),
        download_name("artist_keywords", artist, view.day),
        WORD_COLUMNS,
        caption=word("radar.words_of", day=view.day.isoformat(), scope=act_name(artist)),
        saved=found,
        key="said",
        head="word",
    )


def _signals(view: frame.View, artist: str) -> None:
    outside.show_subject(view, artist, "act")
    outside.say_entity(view, artist)
