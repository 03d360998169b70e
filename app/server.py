"""The viewer's server: Streamlit, and beside its pages the feed of alerts (`make app`).

Belongs here: addresses that answer to other programs than a browser. Does not belong here: a page
(main.py), or what the feed says (feed.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.alerts import say_alert
from app.cache import ask
from app.feed import FEED_FORMS, Entry, Feed
from app.feed_token import is_feed_token
from app.messages.catalogue import LANGUAGES, plain
from app.notices import PageEnd
from app.queries import lake
from app.queries.alerts import list_alerts
from app.snapshot import Snapshot, tables_of
from app.watchlist import Watchlist, WatchlistError
from kpop_assets.settings import load_settings


def serve_feed(request: Request) -> Response:
    """`/feed/TOKEN.atom`, `.json` or `.csv`, with `?lang=ko` in Korean; all else is not found.

    It has the acts on the watchlist, or everybody's alerts where the list is empty.
    """
    settings = load_settings()
    token, _, form = request.path_params["name"].rpartition(".")
    if form not in FEED_FORMS or not is_feed_token(settings.viewer, token):
        return Response("Not found", 404, media_type="text/plain")
    try:
        return _answer(request, Snapshot(settings), form)
    except PageEnd as notice:
        text = plain("en", notice.key, **notice.values)
    except WatchlistError as error:
        text = str(error)
    return Response(text, 503, media_type="text/plain; charset=utf-8")


def _answer(request: Request, snapshot: Snapshot, form: str) -> Response:
    asked = request.query_params.get("lang", "en")
    language = asked if asked in LANGUAGES else "en"
    watched = Watchlist(snapshot.settings.viewer).read()
    tables = (*tables_of(list_alerts), *tables_of(lake.describe_sources))
    state = (snapshot.only(tables).key, watched, language, str(request.url))
    tag = f'"{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    media_type, write = FEED_FORMS[form]
    feed = _make_feed(request, snapshot, watched, language)
    return Response(write(feed), media_type=media_type, headers=headers)


def _make_feed(
    request: Request, snapshot: Snapshot, watched: tuple[str, ...], language: str
) -> Feed:
    days = ask(snapshot, lake.list_ranked_days)
    if not days:
        raise PageEnd("notice.no_artist")
    home = str(request.base_url)
    title = plain(language, "alerts.feed_title" if watched else "alerts.feed_all_title")
    if ask(snapshot, lake.describe_sources).get_column("is_simulated").any():
        title = plain(language, "alerts.feed_simulated", title=title)
    entries = tuple(_entries(snapshot, days[-1], watched, language, home))
    return Feed(title, home, str(request.url), entries, days[-1])


def _entries(
    snapshot: Snapshot, day: dt.date, watched: tuple[str, ...], language: str, home: str
) -> Iterator[Entry]:
    names = {act.artist: act.name_ko for act in snapshot.catalog} if language == "ko" else {}
    for row in ask(snapshot, list_alerts, day).iter_rows(named=True):
        artist = row["artist"]
        if watched and artist not in watched:
            continue
        link = f"{home}artist?" + urlencode({"artist": artist, "lang": language})
        text = say_alert(row, language, lambda name: names.get(name) or name)
        yield Entry(_key(row), row["event_date"], row["kind"], artist, text, link)


def _key(row: Mapping[str, Any]) -> str:
    """What makes an alert the same one: a day run again may change its size."""
    what = ("kind", "event_date", "artist", "video_id")
    value = "" if row["kind"] in ("spike", "outlier") else row["value"]
    return "/".join(str(part) for part in (*(row[name] for name in what), value))


app = st.App(Path(__file__).with_name("main.py"), routes=[Route("/feed/{name}", serve_feed)])
