"""What is counted of a request and of an answer, and that no person is in it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Message

from kpop_assets.settings import load_settings
from serving.app import create_app
from serving.metrics.answer_seen import AnswerSeen
from serving.metrics.exposition import exposition_of
from serving.metrics.meters import Meters
from serving.metrics.request_counter import RequestCounter

LOOPBACK = ("127.0.0.1", 5000)


def sample(meters: Meters, name: str, **labels: str) -> float | None:
    return meters.registry.get_sample_value(name, labels)


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    app = create_app(load_settings({"KPOP_HOME": str(tmp_path)}))

    @app.get("/v1/listeners/{user_id}/likes")
    def likes(user_id: str) -> dict[str, str]:
        return {"user_id": user_id}

    @app.get("/v1/broken")
    def broken() -> None:
        raise ZeroDivisionError

    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    yield TestClient(app, client=LOOPBACK, raise_server_exceptions=False)


def test_a_request_is_counted_by_template_and_what_the_path_held_is_nowhere(
    app: FastAPI, client: TestClient
):
    for user in ("minji-kim", "hanni-pham"):
        client.get(f"/v1/listeners/{user}/likes?since=yesterday-of-minji-kim")
    client.get("/v1/listeners/minji-kim/hates")
    client.request("BREW", "/healthz")
    meters, template = app.state.meters, "/v1/listeners/{user_id}/likes"
    counted = {"route": template, "method": "GET", "status": "200"}
    assert sample(meters, "kpop_requests_total", **counted) == 2
    assert sample(meters, "kpop_request_seconds_count", route=template) == 2
    unknown = {"route": "other", "method": "GET", "status": "404"}
    assert sample(meters, "kpop_requests_total", **unknown) == 1
    brewed = {"route": "/healthz", "method": "other", "status": "405"}
    assert sample(meters, "kpop_requests_total", **brewed) == 1
    told = client.get("/metrics").text
    assert template in told
    assert not [word for word in ("minji", "hanni", "hates", "BREW") if word in told]
    # The question itself is under way.
    assert "kpop_requests_in_progress 1.0" in told
    assert sample(meters, "kpop_requests_in_progress") == 0


def test_an_error_of_ours_is_counted_as_one(app: FastAPI, client: TestClient):
    assert client.get("/v1/broken").status_code == 500
    counted = {"route": "/v1/broken", "method": "GET", "status": "500"}
    assert sample(app.state.meters, "kpop_requests_total", **counted) == 1
    assert sample(app.state.meters, "kpop_requests_in_progress") == 0


def test_a_caller_that_left_is_neither_served_nor_an_error_of_ours():
    async def left(scope: object, receive: object, send: object) -> None:
        raise asyncio.CancelledError

    async def nothing(message: Message | None = None) -> Message:
        return {}

    meters = Meters()
    scope = {"type": "http", "method": "GET", "path": "/v1/videos"}
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(RequestCounter(left, meters)(scope, nothing, nothing))
    left_early = {"route": "other", "method": "GET", "status": "499"}
    assert sample(meters, "kpop_requests_total", **left_early) == 1


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (("127.0.0.1", 5000), {}, 200),
        (("::1", 5000), {}, 200),
        (("192.0.2.7", 5000), {}, 403),
        (("testclient", 5000), {}, 403),
        (("127.0.0.1", 5000), {"X-Forwarded-For": "127.0.0.1"}, 403),
        (("127.0.0.1", 5000), {"Forwarded": "for=192.0.2.7"}, 403),
    ],
)
def test_only_this_machine_reads_metrics_and_a_proxy_on_it_is_not_this_machine(
    app: FastAPI, address: tuple[str, int], headers: dict[str, str], status: int
):
    answer = TestClient(app, client=address).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("kpop_requests" in answer.text) == (status == 200)


@pytest.mark.parametrize(
    ("configured", "headers", "status"),
    [
        ("tell-me", {"Authorization": "Bearer tell-me"}, 200),
        ("tell-me", {"X-API-Key": "tell-me"}, 200),
        ("tell-me", {"Authorization": "Bearer tell-you"}, 403),
        ("tell-me", {}, 403),
        ("", {"Authorization": "Bearer tell-me"}, 403),
        ("", {"Authorization": "Bearer "}, 403),
    ],
)
def test_from_elsewhere_a_key_reads_metrics(
    tmp_path: Path, configured: str, headers: dict[str, str], status: int
):
    environ = {"KPOP_HOME": str(tmp_path)}
    if configured:
        environ["KPOP_API_KEYS"] = hashlib.sha256(configured.encode()).hexdigest()
    client = TestClient(create_app(load_settings(environ)), client=("192.0.2.7", 5000))
    assert client.get("/metrics", headers=headers).status_code == status


def test_an_answer_counts_once_and_its_time_once_for_each_experiment():
    meters = Meters()
    variants = {"order": "mix", "rising": "linucb"}
    meters.answered(AnswerSeen(0.004, "listener", variants, None, False, 10, 7, 1))
    meters.answered(AnswerSeen(0.060, "listener", {}, "late", False, 10, 10, 0))
    meters.answered(AnswerSeen(0.001, "listener", {"order": "mix"}, None, True, 10, 7, 1))
    count = "kpop_recommendation_seconds_count"
    asked = {"basis": "listener"}
    assert sample(meters, "kpop_recommendations_total", **asked, is_cached="false") == 2
    assert sample(meters, "kpop_recommendations_total", **asked, is_cached="true") == 1
    assert sample(meters, count, experiment="order", variant="mix") == 2
    assert sample(meters, count, experiment="rising", variant="linucb") == 1
    assert sample(meters, count, experiment="none", variant="none") == 1
    assert sample(meters, "kpop_recommendation_fallbacks_total", reason="late") == 1
    assert sample(meters, "kpop_recommended_works_total") == 30
    assert sample(meters, "kpop_recommended_rising_works_total") == 2
    assert sample(meters, "kpop_recommendation_act_share_sum") == pytest.approx(2.4)


def test_an_empty_list_says_nothing_of_how_different_lists_are():
    meters = Meters()
    meters.answered(AnswerSeen(0.004, "seeds"))
    assert sample(meters, "kpop_recommendation_act_share_count") == 0


def test_what_may_go_wrong_stands_at_nought_before_it_does():
    """The first of anything is no increase to Prometheus where there was nothing before."""
    meters = Meters()
    assert sample(meters, "kpop_model_opened_total", outcome="refused") == 0
    assert sample(meters, "kpop_log_dropped_lines_total", kind="recommendations") == 0
    assert sample(meters, "kpop_recommendation_fallbacks_total", reason="late") == 0
    for service in ("redis", "kafka", "online_store"):
        assert sample(meters, "kpop_outside_errors_total", service=service) == 0


def test_states_are_told_as_they_are():
    meters = Meters()
    meters.model_opened(1_790_000_000.0)
    meters.model_refused()
    meters.journal_holds(4096, 1_790_000_100.0)
    meters.lines_taken("plays", "accepted", 20)
    meters.looked_up("process", "hit")
    meters.play_counts(0.2)
    meters.log_lines_lost("exposures", 3)
    meters.outside_failed("redis")
    told = {
        (each.name, *each.labels.values()): each.value
        for family in text_string_to_metric_families(exposition_of(meters).decode())
        for each in family.samples
    }
    assert told["kpop_model_trained_timestamp_seconds",] == 1_790_000_000
    assert told["kpop_model_opened_total", "refused"] == 1
    assert told["kpop_journal_bytes",] == 4096
    assert told["kpop_journal_waiting_since_timestamp_seconds",] == 1_790_000_100
    assert told["kpop_taken_lines_total", "plays", "accepted"] == 20
    assert told["kpop_cache_lookups_total", "process", "hit"] == 1
    assert told["kpop_online_store_lag_seconds_bucket", "0.5"] == 1
    assert told["kpop_log_dropped_lines_total", "exposures"] == 3
    assert told["kpop_outside_errors_total", "redis"] == 1
    meters.journal_holds(0, None)
    assert sample(meters, "kpop_journal_waiting_since_timestamp_seconds") == 0
