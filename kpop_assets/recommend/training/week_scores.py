"""How good a recommender was in a test week, by listener and by group of listeners.

Belongs here: lists against what came, and figures of a group of them. Does not belong here: what
came (learners/moments.py), a score itself (ranking_metrics.py), or rows of tables (training_rows of
the domain are in recommender_rows.py).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.learners.moments import Moment
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Mask
from kpop_assets.recommend.matrices.top_items import Scorer, top_items
from kpop_assets.recommend.plays.listener_groups import GROUPS, groups_of
from kpop_assets.recommend.training.ranking_metrics import (
    RankingScores,
    catalogue_share,
    diversity_within,
    gini,
    interval_by_listener,
    novelty,
    ranking_scores,
)

EVERYBODY = "everybody"
# Means over listeners; all other figures are of lists as a whole.
BY_LISTENER = ("ndcg_10", "recall_10", "recall_20", "map_10", "hit_10")
Figures = dict[str, float | None]


@dataclass(frozen=True)
class WeekScores:
    """One recommender in one test week.

    Attributes:
        moment: the day before the week.
        listeners: codes of those who heard anything new that could be foreseen.
        groups: the group of each.
        by_listener: scores of each.
        lists: figures of all lists, by group.
    """

    moment: Moment
    listeners: Codes
    groups: npt.NDArray[np.str_]
    by_listener: dict[str, Floats]
    lists: dict[str, Figures]

    def figures(self, group: str) -> Figures:
        """Every figure of a group of listeners."""
        mask = self.mask(group)
        means = {name: float(values[mask].mean()) for name, values in self.by_listener.items()}
        return with_interval(means, self.by_listener["ndcg_10"][mask]) | self.lists[group]

    def mask(self, group: str) -> Mask:
        """Who is in a group."""
        return np.ones(len(self.listeners), bool) if group == EVERYBODY else self.groups == group

    def present_groups(self) -> list[str]:
        """Everybody, then the groups that anybody is in."""
        return [EVERYBODY, *(group for group in GROUPS if (self.groups == group).any())]


def score_week(
    moment: Moment, scorer: Scorer, relevant: Interactions, knows_unheard: bool
) -> WeekScores:
    """Hold the first twenty of each listener to what they heard for the first time.

    Args:
        moment: the day before the week.
        scorer: fitted at the moment.
        relevant: what was first heard in the week and could be foreseen.
        knows_unheard: whether works that nobody had played may be shown.
    """
    users, shown, scores = _ranked(moment, scorer, relevant, knows_unheard)
    groups = groups_of(moment.plays.items_per_user()[users])
    found = scores.by_name()
    week = WeekScores(moment, users, groups, {name: found[name] for name in BY_LISTENER}, {})
    for group in week.present_groups():
        week.lists[group] = figures_of_lists(shown[week.mask(group), :10], moment)
    return week


def week_gain(moment: Moment, scorer: Scorer, relevant: Interactions, knows_unheard: bool) -> float:
    """The mean nDCG@10 of the same alone, by which settings are chosen."""
    return float(_ranked(moment, scorer, relevant, knows_unheard)[2].ndcg_10.mean())


def _ranked(
    moment: Moment, scorer: Scorer, relevant: Interactions, knows_unheard: bool
) -> tuple[Codes, Codes, RankingScores]:
    users = np.unique(relevant.users).astype(np.int32)
    is_open = moment.is_known if knows_unheard else None
    shown = top_items(scorer, moment.plays, users, rules.SHOWN_ITEMS, is_open)
    return users, shown, ranking_scores(shown, relevant.presence()[users])


def figures_of_lists(shown: Codes, moment: Moment) -> Figures:
    """What lists are like, whatever came."""
    place = np.cumsum(moment.is_known) - 1
    known = int(moment.is_known.sum())
    coded = np.where(shown >= 0, place[np.maximum(shown, 0)], -1)
    chances = moment.rise_chances[shown[shown >= 0]]
    is_foretold = not np.isnan(moment.rise_chances).all()
    plays = moment.plays
    # Whoever plays for the first time later is no listener yet.
    listeners = int((plays.items_per_user() > 0).sum())
    diversity = diversity_within(shown, moment.works.vectors)
    return {
        "coverage": catalogue_share(coded, known),
        "novelty": novelty(shown, plays.users_per_item(), listeners),
        "intra_list_diversity": None if np.isnan(diversity) else diversity,
        "gini": gini(coded, known),
        "rising_share": float((chances >= rules.LIKELY_TO_RISE).mean()) if is_foretold else None,
    }


def mean_figures(weeks: Sequence[WeekScores]) -> Figures:
    """Figures over all weeks: a listener of several counts once, lists by the mean of weeks."""
    codes = np.concatenate([week.listeners for week in weeks])
    listeners, places = np.unique(codes, return_inverse=True)
    counts = np.bincount(places)
    means = {}
    for name in BY_LISTENER:
        values = np.concatenate([week.by_listener[name] for week in weeks])
        means[name] = np.bincount(places, values) / counts
    found = with_interval(
        {name: float(each.mean()) for name, each in means.items()}, means["ndcg_10"]
    )
    for name in weeks[0].lists[EVERYBODY]:
        told = [one for week in weeks if (one := week.lists[EVERYBODY][name]) is not None]
        found[name] = statistics.fmean(told) if told else None
    return found | {"listener_count": len(listeners)}


def with_interval(means: dict[str, float], gains: Floats) -> Figures:
    """Means, and the interval of nDCG by listener."""
    low, high = interval_by_listener(gains)
    return {**means, "ndcg_10_low": low, "ndcg_10_high": high}


def latency_ms(moment: Moment, scorer: Scorer, users: Codes, knows_unheard: bool) -> float:
    """Median time of the first ten of one listener at a time, to a tenth: jitter is no merit."""
    is_open = moment.is_known if knows_unheard else moment.plays.users_per_item() > 0
    presence, taken = moment.plays.presence(), []
    for user in users[: rules.LATENCY_LISTENERS]:
        started = time.perf_counter()
        scores = np.array(scorer.score(np.array([user], np.int32))[0], dtype=np.float64)
        scores[~is_open] = -np.inf
        scores[presence.indices[presence.indptr[user] : presence.indptr[user + 1]]] = -np.inf
        np.argpartition(-scores, min(10, len(scores) - 1))
        taken.append(time.perf_counter() - started)
    return round(1000 * statistics.median(taken), 1)
