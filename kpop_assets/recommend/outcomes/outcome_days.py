"""What came of a day's answers by variant: how many works were clicked, played, heard to the end.

Belongs here: rows of `recommend/outcome_days`. Does not belong here: what came of a single work
(outcomes.py), or whether a variant is better (experiments/).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.recommend.outcomes.answer_days import variants_of

# What an outcome says of a work, and what the number of such works is called.
CAME_OF = {
    "is_clicked": "clicked_work_count",
    "is_played": "taken_work_count",
    "is_completed": "finished_work_count",
    "is_skipped": "skipped_work_count",
    "is_liked": "liked_work_count",
    "is_disliked": "disliked_work_count",
}
COUNTED_COLUMNS = ("applied_variants", *CAME_OF)


def sum_outcomes(shown: pl.DataFrame, *by: str) -> pl.DataFrame:
    """How many works were shown, and of how many each outcome is true.

    Args:
        shown: `by` and the booleans of `CAME_OF`, of `recommend/outcomes`.
        by: what has a row each.
    """
    return shown.group_by(by).agg(
        pl.len().cast(pl.Int64).alias("shown_work_count"),
        *(pl.col(said).sum().cast(pl.Int64).alias(name) for said, name in CAME_OF.items()),
    )


def count_outcomes(shown: pl.DataFrame) -> pl.DataFrame:
    """Rows of a day but its date.

    Args:
        shown: `COUNTED_COLUMNS` of one day of `recommend/outcomes`.
    """
    # Few are told apart: works are counted first, then given to each variant that applied.
    counts = sum_outcomes(shown, "applied_variants")
    told = counts.join(
        variants_of(counts, "applied_variants"), "applied_variants", nulls_equal=True
    )
    return told.drop("applied_variants").group_by("experiment", "variant").sum()
