"""Experiments by HTTP: a name and its hash get one variant, and nothing tells where files lie."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kpop_assets.days import seoul_now
from kpop_assets.settings import load_settings
from serving.app import create_app

TODAY = seoul_now().date()


def plan(first: int, last: int, switch: str = "order") -> str:
    starts, ends = TODAY + dt.timedelta(days=first), TODAY + dt.timedelta(days=last)
    value = "mix" if switch == "order" else "linucb"
    return f"""question = "Is it as good?"
unit = "listener"
starts_on = {starts}
ends_on = {ends}
primary_metric = "completed_plays"
least_effect = 0.05
[shares]
control = 0.25
other = 0.75
[settings.other]
{switch} = "{value}"
"""


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    folder = tmp_path / "experiments"
    folder.mkdir()
    (folder / "now.toml").write_text(plan(-5, 5))
    (folder / "before.toml").write_text(plan(-20, -6))
    (folder / "later.toml").write_text(plan(9, 12, "rising_slot"))
    (folder / "broken.toml").write_text(plan(0, 1).replace("unit", "units"))
    (tmp_path / "usual.toml").write_text('rising_slot = "thompson"')
    return TestClient(create_app(load_settings({"KPOP_HOME": str(tmp_path)})))


def test_all_plans_are_told_with_their_state_and_no_place_on_this_machine(
    client: TestClient, tmp_path: Path
):
    answer = client.get("/v1/experiments")
    told = answer.json()
    assert {one["name"]: one["state"] for one in told["experiments"]} == {
        "before": "over",
        "later": "planned",
        "now": "running",
    }
    assert told["faults"] == [
        "experiments/broken.toml: unknown field units: mend the file; docs/experiments.md has one"
    ]
    assert str(tmp_path) not in answer.text
    assert told["usual"] == {"order": "trees", "rising_slot": "thompson"}
    one = client.get("/v1/experiments/now").json()
    assert one["variants"] == [
        {"name": "control", "share": 0.25, "settings": {}},
        {"name": "other", "share": 0.75, "settings": {"order": "mix"}},
    ]


def test_usual_settings_of_no_use_are_told_without_a_place(client: TestClient, tmp_path: Path):
    (tmp_path / "usual.toml").write_text("ordr = 1")
    answer = client.get("/v1/experiments")
    assert answer.json()["faults"][-1].startswith("usual.toml: setting ordr is unknown")
    assert str(tmp_path) not in answer.text


def test_a_listener_and_the_hashed_id_get_the_same_variant(client: TestClient):
    found = set()
    for number in range(40):
        name = f"name{number}"
        asked = client.get("/v1/experiments/now/assignment", params={"unit_id": name})
        one = asked.json()
        assert name not in asked.text and one["is_running"]
        again = client.get("/v1/experiments/now/assignment", params={"unit_id": one["unit_id"]})
        assert again.json() == one
        assert one["settings"] == ({"order": "mix"} if one["variant"] == "other" else {})
        found.add(one["variant"])
    assert found == {"control", "other"}
    later = client.get("/v1/experiments/later/assignment", params={"unit_id": "x"}).json()
    assert not later["is_running"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/experiments/nothing", 404),
        ("/v1/experiments/nothing/assignment?unit_id=x", 404),
        ("/v1/experiments/now/assignment", 422),
        ("/v1/experiments/now/assignment?unit_id=", 422),
        ("/v1/experiments/now/assignment?unit_id=%20", 422),
        (f"/v1/experiments/now/assignment?unit_id={'x' * 513}", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: TestClient, path: str, status: int):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
