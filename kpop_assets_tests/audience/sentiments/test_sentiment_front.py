"""Which family answers."""

from __future__ import annotations

from typing import Any

from kpop_assets.audience.sentiments.sentiment_front import stand_sentiment


def row(name: str, accuracy: float, latency_ms: float, **more: Any) -> dict[str, Any]:
    figures = {"end_f1": accuracy, "end_ece": 0.02, "size_mb": 1.0, "may_be_kept": True}
    return {"name": name, "end_accuracy": accuracy, "latency_ms": latency_ms, **figures, **more}


def test_the_most_accurate_that_is_quick_enough_answers():
    rows = [row("slow", 0.9, 900), row("quick", 0.86, 90), row("quicker", 0.8, 10)]
    standings, best = stand_sentiment(rows)
    assert best == "quick"
    assert all(one.is_on_front for one in standings)


def test_what_cannot_be_kept_answers_nobody():
    rows = [row("network", 0.9, 50, may_be_kept=False), row("letters", 0.86, 60)]
    standings, best = stand_sentiment(rows)
    assert best == "letters"
    assert [one.is_on_front for one in standings] == [True, False]


def test_where_none_is_quick_enough_the_quickest_answers():
    assert stand_sentiment([row("a", 0.9, 900), row("b", 0.8, 800)])[1] == "b"


def test_what_another_beats_on_every_figure_is_off_the_front():
    standings, _ = stand_sentiment([row("a", 0.9, 10), row("b", 0.8, 20)])
    assert standings[1].dominated_by == ("a",)
