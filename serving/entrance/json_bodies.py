"""Bodies of requests as JSON that costs no more to read than its length.

Belongs here: what of JSON is not taken, whichever route it is for. Does not belong here: what a
route makes of it (each room).
"""

from __future__ import annotations

import json
from typing import Any

import orjson
from fastapi import Request

from serving.problems import ProblemError

MOST_BODY_BYTES = 1_000_000
MOST_DEPTH = 32
_WAY_OUT = "/docs says what is taken"


def read_json(body: bytes) -> Any:
    """A body as JSON (RFC 8259): no NaN, no infinity, UTF-8, nested no deeper than `MOST_DEPTH`.

    Raises:
        ProblemError: it is none of that kind.
    """
    try:
        told = orjson.loads(body)
    except json.JSONDecodeError as error:
        raise ProblemError(400, f"the body is no JSON: {_first_words(error)}", _WAY_OUT) from error
    if _is_deep(told):
        raise ProblemError(400, f"the body is nested deeper than {MOST_DEPTH}", _WAY_OUT)
    return told


def _first_words(error: json.JSONDecodeError) -> str:
    return f"{error.msg.splitlines()[0][:80]}, character {error.pos}" if error.msg else "?"


def _is_deep(told: Any) -> bool:
    """Whether anything lies deeper; a level at a time, so that no stack grows with it."""
    level = [told]
    for _ in range(MOST_DEPTH):
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below += (one for one in each.values() if isinstance(one, dict | list))
            elif isinstance(each, list):
                below += (one for one in each if isinstance(one, dict | list))
        if not below:
            return False
        level = below
    return True


class JsonRequest(Request):
    """A request whose JSON is read by `read_json`."""

    async def json(self) -> Any:
        """The body."""
        return read_json(await self.body())
