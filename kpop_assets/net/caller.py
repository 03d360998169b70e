"""A call: paid for before each attempt, tried again where that can help, from the cache where kept.

Belongs here: the order of cache, breaker, payment, pace, attempt and retry. Does not belong here:
what a service offers, limits and answers mean: each is a parameter.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from kpop_assets.errors import KpopError
from kpop_assets.net.attempt import Answer, Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.cache import Cache
from kpop_assets.net.errors import (
    AnswerError,
    NoAnswerError,
    QuotaSpentError,
    StateError,
    UnavailableError,
)
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets.net.pace import Pace

# What is wrong with an answer; None where it is what was asked for.
Judge = Callable[[Answer], KpopError | None]


@dataclass(frozen=True)
class RetryRule:
    """How often and after which pauses an attempt is made again.

    Full jitter: a pause is drawn from 0 to 1, 2, 4, … times the first, so that clients do not
    come back as one.

    Attributes:
        attempts: of a call, at most.
        first_pause: the longest first pause (s).
        longest_pause: no drawn pause is longer (s).
        longest_wait: where the service asks to wait for longer (s), the call ends instead: trying
            before that would only spend quota.
    """

    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 32.0
    longest_wait: float = 120.0


class Caller:
    """Makes the calls to one service, for one thread.

    Args:
        service: its name, for errors.
        http: the wire.
        judge: what is wrong with an answer.
        breaker: pauses calls that fail again and again.
        ledger: pays for every attempt before it is sent; None where nothing is counted.
        pace: waits for a turn before every attempt.
        cache: where answers with a time to live are kept.
        retry: how attempts are repeated.
        sleep: pauses between attempts (seconds).
        seed: of the jitter.
    """

    def __init__(
        self,
        service: str,
        http: Http,
        judge: Judge,
        breaker: Breaker,
        *,
        ledger: QuotaLedger | None = None,
        pace: Pace | None = None,
        cache: Cache | None = None,
        retry: RetryRule | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
    ) -> None:
        self._service = service
        self._http = http
        self._judge = judge
        self._breaker = breaker
        self._ledger = ledger
        self._pace = pace
        self._cache = cache
        self._rule = retry or RetryRule()
        self._random = random.Random(seed)  # noqa: S311 - jitter, no secret
        self._retrying = Retrying(
            stop=self._must_stop,
            wait=self._wait,
            retry=retry_if_exception(_may_pass),
            sleep=sleep,
            reraise=True,
        )

    def call(self, request: HttpRequest, bucket: str = "", *, ttl_seconds: float = 0.0) -> Answer:
        """Return a good answer.

        Args:
            request: what to ask for.
            bucket: pays a unit for each attempt; empty costs nothing.
            ttl_seconds: for how long the answer serves later calls of the same; then the service
                is asked whether it has changed.

        Raises:
            UnavailableError: every attempt failed, or calls are paused.
            QuotaSpentError: no quota is left; before an attempt it means that nothing was sent.
            StateError: quota, pause or cache cannot be kept.
            KpopError: what `judge` gave, if another attempt would not help.
        """
        if not (self._cache and ttl_seconds > 0):
            return self._ask(request, bucket)
        key = request.key()
        kept = self._cache.get(key)
        if kept and kept.is_fresh:
            return kept.answer
        marks = kept.validators() if kept else {}
        answer = self._ask(request.with_headers(marks), bucket, may_be_unchanged=bool(marks))
        if kept and answer.status == 304:
            self._cache.renew(key, ttl_seconds)
            return kept.answer
        if answer.status == 200:
            self._cache.put(key, answer, ttl_seconds)
        return answer

    def _ask(self, request: HttpRequest, bucket: str, may_be_unchanged: bool = False) -> Answer:
        self._breaker.enter()
        try:
            answer = self._retrying(self._attempt, request, bucket, may_be_unchanged)
        except (QuotaSpentError, StateError):
            self._breaker.left()
            raise
        except KpopError as error:
            failure = self._failure(error, bucket)
        else:
            self._breaker.answered()
            return answer
        raise failure

    def _attempt(self, request: HttpRequest, bucket: str, may_be_unchanged: bool) -> Answer:
        with self._pace.turn() if self._pace else nullcontext():
            if self._ledger and bucket:
                self._ledger.spend(bucket)
            answer = self._http.send(request)
        if may_be_unchanged and answer.status == 304:
            return answer
        if error := self._judge(answer):
            raise error
        return answer

    def _failure(self, error: KpopError, bucket: str) -> KpopError:
        """The error of a call whose last attempt ended in `error`."""
        if _may_pass(error):
            self._breaker.failed()
            return UnavailableError(
                f"{self._service} cannot be reached or fails ({error.what})",
                "try again later",
                reason=error.reason if isinstance(error, AnswerError) else "",
            )
        self._breaker.answered()
        if self._ledger and bucket and isinstance(error, AnswerError) and error.is_spent:
            self._ledger.exhaust(bucket)
            return self._ledger.spent_error(bucket, is_said=True)
        return error

    def _wait(self, state: RetryCallState) -> float:
        most = self._rule.first_pause * 2 ** (state.attempt_number - 1)
        drawn = self._random.uniform(0.0, min(self._rule.longest_pause, most))
        return max(_asked_wait(state), drawn)

    def _must_stop(self, state: RetryCallState) -> bool:
        has_tried_enough = stop_after_attempt(self._rule.attempts)(state)
        return has_tried_enough or _asked_wait(state) > self._rule.longest_wait


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, (NoAnswerError, AnswerError)) and error.may_pass


def _asked_wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, AnswerError) else 0.0
