"""What a day's answers were like, and what came of them."""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.recommend.outcomes.answer_days import (
    ANSWERED_COLUMNS,
    FEEDBACK_COLUMNS,
    count_answers,
)

DAY = dt.date(2026, 3, 10)
SCHEMA = dict.fromkeys(ANSWERED_COLUMNS, pl.String) | {"response_ms": pl.Float64}
ANSWERS = pl.DataFrame(
    [
        ("r1", "a", '["order=mix", "rising=linucb"]', None, "none", 4.0, '["w1", "w2"]', "IU"),
        ("r2", "a", '["order=mix"]', None, "process", 1.0, '["w1", "w2"]', None),
        ("r3", "b", '["order=trees"]', "late", "none", 60.0, '["w3"]', None),
        ("r4", None, "[]", None, "redis", 2.0, "[]", None),
        ("r5", None, None, None, None, None, '["w1"]', None),
    ],
    schema=SCHEMA,
    orient="row",
).with_columns(pl.lit(DAY).alias("ingest_date"))


def feedback(*rows: tuple[str | None, str | None, str]) -> pl.DataFrame:
    schema = dict.fromkeys(("request_id", "work_id", "action"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.lit(None, pl.String).alias("track_id")
    )


def row_of(rows: pl.DataFrame, experiment: str, variant: str) -> dict[str, object]:
    is_it = (pl.col("experiment") == experiment) & (pl.col("variant") == variant)
    return rows.row(by_predicate=is_it, named=True)


def test_an_answer_counts_in_the_whole_once_and_in_each_variant_that_gave_it():
    rows = count_answers(ANSWERS, None, DAY)
    assert rows.select("experiment", "variant", "answer_count").sort(
        "experiment", "variant"
    ).rows() == [
        ("*", "*", 5),
        ("order", "mix", 2),
        ("order", "trees", 1),
        ("rising", "linucb", 1),
    ]
    whole = row_of(rows, "*", "*")
    counts = ("answered_listener_count", "fallback_count", "cached_count", "shown_count")
    assert [whole[name] for name in counts] == [2, 1, 2, 6]
    assert whole["rising_shown_count"] == 1
    assert [whole[f"response_ms_p{part}"] for part in (50, 95, 99)] == [4.0, 60.0, 60.0]
    assert row_of(rows, "order", "mix")["cached_count"] == 1


def test_what_was_done_is_unknown_where_nobody_tells_and_else_nought_where_nothing_was():
    assert row_of(count_answers(ANSWERS, None, DAY), "*", "*")["clicked_count"] is None
    done = feedback(
        *[("r1", "w1", "click")] * 2,
        *(("r1", "w2", action) for action in ("click", "save", "like", "skip")),
        *(("r2", "w1", "hide"), ("elsewhere", "w1", "click"), (None, "w1", "click")),
    )
    rows = count_answers(ANSWERS, done, DAY)
    names = ("clicked_count", "skipped_count", "liked_count", "disliked_count")
    assert [row_of(rows, "*", "*")[name] for name in names] == [2, 1, 1, 1]
    assert [row_of(rows, "rising", "linucb")[name] for name in names] == [2, 1, 1, 0]
    assert [row_of(rows, "order", "trees")[name] for name in names] == [0, 0, 0, 0]


def test_what_was_done_about_a_work_that_the_answer_did_not_show_is_not_counted():
    done = feedback(
        *(("r1", work, "click") for work in ("w1", "x1", "x2", "x3", "x4")),
        *(("r1", "w3", "like"), ("r3", "w1", "skip"), ("r4", "w1", "hide"), ("r1", None, "click")),
    )
    whole = row_of(count_answers(ANSWERS, done, DAY), "*", "*")
    names = ("clicked_count", "skipped_count", "liked_count", "disliked_count")
    assert [whole[name] for name in names] == [1, 0, 0, 0]


def test_what_names_a_track_alone_counts_for_the_work_that_is_called_so():
    named = feedback(("r1", None, "click"), ("r2", None, "click")).with_columns(
        pl.Series("track_id", ["w2", "x9"])
    )
    assert set(named.columns) == set(FEEDBACK_COLUMNS)
    assert row_of(count_answers(ANSWERS, named, DAY), "*", "*")["clicked_count"] == 1


def test_a_click_past_midnight_counts_on_its_day_by_the_variant_of_the_answer_before():
    evening = ANSWERS.filter(pl.col("request_id") == "r3").with_columns(
        pl.lit(DAY - dt.timedelta(days=1)).alias("ingest_date"), request_id=pl.lit("r0")
    )
    both = pl.concat([evening, ANSWERS])
    found = count_answers(both, feedback(("r0", "w3", "click")), DAY)
    assert row_of(found, "order", "trees")["clicked_count"] == 1
    assert row_of(found, "order", "trees")["answer_count"] == 1
    assert row_of(found, "*", "*")["answer_count"] == 5


def test_a_day_without_answers_has_no_row():
    assert count_answers(ANSWERS.clear(), None, DAY).is_empty()
