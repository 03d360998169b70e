"""What came of a day's answers, by variant."""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts.recommend_service import EVERYTHING, OUTCOME_DAYS
from kpop_assets.recommend.outcomes.outcome_days import CAME_OF, COUNTED_COLUMNS, count_outcomes

COUNTS = ("shown_work_count", *CAME_OF.values())


def shown(*rows: tuple[str | None, str]) -> pl.DataFrame:
    """Works by the variants of their answers and by what was done about them."""
    told = [(named, *(said in done.split() for said in CAME_OF)) for named, done in rows]
    schema = {"applied_variants": pl.String, **dict.fromkeys(CAME_OF, pl.Boolean)}
    return pl.DataFrame(told, schema, orient="row").select(COUNTED_COLUMNS)


def counts_of(rows: pl.DataFrame) -> dict[tuple[str, str], tuple[int, ...]]:
    return {
        (row["experiment"], row["variant"]): tuple(row[n] for n in COUNTS)
        for row in rows.to_dicts()
    }


def test_a_work_counts_in_the_whole_once_and_in_each_variant_that_gave_it():
    rows = count_outcomes(
        shown(
            ('["order=mix", "rising=linucb"]', "is_clicked is_played is_completed"),
            ('["order=mix", "rising=linucb"]', "is_played is_skipped"),
            ('["order=mix"]', ""),
            ('["order=trees"]', "is_liked is_disliked"),
            ("[]", "is_played"),
            (None, "is_clicked"),
        )
    )
    assert set(rows.columns) == {*OUTCOME_DAYS.column_names} - {"ingest_date"}
    assert counts_of(rows) == {
        (EVERYTHING, EVERYTHING): (6, 2, 3, 1, 1, 1, 1),
        ("order", "mix"): (3, 1, 2, 1, 1, 0, 0),
        ("order", "trees"): (1, 0, 0, 0, 0, 1, 1),
        ("rising", "linucb"): (2, 1, 2, 1, 1, 0, 0),
    }


def test_a_day_without_answers_has_no_row():
    assert count_outcomes(shown()).is_empty()
