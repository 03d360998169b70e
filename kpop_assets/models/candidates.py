"""The registry of what competes to forecast tiers, and what its models are built of.

Belongs here: feature subsets, and the families of models with their settings. Does not belong
here: how an estimator works (ml/), training, or scores.

To add a family, add an entry to `FAMILIES`; to add a feature subset, a key to `FEATURE_SUBSETS`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lightgbm import LGBMClassifier
from sklearn.ensemble import RandomForestClassifier

from kpop_assets.ml.backtest import ModelCandidate
from kpop_assets.ml.baselines import ClassForecaster, Markov, Persistence, Seasonal
from kpop_assets.ml.estimators import CumulativeLogit, OnColumns, RidgeLogistic
from kpop_assets.ml.trees import REPEATABLE
from kpop_assets.models.dataset import EARLIER, TARGET, TIERS
from kpop_assets.models.mllib import MLLIB_KINDS, MllibForecaster
from kpop_assets.models.shaping import GOLD_8, after_scaling

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
        *(f"distance_{tier}" for tier in TIERS[:-1]),
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


def _logistic_regression(features: tuple[str, ...], classes: tuple[int, ...] = TIERS) -> OnColumns:
    return OnColumns(after_scaling(RidgeLogistic()), features, classes)


def _random_forest(features: tuple[str, ...], classes: tuple[int, ...] = TIERS) -> OnColumns:
    # An artist's rows of successive days say nearly the same: from three tenths of them a tree
    # learns as much, and 60 trees know what 250 do (docs/decisions/0023-training.md).
    forest = RandomForestClassifier(
        n_estimators=60,
        max_depth=12,
        min_samples_leaf=10,
        max_samples=0.3,
        random_state=SEED,
        n_jobs=1,
    )
    return OnColumns(forest, features, classes)


def _lightgbm(features: tuple[str, ...], classes: tuple[int, ...] = TIERS) -> OnColumns:
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
        **REPEATABLE,
    )
    return OnColumns(trees, features, classes)


def _ordinal(features: tuple[str, ...], classes: tuple[int, ...] = TIERS) -> OnColumns:
    return OnColumns(after_scaling(CumulativeLogit()), features, classes)


FAMILIES: dict[str, tuple[Callable[..., ClassForecaster], str]] = {
    "logistic_regression": (
        _logistic_regression,
        "Multinomial logistic regression, penalty 0.01.",
    ),
    "random_forest": (
        _random_forest,
        "60 trees of depth 12 at most, each of three tenths of the rows.",
    ),
    "lightgbm": (_lightgbm, "120 rounds of boosted trees of 8 leaves."),
    "ordinal": (_ordinal, "One logistic model per border between tiers, made consistent."),
}
TODAY = TARGET.label
BASELINES = (
    ModelCandidate(
        "persistence/tier",
        "persistence",
        (TODAY,),
        partial(Persistence, TIERS, TODAY),
        is_baseline=True,
        description="No tier changes.",
    ),
    ModelCandidate(
        "markov/tier",
        "markov",
        (TODAY,),
        partial(Markov, TIERS, TODAY),
        is_baseline=True,
        description="What artists of this tier did.",
    ),
    ModelCandidate(
        "seasonal/weekdays",
        "seasonal",
        (TODAY, *EARLIER),
        partial(Seasonal, TIERS, TODAY, EARLIER),
        is_baseline=True,
        description="The artist's own tiers on this weekday of the last four weeks.",
    ),
)


def candidates(engine: str = "sail") -> tuple[ModelCandidate, ...]:
    """All that competes: the baselines, then each family on each feature subset.

    On the engine `spark` MLlib's families are compared too.
    """
    models = (
        ModelCandidate(
            f"{family}/{subset}", family, features, partial(build, features), description=text
        )
        for family, (build, text) in FAMILIES.items()
        for subset, features in FEATURE_SUBSETS.items()
    )
    return (*BASELINES, *models, *(_mllib() if engine == "spark" else ()))


def _mllib() -> list[ModelCandidate]:
    return [
        ModelCandidate(
            f"mllib_{kind}/{subset}",
            f"mllib_{kind}",
            FEATURE_SUBSETS[subset],
            partial(MllibForecaster, kind, FEATURE_SUBSETS[subset], TIERS),
            is_portable=False,
            description="With Spark MLlib; nulls are 0.",
        )
        for kind in MLLIB_KINDS
        for subset in ("three", "all")
    ]
