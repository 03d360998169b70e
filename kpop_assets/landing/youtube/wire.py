"""The wire to YouTube: one try on one connection, with the key in a header that nobody else sees.

Belongs here: the transport under google-api-python-client. Does not belong here: retries, quota
(client.py) or what an answer means (refusals.py).
"""

from __future__ import annotations

from typing import Any

import httplib2  # type: ignore[import-untyped]

HIDDEN = "(key hidden)"


class OneTryHttp(httplib2.Http):
    """An httplib2 client that sends each request exactly once.

    httplib2 itself sends again when a connection breaks, and follows redirects; the first would
    be calls that the ledger never saw, the second could carry the key elsewhere. The key is
    added last, below every library that logs headers or addresses, and is taken out of refusals
    before a library logs them: YouTube repeats it in some.

    Args:
        key: the API key.
        timeout_seconds: for how long a connection may stay silent.
    """

    def __init__(self, key: str, timeout_seconds: float) -> None:
        super().__init__(timeout=timeout_seconds)
        self.follow_redirects = False
        self._key = key

    def _conn_request(
        self, conn: Any, request_uri: str, method: str, body: Any, headers: dict[str, str]
    ) -> tuple[httplib2.Response, bytes]:
        # A kept connection that has gone stale in between would cost a paid try.
        headers = {**headers, "x-goog-api-key": self._key, "connection": "close"}
        conn.set_debuglevel(0)  # httplib2.debuglevel would print the headers
        try:
            conn.request(method, request_uri, body, headers)
            answer = conn.getresponse()
            content = answer.read()
        finally:
            conn.close()
        response = httplib2.Response(answer)
        content = httplib2._decompressContent(response, content, self.limit_kwargs)
        if response.status >= 300:
            return self._without_key(response, content)
        return response, content

    def _without_key(
        self, response: httplib2.Response, content: bytes
    ) -> tuple[httplib2.Response, bytes]:
        for name, value in response.items():
            response[name] = hide_key(str(value), self._key)
        response.reason = hide_key(str(response.reason), self._key)
        return response, content.replace(self._key.encode(), HIDDEN.encode())


def hide_key(text: str, key: str) -> str:
    """Return a text without the key."""
    return text.replace(key, HIDDEN)
