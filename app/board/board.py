"""One board on every page: artists, videos or words in rows, with figures, links and a star.

Belongs here: which columns a frame's names become, the reader's star, and the downloads under it.
Does not belong here: what a cell says (cells.py) or how it is drawn (board.js), or which rows.

    show_board(view, rows, "breakouts", ["artist", "total_engagement", "growth_rate_7d"],
               caption=caption)

`rows` has a row an artist, or a row of whatever `key` names, with the columns that are named; the
star comes last by itself where rows name an artist. Columns beside a named one complete its cell:

- `artist`: `note`, a second line, and `image_id`, the video whose picture stands before it;
- any number, text or title: `<name>_note`, a second line;
- a text: `<name>_article`, the article that is led to below it;
- `rank`, `viral_rank`, `rise_rank`: `<name>_change`, places won;
- `total_engagement`: `daily_28d`, a list by day with nulls where none was seen, as a sparkline;
- `trend_growth`, `growth_rate_7d`: `trend_class`, surging, growing, steady, cooling or shrinking;
- `video_score`: `score_parts`, the points that each part of it brought, stacked in a bar;
- a list of texts, such as reasons: a list in its cell;
- `work`: `to_work`, the work to whose page it leads, and `work_source`, where it is heard;
- a title such as `driving_video_title`: `driving_video_id`, that it links to where it is real, and
  `to_growth`, the video whose growth is led to below it.

Any other column is written as the catalogue says (`as` of `column.<name>`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import polars as pl
import streamlit as st

from app import frame, numbers
from app.address import carried
from app.board.cells import (
    Cell,
    Reader,
    artist_cell,
    chance_cell,
    days_cell,
    growth_cell,
    items_cell,
    number_cell,
    part_names,
    parts_cell,
    rank_cell,
    score_cell,
    subject_cell,
    text_cell,
    video_cell,
    work_cell,
)
from app.board.component import draw_board, pressed
from app.downloads import offer_downloads
from app.frame import language, t, word
from app.messages.catalogue import load_messages
from app.names import act_name
from app.notices import PageEnd
from app.pages import PAGES, go_to
from app.watchlist import Watchlist, WatchlistError
from kpop_assets.catalog.catalog import OTHER

Write = Callable[..., Cell]

# Forms by which a heading sorts from the lowest first; all other numbers from the highest.
_LOWEST_FIRST = ("artist", "rank", "text", "subject", "video", "days", "work")
_WRITERS: dict[str, Write] = {
    "artist": artist_cell,
    "rank": rank_cell,
    "chance": chance_cell,
    "score": score_cell,
    "trend": growth_cell,
    "days": days_cell,
    "video": video_cell,
    "items": items_cell,
    "parts": parts_cell,
    "text": text_cell,
    "subject": subject_cell,
    "work": work_cell,
}
_FORMS = {
    "artist": "artist",
    "rank": "rank",
    "viral_rank": "rank",
    "rise_rank": "rank",
    "total_engagement": "score",
    "growth_rate_7d": "trend",
    "trend_growth": "trend",
    "days_since_new": "days",
    "video_score": "parts",
    "view_count": "compact",
    **dict.fromkeys(("subject", "act", "other_act"), "subject"),
    "work": "work",
    "wiki_change_pct": "trend",
    "news_change_pct": "trend",
    "reddit_change_pct": "trend",
}


def show_board(
    view: frame.View,
    rows: pl.DataFrame,
    name: str,
    columns: Sequence[str],
    *,
    caption: str,
    saved: pl.DataFrame | None = None,
    as_cards: bool = False,
    key: str = "artist",
    head: str = "artist",
) -> None:
    """Draw the board with its downloads.

    Args:
        view: what the page shows.
        rows: in the order in which they are first drawn.
        name: of the downloaded files and of the widget: unique on a page.
        columns: what is shown, from the left.
        caption: what the rows are, as plain text: the table's name for screen readers.
        saved: what the downloads hold, if that is more than the columns.
        as_cards: a few large cards, whatever the room, without downloads.
        key: column that tells rows apart.
        head: column that says what a row is.
    """
    if rows.is_empty():
        st.caption(t("frame.no_rows"))
        return
    reader, widget = reader_of(view), f"{name}_board"
    watchlist = Watchlist(view.snapshot.settings.viewer)
    data = board_data(rows, columns, reader, watched(watchlist), key)
    data |= {"caption": caption, "layout": "cards" if as_cards else "table", "head": head}
    opened = draw_board(data, widget, partial(_press_star, watchlist, widget))
    if not as_cards:
        offer_downloads(rows.select(columns) if saved is None else saved, name)
    if opened:
        _follow(opened)


def _follow(href: str) -> None:
    """Go where a cell leads: another page, with what it is asked for."""
    page, _, query = href.partition("?")
    if page in PAGES:
        go_to(page, **dict(parse_qsl(query)))


def watched(watchlist: Watchlist) -> frozenset[str]:
    """The acts on the list; a list that cannot be read is told of, and nobody is on it."""
    try:
        return frozenset(watchlist.read())
    except WatchlistError as error:
        frame.tell(PageEnd("watchlist.trouble", reason=str(error)))
        return frozenset()


def board_data(
    rows: pl.DataFrame,
    columns: Sequence[str],
    reader: Reader,
    stars: frozenset[str],
    key: str = "artist",
) -> dict[str, Any]:
    """What board.js draws, without its caption."""
    forms = {name: _form_of(name, rows.schema[name]) for name in columns}
    described = [_describe(name, form, reader) for name, form in forms.items()]
    if "artist" in rows.columns:
        described.append(
            {"key": "star", "label": word("rows.watch"), "form": "star", "sorts": False}
        )
    return {
        "language": reader.language,
        "columns": described,
        "rows": [
            {
                "key": row[key],
                **_act(row, reader, stars),
                "cells": {name: _writer(form)(row, name, reader) for name, form in forms.items()},
            }
            for row in rows.iter_rows(named=True)
        ],
        "words": {
            **{name: word(f"rows.{name}") for name in ("watch", "watched", "sort_by", "turn")},
            **{name: word(f"rows.{name}") for name in ("ascending", "descending")},
            "none": numbers.MISSING,
        },
    }


def _act(row: dict[str, Any], reader: Reader, stars: frozenset[str]) -> dict[str, Any]:
    """The act that a star would watch; nobody where a video is of no act."""
    artist = row.get("artist")
    if artist in (None, OTHER):
        return {}
    return {"act": artist, "name": reader.name_of(artist), "watched": artist in stars}


def reader_of(view: frame.View) -> Reader:
    """Who looks at this page: the language, and what a link keeps of the address."""
    return Reader(
        language(),
        word,
        act_name,
        carried(),
        frame.shows_simulated(),
        view.snapshot.settings.has_thumbnails,
    )


def _press_star(watchlist: Watchlist, key: str) -> None:
    try:
        watchlist.toggle(pressed(key))
    except WatchlistError as error:
        st.toast(t("watchlist.trouble", reason=str(error)), icon=":material/error:")


def _form_of(name: str, kind: pl.DataType) -> str:
    if name in _FORMS:
        return _FORMS[name]
    if name.endswith("_title"):
        return "video"
    if kind == pl.List:
        return "items"
    form = load_messages()[f"column.{name}"].get("as")
    if form in numbers.FORMS:
        return form
    return "count" if kind.is_integer() else "number" if kind.is_float() else "text"


def _writer(form: str) -> Write:
    return _WRITERS.get(form) or partial(number_cell, form)


def _describe(name: str, form: str, reader: Reader) -> dict[str, Any]:
    entry = load_messages()[f"column.{name}"]
    help_text = entry.get(f"help_{reader.language}")
    if form == "video" and reader.is_simulated:
        help_text = f"{help_text or ''} {word('rows.no_links')}".strip()
    return {
        "key": name,
        "label": entry[reader.language],
        "help": help_text,
        "form": form,
        "sorts": form != "items",
        "descending": form not in _LOWEST_FIRST,
        "parts": part_names(reader) if form == "parts" else None,
    }
