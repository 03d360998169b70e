"""What went wrong, as RFC 9457 says it: `application/problem+json`, one line and the way out.

Belongs here: every error as an answer. Does not belong here: which errors there are (each room).
"""

from __future__ import annotations

import http

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kpop_assets.errors import KpopError

MEDIA_TYPE = "application/problem+json"
_UNREADY = 503


class ProblemError(KpopError):
    """An answer that says what is wrong with a request.

    Args:
        status: HTTP's number.
        what: what is wrong, naming the thing; one line.
        way_out: what the caller can do about it.
        headers: that go with the answer.
    """

    def __init__(
        self, status: int, what: str, way_out: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(what, way_out)
        self.status = status
        self.headers = headers


def add_problems(app: FastAPI) -> None:
    """Answer every error of an application in one form."""
    app.exception_handler(ProblemError)(_of_problem)
    app.exception_handler(KpopError)(_of_error)
    app.exception_handler(HTTPException)(_of_http)
    app.exception_handler(RequestValidationError)(_of_validation)


def problem_answer(
    status: int, what: str, way_out: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem as an answer."""
    told = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status}
    told |= {"detail": what} if not way_out else {"detail": what, "way_out": way_out}
    return JSONResponse(told, status, headers, MEDIA_TYPE)


def _of_problem(request: Request, error: ProblemError) -> JSONResponse:
    return problem_answer(error.status, error.what, error.way_out, error.headers)


def _of_error(request: Request, error: KpopError) -> JSONResponse:
    """What the product knows by name is no fault of the caller: tables or a recommender lack."""
    return problem_answer(_UNREADY, error.what, error.way_out)


def _of_http(request: Request, error: HTTPException) -> JSONResponse:
    headers = dict(error.headers or {})
    return problem_answer(error.status_code, str(error.detail), headers=headers)


def _of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return problem_answer(422, f"{where}: {first['msg']}", "/docs says what is taken")
