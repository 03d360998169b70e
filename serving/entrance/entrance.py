"""What every request passes before a route sees it, and every answer before it leaves.

Belongs here: the order of the checks, and the headers of all answers. Does not belong here: a check
of its own kind (the modules beside it), or what a connection may do (http_protocol.py).
"""

from __future__ import annotations

import math
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.entrance.access_log import log_answer
from serving.entrance.api_keys import ApiKeys, key_said
from serving.entrance.json_bodies import MOST_BODY_BYTES
from serving.entrance.rate_limits import RateLimits
from serving.problems import CALLER_LEFT, ProblemError, defect_answer, problem_answer

MOST_ADDRESS_BYTES = 8_000
# Anybody may ask whether the server lives and what it takes; metrics have a rule of their own.
OPEN = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")
# A proxy or a file system would read these otherwise than a route does.
_TRICK = re.compile(r"[\x00-\x1f\x7f\\\ufffd]|//|/\.{1,2}(/|$)")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REQUEST_ID = "X-Request-Id"


class Entrance:
    """The layer around the application.

    Args:
        app: what answers.
        keys: who may ask.
        limits: how often; None is as often as they like.
    """

    def __init__(self, app: ASGIApp, keys: ApiKeys, limits: RateLimits | None) -> None:
        self._app = app
        self._keys = keys
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, method = time.perf_counter(), scope["method"]
        request_id = secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        leaving = _Leaving(send, request_id, has_body=method != "HEAD")
        try:
            self._check(scope)
        except ProblemError as refused:
            answer = problem_answer(refused.status, refused.what, refused.way_out, refused.headers)
            await answer(scope, receive, leaving)
        else:
            # What a route answers to GET it answers to HEAD, without the body (RFC 9110, 9.3.2).
            scope["method"] = "GET" if method == "HEAD" else method
            try:
                await self._app(scope, _counted(receive), leaving)
            except Exception:
                # Said here, so that it leaves as every answer does; the server logs the trace.
                if leaving.status == CALLER_LEFT:
                    await defect_answer(request_id)(scope, receive, leaving)
                leaving.status = 500
                raise
        finally:
            scope["method"] = method
            route = getattr(scope.get("route"), "path", "other")
            seconds = time.perf_counter() - began
            log_answer(method, route, leaving.status, seconds, leaving.request_id)

    def _check(self, scope: Scope) -> None:
        """Raise ProblemError for a request that no route is to see."""
        _check_address(scope)
        headers = Headers(scope=scope)
        if scope["path"] in OPEN:
            return
        who = self._check_key(headers, scope)
        wait = self._limits.seconds_to_wait(who) if self._limits else 0.0
        if wait:
            told = {"Retry-After": str(max(1, math.ceil(wait)))}
            raise ProblemError(429, "too many requests", "wait, and ask less often", told)
        _check_length(headers.get("content-length", ""))

    def _check_key(self, headers: Headers, scope: Scope) -> str:
        """Who asks, as buckets tell callers apart."""
        if not self._keys.are_asked_for:
            client = scope.get("client")
            return f"address {client[0] if client else ''}"
        key = key_said(headers.get("authorization", ""), headers.get("x-api-key", ""))
        number = self._keys.number_of(key) if key else None
        if number is None:
            what = "the key is none of this server's" if key else "a key is needed"
            way_out = "send it as `Authorization: Bearer KEY`"
            raise ProblemError(401, what, way_out, {"WWW-Authenticate": "Bearer"})
        return f"key {number}"


def _check_length(length: str) -> None:
    if length.isdecimal() and int(length) > MOST_BODY_BYTES:
        way_out = f"a body has {MOST_BODY_BYTES:,} bytes at most: send it in several requests"
        raise ProblemError(413, "the body is too large", way_out)


def _counted(receive: Receive) -> Receive:
    """Receives a body that comes in parts, up to the same size."""
    received = 0

    async def receive_part() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BODY_BYTES:
            # Of this kind: the framework turns any other into a 400 of its own.
            raise HTTPException(413, "the body is too large")
        return message

    return receive_part


def _check_address(scope: Scope) -> None:
    raw = scope.get("raw_path") or b""
    if len(raw) + len(scope.get("query_string") or b"") > MOST_ADDRESS_BYTES:
        way_out = f"an address has {MOST_ADDRESS_BYTES:,} bytes at most"
        raise ProblemError(414, "the address is too long", way_out)
    # As it was sent and as it is decoded: `%2e%2e` is no name either, nor is a slash within one.
    if _TRICK.search(scope["path"]) or b"%2f" in raw.lower():
        raise ProblemError(400, "the path is none of this API's", "/docs says which there are")


class _Leaving:
    """Sends an answer with the headers of all; of one to HEAD no body."""

    def __init__(self, send: Send, request_id: str, has_body: bool) -> None:
        self._send = send
        self.request_id = request_id
        self._has_body = has_body
        # Until it begins.
        self.status = CALLER_LEFT

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            # A route that logs its answers has told its own already.
            self.request_id = headers.setdefault(REQUEST_ID, self.request_id)
            headers.setdefault("Cache-Control", "no-store")
            if vary := headers.get("Vary"):
                # Each layer adds its own.
                headers["Vary"] = ", ".join(dict.fromkeys(map(str.strip, vary.split(","))))
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            message = {**message, "headers": headers.raw}
        elif message["type"] == "http.response.body" and not self._has_body:
            message = {**message, "body": b""}
        await self._send(message)
