"""Who is nobody gets what all who are nobody share; without the key nobody is known."""

from __future__ import annotations

from pathlib import Path

from kpop_assets.landing.persons import key_path
from kpop_assets_tests.serving.answers.conftest import KNOWN
from kpop_assets_tests.serving.answers.rooms import make_room, works_of
from kpop_assets_tests.serving.intake.kit import land_one_play


def test_nothing_is_drawn_for_a_list_that_is_nobodys_own(home: Path):
    room = make_room(home, rising_slot="epsilon_greedy")
    # One draw would be shown to all of them for as long as the list is kept.
    for asked in ({}, {"seeds": ["work05"]}, {"acts": ["ACT 3"]}):
        room.ask(**asked)
        drawn = {"rising_act", "rising_policy", "rising_propensity", "drawn_by"}
        assert not drawn & {*room.log.lines[-1]}, asked
    room.ask(user_id=KNOWN)
    assert room.log.lines[-1]["rising_act"] == "ACT 3"


def test_a_listener_whom_nobody_can_know_gets_what_is_popular_and_is_told_why(home: Path):
    popular = make_room(home).ask(context={"hour": 3})
    path = key_path(home / "landing")
    key = path.read_bytes()
    path.unlink()
    land_one_play(home)
    room = make_room(home, rising_slot="epsilon_greedy")
    told = room.ask(user_id=KNOWN, context={"hour": 3})
    assert (told["basis"], told["fallback"]) == ("popular", "no_key")
    assert works_of(told) == works_of(popular)
    line = room.log.lines[-1]
    assert line["fallback"] == "no_key" and not {"user_id", "rising_act"} & {*line}
    count = room.meters.registry.get_sample_value
    assert count("kpop_recommendation_fallbacks_total", {"reason": "no_key"}) == 1
    asked = room.client.post("/v1/recommendations", json={"user_id": KNOWN})
    assert asked.headers["cache-control"] == "private, no-store"
    # Nobody in particular misses nothing, and the listener nothing once it is back.
    assert room.ask(context={"hour": 3})["fallback"] is None
    path.write_bytes(key)
    path.chmod(0o600)
    assert room.ask(user_id=KNOWN)["basis"] == "history"
