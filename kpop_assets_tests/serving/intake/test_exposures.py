"""`POST /v1/exposures` and the log of exposures: one listener by one id, whoever tells of them."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from kpop_assets.days import seoul_day
from kpop_assets.landing.persons import person_ids
from kpop_assets_tests.serving.intake.kit import (
    MOMENT,
    SOMEBODY,
    a_play,
    application,
    landed_lines,
)

MET = {"experiment": "one", "variant": "new", "unit_id": SOMEBODY, "exposed_at": MOMENT}


def write_plan(home: Path) -> None:
    folder = home / "experiments"
    folder.mkdir()
    day = seoul_day(MOMENT)
    (folder / "one.toml").write_text(f"""question = "Is it?"
unit = "listener"
starts_on = {day}
ends_on = {day}
primary_metric = "likes"
least_effect = 0.1
[shares]
control = 0.5
new = 0.5
""")


def test_what_no_plan_has_is_refused_and_the_rest_of_the_batch_is_taken(tmp_path: Path):
    write_plan(tmp_path)
    far = MOMENT - 3 * 86_400_000
    strays = [{"variant": "nwe"}, {"experiment": "two"}, {"exposed_at": far}]
    with TestClient(application(tmp_path)) as client:
        batch = [{**MET, **stray} for stray in (*strays, {})]
        answer = client.post("/v1/exposures", json={"exposures": batch})
        assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
        day = seoul_day(MOMENT)
        assert [(one["index"], one["detail"]) for one in answer.json()["refused"]] == [
            (0, "variant is none of one"),
            (1, "experiment has no plan"),
            (2, f"exposed_at lies outside one ({day} to {day})"),
        ]
        none = client.post("/v1/exposures", json={"exposures": batch[:1]})
        assert (none.status_code, "variant is none of one" in none.text) == (422, True)
    (line,) = landed_lines(tmp_path, "exposures")
    assert line["variant"] == "new"


def test_exposures_are_taken_in_and_written_down_under_the_id_that_plays_have(tmp_path: Path):
    write_plan(tmp_path)
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
