"""Secrets that are shown nowhere: not in an error, a log, an address or a file.

Belongs here: taking known values out of texts and of the HTTP library's logs. Does not belong
here: where secrets come from (settings.py) or the header they travel in (attempt.py).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

HIDDEN = "(key hidden)"
# The loggers of httpx and httpcore that name addresses, headers or reasons of an exchange.
_LOGGERS = (
    "httpx",
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
)


class Secrets:
    """Values that may be shown nowhere.

    Args:
        values: the secrets as they are sent; empty ones are none.
    """

    def __init__(self, *values: str) -> None:
        self._forms: list[str] = []
        for value in values:
            self.add(value)

    def __repr__(self) -> str:
        return f"Secrets({len(self._forms)} forms hidden)"

    def add(self, value: str) -> None:
        """Hide another value from now on, such as a token that a service gave."""
        if not value:
            return
        forms = {value, quote(value), quote(value, safe=""), quote_plus(value)}
        forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
        # The longest first: a form that holds another would leave its rest.
        self._forms = sorted({*self._forms, *forms}, key=lambda form: (-len(form), form))

    def hide(self, text: str) -> str:
        """Return a text without the secrets, however they are written in it."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        """Return a body without the secrets."""
        for form in self._forms:
            body = body.replace(form.encode(), HIDDEN.encode())
        return body

    @contextmanager
    def kept_from_logs(self) -> Iterator[None]:
        """While it lasts, the HTTP library logs without the secrets.

        A server can repeat a key in a header or a reason, which the library writes as they came.
        """
        loggers = [logging.getLogger(name) for name in _LOGGERS]
        for logger in loggers:
            logger.addFilter(self._clean)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeFilter(self._clean)

    def _clean(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.hide(record.getMessage()), ()
        return True
