"""The application as a whole: that it answers, and that errors have one form."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from kpop_assets.settings import load_settings
from serving.app import create_app


def test_a_living_process_says_so_and_what_is_not_there_is_a_problem(tmp_path: Path):
    client = TestClient(create_app(load_settings({"KPOP_HOME": str(tmp_path)})))
    assert client.get("/healthz").json() == {"status": "ok"}
    gone = client.get("/v1/nothing")
    assert gone.status_code == 404
    assert gone.headers["content-type"] == "application/problem+json"
    assert gone.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Not Found",
        "way_out": "/docs says which addresses there are and what they take",
    }
