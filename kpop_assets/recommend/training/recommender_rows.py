"""The rows of a training of recommenders, under the contracts' names.

Belongs here: names and types of rows. Does not belong here: how a figure is computed.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from kpop_assets.contracts.recommend_models import RANKING_COLUMNS
from kpop_assets.ml.dominance import Standing
from kpop_assets.recommend.training.recommender_front import RECOMMENDER_OBJECTIVES, Crowned
from kpop_assets.recommend.training.recommender_training import JudgedRecommender, RecommenderPlan

_ONE_DAY = dt.timedelta(days=1)
Rows = list[dict[str, Any]]


def recommender_training_row(plan: RecommenderPlan, works_date: dt.date | None) -> dict[str, Any]:
    """The row of `recommend/trainings` of a plan, but for what only a training knows."""
    today = plan.today
    plays, tested = today.plays, [week for _, week in plan.tested]
    days = [dt.date(1970, 1, 1) + dt.timedelta(seconds=int(t)) for t in _ends(plays.times)]
    relevant = sum(len(week) for week in tested)
    left_out = 100 * (1 - relevant / plan.heard_count) if plan.heard_count else None
    return {
        "ingest_date": today.day,
        "refusal": plan.refusal,
        "works_date": works_date,
        "listener_count": int((plays.items_per_user() > 0).sum()),
        "work_count": int(today.is_known.sum()),
        "played_work_count": int((plays.users_per_item() > 0).sum()),
        "play_count": int(plays.values.sum()),
        "unknown_play_count": today.all_plays.unknown_play_count,
        "dropped_work_count": today.all_plays.dropped_work_count,
        "dropped_play_count": today.all_plays.dropped_play_count,
        "first_play_date": days[0] if days else None,
        "last_play_date": days[1] if days else None,
        "test_week_count": len(tested),
        "test_listener_count": len({int(user) for week in tested for user in week.users}),
        "relevant_count": relevant,
        "left_out_pct": left_out,
        "is_simulated": today.works.is_simulated,
        "champion": None,
        "bundle_version": None,
        "recipe_digest": None,
    }


def recommender_backtest_rows(day: dt.date, judged: Sequence[JudgedRecommender]) -> Rows:
    """The rows of `recommend/backtests` of a training."""
    return [
        {
            "ingest_date": day,
            "test_date": week.moment.day + _ONE_DAY,
            "model": one.name,
            "listener_group": group,
            "listener_count": int(week.mask(group).sum()),
            **week.figures(group),
        }
        for one in judged
        for week in one.weeks
        for group in week.present_groups()
    ]


def recommender_score_rows(day: dt.date, judged: Sequence[JudgedRecommender]) -> Rows:
    """The rows of `recommend/model_scores` of a training, but for run_id."""
    names = [column.name for column in RANKING_COLUMNS]
    return [
        {
            "ingest_date": day,
            "model": one.name,
            "is_baseline": one.is_baseline,
            "may_answer": one.may_answer,
            "setting": one.setting,
            "listener_count": one.figures.get("listener_count"),
            **{name: one.figures.get(name) for name in names},
            "rmse": one.rating.rmse if one.rating else None,
            "mae": one.rating.mae if one.rating else None,
            "rating_count": one.rating.count if one.rating else None,
            "latency_ms": one.latency_ms,
            "memory_mb": one.memory_mb,
            "fit_seconds": math.ceil(one.fit_seconds),
        }
        for one in judged
    ]


def recommender_front_rows(
    scores: Sequence[Mapping[str, Any]], standings: Sequence[Standing], best: str
) -> Rows:
    """The rows of `recommend/front`: of each that was ranked, its standing."""
    by_name = {standing.name: standing for standing in standings}
    return [
        {
            "ingest_date": row["ingest_date"],
            "model": row["model"],
            "is_on_front": by_name[row["model"]].is_on_front,
            "is_best": row["model"] == best,
            "front_reason": by_name[row["model"]].reason,
            **{name: row[name] for name in RECOMMENDER_OBJECTIVES},
        }
        for row in scores
        if row["model"] in by_name
    ]


def recommender_champion_row(
    day: dt.date, crowned: Crowned, scores: Sequence[Mapping[str, Any]], bundle: str | None
) -> dict[str, Any]:
    """The row of `recommend/champion`."""
    gains = {row["model"]: row["ndcg_10"] for row in scores}
    return {
        "ingest_date": day,
        "model": crowned.champion,
        "is_new": crowned.is_new,
        "challenger": crowned.challenger,
        "challenger_ndcg_10": gains[crowned.challenger],
        "incumbent": crowned.incumbent,
        "incumbent_ndcg_10": gains.get(crowned.incumbent),
        "decision": crowned.decision,
        "bundle_version": bundle,
    }


def _ends(times: Any) -> list[int]:
    return [int(times.min()), int(times.max())] if len(times) else []
