"""Routes that find: works and acts by what somebody types, a work by its id.

Belongs here: parameters, headers and answers of these routes. Does not belong here: what fits
(kpop_assets/recommend/works/work_search.py, app/queries/act_search.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.matrices.bundle_parts import WAY_OUT
from kpop_assets.recommend.works.work_search import WorkSearch
from serving.client_caches import headers_of_state, unchanged
from serving.entrance.checked_routes import CheckedRoute
from serving.finding.found_forms import (
    FoundArtist,
    FoundArtists,
    FoundTrack,
    FoundTracks,
    TrackTold,
)
from serving.finding.known_acts import ActsOfHome, KnownActs
from serving.problems import ProblemError

MOST_LETTERS, MOST_FOUND = 100, 50
_TOLD = ("version_count", "cluster", "cluster_name", "age_days", "rise_chance")
_OTHERWISE: dict[int | str, dict[str, Any]] = {
    304: {"description": "The caller has this answer."},
    404: {"description": "There is no such work."},
    503: {"description": "There is no recommender yet; `kpop train recommend` makes one."},
}
_TYPED = Annotated[
    str,
    Query(
        min_length=1,
        max_length=MOST_LETTERS,
        description="What somebody types, whole or begun.",
        examples=["뉴진스", "ㄴㅈㅅ", "NewJeans - hype"],
    ),
]
_LIMIT = Annotated[int, Query(ge=1, le=MOST_FOUND, description="Rows at most.")]
_ID = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="Id of a work or of a track of it.",
        examples=["none_such"],
    ),
]


def finding_router(acts: ActsOfHome, opened: Callable[[], Bundle], is_public: bool) -> APIRouter:
    """Routes that find, in a data folder.

    Args:
        acts: of the data folder, its own among them.
        opened: the serving bundle that answers now.
        is_public: whether anybody may keep an answer, and not only who asked.
    """
    finder = _Finder(acts, opened, is_public)
    router = APIRouter(route_class=CheckedRoute)
    for path, endpoint, form, summary in (
        ("/v1/tracks/search", finder.search_tracks, FoundTracks, "Works by what somebody types"),
        ("/v1/tracks/{track_id}", finder.tell_track, TrackTold, "A work by its id"),
        ("/v1/artists/search", finder.search_artists, FoundArtists, "Acts by what somebody types"),
    ):
        router.add_api_route(
            path,
            endpoint,
            response_model=form,
            methods=["GET"],
            tags=["finding"],
            summary=summary,
            responses=_OTHERWISE,
        )
    return router


class _Finder:
    """Answers of the routes; one a process."""

    def __init__(self, acts: ActsOfHome, opened: Callable[[], Bundle], is_public: bool) -> None:
        self._opened = opened
        self._acts = acts
        self._is_public = is_public

    def search_tracks(
        self, request: Request, response: Response, q: _TYPED, limit: _LIMIT = 10
    ) -> FoundTracks | Response:
        """Works that fit, the closest first."""
        bundle, acts = self._opened(), self._acts.read()
        if known := self._known(request, response, f"{bundle.state} {acts.catalog.version}"):
            return known
        rows = [
            FoundTrack(
                **_named(acts, one.work_id, one.title, one.artist, one.artist_name), fit=one.fit
            )
            for one in _search_of(bundle).find(q, limit)
        ]
        return FoundTracks(
            query=q,
            model=bundle.version,
            is_simulated=bundle.manifest.is_simulated,
            count=len(rows),
            rows=rows,
        )

    def tell_track(
        self, request: Request, response: Response, track_id: _ID
    ) -> TrackTold | Response:
        """What is known of a work; by the id of any of its versions."""
        bundle, acts = self._opened(), self._acts.read()
        item = int(bundle.items_of([track_id])[0])
        if item < 0:
            raise ProblemError(404, "no work has this id", "/v1/tracks/search?q= finds works")
        if known := self._known(request, response, f"{bundle.state} {acts.catalog.version}"):
            return known
        names = [bundle.told(name, item) for name in ("work_id", "title", "artist", "artist_name")]
        return TrackTold(
            **_named(acts, *names),
            model=bundle.version,
            is_simulated=bundle.manifest.is_simulated,
            **{name: bundle.told(name, item) for name in _TOLD},
        )

    def search_artists(
        self, request: Request, response: Response, q: _TYPED, limit: _LIMIT = 10
    ) -> FoundArtists | Response:
        """Acts of the catalogue that fit, the closest first."""
        acts = self._acts.read()
        if known := self._known(request, response, acts.catalog.version):
            return known
        named: list[tuple[str, str | None, int | None]]
        named = [(found.artist, found.by, found.distance) for found in acts.search.find(q)[:limit]]
        if not named:
            named = [(artist, None, None) for artist in acts.search.find_near(q, limit)]
        rows = [
            FoundArtist(
                artist=name,
                name_en=name,
                name_ko=acts.catalog[name].name_ko,
                by=by,
                distance=distance,
            )
            for name, by, distance in named
        ]
        return FoundArtists(query=q, count=len(rows), rows=rows)

    def _known(self, request: Request, response: Response, state: str) -> Response | None:
        """The answer where the caller has it; sets the headers that say which one it is."""
        headers = headers_of_state(request, state, self._is_public)
        response.headers.update(headers)
        return unchanged(request, headers)


def _search_of(bundle: Bundle) -> WorkSearch:
    if bundle.work_search is None:
        raise ProblemError(503, f"{bundle.version} was made before works could be found", WAY_OUT)
    return bundle.work_search


def _named(acts: KnownActs, work_id: str, title: str, artist: str, shown: str) -> dict:
    act = acts.act(artist)
    return {
        "work_id": work_id,
        "title": title,
        "artist": act.artist if act else artist,
        "artist_name": shown,
        "name_en": act.artist if act else None,
        "name_ko": act.name_ko if act else None,
    }
