"""The registry of what competes to forecast tiers, and what its models are built of.

Belongs here: feature subsets, and the families of models with their settings. Does not belong
here: how an estimator works (baselines.py, estimators.py), training, or scores.

To add a family, add an entry to `FAMILIES`; to add a feature subset, a key to `FEATURE_SUBSETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from lightgbm import LGBMClassifier
from sklearn.ensemble import RandomForestClassifier

from kpop_assets.contracts import rules
from kpop_assets.ml.baselines import (
    EARLIER,
    TODAY,
    Markov,
    Persistence,
    Seasonal,
    TierForecaster,
)
from kpop_assets.models.estimators import (
    GOLD_8,
    CumulativeLogit,
    OnColumns,
    RidgeLogistic,
    after_scaling,
)
from kpop_assets.models.mllib import MllibForecaster

SEED = 42

FEATURE_SUBSETS: dict[str, tuple[str, ...]] = {
    "three": ("nowcast_1d", "nowcast_3d", "new_share"),
    "gold8": GOLD_8,
    # With where the artist would stand if its last days went on, how safe that is, and where it
    # has been.
    "all": (
        *GOLD_8,
        "tier",
        "percentile",
        "percentile_max_28d",
        "nowcast_1d",
        "nowcast_3d",
        "nowcast_7d",
        *(f"distance_{tier}" for tier in rules.TIERS[:-1]),
        "top_margin",
        "video_count",
        "days_absent",
        "days_since_new",
        "new_share",
        "pace_change_7d",
        "pace_change_week",
        "presence_7",
    ),
}


@dataclass(frozen=True)
class Candidate:
    """One model that competes.

    Attributes:
        name: "<family>/<subset>", unique.
        family: kind of model.
        features: columns it reads.
        build: makes a new, unfitted estimator.
        is_baseline: whether it is there to be beaten.
        is_portable: whether its model forecasts without a Spark session.
        description: one sentence for people.
    """

    name: str
    family: str
    features: tuple[str, ...]
    build: Callable[[], Any]
    is_baseline: bool = False
    is_portable: bool = True
    description: str = ""


def _logistic_regression(features: tuple[str, ...]) -> OnColumns:
    return OnColumns(after_scaling(RidgeLogistic()), features)


def _random_forest(features: tuple[str, ...]) -> OnColumns:
    forest = RandomForestClassifier(
        n_estimators=250, max_depth=12, min_samples_leaf=10, random_state=SEED, n_jobs=1
    )
    return OnColumns(forest, features)


def _lightgbm(features: tuple[str, ...]) -> OnColumns:
    trees = LGBMClassifier(
        n_estimators=120,
        learning_rate=0.04,
        num_leaves=8,
        min_child_samples=40,
        subsample=0.7,
        subsample_freq=1,
        colsample_bytree=0.6,
        reg_lambda=5.0,
        random_state=SEED,
        # With these and a fixed number of threads, a fit repeats to the last bit.
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbosity=-1,
    )
    return OnColumns(trees, features)


def _ordinal(features: tuple[str, ...]) -> OnColumns:
    return OnColumns(after_scaling(CumulativeLogit()), features)


FAMILIES: dict[str, tuple[Callable[[tuple[str, ...]], TierForecaster], str]] = {
    "logistic_regression": (
        _logistic_regression,
        "Multinomial logistic regression, penalty 0.01.",
    ),
    "random_forest": (_random_forest, "250 trees of depth 12 at most, 10 rows in a leaf."),
    "lightgbm": (_lightgbm, "120 rounds of boosted trees of 8 leaves."),
    "ordinal": (_ordinal, "One logistic model per border between tiers, made consistent."),
}
_OWN_PAST = "The artist's own tiers on this weekday of the last four weeks."
BASELINES = (
    Candidate(
        "persistence/tier",
        "persistence",
        (TODAY,),
        Persistence,
        True,
        description="No tier changes.",
    ),
    Candidate(
        "markov/tier",
        "markov",
        (TODAY,),
        Markov,
        True,
        description="What artists of this tier did.",
    ),
    Candidate(
        "seasonal/weekdays", "seasonal", (TODAY, *EARLIER), Seasonal, True, description=_OWN_PAST
    ),
)


def candidates(engine: str = "sail") -> tuple[Candidate, ...]:
    """All that competes: the baselines, then each family on each feature subset.

    On the engine `spark` MLlib's families compete too.
    """
    models = (
        Candidate(
            f"{family}/{subset}", family, features, partial(build, features), description=text
        )
        for family, (build, text) in FAMILIES.items()
        for subset, features in FEATURE_SUBSETS.items()
    )
    return (*BASELINES, *models, *(_mllib() if engine == "spark" else ()))


def _mllib() -> Iterator[Candidate]:
    for kind in ("logistic_regression", "random_forest"):
        for subset in ("three", "all"):
            features = FEATURE_SUBSETS[subset]
            yield Candidate(
                f"mllib_{kind}/{subset}",
                f"mllib_{kind}",
                features,
                partial(MllibForecaster, kind, features),
                is_portable=False,
                description="With Spark MLlib; nulls are 0.",
            )
