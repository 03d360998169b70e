"""What to hear next by HTTP: for whom, how fresh, and what stands in where the model does not."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommendations import ANSWER_FALLBACKS, RECOMMENDATION_LINES
from kpop_assets.contracts.rising_rules import RISING_PLACE
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets_tests.recommend.bundles import ACTS, DAY
from kpop_assets_tests.recommend.service.test_unlearnt_works import NEW_ACT, wide_parts
from kpop_assets_tests.serving.answers.conftest import KNOWN
from kpop_assets_tests.serving.answers.rooms import Told, a_play, make_room, works_of
from serving.answers import answer_bundles, answer_lists
from serving.answers.answer_forms import Fallback


def test_a_listener_seeds_choices_and_nobody_are_answered(client: TestClient):
    def ask(**wanted: Any) -> tuple[Told, Mapping[str, str]]:
        told = client.post("/v1/recommendations", json=wanted)
        assert told.status_code == 200, told.text
        return told.json(), told.headers

    mine, headers = ask(user_id=KNOWN)
    assert mine["basis"] == "history" and len(mine["works"]) == 10
    assert [row["rank"] for row in mine["works"]] == [*range(1, 11)]
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-request-id"] == mine["request_id"]
    near, _ = ask(seeds=["work05", "other0000047"], n=5)
    assert near["basis"] == "seeds" and len(near["works"]) == 5
    assert not {"work05", "other0000047"} & {*works_of(near)}
    chosen, _ = ask(acts=["ACT 2"], n=4)
    assert chosen["basis"] == "choices"
    assert ask(clusters=[1])[0]["basis"] == "choices"
    popular, headers = ask(context={"hour": 7, "device": "phone"}, language="ko")
    assert popular["basis"] == "popular" and popular["is_simulated"]
    assert headers["cache-control"] == "public, max-age=60"
    assert ask(user_id="a stranger")[0]["basis"] == "popular"


@pytest.mark.parametrize(
    ("wanted", "status", "what"),
    [
        ({"seeds": ["nothing"]}, 422, "seeds: 'nothing' is no work"),
        ({"acts": ["nobody"]}, 422, "acts: no work is by 'nobody'"),
        ({"n": 51}, 422, "body.n"),
        ({"n": 0}, 422, "body.n"),
        ({"user_id": ""}, 422, "body.user_id"),
        ({"seeds": ["work05"] * 51}, 422, "body.seeds"),
        ({"context": {"hour": 24}}, 422, "body.context.hour"),
        ({"language": "fr"}, 422, "body.language"),
        ({"more": 1}, 422, "body.more"),
        ({"clusters": [10**30]}, 422, "body.clusters"),
        ({"clusters": [9_999]}, 422, "clusters: no sound has the number 9999"),
        ({"clusters": [False]}, 422, "body.clusters"),
        ({"n": True}, 422, "body.n"),
        ({"n": "5"}, 422, "body.n"),
        ({"context": {"hour": "3"}}, 422, "body.context.hour"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_in_one_line(client, wanted, status, what):
    told = client.post("/v1/recommendations", json=wanted)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["detail"].startswith(what) and "\n" not in told.json()["detail"]


def test_a_whole_number_may_be_written_with_a_point(client: TestClient):
    assert len(client.post("/v1/recommendations", json={"n": 3.0}).json()["works"]) == 3


def test_every_reason_to_fall_back_is_one_that_the_log_and_the_counts_know():
    assert get_args(Fallback) == ANSWER_FALLBACKS


def test_near_works_and_choices_are_no_ones_own(client: TestClient):
    told = client.get("/v1/tracks/other0000050/similar", params={"n": 5})
    assert told.status_code == 200 and told.headers["cache-control"] == "public, max-age=60"
    near = told.json()
    assert near["work"]["work_id"] == "other0000050" and len(near["works"]) == 5
    nearness = [row["nearness"] for row in near["works"]]
    assert nearness == sorted(nearness, reverse=True) and nearness[-1] > 0.8
    assert "other0000050" not in works_of(near)
    assert client.get("/v1/tracks/nothing/similar").status_code == 404
    choices = client.get("/v1/onboarding").json()
    assert len(choices["works"]) >= 2 and len(choices["clusters"]) == 2
    seeds = works_of(choices)
    assert client.post("/v1/recommendations", json={"seeds": seeds}).status_code == 200


def test_a_list_is_kept_until_its_listener_plays_also_in_another_process(home: Path):
    one, other = make_room(home), make_room(home)
    first = one.ask(user_id=KNOWN)
    assert first["cache"] == "none"
    again = one.ask(user_id=KNOWN)
    assert (again["cache"], works_of(again)) == ("process", works_of(first))
    assert again["request_id"] != first["request_id"]
    assert one.ask(user_id=KNOWN, n=9)["cache"] == "none"

    played = works_of(first)[0]
    other.answers.take_plays(a_play(home, played))
    fresh = one.ask(user_id=KNOWN)
    assert fresh["cache"] == "none"
    assert played not in works_of(fresh)
    assert one.ask(user_id=KNOWN)["cache"] == "process"
    assert other.ask(user_id=KNOWN)["cache"] == "none"
    # Others' lists stay.
    one.ask(user_id="lee")
    other.answers.take_plays(a_play(home, "work07"))
    assert one.ask(user_id="lee")["cache"] == "process"


def test_a_list_that_is_late_is_popular_in_its_place_and_kept_for_the_next(home, monkeypatch):
    room = make_room(home, late_seconds=0.02, rising_slot="epsilon_greedy")
    go_on = threading.Event()
    real = answer_lists.make_list

    def slow(bundle, korean, slots, question, heard, request_id):
        assert question.order == "popular" or go_on.wait(10)
        return real(bundle, korean, slots, question, heard, request_id)

    monkeypatch.setattr(answer_lists, "make_list", slow)
    begun = time.monotonic()
    told = room.ask(user_id=KNOWN, context={"hour": 3})
    assert time.monotonic() - begun < 5
    assert (told["basis"], told["fallback"], len(told["works"])) == ("popular", "late", 10)
    assert room.log.lines[-1]["fallback"] == "late"
    go_on.set()
    deadline = time.monotonic() + 10
    while (told := room.ask(user_id=KNOWN, context={"hour": 3}))["cache"] != "process":
        assert time.monotonic() < deadline
    assert (told["basis"], told["fallback"]) == ("history", None)
    # Its act was drawn for an answer before it, and a late one does not show it.
    *before, kept = room.log.lines
    assert "rising_act" not in before[0] and kept["rising_act"] == "ACT 3"
    assert kept["drawn_by"] in {one["request_id"] for one in before}


def test_a_list_that_fails_or_waits_behind_many_is_popular_in_its_place(home, monkeypatch):
    room = make_room(home)
    expected = room.ask(context={"hour": 3})
    real = answer_lists.make_list

    def failing(bundle, korean, slots, question, heard, request_id):
        if question.order != "popular":
            raise ZeroDivisionError
        return real(bundle, korean, slots, question, heard, request_id)

    monkeypatch.setattr(answer_lists, "make_list", failing)
    told = room.ask(user_id=KNOWN, context={"hour": 3})
    assert (told["fallback"], works_of(told)) == ("failed", works_of(expected))
    monkeypatch.setattr(answer_lists, "make_list", real)
    monkeypatch.setattr(answer_lists, "MOST_WAITING", 0)
    assert room.ask(user_id=KNOWN, context={"hour": 3})["fallback"] == "busy"
    monkeypatch.undo()
    assert room.ask(user_id=KNOWN, context={"hour": 3})["fallback"] is None


def test_without_a_bundle_it_says_the_way_out_and_answers_once_there_is_one(tmp_path: Path):
    room = make_room(tmp_path)
    told = room.client.post("/v1/recommendations", json={})
    assert told.status_code == 503
    assert told.json()["way_out"] == "`kpop train recommend` makes one"
    assert room.client.get("/v1/onboarding").status_code == 503
    write_bundle(tmp_path, wide_parts())
    assert room.ask()["basis"] == "popular"


def test_a_damaged_bundle_leaves_the_one_before_and_at_the_start_what_is_popular(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answer_bundles, "RETRY_SECONDS", 0.0)
    room = make_room(home)
    before = room.ask(user_id=KNOWN)
    later = write_bundle(home, wide_parts(training_day=DAY + dt.timedelta(days=7)))
    (vectors,) = (serving_folder(home) / later).glob("vectors-*")
    whole = vectors.read_bytes()
    vectors.write_bytes(whole[:-1])
    room.answers.bundles.look()
    after = room.ask(user_id=KNOWN)
    assert (after["model"], after["fallback"]) == (before["model"], None)

    started = make_room(home)
    told = started.ask(user_id=KNOWN)
    assert (told["basis"], told["fallback"]) == ("popular", "no_model")
    assert started.log.lines[-1]["fallback"] == "no_model"
    vectors.write_bytes(whole)
    for one in (room, started):
        one.answers.bundles.look()
        told = one.ask(user_id="somebody")
        assert (told["model"], told["fallback"]) == (later, None)


@pytest.mark.parametrize("path", ["/v1/tracks/other0000050/similar", "/v1/onboarding"])
def test_what_is_no_ones_own_is_sent_again_only_where_the_bundle_is_another(home: Path, path: str):
    room = make_room(home)
    told = room.client.get(path)
    assert told.status_code == 200, told.text
    tag = {"If-None-Match": told.headers["etag"]}
    same = room.client.get(path, headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == told.headers["etag"]
    assert same.headers["cache-control"] == told.headers["cache-control"]
    # Another process has the same tag.
    assert make_room(home).client.get(path, headers=tag).status_code == 304
    write_bundle(home, wide_parts(training_day=DAY + dt.timedelta(days=7)))
    room.answers.bundles.look()
    assert room.client.get(path, headers=tag).status_code == 200


def test_bundles_are_swapped_while_requests_are_answered(home: Path):
    room = make_room(home)
    stop, statuses, models = threading.Event(), [], set()

    def ask_on() -> None:
        while not stop.is_set():
            told = room.client.post("/v1/recommendations", json={"user_id": KNOWN})
            statuses.append(told.status_code)
            models.add(told.json()["model"])

    asking = threading.Thread(target=ask_on)
    asking.start()
    names = []
    for week in range(1, 6):
        names.append(write_bundle(home, wide_parts(training_day=DAY + dt.timedelta(weeks=week))))
        room.answers.bundles.look()
        time.sleep(0.05)
    stop.set()
    asking.join()
    assert {*statuses} == {200} and len(statuses) > 5
    assert len(models & {*names}) >= 2
    assert room.ask()["model"] == names[-1]


def test_the_log_has_a_whole_line_for_each_answer_and_names_nobody(home: Path):
    room = make_room(home)
    first = room.ask(user_id=KNOWN, context={"hour": 21, "device": "phone"}, n=7)
    room.ask(user_id=KNOWN, context={"hour": 21, "device": "phone"}, n=7)
    told, kept = room.log.lines
    known = {one.name: one for one in RECOMMENDATION_LINES.fields}
    assert {*told} <= {*known}
    assert {name for name, one in known.items() if one.required} <= {*told}
    assert told["work_ids"] == works_of(first)
    assert {len(told[n]) for n in ("work_ids", "scores", "propensities", "reasons")} == {7}
    assert told["user_id"] == person_ids(home / "landing", PLAYS.name).id_of(KNOWN)
    assert (told["cache"], kept["cache"]) == ("none", "process")
    assert (told["hour"], told["device"], told["model"]) == (21, "phone", first["model"])
    assert told["request_id"] != kept["request_id"]
    assert KNOWN not in json.dumps(room.log.lines)
    assert json.loads(told["context"])["hour_band"] == "evening"


def test_experiments_set_the_order_and_the_listener_has_met_them(home: Path):
    plain = make_room(home)
    told = make_room(home, order="popular")
    popular = plain.ask(context={"hour": 9})
    answer = told.ask(user_id="a stranger", context={"hour": 9})
    # What is popular by an experiment is no fallback.
    assert told.ask(user_id=KNOWN, context={"hour": 9})["basis"] == "popular"
    assert (works_of(answer), answer["fallback"]) == (works_of(popular), None)
    assert told.log.lines[-1]["variants"] == ["order=b"]
    assert [one["experiment"] for one in told.exposures.lines] == ["order"] * 2
    mixed = make_room(home, order="mix").ask(user_id=KNOWN)
    assert mixed["basis"] == "history"
    assert plain.ask(user_id=KNOWN)["works"] != []
    assert make_room(home, order="by the moon").ask(user_id=KNOWN)["basis"] == "history"


def test_a_policy_fills_one_place_with_a_rising_act_and_says_with_which_chance(home: Path):
    room = make_room(home, rising_slot="epsilon_greedy")
    for _ in range(3):
        told = room.ask(user_id=KNOWN)
    row, line = told["works"][RISING_PLACE - 1], room.log.lines[-1]
    assert line["rising_policy"] == "epsilon_greedy" and 0 < line["rising_propensity"] <= 1
    assert (line["rising_position"], line["rising_act"]) == (RISING_PLACE, row["artist"])
    assert row["artist"] == "ACT 3" and row["reason"]["kind"] == "rising"
    assert float(line["propensities"][RISING_PLACE - 1]) == line["rising_propensity"]
    assert len({*works_of(told)}) == len(told["works"]) == 10
    assert not {"rising_act", "drawn_by"} & {*make_without_slot(home)}
    # Each list that was shown again says for whom its act was drawn.
    first, *again = room.log.lines
    assert {one["drawn_by"] for one in room.log.lines} == {first["request_id"]}
    assert [one["cache"] for one in again] == ["process"] * 2


def make_without_slot(home: Path) -> Told:
    room = make_room(home)
    room.ask(user_id=KNOWN)
    return room.log.lines[-1]


def test_acts_of_works_that_nobody_learnt_are_known_and_have_names(client: TestClient):
    told = client.post("/v1/recommendations", json={"acts": [NEW_ACT]}).json()
    assert told["basis"] == "choices"
    row = told["works"][0]
    assert row["name_en"] is None and row["artist"] in {NEW_ACT, *(f"ACT {n}" for n in range(ACTS))}


def test_the_application_counts_answers_and_looks_into_caches(client: TestClient):
    for _ in range(2):
        client.post("/v1/recommendations", json={"user_id": KNOWN})
    told = {
        (sample.name, sample.labels.get("outcome")): sample.value
        for metric in client.app.state.meters.registry.collect()
        for sample in metric.samples
    }
    assert told["kpop_cache_lookups_total", "hit"] == 1
    assert told["kpop_model_opened_total", "opened"] == 1
