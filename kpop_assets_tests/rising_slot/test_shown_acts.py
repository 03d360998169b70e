"""What was shown and what came of it, from the lines that say so."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest

from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_tracks import WORKS
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.table import Table
from kpop_assets.lake.rows import empty
from kpop_assets.rising_slot.rising_choice import choose_act, logged_choice
from kpop_assets.rising_slot.rising_state import RisingState
from kpop_assets.rising_slot.shown_acts import (
    ANSWER_COLUMNS,
    FEEDBACK_COLUMNS,
    OFFER_COLUMNS,
    PLAYED_COLUMNS,
    VERSION_COLUMNS,
    SlotLines,
    offers_of,
    shown_acts,
)
from kpop_assets_tests.rising_slot.shows import NOON, PHONE

Row = dict[str, Any]


def an_answer(request_id: str = "r1", **more: Any) -> Row:
    chosen = choose_act("thompson", RisingState(), ["IU", "AKMU"], PHONE, 1)
    assert chosen is not None
    told = logged_choice(chosen, PHONE)
    plain = {
        "request_id": request_id,
        "user_id": "u1",
        "answered_at": NOON,
        "cache": "none",
        "drawn_by": None,
        "shown_work_ids": json.dumps(["w1", "w2", "w3"]),
        "rising_position": 2,
        "context_features": told.pop("context"),
    }
    return plain | told | more


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def feedback(action: str = "click", seconds: float = 60, **more: Any) -> Row:
    plain = {"request_id": "r1", "user_id": "u1", "work_id": "w2", "track_id": None}
    return plain | {"action": action, "acted_at": after(seconds)} | more


def play(track_id: str = "t2", seconds: float = 60, **more: Any) -> Row:
    plain = {"user_id": "u1", "track_id": track_id, "total_play_count": None}
    return plain | {"played_at": after(seconds)} | more


def rows(table: Table, columns: tuple[str, ...], told: list[Row]) -> pl.DataFrame:
    schema = empty(table).select(columns).schema
    return pl.DataFrame([{n: row[n] for n in columns} for row in told], schema)


def shown(
    answers: list[Row],
    acted: list[Row] = (),
    plays: list[Row] = (),
    versions: dict[str, str] | None = None,
) -> pl.DataFrame:
    """Shows of lines; `versions` has tracks by what is their work's id."""
    of_tracks = versions or dict.fromkeys(("t2", "t2-live"), "w2")
    told = [{"track_id": track, "work_id": work} for track, work in of_tracks.items()]
    seen = rows(RECOMMENDATIONS, OFFER_COLUMNS, answers)
    works = pl.Series([w for row in answers for w in json.loads(row["shown_work_ids"])])
    return shown_acts(
        SlotLines(
            rows(RECOMMENDATIONS, ANSWER_COLUMNS, answers),
            offers_of(seen.lazy(), works).collect(),
            rows(FEEDBACK, FEEDBACK_COLUMNS, [*acted]),
            rows(PLAYS, PLAYED_COLUMNS, [*plays]),
            rows(WORKS, VERSION_COLUMNS, told),
        )
    )


def outcome(found: pl.DataFrame, request_id: str = "r1") -> tuple[float, float | None]:
    row = found.filter(pl.col("request_id") == request_id).row(0, named=True)
    return row["reward"], row["delay_seconds"]


def test_what_was_drawn_is_read_as_it_was_told():
    row = shown([an_answer()], plays=[play(seconds=90)]).row(0, named=True)
    assert row.pop("act") in ("IU", "AKMU")
    assert row == {
        "request_id": "r1",
        "user_id": "u1",
        "answered_at": NOON,
        **PHONE.told(),
        "offered_acts": ["IU", "AKMU"],
        "propensity": pytest.approx(0.5),
        "reward": 1.0,
        "delay_seconds": 90.0,
    }


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([], (0, None)),
        ([feedback("click")], (1, 60)),
        ([feedback("like", 30), feedback("click", 20)], (1, 20)),
        ([feedback("save")], (1, 60)),
        ([feedback("click"), feedback("skip", 70)], (0, None)),
        ([feedback("dislike")], (0, None)),
        ([feedback("click"), feedback("hide", 5_000)], (0, None)),
        # Of another place of the page, of another work, a day late, before it was shown.
        ([feedback(work_id="w1")], (0, None)),
        ([feedback(seconds=86_401)], (0, None)),
        ([feedback(seconds=86_400)], (0, None)),
        ([feedback(seconds=86_399)], (1, 86_399)),
        # Who names an answer need not have our clock.
        ([feedback(seconds=-299)], (1, 0)),
        ([feedback(seconds=-301)], (0, None)),
        ([feedback(seconds=-1, request_id=None)], (0, None)),
        # Somebody else's.
        ([feedback(user_id="u2")], (0, None)),
        # By a version of it, and by who is known though no answer is named.
        ([feedback(work_id=None, track_id="t2-live")], (1, 60)),
        ([feedback(request_id=None)], (1, 60)),
        ([feedback(request_id=None, user_id=None)], (0, None)),
        ([feedback(request_id="r2")], (0, None)),
    ],
)
def test_what_feedback_says_of_a_show(came: list[Row], expected: tuple[float, float | None]):
    assert outcome(shown([an_answer()], came)) == expected


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([play()], (1, 60)),
        ([play("t2-live", 9), play()], (1, 9)),
        ([play("t9")], (0, None)),
        ([play(user_id="u2")], (0, None)),
        ([play(seconds=-1)], (0, None)),
        ([play(seconds=86_401)], (0, None)),
        ([play(total_play_count=9)], (0, None)),
        # A work that no training knows is its own track.
        ([play("w2")], (1, 60)),
    ],
)
def test_what_plays_say_of_a_show(came: list[Row], expected: tuple[float, float | None]):
    assert outcome(shown([an_answer()], plays=came)) == expected


