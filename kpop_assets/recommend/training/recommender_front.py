"""Which recommender answers: the front of all, and whether its best replaces the one before.

Belongs here: what makes one recommender worth more than another, and the decision. Does not belong
here: dominance itself (ml/dominance.py), or how scores came about (recommender_training.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpop_assets.ml.dominance import Row, Standing, choose_best, front

# Whether more of it is better.
RECOMMENDER_OBJECTIVES = {"ndcg_10": True, "coverage": True, "novelty": True, "latency_ms": False}
_BY = {"ndcg_10": True, "coverage": True, "latency_ms": False}


@dataclass(frozen=True)
class Crowned:
    """The recommender that answers, and why.

    Attributes:
        champion: its name.
        is_new: whether it replaced the one before.
        challenger: the best of this training.
        incumbent: the champion before; None where there was none.
        decision: as a sentence.
    """

    champion: str
    is_new: bool
    challenger: str
    incumbent: str | None
    decision: str


def stand_recommenders(rows: Sequence[Row]) -> tuple[list[Standing], str]:
    """The standing of each row, and the name of the best that may answer.

    It is the best of the front; where none of the front may answer, of all that may.

    Args:
        rows: figures with `name` and `may_answer`.
    """
    standings = front(rows, RECOMMENDER_OBJECTIVES)
    on_front = {one.name for one in standings if one.is_on_front}
    may = [row for row in rows if row["may_answer"]]
    on_it = [row for row in may if row["name"] in on_front]
    chosen = on_it or may
    all_stand = [Standing(str(row["name"]), True, (), "") for row in chosen]
    return standings, str(choose_best(chosen, all_stand, _BY)["name"])


def crown_recommender(rows: Sequence[Row], best: str, incumbent: str | None) -> Crowned:
    """Let the best of a training meet the champion before it, on the same test weeks.

    It has to lie above the interval of the other: what chance can do replaces nobody.
    """
    by_name = {str(row["name"]): row for row in rows}
    before = by_name.get(incumbent) if incumbent is not None else None
    if incumbent is None:
        return Crowned(best, True, best, None, "no champion before it")
    if before is None:
        return Crowned(best, True, best, incumbent, f"{incumbent} is no recommender any more")
    if best == incumbent:
        return Crowned(best, False, best, incumbent, "the champion before it is the best again")
    gain, usual, high = by_name[best]["ndcg_10"], before["ndcg_10"], before["ndcg_10_high"]
    is_new = gain > high
    verdict = "above" if is_new else "not above"
    decision = (
        f"ndcg_10 {gain:.4f}, {verdict} the interval of {incumbent}, {usual:.4f} up to {high:.4f}"
    )
    return Crowned(best if is_new else incumbent, is_new, best, incumbent, decision)
