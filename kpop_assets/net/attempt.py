"""One attempt: one HTTP request on the wire, and its whole answer or a NoAnswerError.

Belongs here: what is sent, what came back, the limits of an exchange. Does not belong here: paying,
waiting and trying again (caller.py), or what an answer means (the service's own room).
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

from kpop_assets.net.errors import NetError, NoAnswerError
from kpop_assets.net.redaction import Secrets

TIMEOUT_SECONDS = 30.0
# A whole answer may take so long, and be so large: nothing drips for ever or fills the memory.
MOST_SECONDS = 300.0
MOST_BYTES = 64 * 1024**2
_MOST_CHARS = 200


@dataclass(frozen=True)
class HttpRequest:
    """What one attempt sends; secrets travel in the headers of `Http`, never here.

    Attributes:
        url: address without a query.
        params: the query.
        headers: headers of this request.
        form: fields of a form, which makes it a POST; None is a GET.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = field(default=None, repr=False)

    def key(self) -> str:
        """The same for requests that ask for the same."""
        parts = (self.url, *map(_pairs, (self.params, self.headers, self.form)))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def with_headers(self, headers: Mapping[str, str]) -> HttpRequest:
        """This request with more headers."""
        return replace(self, headers={**self.headers, **headers})


@dataclass(frozen=True)
class Answer:
    """A whole answer, whatever its status.

    Attributes:
        status: HTTP status code.
        headers: names in lower case.
        body: decoded bytes.
        is_from_cache: whether it was kept from an earlier call.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    is_from_cache: bool = False

    def data(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def retry_after(self) -> float:
        """Seconds of `Retry-After`, a number or a date on the answer's own clock; 0 without one."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdecimal():
            return float(text)
        try:
            until, now = (
                parsedate_to_datetime(each) for each in (text, self.headers.get("date", ""))
            )
            return max(0.0, (until - now).total_seconds())
        except (ValueError, TypeError, IndexError):
            return 0.0


class Http:
    """Sends requests, each exactly once: no redirect, no second try, no kept connection or cookie.

    Args:
        user_agent: who asks, as `name/version (contact)`: some services refuse anything else.
        headers: sent with every request; those that hold a secret too.
        secrets: values that may show in no error, log or answer.
        timeout_seconds: for how long a connection may stay silent.
        most_seconds: for how long a whole answer may take.
        most_bytes: size of an answer's body, decoded, at most.

    Raises:
        NetError: a header holds signs that HTTP cannot carry, or the environment names a proxy
            or certificates that cannot be used.
    """

    def __init__(
        self,
        user_agent: str,
        headers: Mapping[str, str] | None = None,
        secrets: Secrets | None = None,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        most_seconds: float = MOST_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.secrets = secrets or Secrets()
        self._most_seconds = most_seconds
        self._most_bytes = most_bytes
        # A kept connection that has gone stale in between would cost a paid attempt.
        every = {"user-agent": user_agent, "connection": "close", **(headers or {})}
        for name, value in every.items():
            if not re.fullmatch(r"[\x20-\x7e]*", value):
                raise NetError(f"the header {name} holds signs that HTTP cannot carry")
        # Here and below: it takes as long to load as all of a small run, which sends nothing.
        import httpx

        try:
            self._client = httpx.Client(headers=every, timeout=timeout_seconds)
        except OSError as error:
            raise NetError(
                f"the certificates that the environment names cannot be read ({error})",
                "look at SSL_CERT_FILE and SSL_CERT_DIR",
            ) from None
        except (ImportError, ValueError) as error:
            raise NetError(
                f"the proxy that the environment names cannot be used ({type(error).__name__})",
                "look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY: http:// addresses work",
            ) from None

    def send(self, request: HttpRequest) -> Answer:
        """Send a request once and read the whole answer.

        Raises:
            NoAnswerError: there was none, or it broke off.
        """
        import httpx

        with self.secrets.kept_from_logs():
            try:
                return self._exchange(request)
            except NoAnswerError as error:
                why = error.what
            except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
                why = str(error) or type(error).__name__
        # Outside the block: the library's error knows the request, and may not stand behind ours.
        raise NoAnswerError(one_line(self.secrets.hide(why)))

    def _exchange(self, request: HttpRequest) -> Answer:
        method = "GET" if request.form is None else "POST"
        more: dict[str, Any] = {"params": dict(request.params), "headers": dict(request.headers)}
        if request.form is not None:
            more["data"] = dict(request.form)
        begun = time.monotonic()
        with self._client.stream(method, request.url, **more) as response:
            body = b"".join(self._limited(response.iter_bytes(), begun))
        self._client.cookies.clear()
        hide = self.secrets.hide
        headers = {name.lower(): hide(value) for name, value in response.headers.items()}
        return Answer(response.status_code, headers, self.secrets.hide_bytes(body))

    def _limited(self, chunks: Iterator[bytes], begun: float) -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > self._most_bytes:
                raise NoAnswerError(f"the answer is larger than {self._most_bytes:,} bytes")
            if time.monotonic() - begun > self._most_seconds:
                raise NoAnswerError(f"the answer takes more than {self._most_seconds:g} s")
            yield chunk


def one_line(text: str) -> str:
    """Return a text of a service as a short line without markup."""
    plain = " ".join(re.sub(r"<[^<>]*>", "", text).split())
    return plain if len(plain) <= _MOST_CHARS else plain[: _MOST_CHARS - 1] + "…"


def _pairs(values: Mapping[str, str] | None) -> list[tuple[str, str]] | None:
    return None if values is None else sorted(values.items())
