"""`POST /v1/exposures` and the log of exposures: one listener by one id, whoever tells of them."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from kpop_assets.landing.persons import person_ids
from kpop_assets_tests.serving.intake.kit import (
    MOMENT,
    SOMEBODY,
    a_play,
    application,
    landed_lines,
)

MET = {"experiment": "one", "variant": "new", "unit_id": SOMEBODY, "exposed_at": MOMENT}


def test_exposures_are_taken_in_and_written_down_under_the_id_that_plays_have(tmp_path: Path):
    app = application(tmp_path)
    with TestClient(app) as client:
        client.post("/v1/plays", json={"plays": [a_play()]})
        batch = [MET, {**MET, "variant": ""}]
        answer = client.post("/v1/exposures", json={"exposures": batch})
        assert answer.status_code == 202
        assert answer.json()["accepted"] == 1
        assert answer.json()["refused"][0]["detail"] == "variant is missing"
        ours = person_ids(tmp_path / "landing", "plays").id_of(SOMEBODY)
        assert app.state.intake.exposures.add({**MET, "unit_id": ours, "variant": "control"})
    lines = landed_lines(tmp_path, "exposures")
    assert {(line["unit_id"], line["variant"]) for line in lines} == {
        (ours, "new"),
        (ours, "control"),
    }