def test_a_play_counts_for_the_last_answer_that_showed_the_work():
    answers = [an_answer("r1"), an_answer("r2", answered_at=after(100)), an_answer("r3")]
    other = answers[2] | {"answered_at": after(200), "shown_work_ids": json.dumps(["w8", "w9"])}
    found = shown([*answers[:2], other], plays=[play(seconds=300)])
    assert [outcome(found, name)[0] for name in ("r1", "r2", "r3")] == [0, 1, 0]
    # Shown last at another place, or by an answer that kept no place: it is not the slot's play.
    for last in ({}, {"rising_act": None, "rising_propensity": None}):
        moved = other | {"shown_work_ids": json.dumps(["w2", "w9"])} | last
        found = shown([*answers[:2], moved], plays=[play(seconds=300)])
        assert found["reward"].sum() == 0
    # What names an answer counts for that one.
    found = shown(answers[:2], [feedback(seconds=300)])
    assert [outcome(found, name)[0] for name in ("r1", "r2")] == [1, 0]


def a_cached_answer(request_id: str = "r2", seconds: float = 600, **more: Any) -> Row:
    told = {"cache": "process", "drawn_by": "r1", "answered_at": after(seconds)}
    return an_answer(request_id, **told | more)


@pytest.mark.parametrize("own", [None, "r1"])
@pytest.mark.parametrize("named", ["r1", "r2", "r3", None])
def test_what_comes_of_a_cached_answer_came_of_the_draw_that_it_shows(own, named: str | None):
    """A reward must not depend on whether its listener saw the list once or again."""
    answers = [
        an_answer(drawn_by=own),
        a_cached_answer(),
        a_cached_answer("r3", 700, cache="redis"),
    ]
    found = shown(answers[::-1], [feedback(seconds=800, request_id=named)])
    assert found.select("request_id", "answered_at", "reward", "delay_seconds").rows() == [
        ("r1", NOON, 1.0, 800.0)
    ]
    # A click on one showing and a skip on another are about one draw.
    skipped = [feedback(seconds=800, request_id=named), feedback("skip", 900, request_id="r3")]
    assert outcome(shown(answers, skipped)) == (0, None)
    assert outcome(shown(answers, plays=[play(seconds=800)])) == (1, 800)
    # The day is that of the answer that was seen last.
    late = [feedback(seconds=86_400 + 599, request_id="r2")]
    assert outcome(shown(answers, late)) == (1, 86_999)
    assert outcome(shown(answers, [feedback(seconds=87_000, request_id="r2")])) == (0, None)


def test_a_draw_whose_list_was_late_is_shown_by_the_first_answer_that_has_it():
    late = an_answer("r1", rising_act=None, rising_propensity=None, drawn_by=None)
    found = shown(
        [late, a_cached_answer(), a_cached_answer("r3", 700)],
        [feedback(seconds=5), feedback(seconds=660, request_id="r2")],
    )
    # What the late answer showed in its place was another list.
    assert found.select("request_id", "answered_at", "reward", "delay_seconds").rows() == [
        ("r1", after(600), 1.0, 60.0)
    ]


def test_who_is_not_known_clicks_all_the_same():
    found = shown([an_answer(user_id=None)], [feedback(user_id=None)], [play()])
    assert outcome(found) == (1, 60)


@pytest.mark.parametrize(
    "told",
    [
        {"rising_act": None},
        {"cache": "process"},
        {"rising_propensity": 0.0},
        {"rising_propensity": None},
        {"context_features": None},
        {"context_features": "{"},
        {"context_features": "[1]"},
        {"context_features": json.dumps(PHONE.told())},
        {"context_features": json.dumps({**PHONE.told(), "offered_acts": ["QWER"]})},
        {"context_features": json.dumps({**PHONE.told(), "offered_acts": 3})},
    ],
)
def test_a_line_that_does_not_say_how_was_drawn_teaches_nothing(told: Row):
    found = shown([an_answer("r1"), an_answer("r2", **told)])
    assert found["request_id"].to_list() == ["r1"]


def test_a_place_beyond_the_page_is_never_rewarded():
    assert outcome(shown([an_answer(rising_position=9)], [feedback()])) == (0, None)


def test_an_answer_that_came_twice_is_one_show():
    found = shown([an_answer(), an_answer()], [feedback(), feedback()])
    assert found["reward"].to_list() == [1.0]


def test_the_order_of_lines_does_not_matter():
    answers = [an_answer(f"r{n}", answered_at=after(n)) for n in range(20)]
    plays = [play(seconds=n + 0.5) for n in range(0, 20, 3)]
    assert shown(answers[::-1], plays=plays[::-1]).equals(shown(answers, plays=plays))
    assert shown(answers, plays=plays)["reward"].sum() == 7
