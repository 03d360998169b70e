"""Watchlist and alerts: the acts with a star, what happened to them, and where that can be read.

Belongs here: the page. Does not belong here: the list itself (watchlist.py), finding alerts
(queries/alerts.py), or the feed (server.py).
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import polars as pl
import streamlit as st

from app import frame
from app.address import kept
from app.alerts import say_alert
from app.board.board import show_board
from app.cache import ask
from app.feed import FEED_FORMS
from app.feed_token import feed_token
from app.frame import language, t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.queries.alerts import ALERT_DAYS, list_alerts
from app.queries.artists.ranking import list_ranking
from app.visits import note_visit
from app.watchlist import Watchlist, WatchlistError, from_address, to_address
from kpop_assets.contracts.rules import WEEK_DAYS
from kpop_assets.days import seoul_now

COLUMNS = ("rank", "artist", "total_engagement", "growth_rate_7d", "driving_video_title")
# Days of alerts that a first visit is told of.
FIRST_DAYS = WEEK_DAYS
_WRITTEN = "_watch_written"


def show(view: frame.View) -> None:
    """Draw the page."""
    watchlist = Watchlist(view.snapshot.settings.viewer)
    day = view.day
    try:
        artists = watchlist.read()
        _offer_shared(view, watchlist, artists)
    except WatchlistError as error:
        raise PageEnd("watchlist.trouble", reason=str(error)) from error
    _list(view, artists)
    _alerts(view, artists, day)
    _feeds(view)


def _offer_shared(view: frame.View, watchlist: Watchlist, artists: tuple[str, ...]) -> None:
    """A list in the address that is not the own one can be taken over; else the own goes there."""
    asked = st.query_params.get("watch", "")
    catalog = view.snapshot.catalog
    shared = [act.artist for name in from_address(asked) if (act := catalog.find(name))]
    new = [artist for artist in shared if artist not in artists]
    if new and asked != st.session_state.get(_WRITTEN):
        names = ", ".join(map(act_name, new))
        st.info(t("watchlist.shared", artists=names), icon=":material/share:")
        if st.button(t("watchlist.adopt"), icon=":material/star:"):
            watchlist.adopt(shared)
            st.query_params.pop("watch", None)
            st.rerun()
        return
    mine = to_address(artists)
    st.session_state[_WRITTEN] = mine
    if mine:
        st.query_params["watch"] = mine
    else:
        st.query_params.pop("watch", None)


def _list(view: frame.View, artists: tuple[str, ...]) -> None:
    if not artists:
        st.markdown(t("watchlist.empty"))
        return
    mine = pl.DataFrame({"artist": artists}, schema={"artist": pl.String})
    ranked = ask(view.snapshot, list_ranking, view.day)
    rows = mine.join(ranked, on="artist", how="left").sort("rank", "artist", nulls_last=True)
    name, caption = f"watchlist_{view.day}", word("watchlist.caption")
    show_board(view, rows, name, COLUMNS, caption=caption, saved=rows.drop("daily_28d"))
    unseen = rows.filter(pl.col("rank").is_null()).get_column("artist").to_list()
    if unseen:
        names = ", ".join(map(act_name, unseen))
        st.caption(t("watchlist.unseen", artists=names, day=view.day.isoformat()))


def _alerts(view: frame.View, artists: tuple[str, ...], day: dt.date) -> None:
    st.subheader(t("watchlist.alerts"))
    before = _last_visit(view)
    since = min(before or day - dt.timedelta(days=FIRST_DAYS), day)
    rows = ask(view.snapshot, list_alerts, day)
    if artists:
        with kept("everybody", default=False) as key:
            everybody = st.toggle(t("watchlist.everybody"), key=key)
        rows = rows if everybody else rows.filter(pl.col("artist").is_in(artists))
    new = rows.filter(pl.col("event_date") > since)
    key = "watchlist.since" if before else "watchlist.first_visit"
    st.caption(t(key, day=since.isoformat()))
    st.markdown(_lines(new) if new.height else t("watchlist.nothing_new"))
    older = rows.filter(pl.col("event_date") <= since)
    if older.height:
        with st.expander(word("watchlist.older", days=ALERT_DAYS)):
            st.markdown(_lines(older))


def _last_visit(view: frame.View) -> dt.date | None:
    """The newest day that the reader saw at the visit before this one."""
    try:
        return note_visit(view.snapshot.settings.viewer, view.days[-1], seoul_now())
    except OSError as error:
        frame.tell(PageEnd("watchlist.trouble", reason=str(error.strerror)))
        return None


def _lines(rows: pl.DataFrame) -> str:
    said = (
        (row["event_date"], escape(say_alert(row, language(), act_name)))
        for row in rows.iter_rows(named=True)
    )
    return "\n".join(f"- **{day}** {text}" for day, text in said)


def _feeds(view: frame.View) -> None:
    st.subheader(t("watchlist.feeds"))
    st.caption(t("watchlist.feeds_lead"))
    if not st.button(t("watchlist.show_feeds"), icon=":material/rss_feed:"):
        return
    try:
        token = feed_token(view.snapshot.settings.viewer)
    except OSError as error:
        raise PageEnd("watchlist.trouble", reason=str(error.strerror)) from error
    here = urlsplit(st.context.url or "")
    for form in FEED_FORMS:
        address = f"{here.scheme}://{here.netloc}/feed/{token}.{form}?lang={language()}"
        st.code(address, language=None)


if __name__ == "__main__":
    frame.run_page(show)
