"""`POST /v1/recommendations`, `GET /v1/tracks/{id}/similar` and `GET /v1/onboarding`.

Belongs here: requests and answers of the room. Does not belong here: how a list comes about
(answers.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, FastAPI, Path, Query, Response
from fastapi.responses import JSONResponse

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
from serving.client_caches import kept_for_a_minute
from serving.entrance.json_bodies import GuardedRoute
from serving.problems import ProblemError

_OWN = {"Cache-Control": "private, no-store"}
_NEAR_BY_DEFAULT = 10
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
        prefix="/v1", tags=["recommendations"], lifespan=running, route_class=GuardedRoute
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
        responses={404: {"description": "There is no such work."}, **_UNREADY},
    )
    async def show_near_works(
        track_id: Annotated[str, Path(max_length=512, examples=["work01"])],
        n: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = _NEAR_BY_DEFAULT,
    ) -> JSONResponse:
        """Works that are near one by what they are, by its id or that of any version of it."""
        bundle = answers.bundles.now().bundle
        item = int(bundle.items_of([track_id])[0])
        if item < 0:
            raise ProblemError(
                404, f"{track_id[:100]!r} is no work", "/v1/tracks/search finds works and their ids"
            )
        told = await asyncio.to_thread(near_works, bundle, answers.acts.read().korean, item, n)
        return JSONResponse(told, headers=shared)

    @router.get("/onboarding", response_model=Onboarding, responses=_UNREADY)
    async def show_choices() -> JSONResponse:
        """What somebody of whom nothing is known may choose from."""
        bundle = answers.bundles.now().bundle
        told = await asyncio.to_thread(to_choose_from, bundle, answers.acts.read().korean)
        return JSONResponse(told, headers=shared)

    return router
