"""`POST /v1/plays`, `/v1/feedback`, `/v1/exposures`: batches, on the disk before the answer.

Belongs here: requests and answers. Does not belong here: what makes a line usable
(line_checks.py), or where it goes (intake.py).

Good lines of a batch are taken in though others are not: the answer names those that were refused
by their place, and sending these again would not help. A batch of which nothing can be used is a
problem.

Reading, checking and framing a batch of a thousand lines takes a tenth of a second: it is done in a
thread of this room, while the process answers others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from kpop_assets.contracts.exposures import EXPOSURE_LINES
from kpop_assets.contracts.feedback import FEEDBACK_LINES
from kpop_assets.contracts.plays import PLAY_LINES
from serving.entrance.checked_routes import CheckedRoute
from serving.entrance.json_bodies import read_json
from serving.intake.batch_schema import batch_body, taken_answers
from serving.intake.intake import Intake, Line, epoch_ms_now
from serving.intake.line_checks import FaultOf, LineCheck, Refusal
from serving.problems import ProblemError

# Lines of a batch.
MOST_LINES = 1_000
_SPLIT = f"send at most {MOST_LINES:,} at a time"


def intake_router(intake: Intake, fault_of_exposure: FaultOf) -> APIRouter:
    """The routes by which lines come in; with them the intake starts and stops.

    Args:
        intake: takes them.
        fault_of_exposure: what plans have against one.
    """
    # One: more would only wait for each other, and for the answers to others.
    room = ThreadPoolExecutor(1, "intake")

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(intake.start)
        yield
        await asyncio.to_thread(intake.stop)
        room.shutdown()

    router = APIRouter(prefix="/v1", tags=["intake"], lifespan=running, route_class=CheckedRoute)
    plays, feedback = LineCheck(PLAY_LINES), LineCheck(FEEDBACK_LINES)
    exposures = LineCheck(EXPOSURE_LINES, fault_of_exposure)
    _add(router, intake, room, plays, "plays", "Take in what listeners played")
    _add(router, intake, room, feedback, "feedback", "Take in what listeners did")
    _add(router, intake, room, exposures, "exposures", "Take in who met a variant")
    return router


def _add(
    router: APIRouter,
    intake: Intake,
    room: ThreadPoolExecutor,
    check: LineCheck,
    name: str,
    summary: str,
) -> None:
    record = check.record

    def take_in(body: bytes) -> tuple[list[Line], list[Refusal], Future[None]]:
        given = _lines_of(body, name)
        lines, refused = check_batch(check, given)
        intake.meters.lines_taken(name, "refused", len(refused))
        if not lines:
            first = refused[0]
            what = (
                f"none of {len(given):,} lines can be used; {name}[{first.index}]: {first.detail}"
            )
            raise ProblemError(422, what, first.way_out)
        return lines, refused, intake.append(record, lines)

    async def take_batch(request: Request) -> JSONResponse:
        body = await request.body()
        loop = asyncio.get_running_loop()
        lines, refused, written = await loop.run_in_executor(room, take_in, body)
        await asyncio.wrap_future(written)
        intake.meters.lines_taken(name, "accepted", len(lines))
        if record is PLAY_LINES and intake.on_plays:
            await asyncio.to_thread(_tell, intake, lines)
        told = {"accepted": len(lines), "refused": [vars(one) for one in refused]}
        return JSONResponse(told, 202)

    router.add_api_route(
        f"/{name}",
        take_batch,
        methods=["POST"],
        status_code=202,
        summary=summary,
        operation_id=f"take_{name}",
        openapi_extra=batch_body(record, name, MOST_LINES),
        responses=taken_answers(),
    )


def check_batch(check: LineCheck, given: list[Any]) -> tuple[list[Line], list[Refusal]]:
    """The lines of a batch that can be used, and why the others cannot."""
    now_ms = epoch_ms_now()
    checked = [check.line(index, one, now_ms) for index, one in enumerate(given)]
    lines = [one for one in checked if not isinstance(one, Refusal)]
    return lines, [one for one in checked if isinstance(one, Refusal)]


def _tell(intake: Intake, lines: list[Line]) -> None:
    ids = intake.ids()
    hashed = [line | {"user_id": ids.id_of(str(line["user_id"]))} for line in lines]
    for told in intake.on_plays:
        told(hashed)


def _lines_of(body: bytes, name: str) -> list[Any]:
    wanted = f'send {{"{name}": [...]}}, as /openapi.json tells'
    told = read_json(body)
    lines = told.get(name) if isinstance(told, dict) else None
    if not isinstance(lines, list) or not lines:
        raise ProblemError(422, f"the body has no list {name}", wanted)
    if len(lines) > MOST_LINES:
        raise ProblemError(422, f"{name} has {len(lines):,} lines", _SPLIT)
    return lines
