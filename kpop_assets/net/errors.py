"""What can go wrong between us and an outside service, told by class and fields.

Belongs here: the errors that attempts, retries, breaker, ledger and cache raise. Does not belong
here: what one service's own refusals mean; its collector derives errors of its own.
"""

from __future__ import annotations

import datetime as dt

from kpop_assets.errors import KpopError


class NetError(KpopError):
    """Asking an outside service failed."""


class NoAnswerError(NetError):
    """One attempt got no whole answer: no connection, silence, a cut, or no HTTP."""

    may_pass = True


class AnswerError(NetError):
    """An answer came, and it is not what was asked for.

    Attributes:
        status: HTTP status code.
        reason: the service's own word for it, such as `rateLimitExceeded`; empty without one.
        retry_after: for how many seconds the service asks to wait; 0 where it says nothing.
        is_spent: whether the service says that the bucket's quota is spent.
    """

    def __init__(
        self,
        what: str,
        way_out: str = "",
        *,
        status: int = 0,
        reason: str = "",
        retry_after: float = 0.0,
        is_spent: bool = False,
        may_pass: bool | None = None,
    ) -> None:
        super().__init__(what, way_out, may_pass=may_pass)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after
        self.is_spent = is_spent


class UnavailableError(NetError):
    """The service failed in every attempt of a call, or so often that calls are paused.

    Attributes:
        pause_seconds: for how long no call is made; 0 where the next may be made at once.
        reason: that of the last attempt's answer (`AnswerError.reason`); empty where none came.
    """

    may_pass = True

    def __init__(
        self, what: str, way_out: str = "", *, pause_seconds: float = 0.0, reason: str = ""
    ) -> None:
        super().__init__(what, way_out)
        self.pause_seconds = pause_seconds
        self.reason = reason


class QuotaSpentError(NetError):
    """The day's quota is spent; nothing was sent, or the service itself refused for the quota.

    Attributes:
        bucket: name of the bucket that is empty.
        resets_at: when it is full again (aware, UTC).
    """

    def __init__(self, what: str, way_out: str, *, bucket: str, resets_at: dt.datetime) -> None:
        super().__init__(what, way_out)
        self.bucket = bucket
        self.resets_at = resets_at


class StateError(NetError):
    """A file that keeps quotas, pauses or answers cannot be used; nothing is sent without it."""
