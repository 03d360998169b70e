"""Artist: everything about one act, by a link that can be shared (`artist?artist=NAME`).

Belongs here: who is meant, the headline and the tabs. Does not belong here: what a tab shows
(artist_overview.py, artist_videos.py, artist_lens.py, artist_music.py, artist_voices.py,
artist_forecast.py), or several artists (compare.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import carried, choose_tab
from app.cache import ask
from app.frame import language, shown_view, t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.pages import file_of
from app.picker import meant_by, pick_artist
from app.queries.act_search import search_of
from app.queries.artists import artist as queries
from app.queries.artists.ranking import list_ranking, write_shares
from app.queries.catalog import describe_act
from app.queries.lens.facts import read_lens_facts
from app.queries.search import find_last_seen
from app.reasons import say_lens_facts, say_reasons
from app.tools.page_tools import is_printing
from app.views.artists.artist_forecast import Forecast, forecast_of, show_forecast
from app.views.artists.artist_lens import show_lens
from app.views.artists.artist_music import show_music
from app.views.artists.artist_overview import show_overview
from app.views.artists.artist_videos import show_videos
from app.views.artists.artist_voices import show_said

TABS = {
    "overview": show_overview,
    "videos": show_videos,
    "lens": show_lens,
    "music": show_music,
    "voices": show_said,
    "forecast": show_forecast,
}
# The menu leads back to the artist last looked at.
_LAST = "artist_last"
MOST_NEAR = 3


def show(view: frame.View) -> None:
    """Draw the page."""
    artist = _choose(view)
    row = ask(view.snapshot, list_ranking, view.day).filter(pl.col("artist") == artist)
    forecast = forecast_of(view, artist)
    _headline(view, artist, row.row(0, named=True), forecast)
    tab = choose_tab({name: word(f"artist.tab_{name}") for name in TABS})
    if tab == "overview":
        _reasons(view, artist, forecast)
    TABS[tab](view, artist)


def _choose(view: frame.View) -> str:
    """Who is meant: the address's act by any of its names, else the last one, else the first."""
    artists = ask(view.snapshot, queries.list_ranked, view.day)
    asked = st.query_params.get("artist")
    last = st.session_state.get(_LAST)
    default = last if last in artists else artists[0]
    if asked and meant_by(asked) not in artists:
        default = None
    chosen = pick_artist(
        st.container(),
        t("artist.choose"),
        artists,
        "artist",
        default,
        placeholder=asked,
        label_visibility="collapsed",
        width=360,
    )
    if chosen is None:
        raise _say_missing(view, asked or "", artists)
    st.session_state[_LAST] = chosen
    return chosen


def _say_missing(view: frame.View, asked: str, artists: tuple[str, ...]) -> PageEnd:
    """Offer acts that are called alike; why there is nothing to show of the one asked for."""
    search = search_of(shown_view().snapshot.catalog)
    meant = meant_by(asked)
    found = [act.artist for act in search.find(asked) if act.artist in artists]
    near = [artist for artist in search.find_near(asked) if artist in artists]
    offered = [artist for artist in dict.fromkeys((*found, *near)) if artist != meant]
    for artist in offered[:MOST_NEAR]:
        query = {**carried(), "artist": artist}
        st.page_link(file_of("artist"), label=act_name(artist), query_params=query)
    day = view.day.isoformat()
    if meant is None:
        return PageEnd("artist.unknown", artist=asked)
    last = ask(view.snapshot, find_last_seen, meant, view.day)
    if last is None:
        return PageEnd("artist.never_seen", artist=act_name(meant), day=day)
    return PageEnd("artist.unseen", artist=act_name(meant), day=day, last=last.isoformat())


def _headline(view: frame.View, artist: str, row: dict[str, Any], forecast: Forecast) -> None:
    if is_printing():
        # On a screen the box says it.
        st.header(escape(act_name(artist)), anchor=False)
    if about := describe_act(view.snapshot.catalog, artist):
        st.caption(t("artist.about", **about))
    if shares := write_shares(row):
        st.caption(t("artist.vague_only" if row["is_vague_only"] else "artist.evidence", **shares))
    change = row["rank_change"]
    figures = st.columns(5)
    places = t("artist.places")
    tables.show_figure(
        figures[0], t("artist.rank"), f"{row['rank']}", change, delta_description=places
    )
    figures[1].metric(t("artist.tier"), str(row["tier"]))
    figures[2].metric(
        t("column.total_engagement"), tables.figure("total_engagement", row["total_engagement"])
    )
    growth = tables.figure("growth_rate_7d", row["growth_rate_7d"])
    figures[3].metric(t("column.growth_rate_7d"), growth)
    viral = None if isinstance(forecast, PageEnd) else forecast.get("p_viral")
    if viral is None:
        figures[4].metric(t("artist.p_rise"), _chance(row, forecast))
    else:
        figures[4].metric(t("column.p_viral"), tables.number("share", viral))


def _chance(row: dict[str, Any], forecast: Forecast) -> str:
    if isinstance(forecast, PageEnd):
        return t("artist.none")
    if row["tier"] == 1:
        return t("artist.top_tier")
    return tables.number("share", forecast["p_rise"])


def _reasons(view: frame.View, artist: str, forecast: Forecast) -> None:
    """Why the act may go viral, what holds it back, and what stands out of it beside."""
    facts = ask(view.snapshot, read_lens_facts, view.day).get(artist)
    beside = say_lens_facts(facts, language())
    reasons = () if isinstance(forecast, PageEnd) else say_reasons(forecast, language()).all
    if reasons := (*reasons, *beside):
        st.markdown("\n".join(f"- {escape(reason)}" for reason in reasons))


if __name__ == "__main__":
    frame.run_page(show)
