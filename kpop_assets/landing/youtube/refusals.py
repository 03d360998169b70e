"""What a refusal of YouTube means: the key, the quota, the request, or only the moment.

Belongs here: reading error bodies, and the one line for each kind. Does not belong here: retries
and the ledger (client.py).

YouTube answers in two forms, often in one body: `errors[].reason` (`quotaExceeded`), and Google's
newer `details[].reason` (`API_KEY_INVALID`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from kpop_assets.landing.youtube.errors import KeyRefusedError, RefusedError

_UNKNOWN = (
    "YouTube does not know the key in KPOP_YOUTUBE_KEY: copy it again from the Google Cloud "
    "console (APIs & Services, Credentials)"
)
_EXPIRED = "the key in KPOP_YOUTUBE_KEY has expired: make a new one in the Google Cloud console"
_NOT_ENABLED = (
    "YouTube Data API v3 is not enabled in the project of KPOP_YOUTUBE_KEY: enable it in the "
    "Google Cloud console (APIs & Services, Library) and try again some minutes later"
)
_RESTRICTED = (
    "the key in KPOP_YOUTUBE_KEY may not be used from here or for this API: allow this machine "
    "and YouTube Data API v3 in the key's restrictions in the Google Cloud console"
)
_SUSPENDED = (
    "Google has suspended or deleted the project of KPOP_YOUTUBE_KEY: see its state in the Google "
    "Cloud console, or use a key of another project of yours"
)
_NO_KEY = (
    "YouTube saw no usable key: set KPOP_YOUTUBE_KEY to an API key, not to an OAuth client or token"
)
MISSING_KEY = (
    "there is no key for YouTube: make an API key in the Google Cloud console with YouTube Data "
    "API v3 enabled, and set KPOP_YOUTUBE_KEY to it"
)
MALFORMED_KEY = (
    "KPOP_YOUTUBE_KEY holds blanks or signs that no key has: set it to the API key alone, as the "
    "Google Cloud console shows it"
)
_KEY_LINES = {
    **dict.fromkeys(("keyInvalid", "API_KEY_INVALID"), _UNKNOWN),
    **dict.fromkeys(("keyExpired", "API_KEY_EXPIRED"), _EXPIRED),
    **dict.fromkeys(("accessNotConfigured", "SERVICE_DISABLED"), _NOT_ENABLED),
    **dict.fromkeys(
        (
            *("ipRefererBlocked", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED"),
            *("API_KEY_SERVICE_BLOCKED", "API_KEY_ANDROID_APP_BLOCKED", "API_KEY_IOS_APP_BLOCKED"),
        ),
        _RESTRICTED,
    ),
    **dict.fromkeys(("CONSUMER_SUSPENDED", "CONSUMER_INVALID", "USER_PROJECT_DENIED"), _SUSPENDED),
    **dict.fromkeys(("authError", "required", "CREDENTIALS_MISSING"), _NO_KEY),
}
_DAY_REASONS = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
# 409 is how playlistItems says "The operation was aborted"; it works when asked again.
_MOMENTARY = frozenset({408, 409, 425, 429})
_MOST_CHARS = 200


class TransientError(Exception):
    """A try failed in a way that may pass.

    Attributes:
        wait_seconds: for how long YouTube asks to wait; 0 where it says nothing.
    """

    def __init__(self, text: str, wait_seconds: float = 0.0) -> None:
        super().__init__(text)
        self.wait_seconds = wait_seconds


class DayQuotaError(Exception):
    """YouTube says that the day's quota is spent."""


class _Refusal(NamedTuple):
    reasons: list[str]
    message: str
    is_per_day: bool


def to_error(status: int, headers: Mapping[str, str], content: bytes) -> Exception:
    """Return the error that an answer other than 2xx stands for.

    Args:
        status: HTTP status code.
        headers: of the answer, names in lower case.
        content: the body, without the key.

    Returns:
        KeyRefusedError, DayQuotaError, TransientError or RefusedError.
    """
    refusal = _read(content)
    if refusal is None:
        # No body of the API: a proxy, a portal or a broken front end; no reason to give up a list.
        return TransientError(f"HTTP {status} without an answer of the API", _wait(headers))
    if line := _key_line(refusal, status):
        return KeyRefusedError(line)
    reasons = set(refusal.reasons)
    if reasons & _DAY_REASONS or (
        refusal.is_per_day and (reasons & _RATE_REASONS or status == 429)
    ):
        return DayQuotaError()
    told = f"HTTP {status} {refusal.reasons[0] if refusal.reasons else ''}".strip()
    if status >= 500 or status in _MOMENTARY or status < 400 or reasons & _RATE_REASONS:
        return TransientError(told, _wait(headers))
    reason = refusal.reasons[0] if refusal.reasons else ""
    return RefusedError(f"YouTube refuses ({told}): {refusal.message}", status, reason)


def _read(content: bytes) -> _Refusal | None:
    """Read an error body; None where it is none."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    entries = [*_dicts(error.get("errors")), *_dicts(error.get("details"))]
    reasons = [entry["reason"] for entry in entries if isinstance(entry.get("reason"), str)]
    message = one_line(str(error.get("message") or ""))
    units = [
        str(entry["metadata"].get("quota_unit", ""))
        for entry in entries
        if isinstance(entry.get("metadata"), dict)
    ]
    is_per_day = any(unit.startswith("1/d/") for unit in units) or "per day" in message
    return _Refusal(reasons, message, is_per_day)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _key_line(refusal: _Refusal, status: int) -> str | None:
    # The newer words say more: a blocked key is `forbidden` in the older ones.
    for reason in reversed(refusal.reasons):
        if line := _KEY_LINES.get(reason):
            return line
    message = refusal.message.lower()
    if status in (400, 403) and "api key not valid" in message:
        return _UNKNOWN
    if status in (400, 403) and "api key expired" in message:
        return _EXPIRED
    if status == 403 and "suspended" in message:
        return _SUSPENDED
    if status == 401 or "unregistered callers" in message:
        return _NO_KEY
    return None


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds of `Retry-After`, which is a number or a date on the answer's own clock."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        gap = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        return 0.0
    return max(0.0, gap.total_seconds())


def one_line(text: str) -> str:
    """Return a text of YouTube as a short line without markup."""
    plain = " ".join(re.sub(r"<[^<>]*>", "", text).split())
    return plain if len(plain) <= _MOST_CHARS else plain[: _MOST_CHARS - 1] + "…"
