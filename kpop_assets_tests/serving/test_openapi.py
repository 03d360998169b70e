"""The API's document: checked in, complete, and true of what a server answers."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel

from drills.api_schema import api_served, send_made_up
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.settings import Settings, load_settings
from kpop_assets_tests.app.kit import DAY, write_rows
from serving.app import create_app
from serving.openapi_document import describe
from serving.openapi_file import main, write_document

ROOT = Path(__file__).parents[2]
# An empty home has no rows: nothing found, or nothing ready, in one line.
TAKEN = {200, 201, 202, 204, 207, 404, 503}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return describe(create_app(load_settings({})))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_that_is_checked_in_is_that_of_the_code(tmp_path: Path):
    """`make docs` writes it."""
    checked_in = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert checked_in == write_document(create_app(load_settings({})))
    main([str(tmp_path / "written.json")])
    assert (tmp_path / "written.json").read_text(encoding="utf-8") == checked_in


def test_every_operation_says_what_it_is_and_that_it_may_end_in_a_problem(
    document: dict[str, Any],
):
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, _, operation in operations(document):
        assert operation["summary"].strip(), path
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
        # A room may say its own of what it does not take, the framework's form nobody answers in.
        assert "HTTPValidationError" not in json.dumps(operation), path
    assert "HTTPValidationError" not in document["components"]["schemas"]


def example_of(told: dict[str, Any]) -> Any:
    """The first example of a parameter or of a body's form."""
    schema = told.get("schema", {})
    named = [each["value"] for each in told.get("examples", {}).values()]
    return next(iter([*named, *schema.get("examples", ())]), told.get("example"))


def write_example_plan(home: Path) -> None:
    """The experiment that the example of an exposure is about, in which all get what it tells."""
    (home / "experiments").mkdir()
    (home / "experiments" / "place_three.toml").write_text("""question = "Is it?"
unit = "listener"
starts_on = 2026-03-01
ends_on = 2026-03-20
primary_metric = "likes"
least_effect = 0.1
[shares]
control = 0.999999999999
rising = 0.000000000001
""")


def test_what_has_to_be_said_has_an_example_and_every_example_is_taken(
    document: dict[str, Any], tmp_path: Path
):
    write_example_plan(tmp_path)
    client = TestClient(create_app(Settings(home=tmp_path)))
    for path, method, operation in operations(document):
        required = [each for each in operation.get("parameters", ()) if each.get("required")]
        said = {each["name"]: example_of(each) for each in required}
        assert None not in said.values(), path
        query = {each["name"]: said[each["name"]] for each in required if each["in"] == "query"}
        bodies = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        named = [each["value"] for each in bodies.get("examples", {}).values()]
        examples = named or [example_of(bodies)] if bodies else [None]
        for body in examples:
            assert body is not None or not bodies, path
            answer = client.request(method, path.format(**said), params=query, json=body)
            assert answer.status_code in TAKEN, (path, answer.text)


def test_the_page_shows_every_address_and_loads_nothing(document: dict[str, Any], tmp_path: Path):
    page = TestClient(create_app(Settings(home=tmp_path))).get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not [word for word in ("<script", "src=", "http://", "https://") if word in page.text]
    for path in document["paths"]:
        assert path in page.text
    assert TestClient(create_app(Settings(home=tmp_path))).get("/openapi.json").json() == document


def test_made_up_requests_meet_no_defect(tmp_path: Path):
    """A short round of `python -m drills.api_schema`, on a lake of one table."""
    rows = [
        {"ingest_date": DAY, "artist": act, "rank": place, "tier": 1, "total_engagement": place}
        for place, act in enumerate(("BTS", "IVE"), 1)
    ]
    write_rows(tmp_path, ARTIST_FEATURES, rows)
    with api_served(tmp_path) as address:
        account = send_made_up(address, 2, 0)
    assert account.sent >= account.operations > 70
    assert account.failed == 0, account.statuses
    assert account.defects == []


class Told(BaseModel):
    """A form of an answer."""

    count: int


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_the_drill_sees_a_defect_and_an_answer_of_another_form():
    app = FastAPI()

    @app.get("/defect")
    def fail(number: int = 0) -> Told:
        raise ZeroDivisionError

    @app.get("/other", response_model=Told)
    def answer(number: int = 0) -> PlainTextResponse:
        return PlainTextResponse("no JSON")

    with served(app) as address:
        account = send_made_up(address, 4, 0)
    assert account.operations == 2
    assert account.failed > 0
    assert any("/other" in defect for defect in account.defects)
