"""What follows from scores by aspect: what is liked, disliked, and better or worse than usual.

Belongs here: which aspects stand out beyond chance. Does not belong here: a score, or its words.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

# Of each kind those that most speak of: more than these no reader takes in.
MOST_NAMED = 3


@dataclass(frozen=True)
class AspectVerdicts:
    """Aspects that stand out, each with what it is scored, those most spoken of first.

    Attributes:
        liked: those whose whole 95 % interval lies above 0.
        disliked: those of which it lies below.
        ahead: those of which it lies above the median of the acts of the generation.
        behind: those of which it lies below that.
        to_mend: the one to look at first: disliked, else behind. None where neither is.
        to_show: the one to show more of: liked and ahead, else liked, and not behind.
    """

    liked: dict[str, float]
    disliked: dict[str, float]
    ahead: dict[str, float]
    behind: dict[str, float]
    to_mend: str | None
    to_show: str | None


def judge_aspects(rows: pl.DataFrame) -> AspectVerdicts:
    """What stands out of aspects.

    Args:
        rows: aspect, score_value, low, high, review_count, cohort_value.
    """
    low, high, usual = (pl.col(name) for name in ("low", "high", "cohort_value"))
    ordered = rows.sort("review_count", "aspect", descending=[True, False])

    def first(*stand_out: pl.Expr) -> str | None:
        found = (name for one in stand_out for name in ordered.filter(one)["aspect"])
        return next(found, None)

    def named(stands_out: pl.Expr) -> dict[str, float]:
        found = ordered.filter(stands_out).head(MOST_NAMED)
        return dict(found.select("aspect", "score_value").iter_rows())

    liked, disliked, ahead, behind = low > 0, high < 0, low > usual, high < usual
    return AspectVerdicts(
        liked=named(liked),
        disliked=named(disliked),
        ahead=named(ahead),
        behind=named(behind),
        to_mend=first(disliked, behind),
        to_show=first(liked & ahead, liked & ~behind.fill_null(False)),
    )
