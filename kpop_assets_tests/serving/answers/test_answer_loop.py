"""The loop of answers through the whole application: plays come in, variants hold, lines land."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from fastapi.testclient import TestClient

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.days import seoul_now
from kpop_assets.landing.persons import person_ids
from kpop_assets.settings import load_settings
from kpop_assets_tests.serving.answers.conftest import KNOWN
from kpop_assets_tests.serving.intake.kit import landed_lines
from serving.app import create_app

TODAY = seoul_now().date()
PLAN = f"""question = "Is the mix as good?"
unit = "listener"
starts_on = {TODAY - dt.timedelta(days=5)}
ends_on = {TODAY + dt.timedelta(days=5)}
primary_metric = "completed_plays"
least_effect = 0.05
[shares]
control = 0.5
other = 0.5
[settings.other]
order = "mix"
"""


def test_what_was_played_by_http_counts_in_the_next_answer_and_lines_land(home: Path):
    (home / "experiments").mkdir()
    (home / "experiments" / "mixed.toml").write_text(PLAN)
    app = create_app(load_settings({"KPOP_HOME": str(home)}))
    app.state.answers.lists.late_seconds = 60.0
    with TestClient(app) as client:

        def ask() -> dict[str, object]:
            told = client.post("/v1/recommendations", json={"user_id": KNOWN})
            assert told.status_code == 200, told.text
            return told.json()

        first = ask()
        assert ask()["cache"] == "process"
        played = first["works"][0]["work_id"]
        line = {
            "event_id": "e-1",
            "user_id": KNOWN,
            "track_id": played,
            "played_at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        }
        assert client.post("/v1/plays", json={"plays": [line]}).status_code == 202
        fresh = ask()
        assert fresh["cache"] == "none"
        assert played not in [row["work_id"] for row in fresh["works"]]
    kim = person_ids(home / "landing", PLAYS.name).id_of(KNOWN)
    told = landed_lines(home, RECOMMENDATION_LINES.kind)
    assert {first["request_id"], fresh["request_id"]} < {one["request_id"] for one in told}
    assert len(told) == 3 and {one["user_id"] for one in told} == {kim}
    variants = {tuple(one["variants"]) for one in told}
    assert variants in ({("mixed=control",)}, {("mixed=other",)})
    (exposure,) = landed_lines(home, "exposures")
    assert (exposure["experiment"], exposure["unit_id"]) == ("mixed", kim)
    assert [one["track_id"] for one in landed_lines(home, "plays")] == [played]
