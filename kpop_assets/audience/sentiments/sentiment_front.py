"""Which family of sentiment answers: the front of all, and the best of those that may.

Belongs here: what makes one family worth more than another, and the choice. Does not belong here:
dominance itself (ml/dominance.py), or how figures came about (sentiment_training.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpop_assets.contracts.audience_rules import MOST_SENTIMENT_MS
from kpop_assets.ml.dominance import Row, Standing, choose_best, front

# Whether more of it is better.
SENTIMENT_OBJECTIVES: Mapping[str, bool] = {
    "end_accuracy": True,
    "end_f1": True,
    "end_ece": False,
    "latency_ms": False,
    "size_mb": False,
}
_BY = {"end_accuracy": True, "end_ece": False, "latency_ms": False}


def stand_sentiment(rows: Sequence[Row]) -> tuple[list[Standing], str]:
    """The standing of each family, and the name of the one that answers.

    It is the most accurate of those that may answer within `MOST_SENTIMENT_MS`: none that may
    stands before it on the front, whatever stands there that may not. Where none is fast enough it
    is the fastest.

    Args:
        rows: figures with `name` and `may_be_kept`.

    Raises:
        ValueError: none may answer.
    """
    standings = front(rows, SENTIMENT_OBJECTIVES)
    may = [row for row in rows if row["may_be_kept"]]
    best = [row for row in may if float(row["latency_ms"]) <= MOST_SENTIMENT_MS]
    if not best:
        return standings, str(min(may, key=lambda row: float(row["latency_ms"]))["name"])
    all_stand = [Standing(str(row["name"]), True, (), "") for row in best]
    return standings, str(choose_best(best, all_stand, _BY)["name"])
