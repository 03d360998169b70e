"""A collection from Spotify: searches, acts of the catalogue, their releases and tracks.

Belongs here: what is asked for in which order, and what a collection leaves behind. Does not
belong here: how it is sent (wire.py), what an application may (abilities.py), or a line
(track_lines.py).

Acts take turns: those that were asked for longest ago come first, and each counts as asked once
its lines are landed. A collection that Spotify stops lands what it has.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from spotipy import Spotify, SpotifyException, SpotifyOauthError

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.tracks import TRACK_LINES
from kpop_assets.days import seoul_day
from kpop_assets.landing.files import LandedFile, write_day
from kpop_assets.landing.sources.base import json_line
from kpop_assets.landing.spotify.abilities import Abilities
from kpop_assets.landing.spotify.spotify_report import SpotifyError, SpotifyReport
from kpop_assets.landing.spotify.track_lines import Line, feature_fields, joined_lines, track_line
from kpop_assets.landing.spotify.turns import Turns
from kpop_assets.net.errors import NetError

LARGE_PAGE, SMALL_PAGE = 50, 10
FEATURES_AT_ONCE = 100
# No search tells of more results.
MOST_RESULTS = 1_000
MARKET = "KR"
GENRE_QUERY = "genre:k-pop"


class SpotifyCollector:
    """Collects once.

    Args:
        client: Spotify's client, on our wire.
        abilities: what the application may.
        turns: whose turn it is.
        catalog: who is an act.
        landing: folder of the landing files.
        now_ms: epoch milliseconds of the clock.
    """

    def __init__(
        self,
        client: Spotify,
        abilities: Abilities,
        turns: Turns,
        catalog: Catalog,
        landing: Path,
        now_ms: Callable[[], int],
    ) -> None:
        self._client, self._abilities, self._turns = client, abilities, turns
        self._catalog, self._landing, self._now_ms = catalog, landing, now_ms
        self._lines: list[Line] = []
        self._asked: dict[str, str | None] = {}
        self.report = SpotifyReport()

    def run(self, queries: tuple[str, ...], most_results: int, act_count: int) -> SpotifyReport:
        """Search, ask for the acts whose turn it is, land what was said.

        Raises:
            SpotifyError: Spotify refuses the application.
            LandingError: the file cannot be written.
        """
        try:
            for query in queries:
                self._search(query, most_results)
            for artist in self._turns.next_acts(self._catalog, act_count):
                self._act(artist)
            lines = self._with_features()
        except NetError as error:
            self.report.stopped = str(error)
            lines = joined_lines(self._lines)
        except SpotifyOauthError as error:
            raise SpotifyError(
                f"Spotify refuses the application ({error.error or 'no reason given'})",
                "look at KPOP_SPOTIFY_ID and KPOP_SPOTIFY_SECRET in Spotify's dashboard",
            ) from None
        self._land(lines)
        return self.report

    def _search(self, query: str, most: int) -> None:
        def ask(limit: int, offset: int) -> Any:
            return self._client.search(query, limit, offset, "track", MARKET)

        with self._refusals("search"):
            for item in self._pages(ask, "tracks", min(most, MOST_RESULTS)):
                self._take(item, "search", query)

    def _act(self, artist: str) -> None:
        self.report.acts += 1
        own_id = self._turns.known_id(artist)
        with self._refusals("act"):
            own_id = own_id or self._find(artist)
            if own_id is None:
                self.report.unknown_acts += 1
            else:
                self._releases(own_id)
                self._top_tracks(own_id)
        # Not of one that Spotify stopped at: its turn is the next.
        self._asked[artist] = own_id

    def _find(self, artist: str) -> str | None:
        """Spotify's id of an act: the first found whose name the catalogue gives to it."""
        found = self._client.search(f'artist:"{artist}"', SMALL_PAGE, 0, "artist", MARKET)
        for item in _listed(found, "artists"):
            name, own_id = item.get("name"), item.get("id")
            if not isinstance(name, str) or not isinstance(own_id, str):
                continue
            act = self._catalog.find(name)
            if act is not None and act.artist == artist:
                return own_id
        return None

    def _releases(self, own_id: str) -> None:
        def albums(limit: int, offset: int) -> Any:
            groups = "album,single"
            return self._client.artist_albums(
                own_id, include_groups=groups, country=MARKET, limit=limit, offset=offset
            )

        for album in list(self._pages(albums, "", MOST_RESULTS)):
            album_id = album.get("id")
            if not isinstance(album_id, str):
                self.report.odd += 1
                continue

            def tracks(limit: int, offset: int, album_id: str = album_id) -> Any:
                return self._client.album_tracks(album_id, limit, offset, MARKET)

            with self._refusals("release"):
                for item in self._pages(tracks, "", MOST_RESULTS):
                    self._take(item, "release", album=album)

    def _top_tracks(self, own_id: str) -> None:
        found = None
        with self._refusals("top tracks"), _old_methods():
            found = self._abilities.use(
                "top_tracks", lambda: self._client.artist_top_tracks(own_id, MARKET), lambda: None
            )
        for item in _listed({"all": {"items": (found or {}).get("tracks")}}, "all"):
            self._take(item, "top")

    def _with_features(self) -> dict[str, Line]:
        """All lines, with audio features where the application may ask for these."""
        lines = joined_lines(self._lines)
        ids = list(lines)
        for start in range(0, len(ids), FEATURES_AT_ONCE):
            batch = ids[start : start + FEATURES_AT_ONCE]
            told = None
            try:
                with self._refusals("audio features"), _old_methods():
                    told = self._abilities.use(
                        "audio_features",
                        partial(self._client.audio_features, batch),
                        lambda: None,
                    )
            except NetError as error:
                self.report.stopped = str(error)
                break
            if told is None:
                break
            for item in told if isinstance(told, list) else []:
                if (
                    isinstance(item, dict)
                    and item.get("id") in lines
                    and (f := feature_fields(item))
                ):
                    lines[item["id"]] |= f
                    self.report.with_features += 1
        return lines

    def _pages(
        self, ask: Callable[[int, int], Any], within: str, most: int
    ) -> Iterator[dict[str, Any]]:
        """The entries of all pages, up to a number, by pages as large as the application may."""
        limit, page = self._first_page(ask, most)
        offset = 0
        while True:
            entries = _listed(page, within) if within else _listed({"all": page}, "all")
            yield from entries[: most - offset]
            offset += limit
            total = (page.get(within) if within else page) or {}
            if not entries or offset >= most or not total.get("next"):
                return
            page = ask(min(limit, most - offset), offset)

    def _first_page(self, ask: Callable[[int, int], Any], most: int) -> tuple[int, Any]:
        """The entries of a page, and the first one.

        One that is small by itself says nothing of large ones.
        """

        def page_of(limit: int) -> tuple[int, Any]:
            return limit, ask(min(limit, most), 0)

        if most <= SMALL_PAGE:
            return page_of(SMALL_PAGE)
        large, small = partial(page_of, LARGE_PAGE), partial(page_of, SMALL_PAGE)
        return self._abilities.use("large_pages", large, small)

    def _take(self, item: object, how: str, query: str = "", album: object = None) -> None:
        line = track_line(item, self._now_ms(), query, album)
        if line is None:
            self.report.odd += 1
            return
        self.report.found[how] += 1
        self._lines.append(line)

    @contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        """A request that is refused for itself is counted, and the next may be answered."""
        try:
            yield
        except SpotifyException as error:
            self.report.refused[f"{what} (HTTP {error.http_status})"] += 1

    def _land(self, lines: dict[str, Line]) -> None:
        self.report.withheld = self._abilities.withheld()
        if lines:
            now_ms = self._now_ms()
            written = (json_line(line) for line in lines.values())
            kind = TRACK_LINES.kind
            landed = write_day(self._landing, seoul_day(now_ms), written, now_ms, kind)
            self.report.landed = landed if isinstance(landed, LandedFile) else None
        self._turns.done(self._asked)


@contextmanager
def _old_methods() -> Iterator[None]:
    """Methods that Spotify gives to some applications still, of which spotipy warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _listed(answer: object, name: str) -> list[dict[str, Any]]:
    page = answer.get(name) if isinstance(answer, dict) else None
    items = page.get("items") if isinstance(page, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
