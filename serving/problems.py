"""What went wrong, as RFC 9457 says it: `application/problem+json`, one line and the way out.

Belongs here: every error as an answer. Does not belong here: which errors there are (each room).
"""

from __future__ import annotations

import http

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.messages.catalogue import plain, unescape
from app.notices import PageEnd
from kpop_assets.errors import KpopError
from serving.negotiation import language_accepted

MEDIA_TYPE = "application/problem+json"
# As nginx has it: the caller was gone before the answer began.
CALLER_LEFT = 499
_NO_ROUTE = "/docs says which addresses there are and what they take"
_UNREADY = 503
# What a page of the viewer ends with because something is broken; else it has no data yet.
_BROKEN = (
    *("notice.broken_table", "notice.no_bucket", "notice.older_table", "notice.replaced_table"),
    "notice.wrong_setting",
)


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
    app.exception_handler(PageEnd)(_of_page_end)
    app.exception_handler(HTTPException)(_of_http)
    app.exception_handler(RequestValidationError)(_of_validation)
    app.exception_handler(ClientDisconnect)(_of_left)
    app.exception_handler(Exception)(_of_defect)


def problem_answer(
    status: int, what: str, way_out: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem as an answer."""
    told = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status}
    told |= {"detail": what} if not way_out else {"detail": what, "way_out": way_out}
    return JSONResponse(told, status, headers, MEDIA_TYPE)


def say_end(end: PageEnd, language: str) -> str:
    """The sentence that a page of the viewer ends with, as plain text."""
    return unescape(plain(language, end.key, **end.values))


def _of_problem(request: Request, error: ProblemError) -> JSONResponse:
    return problem_answer(error.status, error.what, error.way_out, error.headers)


def _of_error(request: Request, error: KpopError) -> JSONResponse:
    """What the product knows by name is no fault of the caller: tables or a recommender lack."""
    return problem_answer(_UNREADY, error.what, error.way_out)


def _of_page_end(request: Request, end: PageEnd) -> JSONResponse:
    """What the viewer would say in the place of a table, in the caller's language."""
    language = language_accepted(request.headers.get("accept-language"))
    status = _UNREADY if end.key in _BROKEN else 404
    headers = {"Content-Language": language}
    return problem_answer(status, say_end(end, language), headers=headers)


def _of_http(request: Request, error: HTTPException) -> JSONResponse:
    headers = dict(error.headers or {})
    allowed = headers.get("Allow", "")
    if "GET" in allowed.split(", "):
        # The entrance answers it wherever GET is answered.
        headers["Allow"] = f"{allowed}, HEAD"
    way_out = _NO_ROUTE if error.status_code in (404, 405) else ""
    return problem_answer(error.status_code, str(error.detail), way_out, headers)


def _of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return problem_answer(422, f"{where}: {first['msg']}", "/docs says what is taken")


def _of_left(request: Request, error: ClientDisconnect) -> Response:
    """The caller went away within its own request: nobody hears this, but it is counted."""
    return Response(status_code=CALLER_LEFT)


def _of_defect(request: Request, error: Exception) -> JSONResponse:
    return defect_answer(getattr(request.state, "request_id", ""))


def defect_answer(request_id: str) -> JSONResponse:
    """What nobody foresaw: its trace is in the server's log, and nothing of it in the answer."""
    told = f"something is wrong here; request {request_id} in the log says what"
    return problem_answer(500, told, headers={"Cache-Control": "no-store"})
