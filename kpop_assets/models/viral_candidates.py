"""The registry of what competes to forecast who becomes viral.

Belongs here: which families on which inputs, and what they have to beat. Does not belong here: the
families (candidates.py), what viral is (viral_outcomes.py), or scores.
"""

from __future__ import annotations

from functools import partial

from kpop_assets.ml.backtest import ModelCandidate
from kpop_assets.ml.baselines import Rates
from kpop_assets.models.candidates import FAMILIES, FEATURE_SUBSETS, TODAY
from kpop_assets.models.dataset import VIRAL_CLASSES

GROWTH = ("trend",)
VIRAL_SUBSETS: dict[str, tuple[str, ...]] = {
    # Where it stands, what its pace did of late, and what is new: each says something of its own.
    "ten": (
        "tier",
        "nowcast_1d",
        "nowcast_7d",
        "trend",
        "trend_change",
        "pace_change_7d",
        "pace_change_week",
        "new_share",
        "days_since_new",
        "top_margin",
    ),
    "all": (*FEATURE_SUBSETS["all"], "trend", "trend_change"),
}
# A forest on all inputs costs as much as the others together (docs/decisions/0024-viral.md).
VIRAL_FAMILIES = {
    "ten": ("logistic_regression", "random_forest", "lightgbm"),
    "all": ("logistic_regression", "lightgbm"),
}
_LINE, _ = FAMILIES["logistic_regression"]
VIRAL_BASELINES = (
    ModelCandidate(
        "rate/tier",
        "rate",
        (TODAY,),
        partial(Rates, VIRAL_CLASSES, TODAY),
        is_baseline=True,
        description="How often acts of this tier became viral.",
    ),
    ModelCandidate(
        "growth/trend",
        "growth",
        GROWTH,
        partial(_LINE, GROWTH, VIRAL_CLASSES),
        is_baseline=True,
        description="The stronger the trend, the likelier.",
    ),
)


def viral_candidates() -> tuple[ModelCandidate, ...]:
    """All that competes: the baselines, then each family on each subset of inputs."""
    models = (
        ModelCandidate(
            f"{family}/{subset}",
            family,
            features,
            partial(FAMILIES[family][0], features, VIRAL_CLASSES),
            description=FAMILIES[family][1],
        )
        for subset, features in VIRAL_SUBSETS.items()
        for family in VIRAL_FAMILIES[subset]
    )
    return (*VIRAL_BASELINES, *models)
