"""One call to YouTube: paid for before each try, tried again where that can help.

Belongs here: payment, retries, the circuit breaker, and which of our errors a failure becomes.
Does not belong here: the methods (client.py), what an error body means (refusals.py), the
transport (wire.py).
"""

from __future__ import annotations

import http.client
import random
import re
from collections.abc import Callable
from typing import Any

import httplib2  # type: ignore[import-untyped]
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from kpop_assets.landing.youtube.errors import (
    KeyRefusedError,
    RefusedError,
    UnavailableError,
    YouTubeError,
)
from kpop_assets.landing.youtube.quota import Bucket, QuotaLedger
from kpop_assets.landing.youtube.refusals import (
    MALFORMED_KEY,
    MISSING_KEY,
    DayQuotaError,
    TransientError,
    one_line,
    to_error,
)
from kpop_assets.landing.youtube.wire import OneTryHttp, hide_key

ATTEMPTS = 5
TIMEOUT_SECONDS = 30.0
# Full jitter: a pause is drawn from 0 to 1, 2, 4, 8 s, so that clients do not come back as one.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 32.0
# Where YouTube asks to wait for longer, trying before that would only spend quota.
LONGEST_RETRY_AFTER_SECONDS = 120.0
BREAKER_FAILURES = 3
BREAKER_SECONDS = 300.0
# Broken and cut connections, silence, a body that is no text, no number, or no gzip.
_BROKEN = (
    OSError,
    http.client.HTTPException,
    httplib2.HttpLib2Error,
    ValueError,
    RecursionError,
)


class Breaker:
    """Stops all calls for a while after several in a row have failed, in whatever process.

    Args:
        ledger: its file keeps the count: each `kpop fetch` is a process of its own.
        clock: seconds of a clock that processes share.
    """

    def __init__(self, ledger: QuotaLedger, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._failures = 0

    def check(self) -> None:
        """Let a call through, or raise UnavailableError; one goes through after the pause."""
        with self._ledger.transaction("DEFERRED") as store:
            row = store.execute("SELECT failures, open_until FROM quota_breaker").fetchone()
        self._failures, open_until = row or (0, 0.0)
        rest = open_until - self._clock()
        # A pause longer than any is of a clock that was set back since.
        if self._failures >= BREAKER_FAILURES and 0 < rest <= BREAKER_SECONDS:
            raise UnavailableError(
                f"YouTube failed {self._failures} times in a row: no calls for another "
                f"{rest:.0f} s; collect again later"
            )

    def answered(self) -> None:
        """YouTube answered: what failed before does not count any more."""
        if self._failures:
            self._keep(0, 0.0)

    def failed(self) -> None:
        """A call failed after all its tries."""
        self._keep(self._failures + 1, self._clock() + BREAKER_SECONDS)

    def _keep(self, failures: int, open_until: float) -> None:
        self._failures = failures
        with self._ledger.transaction("IMMEDIATE") as store:
            store.execute(
                "INSERT OR REPLACE INTO quota_breaker VALUES (1, ?, ?)", (failures, open_until)
            )


class Caller:
    """Makes the calls of one client; arguments and errors as in `client.YouTubeClient`.

    Attributes:
        api: the API as google-api-python-client builds it from the document that it ships.
    """

    def __init__(
        self,
        key: str,
        ledger: QuotaLedger,
        endpoint: str,
        sleep: Callable[[float], None],
        seed: int | None,
        clock: Callable[[], float] | None,
        timeout_seconds: float,
    ) -> None:
        _check(key, endpoint)
        self._key = key
        self._ledger = ledger
        self._breaker = Breaker(ledger, clock or (lambda: ledger.now().timestamp()))
        self._random = random.Random(seed)  # noqa: S311 - jitter, no secret
        self._retrying = Retrying(
            stop=lambda state: stop_after_attempt(ATTEMPTS)(state) or _must_wait_long(state),
            wait=self._pause,
            retry=retry_if_exception_type(TransientError),
            sleep=sleep,
            reraise=True,
        )
        self.api = build(
            "youtube",
            "v3",
            http=OneTryHttp(key, timeout_seconds),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": endpoint} if endpoint else None,
        )

    def call(self, bucket: Bucket, method: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
        """Return the answer of a list method; parameters that are None are left out."""
        self._breaker.check()
        request = {name: value for name, value in parameters.items() if value is not None}
        try:
            answer = self._retrying(self._try, bucket, method(**request))
        except TransientError as error:
            self._breaker.failed()
            raise UnavailableError(
                f"YouTube cannot be reached or fails: {self._clean(error)}; collect again later"
            ) from error
        except DayQuotaError as error:
            self._breaker.answered()
            self._ledger.exhaust(bucket)
            raise self._ledger.spent_error(bucket) from error
        except (KeyRefusedError, RefusedError):
            self._breaker.answered()
            raise
        self._breaker.answered()
        return answer

    def _try(self, bucket: Bucket, request: Any) -> dict[str, Any]:
        self._ledger.spend(bucket)
        try:
            answer = request.execute()
        except HttpError as error:
            raise to_error(error.resp.status, error.resp, error.content) from None
        except _BROKEN as error:
            raise TransientError(self._clean(error)) from None
        if not _is_list_answer(answer):
            raise TransientError("the answer is not the API's: cut off, or of something between")
        return answer

    def _pause(self, state: RetryCallState) -> float:
        doubled = FIRST_PAUSE_SECONDS * 2 ** (state.attempt_number - 1)
        jitter = self._random.uniform(0.0, min(LONGEST_PAUSE_SECONDS, doubled))
        return max(_asked_wait(state), jitter)

    def _clean(self, error: Exception) -> str:
        text = hide_key(str(error), self._key)
        return one_line(text) or type(error).__name__


def _check(key: str, endpoint: str) -> None:
    if not key:
        raise KeyRefusedError(MISSING_KEY)
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise KeyRefusedError(MALFORMED_KEY)
    if endpoint and not re.match(r"https?://[^/]", endpoint):
        raise YouTubeError(
            "KPOP_YOUTUBE_ENDPOINT is no http address: use one like https://host/, or leave it "
            "empty for YouTube's own"
        )


def _asked_wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return error.wait_seconds if isinstance(error, TransientError) else 0.0


def _must_wait_long(state: RetryCallState) -> bool:
    return _asked_wait(state) > LONGEST_RETRY_AFTER_SECONDS


def _is_list_answer(answer: object) -> bool:
    """Whether a body has the form of a list; one that is no JSON comes as text from the library."""
    if not isinstance(answer, dict):
        return False
    items, token = answer.get("items", []), answer.get("nextPageToken", "")
    if not isinstance(items, list) or not isinstance(token, str):
        return False
    return all(isinstance(item, dict) for item in items)
