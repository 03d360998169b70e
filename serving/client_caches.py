"""What a client, and caches on its way, may keep of an answer that is no one's own.

Belongs here: the headers that say so, and whether a caller has an answer already. Does not belong
here: what this server keeps (each room).
"""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

_SECONDS = 60


def kept_for_a_minute(is_public: bool) -> str:
    """`Cache-Control` of an answer that is the same for everybody.

    Args:
        is_public: whether anybody may ask: else only who asked keeps it, and no cache between.
    """
    return f"{'public' if is_public else 'private'}, max-age={_SECONDS}"


def headers_of_state(request: Request, state: str, is_public: bool) -> dict[str, str]:
    """Headers of an answer that depends on what is asked and a state alone.

    Args:
        request: what is asked.
        state: of all that it is answered from, the same in every process.
        is_public: as for `kept_for_a_minute`.
    """
    asked = f"{state} {request.url.path} {request.url.query}"
    tag = hashlib.sha256(asked.encode()).hexdigest()[:16]
    return {"ETag": f'W/"{tag}"', "Cache-Control": kept_for_a_minute(is_public)}


def unchanged(request: Request, headers: dict[str, str]) -> Response | None:
    """The answer to a caller who has what these headers are of; else None (RFC 9110, 13.1.2)."""
    plain = headers["ETag"].removeprefix("W/")
    told = request.headers.get("if-none-match", "")
    known = (each.strip().removeprefix("W/") for each in told.split(","))
    if not any(each in (plain, "*") for each in known):
        return None
    return Response(status_code=304, headers=headers)
