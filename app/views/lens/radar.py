"""Radar: what people talk about, and whether the world outside shows it too.

Belongs here: tabs, choices and boards of words. Does not belong here: what is read
(queries/lens/radar.py), or what is said outside (outside.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame
from app.address import choose_tab, kept
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.queries.lens import radar
from app.queries.lens.signals import list_signals
from app.signal_words import address_of_article, has_values, say_what
from app.views.lens import outside
from app.views.lens.choices import choose_option

WORD_COLUMNS = ("rank", "word", "word_kind", "video_count", "views_gained", "rise_z", "about_word")
VIDEO_COLUMNS = ("video_title", "artist", "views_gained")


def show(view: frame.View) -> None:
    """Draw the page."""
    tabs = {"keywords": _show_keywords, "outside": outside.show_day}
    tabs[choose_tab({name: word(f"radar.tab_{name}") for name in tabs})](view)


def _show_keywords(view: frame.View) -> None:
    scopes = ask(view.snapshot, radar.list_scopes, view.day)
    places = st.columns([3, 2], vertical_alignment="bottom")
    with places[0]:
        names = {name: word(f"radar.ranking_{name}") for name in radar.RANKINGS}
        ranking = choose_option("ranking", t("radar.ranking"), names)
    scope = _choose_scope(places[1], scopes)
    st.caption(t(f"radar.about_{ranking}"))
    found = ask(view.snapshot, radar.list_keywords, view.day, scope, ranking)
    if found.is_empty():
        raise PageEnd("radar.no_word", day=view.day.isoformat())
    rows = with_words(found)
    show_board(
        view,
        rows,
        download_name("keywords", scope, ranking, view.day),
        [name for name in WORD_COLUMNS if rows.get_column(name).count()],
        caption=word("radar.words_of", day=view.day.isoformat(), scope=_scope_name(scope)),
        saved=found,
        key="said",
        head="word",
    )
    _show_videos(view, scope, found.get_column("word").to_list())


def _choose_scope(place: st.delta_generator.DeltaGenerator, scopes: tuple[str, ...]) -> str:
    with kept("of", scopes[0], scopes) as key:
        chosen: str = place.selectbox(
            t("radar.of"), scopes, format_func=_scope_name, key=key, filter_mode="contains"
        )
    return chosen


def _scope_name(scope: str) -> str:
    return word(f"lens.scope_{scope}") if scope in radar.MANY else act_name(scope)


def with_words(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of `list_keywords` with acts, kinds and what words are in the reader's language.

    The word itself is `said`.
    """
    told = list(found.iter_rows(named=True))
    kinds = {kind: word(f"radar.kind_{kind}") for kind in found["word_kind"].unique()}
    return found.with_columns(
        pl.col("word").alias("said"),
        pl.Series("word", [act_name(said) for said in found["word"]], pl.String),
        pl.col("word_kind").replace(kinds),
        pl.Series("about_word", [say_what(row) for row in told], pl.String),
        pl.Series("about_word_article", [address_of_article(row) for row in told], pl.String),
    )


def _show_videos(view: frame.View, scope: str, words: list[str]) -> None:
    st.subheader(t("radar.videos"))
    with kept("word", words[0], words) as key:
        chosen: str = st.selectbox(
            t("radar.word"),
            words,
            format_func=act_name,
            key=key,
            label_visibility="collapsed",
            width=360,
        )
    outside.say_entity(view, chosen)
    _show_signals(view, chosen)
    found = ask(view.snapshot, radar.list_word_videos, view.day, scope, chosen)
    show_board(
        view,
        found.with_columns(to_growth="video_id"),
        download_name("videos_with", chosen, view.day),
        VIDEO_COLUMNS,
        caption=word("radar.videos_with", word=act_name(chosen), day=view.day.isoformat()),
        saved=found,
        key="video_id",
        head="video_title",
    )


def _show_signals(view: frame.View, chosen: str) -> None:
    """The figures of a word that was asked about; the tab beside says why others have none."""
    asked = ask(view.snapshot, list_signals, view.day)
    kinds = asked.filter(pl.col("subject") == chosen).get_column("subject_kind")
    if len(kinds) and has_values(asked):
        outside.show_subject(view, chosen, kinds[0])


if __name__ == "__main__":
    frame.run_page(show)
