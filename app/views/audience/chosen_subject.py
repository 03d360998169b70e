"""Whose voices a page shows: an act and what it made, or a film or other title.

Belongs here: the boxes, and what things are called in them. Does not belong here: which subjects
there are (queries/audience/scores.py), or what is said of one (voices.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from app.address import kept
from app.cache import ask
from app.frame import View, t, word
from app.names import act_name
from app.notices import PageEnd
from app.picker import meant_by, pick_artist
from app.queries.audience import scores

ACT, TITLE = "act", "title"


@dataclass(frozen=True)
class Chosen:
    """One subject.

    Attributes:
        kind: act, video, release, work or title.
        subject: its name or id.
        artist: the act whose it is; None of a title.
        names: what the boxes say, the widest first.
    """

    kind: str
    subject: str
    artist: str | None
    names: tuple[str, ...]


def choose_subject(view: View) -> Chosen:
    """Draw the boxes; the first asks for acts or titles where the data has both.

    Raises:
        PageEnd: there is neither, or an act of whom nobody speaks was asked for.
    """
    acts = ask(view.snapshot, scores.list_reviewed_acts, view.chosen)
    titles = ask(view.snapshot, scores.list_reviewed_titles, view.chosen)
    sorts = [name for name, found in (("acts", acts), ("titles", titles["subject"])) if len(found)]
    if not sorts:
        raise PageEnd("voices.none")
    chosen = sorts[0]
    if len(sorts) > 1:
        with kept("of", chosen, sorts) as key:
            chosen = st.radio(
                t("voices.sort"),
                sorts,
                format_func=lambda name: word(f"voices.sort_{name}"),
                key=key,
                horizontal=True,
            )
    return _choose_title(titles) if chosen == "titles" else _choose_of_act(view, acts)


def subject_label(kind: str, subject: str, name: str) -> str:
    """What a subject is called; one of which only an id is known says so."""
    if name != subject:
        return name
    if kind == "video":
        return word("voices.untitled_video", id=subject)
    return word("voices.untitled", id=subject) if subject.isdecimal() else subject


def _choose_title(titles: pl.DataFrame) -> Chosen:
    names = _options(titles)
    asked = st.query_params.get("title")
    is_unknown = bool(asked) and asked not in names
    default = None if is_unknown else next(iter(names))
    with kept("title", default, list(names), always=is_unknown) as key:
        chosen: str | None = st.selectbox(
            t("voices.title_box"),
            list(names),
            index=None if is_unknown else 0,
            format_func=names.__getitem__,
            key=key,
        )
    if chosen is None:
        raise PageEnd("voices.unknown", artist=(asked or "").partition(":")[2] or asked)
    subject = chosen.partition(":")[2]
    return Chosen(TITLE, subject, None, (subject_label(TITLE, subject, subject),))


def _choose_of_act(view: View, acts: tuple[str, ...]) -> Chosen:
    asked = st.query_params.get("artist")
    default = None if asked and meant_by(asked) not in acts else acts[0]
    places = st.columns([2, 3], vertical_alignment="bottom")
    artist = pick_artist(places[0], t("voices.of"), acts, "artist", default, placeholder=asked)
    if artist is None:
        raise PageEnd("voices.unknown", artist=asked or "")
    made = ask(view.snapshot, scores.list_reviewed_subjects, view.chosen, artist)
    names = {ACT: word("voices.whole_act"), **_options(made)}
    with kept("subject", ACT, list(names)) as key:
        chosen: str = places[1].selectbox(
            t("voices.subject"), list(names), format_func=names.__getitem__, key=key
        )
    kind, _, subject = chosen.partition(":")
    found = made.filter(subject_kind=kind, subject=subject)["subject_name"]
    labels = (subject_label(kind, subject, name) for name in found)
    return Chosen(kind, subject or artist, artist, (act_name(artist), *labels))


def _options(subjects: pl.DataFrame) -> dict[str, str]:
    """What a box says of each subject, by kind and id."""
    columns = ("subject_kind", "subject", "subject_name", "review_count")
    return {
        f"{kind}:{subject}": word(
            "voices.subject_option",
            name=subject_label(kind, subject, name),
            count=f"{count:,}",
        )
        for kind, subject, name, count in subjects.select(columns).iter_rows()
    }
