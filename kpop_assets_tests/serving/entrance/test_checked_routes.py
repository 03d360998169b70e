"""Every route below /v1 takes the parameters and the bodies that it is made for, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.settings import load_settings
from serving.app import create_app
from serving.openapi_document import describe


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(create_app(load_settings({"KPOP_HOME": str(tmp_path)})))


def addresses(client: TestClient, method: str) -> list[str]:
    paths = describe(client.app)["paths"]  # type: ignore[arg-type]
    found = [path for path, told in paths.items() if path.startswith("/v1/") and method in told]
    return [re.sub(r"\{[^}]+\}", "x", path) for path in found]


def test_a_misspelled_parameter_is_refused_by_every_route(client: TestClient):
    found = addresses(client, "get")
    assert len(found) > 70
    for path in found:
        refused = client.get(path, params={"limt": "3"})
        assert (path, refused.status_code) == (path, 422)
        assert refused.json()["detail"] == "there is no such parameter"
    assert client.get("/v1/onboarding?n=3").json()["way_out"] == "there are none"
    assert "there are n" in client.get("/v1/tracks/x/similar?limit=3").json()["way_out"]
    for path in addresses(client, "post"):
        assert client.post(f"{path}?n=3", json={}).status_code == 422


@pytest.mark.parametrize("said", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_said_to_be_json_is_refused_by_every_route(
    client: TestClient, said: str | None
):
    found = addresses(client, "post")
    assert len(found) >= 4
    for path in found:
        headers = {} if said is None else {"Content-Type": said}
        refused = client.post(path, content=b"{}", headers=headers)
        assert (path, refused.status_code) == (path, 415)
        assert refused.json()["way_out"] == "send `Content-Type: application/json`"
        told = client.post(
            path, content=b"{}", headers={"Content-Type": "Application/JSON; charset=utf-8"}
        )
        assert told.status_code != 415
