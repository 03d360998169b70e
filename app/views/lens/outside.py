"""What the world outside YouTube says of acts and words: a board of a day, one subject, one word.

Belongs here: the drawing. Does not belong here: what is read (queries/lens/signals.py), or
sentences (signal_words.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.queries.lens.signals import find_entity, find_signals, list_signals
from app.signal_words import (
    SOURCES,
    address_of_article,
    has_values,
    say_missing,
    say_what,
    why_nobody_asked,
    with_notes,
)

CHANGES = tuple(f"{source}_change_pct" for source in SOURCES)
COLUMNS = ("subject", "composite", *CHANGES)


def show_day(view: frame.View) -> None:
    """Draw the board of a day's acts and words."""
    day = view.day.isoformat()
    found = _asked_about(view)
    acts = found.filter(pl.col("subject_kind") == "act").height
    st.markdown(t("signals.lead", day=day, acts=acts, words=found.height - acts))
    for line in say_missing(found):
        st.caption(line)
    given = [name for name in COLUMNS if name not in CHANGES or _has_any(found, name)]
    show_board(
        view,
        _with_subjects(with_notes(found)),
        f"signals_{day}",
        given,
        caption=word("signals.board_of", day=day),
        saved=found,
        key="said",
        head="subject",
    )


def show_subject(view: frame.View, subject: str, kind: str) -> None:
    """Draw the figures of one act or word.

    Raises:
        PageEnd: nothing is known of it, and why.
    """
    asked = _asked_about(view)
    row = ask(view.snapshot, find_signals, subject, kind, view.day)
    if row is None:
        day = view.day.isoformat()
        raise PageEnd("signals.not_asked", subject=act_name(subject), count=asked.height, day=day)
    noted = with_notes(pl.DataFrame([row], schema=asked.schema)).row(0, named=True)
    names = ("composite", *CHANGES)
    for place, name in zip(st.columns(len(names)), names, strict=True):
        place.metric(tables.heading(name), tables.figure(name, noted[name]))
        if note := noted[f"{name}_note"]:
            place.caption(escape(note))


def say_entity(view: frame.View, said: str) -> None:
    """Say what a word is, or why that is not known; nothing where nobody was to find out."""
    row = ask(view.snapshot, find_entity, said, view.day)
    if row is None:
        return
    reason = row["missing_reason"] and word(f"signals.reason_{row['missing_reason']}")
    what = say_what(row)
    if what is None:
        st.caption(t("radar.about_unknown", reason=reason or ""))
        return
    st.markdown(" · ".join(filter(None, (escape(what), _article(row)))))
    st.caption(" ".join(_sureness(row, reason)))


def _sureness(row: dict[str, Any], reason: str | None) -> list[str]:
    source = word(f"radar.source_{row['entity_source']}")
    score = tables.number("count", 100 * row["match_score"])
    said = t("radar.about_source", source=source, score=score)
    return [said, t("radar.about_no_article", reason=reason)] if reason else [said]


def _article(row: dict[str, Any]) -> str | None:
    address = address_of_article(row)
    return address and f"[{escape(word('rows.to_article'))}]({address})"


def _asked_about(view: frame.View) -> pl.DataFrame:
    """Rows of the day; where nobody was asked, old values alone are worth a board."""
    found = ask(view.snapshot, list_signals, view.day)
    day = view.day.isoformat()
    if found.is_empty():
        raise PageEnd("signals.none", day=day)
    if reason := why_nobody_asked(found):
        notice = PageEnd(f"signals.nobody_{reason}", day=day)
        if not has_values(found):
            raise notice
        frame.tell(notice)
    return found


def _has_any(found: pl.DataFrame, change: str) -> bool:
    """Whether a source told anything, old or new; why it did not stands above the board."""
    source = change.removesuffix("_change_pct")
    return found.get_column(SOURCES[source]).count() > 0


def _with_subjects(found: pl.DataFrame) -> pl.DataFrame:
    """Subjects by their names in the reader's language, with what they are and their articles."""
    is_act = pl.col("subject_kind") == "act"
    told = list(found.iter_rows(named=True))
    return found.with_columns(
        pl.col("subject").alias("said"),
        pl.when(is_act).then("subject").alias("artist"),
        pl.Series("subject", [act_name(row["subject"]) for row in told], pl.String),
        pl.Series("subject_note", [_note_of(row) for row in told], pl.String),
        pl.Series("subject_article", [address_of_article(row) for row in told], pl.String),
    )


def _note_of(row: dict[str, Any]) -> str | None:
    """What a word is; of acts their name says it."""
    return None if row["subject_kind"] == "act" else say_what(row)
