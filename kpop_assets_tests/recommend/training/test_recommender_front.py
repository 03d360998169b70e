"""Which recommender answers, and when one replaces another."""

from __future__ import annotations

from typing import Any

from kpop_assets.recommend.training.recommender_front import crown_recommender, stand_recommenders


def row(name: str, ndcg: float, latency: float = 1.0, may_answer: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "ndcg_10": ndcg,
        "ndcg_10_high": ndcg + 0.02,
        "coverage": 0.5,
        "novelty": 3.0,
        "latency_ms": latency,
        "may_answer": may_answer,
    }


def test_the_best_of_the_front_that_may_answer_is_the_best():
    rows = [row("a", 0.3, may_answer=False), row("b", 0.2, 0.5), row("c", 0.1, 0.1)]
    standings, best = stand_recommenders(rows)
    assert [one.is_on_front for one in standings] == [True, True, True]
    assert best == "b"


def test_where_none_of_the_front_may_answer_the_best_that_may_does():
    rows = [row("a", 0.3, 0.1, may_answer=False), row("b", 0.1), row("c", 0.2)]
    standings, best = stand_recommenders(rows)
    assert [one.is_on_front for one in standings] == [True, False, False]
    assert best == "c"


def test_a_champion_is_replaced_only_by_what_lies_above_its_interval():
    rows = [row("old", 0.20), row("within", 0.215), row("above", 0.25)]
    kept = crown_recommender(rows, "within", "old")
    assert (kept.champion, kept.is_new) == ("old", False)
    assert "not above the interval of old, 0.2000 up to 0.2200" in kept.decision
    replaced = crown_recommender(rows, "above", "old")
    assert (replaced.champion, replaced.is_new) == ("above", True)


def test_the_first_champion_and_one_whose_predecessor_is_gone_are_unopposed():
    rows = [row("a", 0.2)]
    assert crown_recommender(rows, "a", None).is_new
    assert crown_recommender(rows, "a", "gone").decision == "gone is no recommender any more"
    assert not crown_recommender(rows, "a", "a").is_new
