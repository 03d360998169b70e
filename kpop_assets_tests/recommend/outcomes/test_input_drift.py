"""What recommendations rest on, counted by day and held against the days before."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from kpop_assets.contracts.recommend_service import INPUT_DAYS
from kpop_assets.lake.rows import empty
from kpop_assets.recommend.outcomes.input_drift import (
    ANSWER_COLUMNS,
    count_inputs,
    drifted_inputs,
    find_drift,
)

DAY = dt.date(2026, 4, 1)
PLAY_SCHEMA = {
    "user_id": pl.String,
    "played_at": pl.Datetime("us", "UTC"),
    "context": pl.String,
    "total_play_count": pl.Int64,
}
ANSWER_SCHEMA = dict.fromkeys(ANSWER_COLUMNS, pl.String) | {"context_hour": pl.Int64}
NO_PLAYS = pl.DataFrame(schema=PLAY_SCHEMA)
NO_ANSWERS = pl.DataFrame(schema=ANSWER_SCHEMA)


def plays(*rows: tuple[str, int, str | None, int | None]) -> pl.DataFrame:
    """Plays by listener, hour in UTC, context and total."""
    at = [dt.datetime(2026, 3, 29, row[1], tzinfo=dt.UTC) for row in rows]
    return pl.DataFrame(
        [(row[0], when, *row[2:]) for row, when in zip(rows, at, strict=True)],
        schema=PLAY_SCHEMA,
        orient="row",
    )


def counted(rows: pl.DataFrame, name: str) -> dict[str, int]:
    of_input = rows.filter(pl.col("input_name") == name)
    return dict(of_input.select("input_value", "input_count").iter_rows())


def days(by_day: dict[int, dict[str, int]], name: str = "answer_device") -> pl.DataFrame:
    """Rows of the table, by days before `DAY`."""
    return pl.DataFrame(
        [
            (DAY - dt.timedelta(days=back), name, value, count)
            for back, counts in by_day.items()
            for value, count in counts.items()
        ],
        schema=empty(INPUT_DAYS).schema,
        orient="row",
    )


def test_plays_are_counted_by_hour_of_seoul_context_and_listener_and_totals_are_no_plays():
    rows = count_inputs(
        plays(("a", 0, "search", None), ("a", 14, None, None), ("b", 15, "search", None))
        .vstack(plays(("a", 15, None, None)))
        .vstack(plays(("c", 3, "search", 90))),
        NO_ANSWERS,
    )
    assert counted(rows, "play_hour") == {"00-03": 2, "09-12": 1, "21-24": 1}
    assert counted(rows, "play_context") == {"search": 2, "unknown": 2}
    assert counted(rows, "plays_of_listener") == {"0001-0001": 1, "0002-0003": 1}
    assert "answer_hour" not in rows["input_name"].to_list()


def test_answers_are_counted_by_context_and_by_the_score_of_the_first_work():
    rows = [
        ("a", 23, "phone", "history", "ko", '["0.1", "0.05"]'),
        (None, None, None, "popular", None, "[]"),
        ("b", 0, "phone", "history", "en", '["7.9"]'),
    ]
    found = count_inputs(NO_PLAYS, pl.DataFrame(rows, schema=ANSWER_SCHEMA, orient="row"))
    assert counted(found, "answer_hour") == {"00-03": 1, "21-24": 1, "unknown": 1}
    assert counted(found, "answer_device") == {"phone": 2, "unknown": 1}
    assert counted(found, "answer_listener") == {"nobody": 1, "somebody": 2}
    by_score = {"0.06 to 0.13": 1, "6.82 to 8.76": 1, "unknown": 1}
    assert counted(found, "answer_top_score") == by_score


def test_values_that_a_client_makes_up_do_not_fill_the_table():
    made_up = plays(*((f"u{n}", 3, f"context {n:03}", None) for n in range(100)))
    found = counted(count_inputs(made_up, NO_ANSWERS), "play_context")
    assert len(found) == 31
    assert (found["other"], found["context 000"]) == (70, 1)
    assert count_inputs(made_up.reverse(), NO_ANSWERS).equals(count_inputs(made_up, NO_ANSWERS))


def test_a_day_unlike_those_before_it_has_drifted_and_says_where_to():
    usual = {"phone": 700, "desk": 300}
    before = dict.fromkeys(range(1, 11), usual)
    [row] = find_drift(days({**before, 0: {"phone": 200, "desk": 300, "car": 500}}), DAY).to_dicts()
    assert row["is_drifted"] and row["stability_index"] > row["stability_limit"] == 0.2
    assert (row["moved_value"], row["moved_from_pct"], row["moved_to_pct"]) == ("car", 0, 50)
    assert (row["day_count"], row["past_count"], row["past_day_count"]) == (1_000, 7_000, 7)
    [same] = find_drift(days({**before, 0: usual}), DAY).to_dicts()
    assert not same["is_drifted"] and same["stability_index"] == pytest.approx(0, abs=1e-6)


def test_of_few_rows_or_days_nothing_is_said():
    other = {"car": 1_000}
    short = {back: {"phone": 1_000} for back in range(1, 6)}
    for by_day in ({**short, 0: other}, {**short, 9: {"phone": 9}, 0: {"car": 199}}):
        [row] = find_drift(days(by_day), DAY).to_dicts()
        assert row["stability_index"] is None and not row["is_drifted"]
    [told] = find_drift(days({**short, 9: {"phone": 9}, 0: {"car": 200}}), DAY).to_dicts()
    assert told["is_drifted"]


def test_days_further_back_or_ahead_change_nothing_and_without_rows_of_the_day_there_is_none():
    before = {back: {"phone": 900, "desk": 100} for back in range(1, 29)}
    inside = days({**before, 0: {"phone": 1}})
    outside = days({29: {"car": 9_999}, -1: {"car": 9_999}})
    assert find_drift(pl.concat([inside, outside]), DAY).equals(find_drift(inside, DAY))
    assert find_drift(days(before), DAY).is_empty()


def test_what_moved_most_is_told_first():
    rows = pl.DataFrame(
        {
            "input_name": ["a", "b", "c"],
            "is_drifted": [True, False, True],
            "stability_index": [0.3, 9.0, 0.5],
        }
    )
    assert [row["input_name"] for row in drifted_inputs(rows)] == ["c", "a"]


def test_a_weekend_day_is_held_against_weekend_days_and_another_against_others():
    week, weekend = {"phone": 700, "desk": 300}, {"phone": 200, "desk": 800}
    by_day = {
        back: weekend if (DAY - dt.timedelta(days=back)).weekday() >= 5 else week
        for back in range(35)
    }
    weeks = days(by_day)
    judged = [find_drift(weeks, DAY - dt.timedelta(days=back)) for back in range(14)]
    assert all(not row["is_drifted"] for rows in judged for row in rows.iter_rows(named=True))
    [odd] = find_drift(days({**by_day, 0: weekend}), DAY).to_dicts()
    assert odd["is_drifted"] and odd["past_day_count"] == 20
