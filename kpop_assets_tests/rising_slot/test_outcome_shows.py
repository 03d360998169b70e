"""Shows of days that are over, from what came of answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.rising_slot import SLOT_COLUMNS
from kpop_assets.lake.rows import empty
from kpop_assets.rising_slot.outcome_shows import shows_of_outcomes
from kpop_assets.rising_slot.rising_choice import ChosenAct, logged_choice
from kpop_assets.rising_slot.rising_lessons import SHOW_SCHEMA, learn_state
from kpop_assets_tests.rising_slot.shows import NOON, PHONE

Row = dict[str, Any]
LOGGED = logged_choice(ChosenAct("IU", 0.25, "thompson", ("IU", "AKMU")), PHONE)
SAID = ("is_clicked", "is_played", "is_skipped", "is_liked", "is_disliked")


def an_outcome(request_id: str = "r1", *said: str, minutes: float = 0, **more: Any) -> Row:
    """What came of the place of a rising act."""
    moment = NOON + dt.timedelta(minutes=minutes)
    plain = {
        "ingest_date": (moment + dt.timedelta(hours=9)).date() + dt.timedelta(days=1),
        "request_id": request_id,
        "user_id": "u1",
        "answered_at": moment,
        "is_rising_slot": True,
        "rising_act": LOGGED["rising_act"],
        "rising_propensity": LOGGED["rising_propensity"],
        "drawn_by": "r1",
        "context_features": LOGGED["context"],
        **dict.fromkeys(SAID, False),
    }
    return plain | dict.fromkeys(said, True) | more


def shows_from(*rows: Row) -> pl.DataFrame:
    schema = empty(OUTCOMES).select(SLOT_COLUMNS).schema
    return shows_of_outcomes(pl.DataFrame([*rows], schema))


def test_a_draw_is_one_show_with_what_came_of_any_answer_that_showed_it():
    found = shows_from(an_outcome("r2", "is_clicked", minutes=9), an_outcome("r1"))
    assert found.schema == SHOW_SCHEMA
    assert found.rows(named=True) == [
        {
            "request_id": "r1",
            "user_id": "u1",
            "answered_at": NOON,
            "act": "IU",
            **PHONE.told(),
            "offered_acts": ["IU", "AKMU"],
            "propensity": 0.25,
            "reward": 1.0,
            "delay_seconds": 86_400.0,
        }
    ]


@pytest.mark.parametrize(
    ("said", "reward"),
    [
        ((), 0),
        (("is_clicked",), 1),
        (("is_played",), 1),
        (("is_liked",), 1),
        (("is_played", "is_skipped"), 0),
        (("is_clicked", "is_disliked"), 0),
        (("is_skipped",), 0),
    ],
)
def test_a_show_is_rewarded_as_where_lines_are_read(said: tuple[str, ...], reward: float):
    assert shows_from(an_outcome("r1", *said))["reward"].to_list() == [reward]


def test_what_one_answer_took_back_is_taken_back_of_its_draw():
    rows = [an_outcome("r1", "is_clicked"), an_outcome("r2", "is_disliked", minutes=9)]
    assert shows_from(*rows)["reward"].to_list() == [0.0]


@pytest.mark.parametrize(
    "told", [{"is_rising_slot": False}, {"drawn_by": None}, {"context_features": None}]
)
def test_other_places_and_draws_of_which_nothing_is_told_are_no_shows(told: Row):
    assert shows_from(an_outcome("r1", **told)).is_empty()


def test_what_came_is_known_once_the_day_after_it_is_over():
    found = shows_from(an_outcome("r1", "is_clicked"))
    until = NOON + dt.timedelta(hours=23)
    assert learn_state(found, until).cells["rewarded"].to_list() == [0.0]
    assert learn_state(found, NOON + dt.timedelta(hours=24)).cells["rewarded"].to_list() == [1.0]
