"""How much a review counts: less, the likelier it is one of a campaign that was found.

Belongs here: which groups of reviews hold a campaign, and the weight of each review of them. Does
not belong here: traits of single reviews (guard_traits.py).

A group is the reviews of one pole in one burst of a subject; where it holds no campaign, those of
twelve hours of it, for a comeback of days hides a wave of hours. A trait stands where its share
is above `stands` and more than three standard errors above what honest bursts show. A campaign is
found where two kinds of evidence stand, or one that needs no second; a burst by itself is none,
nor are newcomers who all give the utmost: a first hit looks so. Waves of strangers who rate a
subject down without a word are found by themselves (strangers.py). Then the group is a mixture of
two classes, honest and planted, each trait independent within a class (naive Bayes, as in Fellegi
and Sunter 1969); the part of planted ones is estimated by expectation-maximisation, and a review
weighs the chance that it is honest.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import polars as pl

from kpop_assets.audience.guards.strangers import stranger_waves
from kpop_assets.contracts import guard_rules as rules

_BURST = ("subject_kind", "subject", "burst", "pole")
_STRETCH = (*_BURST, "stretch")
_ROUNDS = 30


def weigh_groups(traits: pl.DataFrame) -> pl.DataFrame:
    """The weight of each review and why.

    Args:
        traits: as `guard_traits.find_traits` returns it.

    Returns:
        Its rows in their order with weight (0-1) and reasons (traits that it shows, of a group that
        holds a campaign, in the order of `TRAITS`; empty where it weighs all).
    """
    stretch = pl.col("created_at").dt.epoch("s") // (rules.BURST_HOURS * 3600)
    rows = traits.with_columns(stretch.alias("stretch"))
    weights, is_held = np.ones(len(rows)), np.zeros(len(rows), dtype=bool)
    for key in (_BURST, _STRETCH):
        grouped = rows.with_columns(pl.struct(*key).rank("dense").alias("group"))
        free = grouped.filter(~is_held)
        guilty = pl.concat([_guilty_groups(free), stranger_waves(free)]).unique().sort()
        is_new = grouped["group"].is_in(guilty.implode()).to_numpy() & ~is_held
        if is_new.any():
            of_them = grouped.filter(is_new).join(
                _surplus(grouped, guilty), on="group", maintain_order="left"
            )
            weights[is_new] = 1 - _chances(of_them, of_them["surplus"].to_numpy())
            is_held |= is_new
    names = [pl.when(pl.col(name).fill_null(False)).then(pl.lit(name)) for name in rules.TRAITS]
    return traits.with_columns(
        pl.Series("weight", weights),
        pl.when(pl.Series(is_held))
        .then(pl.concat_list(names).list.drop_nulls())
        .otherwise(pl.lit([], pl.List(pl.String)))
        .alias("reasons"),
    )


def _guilty_groups(traits: pl.DataFrame) -> pl.Series:
    shares = []
    for name, trait in rules.TRAITS.items():
        known, shown = pl.col(name).is_not_null().sum(), pl.col(name).fill_null(False).sum()
        spread = math.sqrt(trait.honest * (1 - trait.honest))
        surplus = (shown - known * trait.honest) / (known.sqrt() * spread)
        share = shown / known
        # Habits are known of few: what they say must hold for enough of the group.
        is_sure = (surplus >= rules.TRAIT_SIGMAS) & (known >= rules.LEAST_GROUP)
        shares += [
            (is_sure & (share >= trait.stands)).alias(f"{name} stands"),
            (is_sure & (share >= trait.alone) & (2 * known >= pl.len())).alias(f"{name} alone"),
        ]
    strong = [f"{name} stands" for name in rules.TRAITS if name not in rules.WEAK_TRAITS]
    weak = pl.any_horizontal([pl.col(f"{name} stands") for name in rules.WEAK_TRAITS])
    kinds = pl.sum_horizontal([pl.col(name).cast(pl.Int8) for name in strong]) + weak.cast(pl.Int8)
    alone = pl.any_horizontal([pl.col(f"{name} alone") for name in rules.TRAITS])
    return (
        traits.filter(pl.col("burst") > 0)
        .group_by("group")
        .agg(pl.len().alias("size"), *shares)
        .filter((pl.col("size") >= rules.LEAST_GROUP) & (alone | (kinds >= 2)).fill_null(False))
    )["group"]


def _chances(traits: pl.DataFrame, prior: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The chance of each review to be planted.

    Args:
        traits: rows of groups that hold a campaign.
        prior: of each row, the part of its group that is more than honest people would say.
    """
    found, group = np.unique(traits["group"].to_numpy(), return_inverse=True)
    size = np.bincount(group, minlength=len(found))
    expected = np.bincount(group, prior, len(found)) / size
    speaks = np.zeros(len(traits))
    for name, trait in rules.TRAITS.items():
        value = traits[name].cast(pl.Float64).fill_null(math.nan).to_numpy()
        is_known = ~np.isnan(value)
        known = np.bincount(group, is_known, len(found))
        shown = np.bincount(group, np.where(is_known, value, 0), len(found))
        # What honest people do not explain of the trait is the planted ones'.
        rate = (shown / np.maximum(known, 1) - (1 - expected) * trait.honest) / expected
        rate = expected * rate + (1 - expected) * trait.planted
        rate = np.where(known >= rules.LEAST_GROUP, rate, trait.planted).clip(0.02, 0.98)[group]
        shows, lacks = np.log(rate / trait.honest), np.log((1 - rate) / (1 - trait.honest))
        speaks += np.where(is_known, np.where(value > 0.5, shows, lacks), 0.0)
    part = expected
    chance = np.zeros(len(traits))
    for _ in range(_ROUNDS):
        odds = np.exp(speaks) * (part / (1 - part))[group]
        chance = odds / (1 + odds)
        # What traits say and what the rhythm says count alike.
        part = (np.bincount(group, chance, len(found)) / size + expected) / 2
        part = np.clip(part, 1e-6, 1 - 1e-6)
    return chance


def _surplus(traits: pl.DataFrame, guilty: pl.Series) -> pl.DataFrame:
    """Of each group, the part above what honest people would say in its time.

    That is the largest of its usual count, of what the other hours of its burst have, and of what
    the reviews of other opinions in that time let expect: a comeback brings those too. How many of
    this opinion come with how many others the subject's reviews outside of bursts say, with one of
    each and one more of its own at first.
    """
    quiet = pl.col("burst") == 0
    rows = []
    for group in guilty:
        own = traits.filter(pl.col("group") == group)
        about = traits.join(own.head(1), on=["subject_kind", "subject"], how="semi")
        is_own = about["pole"] == own["pole"][0]
        begins, ends = own["created_at"].min(), own["created_at"].max()
        beside = about.filter(~is_own & pl.col("created_at").is_between(begins, ends))
        same = len(about.filter(is_own & quiet))
        other = len(about.filter(~is_own & quiet))
        rest = traits.join(own.head(1), on=_BURST, how="semi").filter(pl.col("group") != group)
        alike = len(rest) / max(rest["stretch"].n_unique(), 1)
        expected = max(
            alike, float(own["usual_share"].sum()), len(beside) * (same + 2) / (other + 1)
        )
        rows.append(1 - expected / len(own))
    surplus = pl.Series("surplus", rows, pl.Float64).clip(*rules.SURPLUS_LIMITS)
    return pl.DataFrame([guilty.alias("group"), surplus])
