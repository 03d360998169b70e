"""Routes that take what they are made for alone: parameters that they know, and bodies of JSON.

Belongs here: what all routes below `/v1` refuse of a request. Does not belong here: what a request
is refused for whatever its route (entrance.py), or what of JSON is not taken (json_bodies.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from serving.entrance.json_bodies import JsonRequest
from serving.problems import ProblemError

_JSON = "application/json"


class CheckedRoute(APIRoute):
    """Such a route: `APIRouter(route_class=CheckedRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the checks in front of it."""
        handler = super().get_route_handler()
        known = sorted(field.alias for field in self.dependant.query_params)
        takes_body = "POST" in (self.methods or ())

        async def checked(request: Request) -> Response:
            if request.scope["query_string"]:
                _refuse_unknown(request, known)
            if takes_body:
                _refuse_other_media(request)
            return await handler(JsonRequest(request.scope, request.receive))

        return checked


def _refuse_unknown(request: Request, known: Collection[str]) -> None:
    """A misspelled parameter would otherwise answer another question."""
    if {*request.query_params} - {*known}:
        raise ProblemError(
            422, "there is no such parameter", f"there are {', '.join(known) or 'none'}"
        )


def _refuse_other_media(request: Request) -> None:
    """What is not said to be JSON any page of the web could have a visitor's browser send here."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != _JSON:
        raise ProblemError(
            415, f"the body is {said[:100] or 'of no type'}", f"send `Content-Type: {_JSON}`"
        )
