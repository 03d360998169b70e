"""How the fake YouTube refuses and fails: its error bodies, in both forms of the API.

Belongs here: the kinds of faults and what each answers. Does not belong here: HTTP (server.py), or
when something fails (the test).
"""

from __future__ import annotations

from dataclasses import dataclass

KEY = "AIzaTEST-key_of_the_fake_YouTube_0123456"


@dataclass(frozen=True)
class Fault:
    """One way to fail.

    Kinds: http_500, http_503, http_429 (with `retry_after` where given), quota_exceeded,
    quota_exceeded_429 (the newer form), daily_limit_exceeded, rate_limit, user_rate_limit,
    key_invalid, access_not_configured, ip_blocked, suspended (repeats the key), slow (`seconds`,
    then the answer), cut_before, cut_body, truncated_json, html, redirect, empty_page.
    """

    kind: str
    retry_after: str | None = None
    seconds: float = 0.0


class ProblemError(Exception):
    """A refusal as the API words it; `newer` is Google's second form of the reason."""

    def __init__(self, status: int, reason: str, message: str, newer: dict | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.message, self.newer = status, reason, message, newer

    def body(self) -> dict:
        """The error body."""
        entry = {"message": self.message, "domain": "youtube", "reason": self.reason}
        error: dict = {"code": self.status, "message": self.message, "errors": [entry]}
        if self.newer:
            error |= {
                "status": "PERMISSION_DENIED" if self.status == 403 else "INVALID_ARGUMENT",
                "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **self.newer}],
            }
        return {"error": error}


def fault_problem(kind: str, key: str) -> ProblemError | None:
    per_day = {"metadata": {"quota_unit": "1/d/{project}", "quota_limit": "PerDayPerProject"}}
    exceeded = (
        'The request cannot be completed because you have exceeded your <a href="/q">quota</a>.'
    )
    unknown = "API key not valid. Please pass a valid API key."
    return {
        "http_500": ProblemError(500, "backendError", "Backend Error"),
        "http_503": ProblemError(503, "backendError", "The service is currently unavailable."),
        "http_429": ProblemError(429, "tooManyRequests", "Slow down."),
        "quota_exceeded": ProblemError(403, "quotaExceeded", exceeded),
        "quota_exceeded_429": ProblemError(
            429,
            "rateLimitExceeded",
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per day'.",
            {"reason": "RATE_LIMIT_EXCEEDED", **per_day},
        ),
        "daily_limit_exceeded": ProblemError(403, "dailyLimitExceeded", "Daily Limit Exceeded."),
        "rate_limit": ProblemError(403, "rateLimitExceeded", "Rate Limit Exceeded"),
        "user_rate_limit": ProblemError(403, "userRateLimitExceeded", "User Rate Limit Exceeded"),
        "key_invalid": ProblemError(400, "badRequest", unknown, {"reason": "API_KEY_INVALID"}),
        "access_not_configured": ProblemError(
            403,
            "accessNotConfigured",
            "YouTube Data API v3 has not been used in project 1 before or it is disabled.",
            {"reason": "SERVICE_DISABLED"},
        ),
        "ip_blocked": ProblemError(
            403, "forbidden", "Not this IP address.", {"reason": "API_KEY_IP_ADDRESS_BLOCKED"}
        ),
        "suspended": ProblemError(
            403,
            "forbidden",
            f"Permission denied: Consumer 'api_key:{key}' has been suspended.",
            {"reason": "CONSUMER_SUSPENDED", "metadata": {"consumer": f"api_key:{key}"}},
        ),
    }.get(kind)
