"""What every request passes: keys, rates, addresses; and what every answer has and tells nobody."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from kpop_assets.settings import SettingsError, load_settings
from serving.app import create_app
from serving.entrance.access_log import ACCESS_LOG, log_settings

KEY = "a key of a caller"
HASH = hashlib.sha256(KEY.encode()).hexdigest()


def client_of(home: Path, **variables: str) -> TestClient:
    settings = load_settings({"KPOP_HOME": str(home), **variables})
    return TestClient(create_app(settings), raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return client_of(tmp_path)


def test_every_answer_has_an_id_of_its_own_and_the_headers_of_safety(client: TestClient):
    answers = [client.get(path) for path in ("/healthz", "/v1/days", "/v1/nothing", "/v1//days")]
    assert [answer.status_code for answer in answers] == [200, 404, 404, 400]
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


def test_a_key_is_asked_for_where_keys_are_configured(tmp_path: Path):
    client = client_of(tmp_path, KPOP_API_KEYS=f"{'0' * 64},{HASH}")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"X-API-Key": HASH}):
        refused = client.get("/v1/tables", headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["way_out"] == "send it as `Authorization: Bearer KEY`"
        assert "wrong" not in refused.text
    for headers in ({"Authorization": f"Bearer {KEY}"}, {"X-API-Key": KEY}):
        answer = client.get("/v1/tables", headers=headers)
        assert answer.status_code == 200
        assert answer.headers["cache-control"].startswith("private")
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_who_asks_too_often_waits_and_another_key_does_not(tmp_path: Path):
    other = "another key"
    hashes = f"{HASH},{hashlib.sha256(other.encode()).hexdigest()}"
    client = client_of(tmp_path, KPOP_API_KEYS=hashes, KPOP_API_RATE="0.01")
    mine, theirs = ({"X-API-Key": key} for key in (KEY, other))
    assert client.get("/v1/tables", headers=mine).status_code == 200
    refused = client.get("/v1/tables", headers=mine)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 100
    assert refused.headers["content-type"] == "application/problem+json"
    # Two processes of one server have one bucket.
    beside = client_of(tmp_path, KPOP_API_KEYS=hashes, KPOP_API_RATE="0.01")
    assert beside.get("/v1/tables", headers=mine).status_code == 429
    assert beside.get("/v1/tables", headers=theirs).status_code == 200
    # Who has no key uses up nobody's.
    assert client.get("/v1/tables").status_code == 401
    assert client.get("/healthz").status_code == 200


def test_without_keys_and_a_rate_nobody_waits_and_no_file_is_made(tmp_path: Path):
    client = client_of(tmp_path)
    assert {client.get("/v1/tables/columns?limit=1").status_code for _ in range(50)} == {200}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/../etc/passwd",
        "/v1/%2e%2e/days",
        "/v1/..%2fdays",
        "/v1/artists/a%2fb",
        "/v1/artists/a%00b",
        "/v1/artists/%0d%0aSet-Cookie:x",
        "/v1/artists/%ff%fe",
        "/v1/artists/..%5c..%5cx",
        "//v1/days",
    ],
)
def test_tricks_with_paths_are_refused_in_one_line(tmp_path: Path, path: str):
    # By hand: a client would tidy such a path up.
    app = create_app(load_settings({"KPOP_HOME": str(tmp_path)}))
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": [], "query_string": b""}
    told = {**scope, "path": unquote(path), "raw_path": path.encode()}
    asyncio.run(app(told, receive, send))
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"])["detail"] == "the path is none of this API's"


def test_an_address_of_any_length_is_refused_shortly(client: TestClient):
    for address in ("/v1/days?" + "a" * 10_000, "/v1/" + "a" * 10_000):
        assert client.get(address).status_code == 414


def test_head_is_answered_as_get_without_a_body(client: TestClient):
    whole, head = client.get("/v1/tables"), client.head("/v1/tables")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == whole.headers["etag"]
    assert client.head("/v1/nothing").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONE"])
def test_another_method_is_told_which_there_are(client: TestClient, method: str):
    refused = client.request(method, "/v1/tables")
    assert refused.status_code == 405
    assert sorted(refused.headers["allow"].split(", ")) == ["GET", "HEAD"]
    assert "/docs" in refused.json()["way_out"]
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing"])
def test_an_unknown_address_says_where_the_known_ones_are(client: TestClient, path: str):
    refused = client.get(path)
    assert refused.status_code == 404
    assert "/docs" in refused.json()["way_out"]


def test_long_answers_are_compressed_for_who_takes_that(client: TestClient):
    packed = client.get("/v1/tables", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/v1/tables", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    varies = packed.headers["vary"].split(", ")
    assert sorted(varies) == ["Accept", "Accept-Encoding", "Accept-Language"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2


def test_a_defect_tells_nothing_but_where_to_look(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    app = create_app(load_settings({"KPOP_HOME": str(tmp_path)}))

    def fail() -> None:
        raise ZeroDivisionError("something private")

    app.add_api_route("/v1/defect", fail)
    with caplog.at_level(logging.INFO, ACCESS_LOG):
        answer = TestClient(app, raise_server_exceptions=False).get("/v1/defect")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "private" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    request_id = answer.headers["x-request-id"]
    assert request_id in answer.json()["detail"]
    logged = json.loads([each for each in caplog.records if each.name == ACCESS_LOG][-1].message)
    assert (logged["status"], logged["request_id"]) == (500, request_id)


def test_an_answer_that_breaks_off_is_a_defect_in_log_and_count(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    app = create_app(load_settings({"KPOP_HOME": str(tmp_path)}))

    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    app.add_api_route("/v1/parts", lambda: StreamingResponse(parts()))
    with caplog.at_level(logging.INFO, ACCESS_LOG):
        TestClient(app, raise_server_exceptions=False).get("/v1/parts")
    logged = json.loads([each for each in caplog.records if each.name == ACCESS_LOG][-1].message)
    assert logged["status"] == 500
    counted = {"route": "/v1/parts", "method": "GET", "status": "500"}
    assert app.state.meters.registry.get_sample_value("kpop_requests_total", counted) == 1


def test_the_access_log_says_nothing_of_who_asked_for_what(
    client: TestClient, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO, ACCESS_LOG):
        client.get(
            "/v1/artists/BTS/features?days=5",
            headers={
                "X-API-Key": "my secret",
                "User-Agent": "me",
                "X-Forwarded-For": "203.0.113.9",
            },
        )
    line = json.loads(caplog.records[-1].getMessage())
    assert line["route"] == "/v1/artists/{name}/features"
    assert (line["method"], line["status"]) == ("GET", 404)
    assert set(line) == {"method", "route", "status", "ms", "request_id"}
    told = caplog.text
    assert not [word for word in ("BTS", "days=5", "secret", "203.0", "testclient") if word in told]


def test_an_id_that_a_route_logs_is_the_one_that_is_told_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    app = create_app(load_settings({"KPOP_HOME": str(tmp_path)}))
    app.add_api_route("/v1/own", lambda: Response(headers={"X-Request-Id": "own"}))
    with caplog.at_level(logging.INFO, ACCESS_LOG):
        assert TestClient(app).get("/v1/own").headers["x-request-id"] == "own"
    assert json.loads(caplog.records[-1].getMessage())["request_id"] == "own"


def test_the_log_of_answers_is_a_part_of_the_servers():
    settings = log_settings()
    assert settings["loggers"][ACCESS_LOG]["handlers"] == ["answer"]
    assert settings["handlers"]["answer"]["stream"] == "ext://sys.stderr"


@pytest.mark.parametrize("value", ["abc", "0" * 63, "0" * 64 + ",x"])
def test_keys_that_are_no_hashes_are_refused_at_the_start(value: str):
    with pytest.raises(SettingsError, match="KPOP_API_KEYS"):
        load_settings({"KPOP_API_KEYS": value})


def test_not_ready_says_which_part_is_not(tmp_path: Path):
    app = create_app(load_settings({"KPOP_HOME": str(tmp_path)}))
    client = TestClient(app)
    assert client.get("/readyz").json() == {"status": "ready"}
    app.state.readiness.ask("part", lambda: "it is loaded still")
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert refused.json()["detail"] == "part: it is loaded still"
