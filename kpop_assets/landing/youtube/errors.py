"""What a refusal of YouTube means: the key, the quota, the request, or only the moment.

Belongs here: YouTube's own errors, and reading them off an answer's fields. Does not belong here:
retries, payment and pauses (net/), or what the collector does about an error (collector.py).

YouTube answers in two forms, often in one body: `errors[].reason` (`quotaExceeded`), and Google's
newer `details[].reason` (`API_KEY_INVALID`). Its words are handed on and never decided by.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kpop_assets.errors import KpopError
from kpop_assets.net.attempt import Answer, one_line
from kpop_assets.net.errors import AnswerError


class YouTubeError(KpopError):
    """Collecting from YouTube failed; one line that names the thing and the way out."""


class KeyRefusedError(YouTubeError):
    """The key is missing, or YouTube does not accept it: no call can work until it is mended."""


class RefusedError(YouTubeError):
    """YouTube refuses this one request for itself; others can go on.

    Attributes:
        status: HTTP status code; 0 where nothing had to be asked to know.
        reason: YouTube's word for it, such as `playlistNotFound`.
    """

    def __init__(self, what: str, way_out: str = "", *, status: int = 0, reason: str = "") -> None:
        super().__init__(what, way_out)
        self.status = status
        self.reason = reason


class KeyTrouble(NamedTuple):
    """What is wrong with a key, and the way out."""

    what: str
    way_out: str


MISSING_KEY = KeyTrouble(
    "there is no key for YouTube",
    "make an API key in the Google Cloud console with YouTube Data API v3 enabled, and set "
    "KPOP_YOUTUBE_KEY to it",
)
MALFORMED_KEY = KeyTrouble(
    "KPOP_YOUTUBE_KEY holds blanks or signs that no key has",
    "set it to the API key alone, as the Google Cloud console shows it",
)
_UNKNOWN = KeyTrouble(
    "YouTube does not know the key in KPOP_YOUTUBE_KEY, or it has expired",
    "copy it again from the Google Cloud console (APIs & Services, Credentials), or make a new one",
)
_NOT_ENABLED = KeyTrouble(
    "YouTube Data API v3 is not enabled in the project of KPOP_YOUTUBE_KEY",
    "enable it in the Google Cloud console (APIs & Services, Library) and try again some minutes "
    "later",
)
_RESTRICTED = KeyTrouble(
    "the key in KPOP_YOUTUBE_KEY may not be used from here or for this API",
    "allow this machine and YouTube Data API v3 in the key's restrictions in the Google Cloud "
    "console",
)
_SUSPENDED = KeyTrouble(
    "Google has suspended or deleted the project of KPOP_YOUTUBE_KEY",
    "see its state in the Google Cloud console, or use a key of another project of yours",
)
_NO_KEY = KeyTrouble(
    "YouTube saw no usable key",
    "set KPOP_YOUTUBE_KEY to an API key, not to an OAuth client or token",
)
_KEY_TROUBLES = {
    **dict.fromkeys(("keyInvalid", "API_KEY_INVALID", "keyExpired", "API_KEY_EXPIRED"), _UNKNOWN),
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


class _Refusal(NamedTuple):
    reasons: list[str]
    message: str
    is_per_day: bool


def judge(answer: Answer) -> KpopError | None:
    """What is wrong with an answer; None where it is the list that was asked for.

    Returns:
        KeyRefusedError, RefusedError, or an AnswerError that may pass or says that a quota is
        spent.
    """
    if not 200 <= answer.status < 300:
        return _to_error(answer)
    if _is_list(answer.data()):
        return None
    return AnswerError(
        "the answer is not the API's: cut off, or of something between",
        status=answer.status,
        may_pass=True,
    )


def _to_error(answer: Answer) -> KpopError:
    status, refusal = answer.status, _read(answer.data())
    if refusal is None:
        # No body of the API: a proxy, a portal or a broken front end; no reason to give up a list.
        return _momentary(answer, f"HTTP {status} without an answer of the API", "")
    if trouble := _key_trouble(refusal, status):
        return KeyRefusedError(*trouble)
    reasons = set(refusal.reasons)
    reason = refusal.reasons[0] if refusal.reasons else ""
    told = f"HTTP {status} {reason}".strip()
    is_rate = bool(reasons & _RATE_REASONS)
    if reasons & _DAY_REASONS or (refusal.is_per_day and (is_rate or status == 429)):
        return AnswerError(told, status=status, reason=reason, is_spent=True)
    if status >= 500 or status in _MOMENTARY or status < 400 or is_rate:
        return _momentary(answer, told, reason)
    what = f"YouTube refuses ({told}): {refusal.message}"
    return RefusedError(what, status=status, reason=reason)


def _momentary(answer: Answer, told: str, reason: str) -> AnswerError:
    return AnswerError(
        told,
        status=answer.status,
        reason=reason,
        retry_after=answer.retry_after(),
        may_pass=True,
    )


def _read(body: object) -> _Refusal | None:
    """Read an error body; None where it is none."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    entries = [*_dicts(error.get("errors")), *_dicts(error.get("details"))]
    reasons = [entry["reason"] for entry in entries if isinstance(entry.get("reason"), str)]
    marks = [mark for entry in entries for mark in _dicts([entry.get("metadata")])]
    is_per_day = any(
        str(mark.get("quota_unit", "")).startswith("1/d/")
        or "PerDay" in str(mark.get("quota_limit", ""))
        for mark in marks
    )
    return _Refusal(reasons, one_line(str(error.get("message") or "")), is_per_day)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _key_trouble(refusal: _Refusal, status: int) -> KeyTrouble | None:
    # The newer words say more: a blocked key is `forbidden` in the older ones.
    for reason in reversed(refusal.reasons):
        if trouble := _KEY_TROUBLES.get(reason):
            return trouble
    return _NO_KEY if status == 401 else None


def _is_list(body: object) -> bool:
    """Whether a body has the form of a list; what its items must have, items.py says."""
    if not isinstance(body, dict):
        return False
    items, token = body.get("items"), body.get("nextPageToken")
    return isinstance(items, list | None) and isinstance(token, str | None)
