"""Choosing acts: one box for all pages, that takes any name an act has.

Belongs here: the box, and what a typed name means. Does not belong here: which acts a page offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.address import kept
from app.frame import shown_view, t
from app.names import act_names
from app.queries.act_search import search_of


def pick_artist(
    place: DeltaGenerator,
    label: str,
    artists: Sequence[str],
    name: str,
    default: str | None,
    *,
    nobody: str | None = None,
    **options: Any,
) -> str | None:
    """Draw a box for one act; its canonical name, or None for nobody.

    Args:
        place: where.
        label: of the box.
        artists: who can be chosen, by canonical name.
        name: what the address calls it.
        default: who is chosen where the address says nothing.
        nobody: what choosing nobody is called; without it, somebody has to be.
        options: for the box.
    """
    offered: list[str | None] = list(artists) if nobody is None else [None, *artists]
    labels: dict[str | None, str] = {None: nobody or ""}
    labels.update(label_acts(artists))
    with kept(name, default, offered, find=meant_by, always=nobody is None) as key:
        chosen: str | None = place.selectbox(
            label,
            offered,
            index=None if default is None and nobody is None else 0,
            format_func=lambda artist: labels.get(artist, str(artist)),
            key=key,
            accept_new_options=True,
            on_change=partial(_take_one, key, tuple(artists), st.session_state[key]),
            **options,
        )
    return chosen


def pick_artists(
    place: DeltaGenerator,
    label: str,
    artists: Sequence[str],
    name: str,
    default: list[str],
    **options: Any,
) -> list[str]:
    """Draw a box for several acts; as `pick_artist`."""
    labels = label_acts(artists)
    with kept(name, default, artists, find=meant_by) as key:
        chosen: list[str] = place.multiselect(
            label,
            artists,
            format_func=lambda artist: labels.get(artist, artist),
            key=key,
            accept_new_options=True,
            on_change=partial(_take_several, key, tuple(artists)),
            **options,
        )
    return chosen


def label_acts(artists: Sequence[str]) -> dict[str, str]:
    """What acts are called in a list: in the reader's language, and as everybody writes them."""
    names = act_names()
    return {
        artist: f"{names[artist]} · {artist}" if names.get(artist, artist) != artist else artist
        for artist in artists
    }


def meant_by(typed: str) -> str | None:
    """The act that a name means beyond doubt."""
    return search_of(shown_view().snapshot.catalog).resolve(typed)


def _closest(typed: str, artists: Sequence[str]) -> str | None:
    """Of some acts, the one that fits best what was typed; says so where none does."""
    found = search_of(shown_view().snapshot.catalog).find(typed)
    closest = next((act.artist for act in found if act.artist in artists), None)
    if closest is None:
        st.toast(t("search.none_of_these", query=typed))
    return closest


def _take_one(key: str, artists: Sequence[str], before: str | None) -> None:
    chosen = st.session_state[key]
    if chosen is not None and chosen not in artists:
        st.session_state[key] = _closest(chosen, artists) or before


def _take_several(key: str, artists: Sequence[str]) -> None:
    meant = (one if one in artists else _closest(one, artists) for one in st.session_state[key])
    st.session_state[key] = list(dict.fromkeys(filter(None, meant)))
