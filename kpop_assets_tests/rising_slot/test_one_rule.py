"""What a click or a play counts for is one rule: of days that are over, and of the newest lines."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import polars as pl
import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.rising_slot import SLOT_COLUMNS
from kpop_assets.lake.rows import empty
from kpop_assets.rising_slot.outcome_shows import shows_of_outcomes
from kpop_assets.rising_slot.rising_choice import ChosenAct, logged_choice
from kpop_assets_tests.recommend.outcomes.test_outcomes import HOUR, acted, answer, outcomes
from kpop_assets_tests.recommend.play_days import DAY, play
from kpop_assets_tests.rising_slot.shows import PHONE
from kpop_assets_tests.rising_slot.test_shown_acts import shown

ONE = dt.timedelta(days=1)
# Two are versions of one song, which is called as the first.
TRACKS = ("t1", "t2", "t7", "t8")
WORKS = ("t1", "t7", "t8")
USERS = ("kim", "lee", "min", None)


def an_answer(rng: random.Random, name: str, second: float, user: str | None) -> dict[str, Any]:
    """An answer with or without a kept place."""
    works = rng.sample(WORKS, 3)
    if rng.random() < 0.3:
        return answer(name, user, second, *works)
    told = logged_choice(ChosenAct("IU", 0.5, "thompson", ("IU", "AKMU")), PHONE)
    told["context_features"] = told.pop("context")
    return answer(name, user, second, *works, **told, rising_position=2, drawn_by=name)


def a_log(seed: int) -> tuple[list[dict], list[dict], list[dict]]:
    """Answers of three days, some of them shown again from a cache, and what followed."""
    rng = random.Random(seed)
    answers = []
    for number in range(80):
        second = round(rng.random() * 71 * HOUR)
        one = an_answer(rng, f"r{number}", second, rng.choice(USERS))
        answers.append(one)
        for again in range(rng.choice((0, 0, 1, 2))):
            later = second + (again + 1) * rng.choice((60, 600, 3_000))
            shown_again = answer(f"r{number}-{again}", one["user_id"], later)
            kept = {"request_id", "answered_at", "ingest_date"}
            answers.append(one | {n: shown_again[n] for n in kept} | {"cache": "process"})
    said, plays = [], []
    for number in range(400):
        # Before it, soon after it, about a day after it, two days after it.
        about = rng.choice(answers)
        since = (about["answered_at"] - answers[0]["answered_at"]).total_seconds()
        base = (answers[0]["answered_at"] - answer("x", None, 0)["answered_at"]).total_seconds()
        later = rng.choice((-200, -400, 30, 4_000, 86_390, 86_399, 86_400, 86_500, 2 * 86_400))
        second = base + since + later + number / 1_000
        track, user = rng.choice(TRACKS), rng.choice((about["user_id"], "kim", None))
        if rng.random() < 0.5 and user is not None:
            plays.append(play(user, second, track))
            continue
        named = about["request_id"] if rng.random() < 0.6 else None
        action = rng.choice(("click", "click", "click", "like", "save", "skip", "hide"))
        said.append(acted(action, user, second, track, request_id=named))
    return answers, said, plays


@pytest.mark.both_engines
@pytest.mark.parametrize("seed", range(3))
def test_the_newest_lines_say_of_a_show_what_outcomes_say_once_its_day_is_over(
    spark: SparkSession, seed: int
):
    answers, said, plays = a_log(seed)
    rows = outcomes(spark, answers, said, plays, DAY + ONE, 4)
    schema = empty(OUTCOMES).select(SLOT_COLUMNS).schema
    told = [{name: row[name] for name in SLOT_COLUMNS} for row in rows.values()]
    over = shows_of_outcomes(pl.DataFrame(told, schema))
    newest = shown(answers, said, plays, {"t1": "t1", "t2": "t1"})
    names = ("request_id", "user_id", "answered_at", "reward")
    assert sorted(newest.select(names).rows()) == sorted(over.select(names).rows())
    assert 10 < newest["reward"].sum() < len(newest) - 10
