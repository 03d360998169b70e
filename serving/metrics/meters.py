"""What the API counts and measures of itself, by Prometheus' names.

Belongs here: every metric, and the methods by which rooms add to them. Does not belong here: how
they are read (exposition.py), or when they are alarming (monitoring/alerts.yml). No label holds
anything of a person, and every label has few values: routes by their template, variants by plan.
"""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kpop_assets.contracts.recommendations import ANSWER_FALLBACKS
from serving.metrics.answer_seen import AnswerSeen

# Seconds; 50 ms is what an answer may take, 10 ms what half of them may.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_LAG_SECONDS = (0.001, 0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_NONE = "none"
# Kinds of lines that the API writes about itself.
LOG_KINDS = ("recommendations", "exposures")
OUTSIDE_SERVICES = ("redis", "kafka", "online_store")


class Meters:
    """All metrics of one application, in a registry of its own.

    Args:
        folder: where its processes count together; None where there is one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.registry = registry = CollectorRegistry()
        asked = ("route", "method", "status")
        self._requests = Counter("kpop_requests", "Answered requests.", asked, registry=registry)
        self._seconds = Histogram(
            "kpop_request_seconds",
            "Seconds from a request to the last byte of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._in_progress = Gauge(
            "kpop_requests_in_progress",
            "Requests that are being answered.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._add_answers(registry)
        self._add_states(registry)

    def _add_answers(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "kpop_recommendations",
            "Answers to what to hear next.",
            ("basis", "is_cached"),
            registry=registry,
        )
        self._answer_seconds = Histogram(
            "kpop_recommendation_seconds",
            "Seconds of an answer to what to hear next, once for each experiment that applied.",
            ("experiment", "variant"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._fallbacks = Counter(
            "kpop_recommendation_fallbacks",
            "Answers that are what is popular because the model could not answer in time.",
            ("reason",),
            registry=registry,
        )
        self._act_share = Histogram(
            "kpop_recommendation_act_share",
            "Different acts of a list by its works: 1 is no act twice.",
            buckets=_SHARES,
            registry=registry,
        )
        self._shown = Counter(
            "kpop_recommended_works", "Works that lists showed.", registry=registry
        )
        self._rising = Counter(
            "kpop_recommended_rising_works",
            "Works of rising acts that lists showed.",
            registry=registry,
        )
        self._lookups = Counter(
            "kpop_cache_lookups",
            "Looks into a cache: hit, miss, or error where it could not be reached.",
            ("cache", "outcome"),
            registry=registry,
        )

    def _add_states(self, registry: CollectorRegistry) -> None:
        self._trained = Gauge(
            "kpop_model_trained_timestamp_seconds",
            "When the model that answers was trained; of several processes the oldest.",
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._swaps = Counter(
            "kpop_model_opened", "Models taken up, or not.", ("outcome",), registry=registry
        )
        self._online_lag = Histogram(
            "kpop_online_store_lag_seconds",
            "Seconds from when a play came until it counts in answers; a day where it failed.",
            buckets=_LAG_SECONDS,
            registry=registry,
        )
        self._lines = Counter(
            "kpop_taken_lines",
            "Lines that were sent: accepted or refused.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._waiting_since = Gauge(
            "kpop_journal_waiting_since_timestamp_seconds",
            "When the oldest line was taken that is in no landing file yet; 0 where none waits.",
            multiprocess_mode="liveall",
            registry=registry,
        )
        self._journal_bytes = Gauge(
            "kpop_journal_bytes",
            "Bytes taken that are in no landing file yet.",
            # Journals are seen by all processes, of which some may have been killed.
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._lost_lines = Counter(
            "kpop_log_dropped_lines",
            "Lines of the log that were given up so that answers need not wait.",
            ("kind",),
            registry=registry,
        )
        self._outside_errors = Counter(
            "kpop_outside_errors",
            "Times a service beside the API could not be used.",
            ("service",),
            registry=registry,
        )
        self._ended_threads = Counter(
            "kpop_ended_threads", "Threads that ended by an error.", registry=registry
        )

        # A first error is an increase only where there was a 0 before it.
        for outcome in ("opened", "refused"):
            self._swaps.labels(outcome)
        may_fail = [(self._lost_lines, LOG_KINDS), (self._fallbacks, ANSWER_FALLBACKS)]
        for counter, labels in [*may_fail, (self._outside_errors, OUTSIDE_SERVICES)]:
            for label in labels:
                counter.labels(label)

    def request_began(self) -> None:
        """A request came."""
        self._in_progress.inc()

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered, or its caller left.

        Args:
            route: template of its path.
            method: HTTP's.
            status: HTTP's number.
            seconds: that it took.
        """
        self._in_progress.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, seen: AnswerSeen) -> None:
        """An answer to what to hear next was given."""
        self._answers.labels(seen.basis, str(seen.is_cached).lower()).inc()
        for experiment, variant in (seen.variants or {_NONE: _NONE}).items():
            self._answer_seconds.labels(experiment, variant).observe(seen.seconds)
        if seen.fallback is not None:
            self._fallbacks.labels(seen.fallback).inc()
        if seen.work_count:
            self._act_share.observe(seen.act_count / seen.work_count)
            self._shown.inc(seen.work_count)
            self._rising.inc(seen.rising_count)

    def looked_up(self, cache: str, outcome: str) -> None:
        """A cache was asked; the outcome is hit, miss or error."""
        self._lookups.labels(cache, outcome).inc()

    def model_opened(self, trained_at: float) -> None:
        """A model was taken up that was trained then (epoch seconds)."""
        self._trained.set(trained_at)
        self._swaps.labels("opened").inc()

    def model_refused(self) -> None:
        """A model could not be taken up; the one before goes on."""
        self._swaps.labels("refused").inc()

    def play_counts(self, lag_seconds: float) -> None:
        """A play counts in answers so long after it came."""
        self._online_lag.observe(lag_seconds)

    def lines_taken(self, kind: str, outcome: str, count: int = 1) -> None:
        """Lines of a kind were accepted or refused."""
        self._lines.labels(kind, outcome).inc(count)

    def journal_holds(self, byte_count: int, oldest_at: float | None) -> None:
        """What the journals hold that is in no landing file.

        Args:
            byte_count: its bytes.
            oldest_at: epoch seconds of its oldest line; None where it holds none.
        """
        self._journal_bytes.set(byte_count)
        self._waiting_since.set(oldest_at or 0.0)

    def log_lines_lost(self, kind: str, count: int = 1) -> None:
        """Lines of the log were given up."""
        self._lost_lines.labels(kind).inc(count)

    def outside_failed(self, service: str) -> None:
        """Redis, Kafka or another service could not be used."""
        self._outside_errors.labels(service).inc()

    def thread_ended(self) -> None:
        """A thread of this process ended by an error."""
        self._ended_threads.inc()
