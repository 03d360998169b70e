"""The registry of what competes on plays: names, settings to choose from, and what each is.

Belongs here: families of recommenders of plays, of facts, and hybrids of those that were chosen.
Does not belong here: how one works, or what is measured on published sets of ratings
(training/recommender_families.py).

To add a recommender, add an entry to `play_families`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.learners.bayesian_factors import DrawnFactors
from kpop_assets.recommend.learners.factors import AlternatingFactors, PairwiseFactors
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.moment_hybrid import MomentHybrid
from kpop_assets.recommend.learners.moments import MomentRecommender
from kpop_assets.recommend.learners.neighbours import ItemNeighbours, ListenerNeighbours
from kpop_assets.recommend.learners.play_parts import (
    ActTaste,
    Content,
    LatelyDiscovered,
    Newness,
    OfPlays,
    OfRatings,
    RecentlyPopular,
    RisingActs,
)
from kpop_assets.recommend.learners.popularity import Popularity
from kpop_assets.recommend.learners.rating_models import SPECIFIED_FACTORS, TUNED_FACTORS, Biases
from kpop_assets.recommend.learners.seed_neighbours import NearThenPopular
from kpop_assets.recommend.learners.spark_factors import SparkFactors
from kpop_assets.recommend.learners.variational import VariationalAutoencoder, is_installed
from kpop_assets.recommend.matrices.top_items import Recommender

# What rates; two of them rank as well, to show that the one is not the other.
RATING_MODELS: Mapping[str, Recommender] = {
    "biases": Biases(),
    "svd_specified": SPECIFIED_FACTORS,
    "svd_tuned": TUNED_FACTORS,
    "drawn_factors": DrawnFactors(warm_up=10, kept=30),
}
RANKED_BY_RATING = ("svd_specified", "svd_tuned")
BASELINE, RECENT = "popularity", "popularity_recent"
# Parts of hybrids by name, in the order in which trees see them, with the family of each.
PARTS = {
    "collaborative": "alternating_factors",
    "items": "ease",
    "listeners": "listener_neighbours",
    "deep": "variational",
    "content": "content",
    "act": "act",
    "act_lately": "act_lately",
    "popular": RECENT,
    "discovered": "discovered",
    "rising": "rising",
    "recency": "recency",
}
# Of quotas that are not agreed on: items and listeners propose as collaborative does.
_QUOTAS = {
    "items": rules.CANDIDATE_QUOTAS["collaborative"],
    "listeners": rules.CANDIDATE_QUOTAS["collaborative"],
    "deep": rules.CANDIDATE_QUOTAS["collaborative"],
    "discovered": rules.CANDIDATE_QUOTAS["popular"],
    **rules.CANDIDATE_QUOTAS,
}

# Few settings each: every one is fitted in each training (docs/decisions/0026-recommenders.md has
# wider grids, of which these were the ones chosen).
_OF_INTERACTIONS: dict[str, tuple[tuple[Recommender, ...], str]] = {
    "alternating_factors": (
        (
            AlternatingFactors(alpha=1.0),
            AlternatingFactors(strength=0.5),
            AlternatingFactors(strength=0.9),
        ),
        "Weighted factorisation by alternating least squares.",
    ),
    "ease": (
        tuple(Ease(penalty) for penalty in (100.0, 300.0, 1000.0)),
        "Every work foretold from all others by ridge regression.",
    ),
    "item_neighbours": (
        (ItemNeighbours(50), ItemNeighbours(200)),
        "Works that share listeners, weighed by BM25.",
    ),
    "listener_neighbours": (
        (ListenerNeighbours(50), ListenerNeighbours(100)),
        "What the nearest listeners have, by cosine.",
    ),
    "pairwise_factors": (
        (PairwiseFactors(),),
        "BPR: what was played above what was not.",
    ),
    **(
        {"variational": ((VariationalAutoencoder(),), "Mult-VAE: what one has, told again.")}
        if is_installed()
        else {}
    ),
}


@dataclass(frozen=True)
class PlayFamily:
    """A kind of recommender of plays.

    Attributes:
        name: as it stands in tables.
        grid: settings, of which the best in a week before all test weeks is chosen.
        description: what it is, in one line.
        is_baseline: whether it is there to be beaten.
        knows_unheard: whether it can tell anything of works that nobody has played.
    """

    name: str
    grid: tuple[MomentRecommender, ...]
    description: str
    is_baseline: bool = False
    knows_unheard: bool = False


def play_families(engine: str = "sail") -> tuple[PlayFamily, ...]:
    """All that competes by itself, the baseline first; on engine `spark` Spark's ALS too."""
    of_interactions = [
        PlayFamily(name, tuple(OfPlays(setting) for setting in grid), text)
        for name, (grid, text) in _OF_INTERACTIONS.items()
    ]
    by_rating = [
        PlayFamily(name, (OfRatings(RATING_MODELS[name]),), "Its ratings as ranks.")
        for name in RANKED_BY_RATING
    ]
    of_facts = [
        PlayFamily("content", (Content(),), "What sounds and reads alike.", knows_unheard=True),
        PlayFamily("act", (ActTaste(),), "More of the acts that one has.", knows_unheard=True),
        PlayFamily(
            "act_lately",
            (ActTaste(rules.LATELY_DAYS),),
            "More of the acts that one plays now.",
            knows_unheard=True,
        ),
        PlayFamily("discovered", (LatelyDiscovered(),), "What many heard anew lately."),
        PlayFamily("recency", (Newness(),), "What came out lately.", knows_unheard=True),
        PlayFamily(
            "rising",
            (RisingActs(),),
            "Acts that are likely to rise or stand out.",
            knows_unheard=True,
        ),
        PlayFamily(
            "two_step",
            (NearThenPopular(),),
            "What is near the last plays, of that what is foretold to be popular.",
            knows_unheard=True,
        ),
    ]
    on_spark = [
        PlayFamily(
            "spark_factors", (OfPlays(SparkFactors()),), "Spark's ALS, the road past one machine."
        )
    ]
    return (
        PlayFamily(BASELINE, (OfPlays(Popularity()),), "What most listeners have.", True),
        PlayFamily(RECENT, (RecentlyPopular(),), "What many play lately.", True),
        *by_rating,
        *of_interactions,
        *of_facts,
        *(on_spark if engine == "spark" else []),
    )


def hybrid_families(chosen: Mapping[str, MomentRecommender]) -> tuple[PlayFamily, ...]:
    """Hybrids of the settings that were chosen, by name of their family."""
    parts = tuple((name, chosen[family]) for name, family in PARTS.items() if family in chosen)
    quotas = tuple((name, _QUOTAS[name]) for name, _ in parts if name in _QUOTAS)
    mix = MomentHybrid(parts, "mix", quotas)
    trees = MomentHybrid(parts, "trees", quotas)
    return (
        PlayFamily("hybrid_mix", (mix,), "Candidates of all parts by fixed weights.", False, True),
        PlayFamily(
            "hybrid_trees",
            (trees,),
            "Candidates of all parts in the order that lambdarank learnt of the week before.",
            False,
            True,
        ),
    )
