"""Every list as a route of the API, made from the registry.

Belongs here: parameters that all lists have, and how a request becomes an answer. Does not belong
here: a single list (all_lists.py).
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from serving.client_caches import unchanged
from serving.entrance.checked_routes import CheckedRoute
from serving.lists.all_lists import LISTS
from serving.lists.cursors import MOST_LETTERS
from serving.lists.entries import ListAsked, ListEntry, Param
from serving.lists.list_answers import ListAnswers
from serving.lists.list_forms import CSV, FORMS, JSON, headers_of, page_schema, write_page
from serving.negotiation import form_accepted, language_accepted
from serving.problems import ProblemError

DEFAULT_ROWS, MOST_ROWS = 100, 1000
FIRST_DAY, LAST_DAY = dt.date(2017, 1, 1), dt.date(2099, 12, 31)
# What every list may be asked for.
COMMON = ("date", "format", "limit", "cursor")
_FORM = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="format", description="The form of the answer; it wins over the header `Accept`."),
]
_LIMIT = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page.")]
_CURSOR = Annotated[
    str | None,
    Query(max_length=MOST_LETTERS, description="`next_cursor` of the page before."),
]
_DATE = Annotated[
    dt.date | None,
    Query(
        description="Day in Seoul, such as 2026-11-28; by default the newest.",
    ),
]


def list_router(answers: ListAnswers, is_public: bool) -> APIRouter:
    """The routes of all lists.

    Args:
        answers: of the data folder.
        is_public: whether anybody may keep an answer, and not only who asked.
    """
    router = APIRouter(route_class=CheckedRoute)
    for entry in LISTS:
        router.add_api_route(
            entry.path,
            _endpoint(entry, answers, is_public),
            methods=["GET"],
            tags=[entry.tag],
            summary=entry.summary,
            operation_id=_operation(entry),
            response_class=Response,
            responses={
                200: {
                    "description": entry.summary,
                    "content": {
                        JSON: {"schema": page_schema(entry)},
                        CSV: {"schema": {"type": "string"}},
                    },
                },
                304: {"description": "The page has not changed."},
            },
        )
    return router


def _operation(entry: ListEntry) -> str:
    words = entry.path.split("/")[2:]
    return "list_" + "_".join(word.strip("{}").replace("-", "_") for word in words)


def _endpoint(entry: ListEntry, answers: ListAnswers, is_public: bool) -> Callable[..., Response]:
    """The function of a list's route; its signature is what FastAPI makes parameters of."""

    def answer(request: Request, **said: Any) -> Response:
        media = _form_of(request, said.pop("format"))
        limit, cursor = said.pop("limit"), said.pop("cursor")
        day = _checked_day(said.pop("date", None))
        language = language_accepted(request.headers.get("accept-language"))
        page = answers.page(entry, ListAsked(day, said, language), limit, cursor)
        headers = headers_of(page, media, language, is_public)
        if known := unchanged(request, headers):
            return known
        return write_page(entry, page, media, request, headers)

    answer.__signature__ = inspect.Signature(list(_parameters(entry)))  # type: ignore[attr-defined]
    answer.__name__ = _operation(entry)
    return answer


def _parameters(entry: ListEntry) -> Iterator[inspect.Parameter]:
    yield _parameter("request", Request)
    for param in entry.params:
        yield _own_parameter(entry, param)
    if entry.days != "none":
        yield _parameter("date", _DATE, None)
    yield _parameter("format", _FORM, None)
    yield _parameter("limit", _LIMIT, DEFAULT_ROWS)
    yield _parameter("cursor", _CURSOR, None)


def _own_parameter(entry: ListEntry, param: Param) -> inspect.Parameter:
    told: dict[str, Any] = {"description": param.description}
    if param.example is not None:
        told["examples"] = [param.example]
    kind = Literal[param.choices] if param.choices else param.type
    if param.type is str and not param.choices:
        told |= {"min_length": 1, "max_length": param.most_letters}
    elif param.type == list[str]:
        told |= {"min_length": int(param.low or 0), "max_length": int(param.high or 1)}
    elif param.type is float:
        told |= {"allow_inf_nan": False}
    elif not param.choices:
        told |= {"ge": param.low, "le": param.high}
    place = Path if f"{{{param.name}}}" in entry.path else Query
    default = inspect.Parameter.empty if param.default is ... else param.default
    return _parameter(param.name, Annotated[kind, place(**told)], default)


def _parameter(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


def _form_of(request: Request, said: str | None) -> str:
    if said:
        return FORMS[said]
    media = form_accepted(request.headers.get("accept"), (JSON, CSV))
    if media is None:
        raise ProblemError(406, "a list is JSON or CSV", "accept application/json or text/csv")
    return media


def _checked_day(day: dt.date | None) -> dt.date | None:
    if day and not FIRST_DAY <= day <= LAST_DAY:
        way_out = f"days are from {FIRST_DAY.isoformat()} on"
        raise ProblemError(422, "date is no day that may have data", way_out)
    return day
