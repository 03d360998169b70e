"""No answer says where on the server things lie; its log does."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.errors import KpopError
from kpop_assets.lake.plain import plain_path
from kpop_assets.settings import load_settings
from kpop_assets_tests.serving.intake.kit import land_one_play
from serving.app import create_app
from serving.problems import ProblemError, without_home

PLAY = {"event_id": "e1", "user_id": "kim", "track_id": "t", "played_at": 1_790_000_000_000}


def test_a_key_that_is_gone_is_told_by_its_name_and_the_log_has_the_path(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    land_one_play(tmp_path)
    client = TestClient(create_app(load_settings({"KPOP_HOME": str(tmp_path)})))
    with caplog.at_level(logging.WARNING):
        answer = client.post("/v1/plays", json={"plays": [PLAY]})
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("listener.key is gone")
    assert f"{tmp_path}/listener.key is gone" in caplog.text


@pytest.mark.parametrize("kind", [KpopError, lambda *said: ProblemError(409, *said)])
def test_what_and_way_out_of_every_error_lose_the_place(tmp_path: Path, kind):
    home = tmp_path / "한글 home"
    home.mkdir()
    app = create_app(load_settings({"KPOP_HOME": str(home)}))
    link = plain_path(home / "lake")

    def fail() -> None:
        raise kind(f"{link}/gold is damaged", f"chmod 600 {home}/a, and see {home}")

    app.add_api_route("/fail", fail)
    # Routes of names that take anything come before one that is added late.
    app.router.routes.insert(0, app.router.routes.pop())
    told = TestClient(app).get("/fail").json()
    assert told["detail"] == "lake/gold is damaged"
    assert told["way_out"] == "chmod 600 a, and see KPOP_HOME"


def test_a_folder_whose_name_begins_alike_is_another():
    home = Path("/data")
    same = "/database/x, /data-2 and /data.bak"
    assert without_home(same, home) == same
    assert without_home("/data/x is in /data.", home) == "x is in KPOP_HOME."
