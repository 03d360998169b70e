"""`POST /v1/recommendations`, `GET /v1/tracks/{id}/similar` and `GET /v1/onboarding`.

Belongs here: requests and answers of the room. Does not belong here: how a list comes about
(answers.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, FastAPI, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from kpop_assets.recommend.bundle.served_bundle import Bundle
from serving.answers.answer_forms import (
    EXAMPLES,
    MOST_SHOWN,
    NearWorks,
    Onboarding,
    Recommended,
    WantedAnswer,
)
from serving.answers.answers import Answers
from serving.answers.near_works import near_works, to_choose_from
from serving.client_caches import headers_of_state, kept_for_a_minute, unchanged
from serving.entrance.checked_routes import CheckedRoute
from serving.finding.known_acts import KnownActs
from serving.problems import ProblemError

_OWN = {"Cache-Control": "private, no-store"}
_NEAR_BY_DEFAULT = 10
_KEPT: dict[int | str, dict[str, Any]] = {304: {"description": "The caller has this answer."}}
_UNREADY: dict[int | str, dict[str, Any]] = {
    503: {"description": "There is no recommender yet; `kpop train recommend` makes one."}
}


def answers_router(answers: Answers, is_public: bool) -> APIRouter:
    """The routes of the room; with them it starts and stops.

    Args:
        answers: of the process.
        is_public: whether a cache that is not the caller's may keep what is no one's own.
    """
    shared = {"Cache-Control": kept_for_a_minute(is_public)}

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(answers.start)
        yield
        await answers.stop()

    router = APIRouter(
        prefix="/v1", tags=["recommendations"], lifespan=running, route_class=CheckedRoute
    )

    @router.post("/recommendations", response_model=Recommended, responses=_UNREADY)
    async def recommend_works(
        wanted: Annotated[WantedAnswer, Body(openapi_examples=EXAMPLES)],
    ) -> Response:
        """What to hear next: for a listener, from works, from choices, or what is popular."""
        given = await answers.answer(wanted)
        headers = {"X-Request-Id": given.told["request_id"]}
        headers |= _OWN if given.is_personal else shared
        return Response(orjson.dumps(given.told), headers=headers, media_type="application/json")

    @router.get(
        "/tracks/{track_id}/similar",
        response_model=NearWorks,
        responses={404: {"description": "There is no such work."}, **_KEPT, **_UNREADY},
    )
    async def show_near_works(
        request: Request,
        track_id: Annotated[str, Path(max_length=512, examples=["work01"])],
        n: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = _NEAR_BY_DEFAULT,
    ) -> Response:
        """Works that are near one by what they are, by its id or that of any version of it."""
        bundle = answers.bundles.now().bundle
        item = int(bundle.items_of([track_id])[0])
        if item < 0:
            raise ProblemError(
                404, f"{track_id[:100]!r} is no work", "/v1/tracks/search finds works and their ids"
            )
        acts = answers.acts.read()
        return await _unless_known(
            request, bundle, acts, is_public, lambda: near_works(bundle, acts.korean, item, n)
        )

    @router.get("/onboarding", response_model=Onboarding, responses={**_KEPT, **_UNREADY})
    async def show_choices(request: Request) -> Response:
        """What somebody of whom nothing is known may choose from."""
        bundle, acts = answers.bundles.now().bundle, answers.acts.read()
        return await _unless_known(
            request, bundle, acts, is_public, lambda: to_choose_from(bundle, acts.korean)
        )

    return router


async def _unless_known(
    request: Request,
    bundle: Bundle,
    acts: KnownActs,
    is_public: bool,
    make: Callable[[], dict[str, Any]],
) -> Response:
    """What is made of a bundle and names of acts, or that the caller has it."""
    headers = headers_of_state(request, f"{bundle.state} {acts.state}", is_public)
    if known := unchanged(request, headers):
        return known
    return JSONResponse(await asyncio.to_thread(make), headers=headers)
