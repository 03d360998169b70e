"""`POST /v1/plays` and `/v1/feedback`: on the disk before 202, refused by place, landed hashed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.landing.journal import journal as journal_module
from kpop_assets.landing.journal.segments import journal_root, read_segment, segments_in
from kpop_assets.landing.persons import key_path, person_ids
from kpop_assets_tests.serving.intake.kit import (
    MOMENT,
    SOMEBODY,
    a_play,
    an_action,
    application,
    landed_lines,
)


def in_journal(home: Path, kind: str) -> int:
    segments = segments_in(journal_root(home) / kind)
    return sum(len(lines) for path in segments for lines in read_segment(path).days.values())


def test_plays_are_on_the_disk_before_they_are_accepted_and_landed_when_the_server_stops(
    tmp_path: Path,
):
    with TestClient(application(tmp_path)) as client:
        answer = client.post("/v1/plays", json={"plays": [a_play(n) for n in range(20)]})
        assert (answer.status_code, answer.json()) == (202, {"accepted": 20, "refused": []})
        assert in_journal(tmp_path, "plays") == 20
        assert landed_lines(tmp_path, "plays") == []
    lines = landed_lines(tmp_path, "plays")
    assert [line["track_id"] for line in lines] == [f"t{n}" for n in range(20)]
    assert {line["source"] for line in lines} == {"api"}
    assert all(line["received_at"] > line["played_at"] for line in lines)
    assert in_journal(tmp_path, "plays") == 0


def test_nobody_stands_below_the_data_folder_by_name_and_plays_and_feedback_are_of_one_id(
    tmp_path: Path,
):
    with TestClient(application(tmp_path)) as client:
        client.post("/v1/plays", json={"plays": [a_play(email=SOMEBODY)]})
        client.post("/v1/feedback", json={"feedback": [an_action()]})
        stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
        assert SOMEBODY.encode() not in stored
    ours = person_ids(tmp_path / "landing", "plays").id_of(SOMEBODY)
    for kind in ("plays", "feedback"):
        assert [line["user_id"] for line in landed_lines(tmp_path, kind)] == [ours]


def test_lines_that_cannot_be_used_are_named_by_their_place_and_the_others_taken(tmp_path: Path):
    batch = [a_play(0), a_play(1, track_id=...), "x", a_play(3), a_play(4, played_ms="long")]
    with TestClient(application(tmp_path)) as client:
        answer = client.post("/v1/plays", json={"plays": batch}).json()
    assert answer["accepted"] == 2
    assert [one["index"] for one in answer["refused"]] == [1, 2, 4]
    assert [one["detail"] for one in answer["refused"]] == [
        *("track_id is missing", "it is no JSON object", "played_ms is no number"),
    ]
    assert [line["track_id"] for line in landed_lines(tmp_path, "plays")] == ["t0", "t3"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"played_at": ...}, "played_at is no time"),
        ({"played_at": "yesterday"}, "played_at is no time"),
        ({"played_at": True}, "played_at is no time"),
        ({"played_at": "2026-03-02T21:15:00"}, "played_at says no zone"),
        ({"played_at": "2026-03-02"}, "played_at says no zone"),
        ({"played_at": MOMENT + 2 * 3_600_000}, "played_at lies ahead of our clock"),
        ({"played_at": 0}, "played_at lies before 2017-01-01"),
        ({"user_id": " "}, "user_id is missing"),
        ({"user_id": {"name": "kim"}}, "user_id is no text"),
        ({"track_id": "t" * 1001}, "track_id is longer than 1,000 characters"),
        ({"track_id": "a\x00b"}, "track_id has control characters"),
        ({"rating": 9}, "rating impossible"),
        ({"played_ms": -5}, "played_ms impossible"),
        ({"played_ms": 1e300}, "played_ms impossible"),
        ({"played_ms": 1.5}, "played_ms of wrong type"),
        ({"played_ms": ""}, "played_ms is no number"),
        ({"total_play_count": 10**18}, "total_play_count impossible"),
        ({"total_play_count": -1}, "total_play_count impossible"),
        ({"source": "demo"}, "source is demo, which says that it is simulated"),
    ],
)
def test_a_play_that_cannot_be_used_says_why(tmp_path: Path, change: dict[str, Any], detail: str):
    with TestClient(application(tmp_path)) as client:
        answer = client.post("/v1/plays", json={"plays": [a_play(**change)]})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(f"plays[0]: {detail}")
    assert landed_lines(tmp_path, "plays") == []


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"work_id": ...}, "neither work_id nor track_id is there"),
        ({"work_id": " ", "track_id": ""}, "neither work_id nor track_id is there"),
        ({"position": 0}, "position impossible"),
        ({"position": 2.5}, "position of wrong type"),
        ({"source": "demo"}, "source is demo, which says that it is simulated"),
        ({"action": "Like"}, "action impossible"),
        ({"action": ...}, "action is missing"),
        ({"event_id": ...}, "event_id is missing"),
    ],
)
def test_feedback_that_cannot_be_used_says_why(tmp_path: Path, change: dict[str, Any], detail: str):
    with TestClient(application(tmp_path)) as client:
        answer = client.post("/v1/feedback", json={"feedback": [an_action(**change)]})
        known = client.post("/v1/feedback", json={"feedback": [an_action(user_id=...)]})
    assert answer.json()["detail"].endswith(f"feedback[0]: {detail}")
    assert known.status_code == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"plays": [{"played_at": NaN}]}', 400),
        (b'{"plays": [' + b"9" * 5000 + b"]}", 400),
        (b"\xff", 400),
        (b'{"plays": ' + b"[" * 32 + b"]" * 32 + b"}", 400),
        (b'{"plays": ["\\ud800"]}', 400),
        (b"[]", 422),
        (b'{"plays": []}', 422),
        (b'{"plays": {}}', 422),
        (b'{"plays": [' + b"{}, " * 1000 + b"{}]}", 422),
    ],
)
def test_a_body_that_is_no_batch_is_one_problem(tmp_path: Path, body: bytes, status: int):
    with TestClient(application(tmp_path)) as client:
        headers = {"Content-Type": "application/json"}
        answer = client.post("/v1/plays", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["way_out"]


def test_blank_texts_that_are_not_needed_are_absent_wherever_plays_go(tmp_path: Path):
    app = application(tmp_path)
    told: list[dict[str, object]] = []
    app.state.intake.on_plays.append(told.extend)
    blank = {"event_id": "", "context": " ", "source": "\u3000"}
    with TestClient(app) as client:
        client.post("/v1/plays", json={"plays": [a_play(0, **blank), a_play(1, **blank)]})
        action = an_action(user_id="", request_id=" ", track_id="", source="")
        client.post("/v1/feedback", json={"feedback": [action]})
    for lines in (told, landed_lines(tmp_path, "plays")):
        assert [line["track_id"] for line in lines] == ["t0", "t1"]
        assert all({"event_id", "context"}.isdisjoint(line) for line in lines)
        assert {line["source"] for line in lines} == {"api"}
    (line,) = landed_lines(tmp_path, "feedback")
    assert {"user_id", "request_id", "track_id"}.isdisjoint(line)
    assert (line["work_id"], line["source"]) == ("w1", "api")


def test_a_time_may_be_written_with_its_zone(tmp_path: Path):
    at = dt.datetime.fromtimestamp(MOMENT / 1000, dt.timezone(dt.timedelta(hours=9)))
    with TestClient(application(tmp_path)) as client:
        client.post("/v1/plays", json={"plays": [a_play(played_at=at.isoformat())]})
    assert landed_lines(tmp_path, "plays")[0]["played_at"] == MOMENT


def test_where_it_cannot_be_written_nothing_is_promised_and_the_same_is_taken_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    batch = {"plays": [a_play()]}
    with TestClient(application(tmp_path)) as client:
        with monkeypatch.context() as patch:
            patch.setattr(journal_module, "sync_data", full)
            refused = client.post("/v1/plays", json=batch)
        assert refused.status_code == 503
        assert "No space left" in refused.json()["detail"]
        assert in_journal(tmp_path, "plays") == 0
        assert client.post("/v1/plays", json=batch).status_code == 202
    assert len(landed_lines(tmp_path, "plays")) == 1


def test_without_the_key_of_listeners_nothing_is_taken_in(tmp_path: Path):
    with TestClient(application(tmp_path)) as client:
        client.post("/v1/plays", json={"plays": [a_play()]})
    key_path(tmp_path / "landing").unlink()
    with TestClient(application(tmp_path)) as client:
        # Feedback was never landed; its listeners would still get other ids.
        answer = client.post("/v1/feedback", json={"feedback": [an_action()]})
    assert answer.status_code == 503
    assert "listener.key is gone" in answer.json()["detail"]


def test_who_wants_plays_gets_those_that_were_taken_with_their_hashed_ids(tmp_path: Path):
    app = application(tmp_path)
    told: list[dict[str, object]] = []
    app.state.intake.on_plays.append(told.extend)
    with TestClient(app) as client:
        client.post("/v1/plays", json={"plays": [a_play(0), a_play(1, track_id=...)]})
        assert [line["track_id"] for line in told] == ["t0"]
    assert told[0]["user_id"] == landed_lines(tmp_path, "plays")[0]["user_id"]


def test_the_log_of_answers_is_landed_and_a_line_that_says_no_time_is_left_out(tmp_path: Path):
    app = application(tmp_path)
    line = {"request_id": "r1", "user_id": SOMEBODY, "answered_at": MOMENT, "work_ids": ["w1"]}
    with TestClient(app):
        assert app.state.intake.recommendations.add(line)
        assert not app.state.intake.recommendations.add(line | {"answered_at": None})
    (found,) = landed_lines(tmp_path, RECOMMENDATION_LINES.kind)
    assert found["work_ids"] == ["w1"]
    assert found["user_id"] != SOMEBODY
    assert found["source"] == "api"
    assert not app.state.intake.recommendations.add(line), "the server is stopped"


def test_what_a_killed_server_left_is_landed_by_the_next(tmp_path: Path):
    app = application(tmp_path)
    client = TestClient(app)
    # Without its lifespan nothing is ever landed, as by a server that is killed.
    assert client.post("/v1/plays", json={"plays": [a_play()]}).status_code == 202
    for journal in app.state.intake.journals().values():
        journal.close()
    assert landed_lines(tmp_path, "plays") == []
    with TestClient(application(tmp_path)):
        pass
    assert len(landed_lines(tmp_path, "plays")) == 1
