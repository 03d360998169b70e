"""What a training decided and why, from its figures: the tables' own sentences are English alone.

Belongs here: which message says it, with its values. Does not belong here: the words, or the
decision itself (kpop_assets/pareto/champion.py, kpop_assets/ml/training.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from kpop_assets.contracts.rules import CHAMPION_DAYS, MIN_DAYS, TIERS

Said = tuple[str, dict[str, Any]]
# What a model of the front is shown for beside the chosen one.
ROLES = ("chosen", "best_score", "fewest_inputs", "fastest")


def why_not_trained(training: dict[str, Any]) -> Said:
    """Why a training was not carried out.

    Args:
        training: its row of `models/trainings`.
    """
    held = training["train_day_count"]
    if held < MIN_DAYS:
        return "few_days", {"held": held}
    absent = [str(tier) for tier in TIERS if not training[f"tier_{tier}_count"]]
    if absent:
        return "absent_tiers", {"tiers": ", ".join(absent)}
    return "no_origin", {"held": held}


def why_unopposed(champion: dict[str, Any], before: dict[str, Any] | None) -> Said:
    """Why a training had no contest.

    Args:
        champion: its row of `pareto/champion`.
        before: the row before it.
    """
    if champion["incumbent"] is None or before is None:
        return "first", {}
    if not champion["is_new"]:
        return "few_contest_days", {}
    age: dt.timedelta = champion["ingest_date"] - before["trained_date"]
    return ("too_old", {}) if age.days > CHAMPION_DAYS else ("lost_model", {})


def weigh_choice(compared: pl.DataFrame) -> pl.DataFrame:
    """The chosen model beside those that are best in what it costs.

    Args:
        compared: the candidates of a training (`compare_candidates`).

    Returns:
        The rows of compared with roles, a list of `ROLES`: the chosen one, the best by RPS of all,
        and of the front the one with fewest inputs and the fastest. Baselines have no role.
    """
    models = compared.filter(~pl.col("is_baseline"))
    front = models.filter("is_on_front")
    holders = {
        "chosen": compared.filter("is_best"),
        "best_score": models.sort("rps", "feat_count", "candidate"),
        "fewest_inputs": front.sort("feat_count", "rps", "candidate"),
        "fastest": front.sort("latency_ms", "rps", "candidate"),
    }
    roles: dict[str, list[str]] = {}
    for role in ROLES:
        for name in holders[role].get_column("candidate").head(1):
            roles.setdefault(name, []).append(role)
    held = pl.DataFrame(
        {"candidate": roles.keys(), "roles": roles.values()},
        {"candidate": pl.String, "roles": pl.List(pl.String)},
    )
    return held.join(compared, on="candidate", how="left", maintain_order="left")
