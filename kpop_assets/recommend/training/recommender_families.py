"""The registry of recommenders that rank: what competes, each with the settings to choose from.

Belongs here: names, families and their grids. Does not belong here: how one works, how a setting is
chosen (family_choice.py), or what foretells ratings (learners/rating_models.py,
learners/bayesian_factors.py).

To add a recommender, add an entry to `families`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kpop_assets.recommend.learners.factors import AlternatingFactors, PairwiseFactors
from kpop_assets.recommend.learners.hybrid import Hybrid
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.neighbours import ItemNeighbours, ListenerNeighbours
from kpop_assets.recommend.learners.popularity import Popularity
from kpop_assets.recommend.learners.rating_models import SPECIFIED_FACTORS
from kpop_assets.recommend.learners.variational import VariationalAutoencoder, is_installed
from kpop_assets.recommend.matrices.top_items import Recommender

# What a hybrid is made of where there are interactions alone: no content, no forecasts of acts.
_PARTS: dict[str, Recommender] = {
    "collaborative": AlternatingFactors(),
    "items": Ease(),
    "listeners": ListenerNeighbours(),
    "popular": Popularity(),
}
_QUOTAS = {"collaborative": 200, "items": 200, "listeners": 100, "popular": 50}
_WEIGHTS = {"collaborative": 0.4, "items": 0.4, "listeners": 0.15, "popular": 0.05}


@dataclass(frozen=True)
class Family:
    """A kind of recommender.

    Attributes:
        name: as it stands in tables.
        grid: settings, of which the best on a part of the training is chosen; one is no choice.
        description: what it is, in one line.
    """

    name: str
    grid: tuple[Recommender, ...]
    description: str


def families() -> tuple[Family, ...]:
    """All that can be fitted on this machine, the baseline first."""
    known = (
        Family("popularity", (Popularity(),), "What most listeners have."),
        Family("svd_specified", (SPECIFIED_FACTORS,), "SVD's ratings as ranks, as specified."),
        Family(
            "listener_neighbours",
            tuple(ListenerNeighbours(count) for count in (50, 100, 200)),
            "What the nearest listeners have, by cosine.",
        ),
        Family(
            "item_neighbours",
            tuple(
                ItemNeighbours(count, saturation)
                for count in (50, 200)
                for saturation in (1.2, 100.0)
            ),
            "Items that share listeners, weighed by BM25.",
        ),
        Family(
            "pairwise_factors",
            tuple(PairwiseFactors(iterations=rounds) for rounds in (20, 40, 80)),
            "BPR: what was played above what was not.",
        ),
        Family(
            "alternating_factors",
            tuple(
                AlternatingFactors(alpha=alpha, strength=strength)
                for alpha in (1.0, 3.0)
                for strength in (0.5, 0.65, 0.9)
            ),
            "Weighted factorisation by alternating least squares.",
        ),
        Family(
            "ease",
            tuple(Ease(penalty) for penalty in (100.0, 200.0, 300.0, 500.0, 1000.0)),
            "Every item foretold from all others by ridge regression.",
        ),
    )
    hybrids = (
        Family(
            "hybrid_mix",
            (Hybrid(_PARTS, "mix", _QUOTAS, _WEIGHTS),),
            "Candidates of four parts by fixed weights.",
        ),
        Family(
            "hybrid_trees",
            (Hybrid(_PARTS, "trees", _QUOTAS),),
            "Candidates of four parts in the order that lambdarank learnt.",
        ),
    )
    deep = Family(
        "variational",
        tuple(VariationalAutoencoder(prior_weight=weight) for weight in (0.1, 0.3)),
        "Mult-VAE: what one has, through a few numbers and told again.",
    )
    return (*known, *hybrids, *((deep,) if is_installed() else ()))
