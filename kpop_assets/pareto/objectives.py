"""What makes one candidate worth more than another here.

Belongs here: which figures count, and which way. Does not belong here: dominance itself
(ml/dominance.py), or the contest with the champion before (champion.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from kpop_assets.ml.dominance import Row, Standing, choose_best

# The one place that says whether more of a figure is better.
IS_MORE_BETTER = {
    "accuracy": True,
    "f1": True,
    "rps": False,
    "brier": False,
    "ece": False,
    "rise_auc": True,
    "rise_average_precision": True,
    "top10_hit_rate": True,
    "latency_ms": False,
    "feat_count": False,
}
# The ranked score is the one that decides among the front: proper, so that no model gains by saying
# what it does not expect. Without it as an axis the best by it could be left out.
OBJECTIVES = {
    name: IS_MORE_BETTER[name] for name in ("accuracy", "f1", "rps", "latency_ms", "feat_count")
}
TIES = {name: IS_MORE_BETTER[name] for name in ("feat_count", "latency_ms")}


def choose_champion(rows: Sequence[Row], standings: Sequence[Standing], by: str = "rps") -> Row:
    """The row of the front that is best by one figure.

    Ties go to fewer features, then lower latency, then the name that sorts first.

    Args:
        rows: what `front` compared, as far as it may be champion.
        standings: what it said.
        by: a figure of `IS_MORE_BETTER`.

    Raises:
        ValueError: the figure is unknown, a row of the front lacks it, or the front is empty.
    """
    if by not in IS_MORE_BETTER:
        raise ValueError(f"unknown figure {by}: choose by one of {', '.join(IS_MORE_BETTER)}")
    return choose_best(rows, standings, {by: IS_MORE_BETTER[by]} | TIES)


def choose_viral(rows: Sequence[Row]) -> Row | None:
    """The model that says who becomes viral: of least Brier score, among those that may forecast.

    Ties go to fewer inputs, then the name that sorts first. None where there is none.
    """
    portable = [row for row in rows if row["is_portable"]]
    order = ("viral_brier", "feat_count", "candidate")
    return min(portable, key=lambda row: tuple(row[name] for name in order), default=None)
