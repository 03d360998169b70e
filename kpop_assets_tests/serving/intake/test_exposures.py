"""`POST /v1/exposures` and the log of exposures: one listener by one id, whoever tells of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.days import seoul_day
from kpop_assets.experiments.assignment import variant_of
from kpop_assets.experiments.plans import plans_folder, usable_experiments
from kpop_assets.landing.persons import PersonIds, person_ids
from kpop_assets_tests.serving.intake.kit import (
    MOMENT,
    SOMEBODY,
    a_play,
    application,
    landed_lines,
)

MET = {"experiment": "one", "unit_id": SOMEBODY, "exposed_at": MOMENT}


def ids_at(home: Path) -> PersonIds:
    return person_ids(home / "landing", "plays")


def write_plan(home: Path) -> dict[str, object]:
    """A plan, and the exposure of somebody to it."""
    folder = plans_folder(home)
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
    ((plan,), _) = usable_experiments(folder)
    return {**MET, "variant": variant_of(plan, ids_at(home).id_of(SOMEBODY))}


def test_what_no_plan_has_is_refused_and_the_rest_of_the_batch_is_taken(tmp_path: Path):
    met = write_plan(tmp_path)
    far = MOMENT - 3 * 86_400_000
    strays = [{"variant": "nwe"}, {"experiment": "two"}, {"exposed_at": far}]
    with TestClient(application(tmp_path)) as client:
        batch = [{**met, **stray} for stray in (*strays, {})]
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
    assert line["variant"] == met["variant"]


@pytest.mark.parametrize("names", ["as collectors call them", "hashed"])
def test_only_the_variant_that_a_listener_gets_is_taken_so_that_nobody_moves_the_shares(
    tmp_path: Path, names: str
):
    write_plan(tmp_path)
    ids = ids_at(tmp_path)
    units = [f"made up {number}" for number in range(40)]
    asked = [ids.id_of(unit) for unit in units] if names == "hashed" else units
    with TestClient(application(tmp_path)) as client:
        batch = [{**MET, "variant": "control", "unit_id": unit} for unit in asked]
        answer = client.post("/v1/exposures", json={"exposures": batch}).json()
        path = "/v1/experiments/one/assignment"
        own = [client.get(path, params={"unit_id": unit}).json()["variant"] for unit in asked]
    assert {*own} == {"control", "new"}
    refused = [one["index"] for one in answer["refused"]]
    assert refused == [at for at, variant in enumerate(own) if variant == "new"]
    assert {one["detail"] for one in answer["refused"]} == {
        "variant is not the one that unit_id gets"
    }
    assert {one["way_out"] for one in answer["refused"]} == {f"{path} says which one it gets"}
    lines = landed_lines(tmp_path, "exposures")
    taken = [ids.id_of(unit) for at, unit in enumerate(units) if own[at] == "control"]
    assert [line["unit_id"] for line in lines] == taken


def test_exposures_are_taken_in_and_written_down_under_the_id_that_plays_have(tmp_path: Path):
    met = write_plan(tmp_path)
    app = application(tmp_path)
    with TestClient(app) as client:
        client.post("/v1/plays", json={"plays": [a_play()]})
        batch = [met, {**met, "variant": ""}]
        answer = client.post("/v1/exposures", json={"exposures": batch})
        assert answer.status_code == 202
        assert answer.json()["accepted"] == 1
        assert answer.json()["refused"][0]["detail"] == "variant is missing"
        ours = ids_at(tmp_path).id_of(SOMEBODY)
        later = {**met, "unit_id": ours, "exposed_at": MOMENT + 1}
        assert app.state.intake.exposures.add(later)
    lines = landed_lines(tmp_path, "exposures")
    assert [(line["unit_id"], line["exposed_at"]) for line in lines] == [
        (ours, MOMENT),
        (ours, MOMENT + 1),
    ]
