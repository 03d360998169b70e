"""What went wrong, as RFC 9457 says it: `application/problem+json`, one line and the way out.

Belongs here: every error as an answer. Does not belong here: which errors there are (each room).
"""

from __future__ import annotations

import http
import logging
import re
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.messages.catalogue import plain, unescape
from app.notices import PageEnd
from kpop_assets.errors import KpopError
from kpop_assets.lake.plain import own_names
from kpop_assets.settings import Settings
from serving.negotiation import language_accepted

Headers = dict[str, str] | None

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
_log = logging.getLogger("kpop.problems")


class ProblemError(KpopError):
    """An answer that says what is wrong with a request.

    Args:
        status: HTTP's number.
        what: what is wrong, naming the thing; one line.
        way_out: what the caller can do about it.
        headers: that go with the answer.
    """

    def __init__(self, status: int, what: str, way_out: str = "", headers: Headers = None) -> None:
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
    status: int, what: str, way_out: str = "", headers: Headers = None
) -> JSONResponse:
    """A problem as an answer."""
    told = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status}
    told |= {"detail": what} if not way_out else {"detail": what, "way_out": way_out}
    return JSONResponse(told, status, headers, MEDIA_TYPE)


def say_end(end: PageEnd, language: str) -> str:
    """The sentence that a page of the viewer ends with, as plain text."""
    return unescape(plain(language, end.key, **end.values))


def home_of(request: Request) -> Path | None:
    """The data folder of the application that a request came to."""
    settings: Settings | None = getattr(request.app.state, "settings", None)
    return None if settings is None else settings.home


def without_home(text: str, home: Path | None) -> str:
    """A text that does not say where on this machine the data folder lies.

    Args:
        text: such as an error's.
        home: the data folder; None is none.
    """
    if home is None:
        return text
    text = own_names(text)
    for folder in (home, home.resolve()):
        # `/data` is named in `/data/lake`, and not in `/database`.
        text = re.sub(rf"{re.escape(str(folder))}(/|(?![\w-]|\.\w))", _below_home, text)
    return text


def _below_home(found: re.Match[str]) -> str:
    return "" if found[1] else "KPOP_HOME"


def _told(
    request: Request, status: int, what: str, way_out: str = "", headers: Headers = None
) -> JSONResponse:
    """A problem as an answer to whoever asks: where things lie is for the log alone."""
    home = home_of(request)
    told, told_way_out = without_home(what, home), without_home(way_out, home)
    if (told, told_way_out) != (what, way_out):
        _log.warning("%s: %s", what, way_out)
    return problem_answer(status, told, told_way_out, headers)


def _of_problem(request: Request, error: ProblemError) -> JSONResponse:
    return _told(request, error.status, error.what, error.way_out, error.headers)


def _of_error(request: Request, error: KpopError) -> JSONResponse:
    """What the product knows by name is no fault of the caller: tables or a recommender lack."""
    return _told(request, _UNREADY, error.what, error.way_out)


def _of_page_end(request: Request, end: PageEnd) -> JSONResponse:
    """What the viewer would say in the place of a table, in the caller's language."""
    language = language_accepted(request.headers.get("accept-language"))
    status = _UNREADY if end.key in _BROKEN else 404
    headers = {"Content-Language": language}
    return _told(request, status, say_end(end, language), headers=headers)


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
