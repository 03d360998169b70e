"""Every request counted and timed, by the template of its route.

Belongs here: the layer around the application. Does not belong here: the metrics (meters.py). A
path itself is never a label: it may hold an id of a person, and anybody can make up new ones.
"""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.metrics.meters import Meters
from serving.problems import CALLER_LEFT

# What no route answers, and pages that the framework adds by itself.
NO_ROUTE = "other"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_FAILED = 500


class RequestCounter:
    """Counts what goes through it.

    Args:
        app: what answers.
        meters: where it is counted.
    """

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = CALLER_LEFT, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._meters.request_began()
        try:
            await self._app(scope, receive, noted)
        except Exception:
            # Also where an answer had begun: its caller has no whole one.
            status = _FAILED
            raise
        finally:
            method = scope["method"] if scope["method"] in _METHODS else NO_ROUTE
            seconds = time.perf_counter() - began
            self._meters.request_ended(_route_of(scope), method, status, seconds)


def _route_of(scope: Scope) -> str:
    """The template that was met, such as `/v1/tracks/{work_id}/similar`."""
    return getattr(scope.get("route"), "path", NO_ROUTE)
