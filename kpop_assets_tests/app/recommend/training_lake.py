"""Small lakes of trainings of recommenders, as their tables have them.

Belongs here: such rows. Does not belong here: what pages make of them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from app.snapshot import Snapshot
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_BACKTESTS,
    RECOMMENDER_CHAMPION,
    RECOMMENDER_FRONT,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows

WEEKS = (days_ago(13), days_ago(6))
# By model: nDCG@10, coverage, novelty, ms; whether it may answer.
MODELS = {
    "hybrid_trees": (0.12, 0.30, 5.0, 4.0, True),
    "alternating_factors": (0.10, 0.20, 4.0, 1.0, True),
    "popularity": (0.05, 0.01, 2.0, 0.5, False),
    # The same as popularity, and slower.
    "svd_specified": (0.05, 0.01, 2.0, 0.9, False),
}
FRONT = ("hybrid_trees", "alternating_factors", "popularity")
RATERS = {"drawn_factors": (0.89, 0.70), "svd_specified": (0.95, 0.76)}
_RANKED = ("recall_10", "recall_20", "map_10", "hit_10", "intra_list_diversity", "gini")


def write_trainings(home: Path, **champion: Any) -> Snapshot:
    """A lake with a training of `DAY` that succeeded; more of its champion if any is given."""
    counts = {"listener_count": 200, "work_count": 90, "played_work_count": 80}
    counts |= {"play_count": 5_000, "unknown_play_count": 7, "test_week_count": 2}
    counts |= {"test_listener_count": 150, "relevant_count": 900, "left_out_pct": 12.5}
    trained = {"ingest_date": DAY, "first_play_date": days_ago(60), "last_play_date": DAY}
    write_rows(home, RECOMMENDER_TRAININGS, [{**trained, **counts, "champion": "hybrid_trees"}])
    scores = [_score(name) for name in MODELS]
    scores += [
        {"ingest_date": DAY, "model": name, "rmse": rmse, "mae": mae, "rating_count": 40}
        for name, (rmse, mae) in RATERS.items()
        if name not in MODELS
    ]
    write_rows(home, RECOMMENDER_SCORES, scores)
    write_rows(home, RECOMMENDER_FRONT, [_standing(name) for name in MODELS])
    write_rows(home, RECOMMENDER_BACKTESTS, [row for week in WEEKS for row in _tested(week)])
    decided = {"model": "hybrid_trees", "is_new": True, "challenger": "hybrid_trees"}
    decided |= {"ingest_date": DAY, "challenger_ndcg_10": 0.12, **champion}
    return write_rows(home, RECOMMENDER_CHAMPION, [decided])


def refuse_training(home: Path, day: dt.date) -> Snapshot:
    """A training that was refused."""
    row = {"ingest_date": day, "refusal": "plays of 6 days, and 28 are needed"}
    return write_rows(home, RECOMMENDER_TRAININGS, [row])


def _figures(name: str) -> dict[str, Any]:
    ndcg, coverage, novelty, _, _ = MODELS[name]
    ends = {"ndcg_10_low": ndcg - 0.01, "ndcg_10_high": ndcg + 0.01}
    others = dict.fromkeys(_RANKED, 0.3) | {"coverage": coverage, "novelty": novelty}
    return {"model": name, "ndcg_10": ndcg, **ends, **others}


def _score(name: str) -> dict[str, Any]:
    *_, milliseconds, may_answer = MODELS[name]
    rmse, mae = RATERS.get(name, (None, None))
    return {
        **{"ingest_date": DAY, **_figures(name), "listener_count": 150},
        **{"latency_ms": milliseconds, "memory_mb": 2.0, "fit_seconds": 3, "run_id": f"run {name}"},
        **{"is_baseline": name == "popularity", "may_answer": may_answer, "setting": "usual"},
        **{"rmse": rmse, "mae": mae, "rating_count": None if rmse is None else 40},
    }


def _standing(name: str) -> dict[str, Any]:
    verdict = {"is_on_front": name in FRONT, "is_best": name == "hybrid_trees"}
    return {"ingest_date": DAY, "model": name, **verdict}


def _tested(week: dt.date) -> list[dict[str, Any]]:
    groups = {"everybody": 150, "new": 20, "light": 100, "heavy": 30}
    return [
        {"ingest_date": DAY, "test_date": week, **_figures(name)}
        | {"listener_group": group, "listener_count": count}
        for name in MODELS
        for group, count in groups.items()
    ]
