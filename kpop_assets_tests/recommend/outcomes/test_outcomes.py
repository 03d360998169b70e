"""What came of answers: plain Python over the same lines, whatever days are filled together."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.catalog.acts import OTHER
from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.recommend_outcomes import OUTCOMES
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.table import Table
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.recommend.outcomes.outcomes import Done, tell_outcomes
from kpop_assets_tests.recommend.play_days import DAY, START, frame, play

ONE = dt.timedelta(days=1)
HOUR = 3600.0
TOLD = "told_date date, track_id string, artist string, artist_name string, work_title string"
# Two versions of a song, and a third of which nobody told before the second day.
SONGS = [
    *[(DAY - ONE, name, "IVE", "IVE", "Eleven", 200_000) for name in ("t1", "t2")],
    (DAY + ONE, "t3", "IVE", "ive", "Eleven", 200_000),
    # The same title by two acts that the catalogue lacks.
    *[(DAY - ONE, f"t{n}", OTHER, f"act {n}", "Eleven", 200_000) for n in (4, 5)],
    # Told too long ago.
    (DAY - 29 * ONE, "t6", "IVE", "IVE", "Eleven", 200_000),
]
BOOLEANS = ("is_clicked", "is_played", "is_completed", "is_skipped", "is_liked", "is_disliked")


def row(table: Table, at: dt.datetime, **values: Any) -> dict[str, Any]:
    """A row of a table at a moment, null where nothing is said."""
    made: dict[str, Any] = {column.name: None for column in table.columns}
    return made | {"ingest_date": at.date(), "landing_file": "f", "line_number": 1} | values


def moment(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def answer(name: str, user: str | None, seconds: float, *works: str, **more: Any) -> dict[str, Any]:
    at = moment(seconds)
    shown = {"shown_work_ids": json.dumps(works), "request_id": name, "user_id": user}
    return row(RECOMMENDATIONS, at, answered_at=at, **shown, **more)


def acted(action: str, user: str | None, seconds: float, track: str, **more: Any) -> dict[str, Any]:
    at = moment(seconds)
    event = f"{action}{user}{seconds}{track}"
    said = {"event_id": event, "user_id": user, "action": action, "work_id": track}
    return row(FEEDBACK, at, acted_at=at, **said | more)


def outcomes(
    spark: SparkSession,
    answers: list[dict],
    said: list[dict] = (),  # type: ignore[assignment]
    plays: list[dict] = (),  # type: ignore[assignment]
    first: dt.date = DAY + ONE,
    days: int = 1,
) -> dict[tuple, dict[str, Any]]:
    """Rows by answer and place, as the asset makes them of the days that it reads."""
    last = first + (days - 1) * ONE
    seen = [
        [one for one in rows if first - ONE <= one["ingest_date"] <= last]
        for rows in (answers, said, plays)
    ]
    made = [
        spark.createDataFrame([tuple(one.values()) for one in rows], spark_schema(table))
        for rows, table in zip(seen[:2], (RECOMMENDATIONS, FEEDBACK), strict=True)
    ]
    done = Done(made[1], frame(spark, seen[2]))
    told_of = spark.createDataFrame(SONGS, f"{TOLD}, duration_ms bigint")
    found = tell_outcomes(made[0], done, told_of, first, last + ONE)
    assert found.columns == OUTCOMES.column_names
    rows = [one.asDict() for one in found.collect()]
    return {(one["ingest_date"], one["request_id"], one["position"]): one for one in rows}


def told(rows: dict[tuple, dict], name: str, position: int, day: dt.date = DAY + ONE) -> set[str]:
    """What is true of a place."""
    return {flag for flag in BOOLEANS if rows[day, name, position][flag]}


@pytest.mark.both_engines
def test_a_place_has_what_the_answer_said_of_it_and_the_rising_one_its_policy(spark: SparkSession):
    lists = {
        "shown_scores": '["0.75", "x"]',
        "shown_propensities": '["1", "0.1"]',
        "shown_reasons": '["near", "rising"]',
    }
    rising = {"rising_act": "IVE", "rising_position": 2, "rising_propensity": 0.1}
    told_of = {"rising_policy": "linucb", "context_features": '{"a": 1}', "source": "demo"}
    told_of |= {"drawn_by": "r0"}
    rows = outcomes(spark, [answer("r", "kim", HOUR, "t1", "t9", **lists, **rising, **told_of)])
    first, second = rows[DAY + ONE, "r", 1], rows[DAY + ONE, "r", 2]
    assert [first[n] for n in ("work_id", "fit_score", "propensity", "reason", "source")] == [
        *("t1", 0.75, 1.0, "near", "demo"),
    ]
    assert (second["work_id"], second["fit_score"], second["reason"]) == ("t9", None, "rising")
    assert (first["is_rising_slot"], second["is_rising_slot"]) == (False, True)
    assert [first[n] for n in ("rising_act", "drawn_by", "context_features")] == [None] * 3
    assert second["drawn_by"] == "r0"
    assert (second["rising_act"], second["rising_policy"]) == ("IVE", "linucb")
    assert told(rows, "r", 1) == told(rows, "r", 2) == set()


@pytest.mark.both_engines
def test_what_is_done_counts_for_the_last_answer_before_it_that_showed_the_song(
    spark: SparkSession,
):
    answers = [
        answer("a", "kim", 1 * HOUR, "t1", "t4"),
        answer("b", "kim", 3 * HOUR, "t2"),
        answer("c", "lee", 3 * HOUR, "t1"),
        answer("d", None, 3 * HOUR, "t1"),
        # The day after: what follows it is not of yesterday's answers.
        answer("e", "kim", 26 * HOUR, "t1"),
    ]
    plays = [
        play("kim", 2 * HOUR, "t2", played_ms=160_000),
        play("kim", 4 * HOUR, "t1", played_ms=29_999),
        play("kim", 24.5 * HOUR, "t4"),
        play("kim", 25.5 * HOUR, "t4"),
        play("kim", 26.5 * HOUR, "t1"),
        play("min", 4 * HOUR, "t1"),
    ]
    rows = outcomes(spark, answers, [], plays)
    assert told(rows, "a", 1) == {"is_played", "is_completed"}
    assert rows[DAY + ONE, "a", 1]["first_play_delay_seconds"] == HOUR
    assert told(rows, "a", 2) == {"is_played"}
    assert told(rows, "b", 1) == {"is_played", "is_skipped"}
    assert told(rows, "c", 1) == told(rows, "d", 1) == set()
    assert not any(key[1] == "e" for key in rows)


@pytest.mark.both_engines
def test_feedback_counts_for_the_answer_that_it_names_and_of_no_other_listener(
    spark: SparkSession,
):
    answers = [
        answer("a", "kim", HOUR, "t1", "t4"),
        answer("b", "kim", 2 * HOUR, "t1", "t4"),
        answer("c", None, 2 * HOUR, "t1"),
    ]
    said = [
        acted("click", "kim", 3 * HOUR, "t2", request_id="a"),
        acted("save", "kim", 3 * HOUR, "t1"),
        acted("hide", None, 3 * HOUR, "t4", request_id="a"),
        acted("like", "lee", 3 * HOUR, "t4", request_id="a"),
        acted("skip", None, 3 * HOUR, "t1", request_id="c"),
        acted("click", "kim", 26.5 * HOUR, "t4", request_id="b"),
        acted("click", "kim", 2 * HOUR - 200, "t4", request_id="b", work_id=None, track_id="t4"),
        acted("like", None, 3 * HOUR, "t4"),
    ]
    rows = outcomes(spark, answers, said)
    assert told(rows, "a", 1) == {"is_clicked"}
    assert told(rows, "a", 2) == {"is_disliked"}
    assert told(rows, "b", 1) == {"is_liked"}
    assert told(rows, "b", 2) == {"is_clicked"}
    assert told(rows, "c", 1) == {"is_skipped"}


def many(seed: int) -> tuple[list[dict], list[dict], list[dict]]:
    """Answers, feedback and plays of three days."""
    rng = random.Random(seed)
    users = ["kim", "lee", "min", None]
    tracks = [f"t{n}" for n in range(1, 7)]

    def when() -> float:
        return round(rng.random() * 72 * HOUR)

    answers = [
        answer(f"r{n}", rng.choice(users), when(), *rng.sample(tracks, rng.randrange(1, 4)))
        for n in range(60)
    ]
    plays = [
        play(rng.choice(users[:3]), when() + n / 1000, rng.choice(tracks), played_ms=length)
        for n, length in enumerate(rng.choices([None, 10_000, 30_000, 160_000, 199_000], k=150))
    ]
    said = [
        acted(
            rng.choice(["click", "skip", "like", "dislike", "hide", "save"]),
            rng.choice(users),
            when() + n / 1000,
            rng.choice(tracks),
            request_id=f"r{rng.randrange(60)}" if rng.random() < 0.5 else None,
        )
        for n in range(150)
    ]
    return answers, said, plays


def is_told(track: str, day: dt.date) -> bool:
    return any(one[1] == track and day - 28 * ONE <= one[0] <= day for one in SONGS)


def song(track: str, day: dt.date) -> str:
    return "Eleven" if is_told(track, day) and track in ("t1", "t2", "t3") else track


def expected(answers: list[dict], said: list[dict], plays: list[dict]) -> dict[tuple, set[str]]:
    """By answer and place what is true of it, in plain Python."""
    shown = [
        (one, position, work)
        for one in answers
        for position, work in enumerate(json.loads(one["shown_work_ids"]), start=1)
    ]
    came: dict[tuple, list[tuple[dt.datetime, str, int | None]]] = {}

    def count(done: dict, at: dt.datetime, track: str, what: str, ms: int | None) -> None:
        day = done["ingest_date"]
        places = [
            (one["answered_at"], one["request_id"], -position, one)
            for one, position, work in shown
            if song(work, day) == song(track, day)
            and dt.timedelta(0) <= at - one["answered_at"] < ONE
        ]
        name = done.get("request_id")
        if name is not None:
            users = {done["user_id"], None}
            theirs = [p for p in places if p[1] == name and p[3]["user_id"] in users]
            theirs += [p for p in places if p[1] == name and done["user_id"] is None]
        else:
            own = [p for p in places if p[3]["user_id"] == done["user_id"] is not None]
            theirs = [max(own, key=lambda p: p[:3])] if own else []
        for _, request, position, one in theirs:
            key = (one["ingest_date"] + ONE, request, -position)
            came.setdefault(key, []).append((at, what, ms))

    for one in plays:
        is_known = is_told(one["track_id"], one["ingest_date"])
        what = "play" if is_known else "play of unknown length"
        count(one, one["played_at"], one["track_id"], what, one["played_ms"])
    for one in said:
        count(one, one["acted_at"], one["work_id"], one["action"], None)
    keys = [(one["ingest_date"] + ONE, one["request_id"], position) for one, position, _ in shown]
    return {key: flags(came.get(key, [])) for key in keys}


def flags(came: list[tuple[dt.datetime, str, int | None]]) -> set[str]:
    whats = {what for _, what, _ in came}
    plays = sorted((at, ms, what) for at, what, ms in came if what.startswith("play"))
    is_completed = any(ms is not None and ms >= 160_000 and what == "play" for _, ms, what in plays)
    is_short = bool(plays) and plays[0][1] is not None and plays[0][1] < 30_000
    found = {
        "is_clicked": "click" in whats,
        "is_played": bool(plays),
        "is_completed": is_completed,
        "is_skipped": "skip" in whats or (is_short and not is_completed),
        "is_liked": bool(whats & {"like", "save"}),
        "is_disliked": bool(whats & {"dislike", "hide"}),
    }
    return {name for name, is_so in found.items() if is_so}


@pytest.mark.both_engines
def test_outcomes_are_those_of_plain_python_in_one_run_and_day_by_day(spark: SparkSession):
    answers, said, plays = many(7)
    together = outcomes(spark, answers, said, plays, DAY + ONE, 2)
    wanted = {k: v for k, v in expected(answers, said, plays).items() if k[0] <= DAY + 2 * ONE}
    assert {key: told(together, key[1], key[2], key[0]) for key in together} == wanted
    assert sum(map(len, wanted.values())) > 40
    for day in (DAY + 2 * ONE, DAY + ONE):
        alone = outcomes(spark, answers, said, plays, day)
        assert alone == {key: one for key, one in together.items() if key[0] == day}
