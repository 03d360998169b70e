"""Bodies: what JSON allows is taken, what would cost or confuse is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from serving.entrance.api_keys import ApiKeys
from serving.entrance.checked_routes import CheckedRoute
from serving.entrance.entrance import Entrance
from serving.entrance.json_bodies import MOST_BODY_BYTES, MOST_DEPTH, read_json
from serving.problems import ProblemError, add_problems

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(VALUES)
def test_json_comes_as_it_was_written(told: Any):
    assert read_json(json.dumps(told).encode()) == told


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'"\xff"',
        b'"\\ud800"',
        b"[" * 900_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1),
    ],
)
def test_what_is_no_plain_json_is_refused(body: bytes):
    with pytest.raises(ProblemError) as refused:
        read_json(body)
    assert refused.value.status == 400
    assert "\n" not in refused.value.what and len(refused.value.what) < 200


def test_the_deepest_that_is_taken_is_taken():
    assert read_json(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH)
    assert len(read_json(b"[" + b"1," * 400_000 + b"1]")) == 400_001


@pytest.fixture
def client() -> TestClient:
    router = APIRouter(route_class=CheckedRoute)

    @router.post("/echo")
    def echo(told: dict[str, float]) -> dict[str, float]:
        return told

    app = FastAPI()
    add_problems(app)
    app.include_router(router)
    app.add_middleware(Entrance, keys=ApiKeys([]), limits=None)
    return TestClient(app)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a": 1.5}', 200),
        (b'{"a": NaN}', 400),
        (b'{"a": 1e400}', 400),
        (b'{"a": "x"}', 422),
        (b"[1]", 422),
        (b"", 422),
        (b" " * MOST_BODY_BYTES + b"{}", 413),
        (b"[" + b"1," * 2_000_000 + b"1]", 413),
    ],
)
@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_route_gives_each_its_status_in_one_form(
    client: TestClient, body: bytes, status: int, is_streamed: bool
):
    content = iter([body[:100], body[100:]]) if is_streamed else body
    answer = client.post("/echo", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
