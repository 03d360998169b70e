"""The search at the top of every page: acts, members, titles of videos and tracks.

Belongs here: the box and its results. Does not belong here: what fits (queries/search.py,
queries/act_search.py).
"""

from __future__ import annotations

import streamlit as st

from app.address import carried
from app.cache import ask
from app.frame import View, t, word
from app.links import source_link
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.pages import file_of, go_to
from app.queries.act_search import FoundAct, search_of
from app.queries.artists.artist import list_ranked
from app.queries.search import find_in_titles, list_titles
from kpop_assets.contracts.bronze import SIMULATED_SOURCE

MOST_ACTS, MOST_TITLES = 6, 4
_ARTIST = "artist"
# A letter finds half of all titles.
FEWEST_LETTERS = 2


@st.fragment
def draw_search(view: View, path: str) -> None:
    """Draw the box, and what it finds while somebody types; the page beside it stays.

    Args:
        view: what the page shows.
        path: the page's own; the box is empty again on another page or another act's.
    """
    typed = st.text_input(
        word("search.label"),
        type="search",
        live=True,
        placeholder=word("search.placeholder"),
        label_visibility="collapsed",
        icon=":material/search:",
        max_chars=100,
        key=f"search_{path}_{st.query_params.get('artist', '')}",
    )
    query = (typed or "").strip()
    if not query:
        return
    with st.container(border=True, key="search_results", gap="xsmall"):
        has_acts = _show_acts(view, query, path)
        has_titles = len(query) >= FEWEST_LETTERS and _show_titles(view, query, path)
        if not has_acts and not has_titles:
            _show_nothing(view, query, path)


def _show_acts(view: View, query: str, path: str) -> bool:
    ranks = _ranks(view)
    found = search_of(view.snapshot.catalog).find(query)
    # Of acts that fit alike, those that are seen come first.
    found.sort(key=lambda act: (act.distance, ranks.get(act.artist, len(ranks) + 1)))
    for act in found[:MOST_ACTS]:
        _link(act.artist, _describe(act, ranks.get(act.artist)), path)
    return bool(found)


def _ranks(view: View) -> dict[str, int]:
    try:
        ranked = ask(view.snapshot, list_ranked, view.day)
    except PageEnd:
        return {}
    return {artist: rank for rank, artist in enumerate(ranked, start=1)}


def _describe(act: FoundAct, rank: int | None) -> str:
    name = act_name(act.artist)
    called = [text for text in dict.fromkeys((act.artist, act.by)) if text != name]
    where = t("search.rank", rank=rank) if rank else t("search.not_seen")
    return f"**{escape(name)}** {escape(' · '.join(called))} — {where}"


def _link(artist: str, label: str, path: str) -> None:
    """A link to an act's page; a button on that page itself.

    A link of Streamlit's to the page that is open leaves the address as it was (1.67).
    """
    icon = ":material/person:"
    if path == _ARTIST:
        if st.button(label, type="tertiary", icon=icon, key=f"found_{artist}_{label}"):
            go_to(_ARTIST, artist=artist)
        return
    query = {**carried(), "artist": artist}
    st.page_link(file_of(_ARTIST), label=label, icon=icon, query_params=query)


def _show_titles(view: View, query: str, path: str) -> bool:
    try:
        titles = ask(view.snapshot, list_titles, view.day)
    except PageEnd:
        return False
    found = find_in_titles(titles, query, MOST_TITLES)
    for row in found.iter_rows(named=True):
        address = source_link(row["video_id"], row["source"] == SIMULATED_SOURCE)
        title, name = escape(row["text"]), escape(act_name(row["artist"]))
        if address is None:
            _link(row["artist"], f"{title} — {name}", path)
        else:
            st.markdown(f":material/play_circle: [{title}]({address}) — {name}")
    return not found.is_empty()


def _show_nothing(view: View, query: str, path: str) -> None:
    st.caption(t("search.nothing", query=query))
    for artist in search_of(view.snapshot.catalog).find_near(query):
        _link(artist, escape(act_name(artist)), path)
