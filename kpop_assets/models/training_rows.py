"""The rows of the models tables: what a training left behind, under the contract's names.

Belongs here: names and types of rows. Does not belong here: how a figure is computed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from kpop_assets.ml.metrics import Metrics
from kpop_assets.ml.ranked import rps_skill
from kpop_assets.ml.training import Trained, TrainingPlan
from kpop_assets.models.dataset import HORIZON_DAYS, IS_VIRAL, PROBABILITIES, VIRAL_TARGET

P_VIRAL = VIRAL_TARGET.probabilities[VIRAL_TARGET.classes.index(IS_VIRAL)]


def training_row(
    planned: TrainingPlan, viral: TrainingPlan, inputs_digest: str, recipe_digest: str
) -> pd.DataFrame:
    """The row of `models/trainings` of two plans, carried out or refused."""
    census = planned.census
    return pd.DataFrame(
        [
            {
                "ingest_date": planned.day,
                "refusal": planned.refusal,
                "horizon_days": HORIZON_DAYS,
                "train_row_count": census.row_count,
                "train_artist_count": census.subject_count,
                "train_day_count": census.day_count,
                **{f"tier_{tier}_count": count for tier, count in census.class_counts.items()},
                "cut_count": len(planned.origins),
                "inputs_digest": inputs_digest,
                # Nothing forecasts where the tier could not be learned.
                "viral_refusal": planned.refusal or viral.refusal,
                "recipe_digest": recipe_digest,
            }
        ]
    )


def backtest_rows(day: dt.date, trained: Trained) -> pd.DataFrame:
    """The rows of `models/backtests` of one candidate."""
    rows = trained.backtest.rename(columns={"ingest_date": "forecast_date"})
    names = ["forecast_date", "artist", "cut_date", "tier", "target_tier", *PROBABILITIES]
    return rows[names].assign(ingest_date=pd.Timestamp(day), candidate=trained.candidate.name)


def viral_backtest_rows(day: dt.date, trained: Trained) -> pd.DataFrame:
    """The rows of `models/viral_backtests` of one candidate."""
    rows = trained.backtest
    return pd.DataFrame(
        {
            "ingest_date": pd.Timestamp(day),
            "candidate": trained.candidate.name,
            "forecast_date": rows["ingest_date"],
            "artist": rows["artist"],
            "cut_date": rows["cut_date"],
            "p_viral": rows[P_VIRAL],
            "is_viral": rows[VIRAL_TARGET.outcome] == IS_VIRAL,
        }
    )


def viral_score_rows(day: dt.date, trained: Sequence[Trained]) -> list[dict[str, Any]]:
    """The rows of `models/viral_scores` of a training, but for run_id and model_uri."""
    return [
        {
            "ingest_date": day,
            **_about(one),
            "viral_base_rate": one.metrics.rise_base_rate,
            "viral_average_precision": one.metrics.rise_average_precision,
            "viral_auc": one.metrics.rise_auc,
            "viral_top10_hit_rate": one.metrics.top_hit_rate,
            # Of two classes the ranked score is the squared error of the first one's probability.
            "viral_brier": one.metrics.rps,
            "viral_log_loss": one.metrics.log_loss,
            "viral_ece": one.metrics.ece,
            "test_count": one.metrics.test_count,
        }
        for one in trained
    ]


def score_rows(day: dt.date, trained: Sequence[Trained]) -> list[dict[str, Any]]:
    """The rows of `models/candidate_scores` of a training, but for run_id and model_uri.

    The skills compare with the baselines persistence and Markov of the same training:
    1 - rps / rps of the baseline (Wilks, Statistical methods in the atmospheric sciences).
    """
    baselines = {t.candidate.family: t.metrics.rps for t in trained if t.candidate.is_baseline}
    best = min(baselines.values())
    return [
        {
            "ingest_date": day,
            **_about(one),
            **_figures(one.metrics),
            "rps_skill": rps_skill(one.metrics.rps, baselines["persistence"]),
            "rps_skill_markov": rps_skill(one.metrics.rps, baselines["markov"]),
            "is_better_than_baselines": one.metrics.rps < best,
        }
        for one in trained
    ]


def _about(one: Trained) -> dict[str, Any]:
    """What a candidate is and costs, whatever it forecasts."""
    return {
        "candidate": one.candidate.name,
        "family": one.candidate.family,
        "is_baseline": one.candidate.is_baseline,
        "is_portable": one.candidate.is_portable,
        # To a tenth: of what else is equal, jitter must not decide which is dominated.
        "latency_ms": round(one.latency_ms, 1),
        "feat_count": len(one.candidate.features),
        "model_size_bytes": one.size_bytes,
        "train_count": one.train_count,
        "temperature": one.temperature,
    }


def _figures(metrics: Metrics) -> dict[str, Any]:
    figures = dataclasses.asdict(metrics)
    figures.pop("log_loss")
    # Under the contract's name, which says how many they are.
    return figures | {"top10_hit_rate": figures.pop("top_hit_rate")}
