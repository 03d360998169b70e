"""Recommenders as they learn from a moment: those of plays alone, and those of facts of works.

Belongs here: parts of a hybrid that can also stand alone. Does not belong here: how one of plays
works (its own module), the hybrid (moment_hybrid.py), or what competes (play_families.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.learners.fitted import EqualForAll, OfTheSameActs
from kpop_assets.recommend.learners.item_facts import SoundsAlike, recency
from kpop_assets.recommend.learners.moments import WEEK, Moment, seconds_at_end
from kpop_assets.recommend.learners.played_works import PlayedWorks
from kpop_assets.recommend.learners.popularity import Popularity
from kpop_assets.recommend.matrices.top_items import Recommender, Scorer


@dataclass(frozen=True)
class OfPlays:
    """A recommender of interactions, taught with the plays of the moment."""

    setting: Recommender

    def fit(self, moment: Moment) -> Scorer:
        """Learn from plays alone."""
        return self.setting.fit(moment.plays)


@dataclass(frozen=True)
class OfRatings:
    """A recommender of ratings, taught with those that were given or follow from counts."""

    setting: Recommender

    def fit(self, moment: Moment) -> Scorer:
        """Learn from the ratings of the moment."""
        before = seconds_at_end(moment.day)
        ratings = moment.all_plays.ratings
        given = ratings.where((ratings.times < before) & moment.is_known[ratings.items])
        known = PlayedWorks(moment.plays, given, *_NOBODY)
        return self.setting.fit(known.rated())


_NOBODY = (np.zeros(0, dtype=str), 0)


@dataclass(frozen=True)
class RecentlyPopular:
    """What many play lately: plays of the last weeks, each worth half after a half-life."""

    half_life_days: float = rules.POPULAR_HALF_LIFE_DAYS
    days: int = rules.POPULAR_DAYS

    def fit(self, moment: Moment) -> EqualForAll:
        """Sum by work."""
        since = seconds_at_end(moment.day) - self.days * DAY_SECONDS
        recent = moment.plays.where(moment.plays.times >= since)
        return Popularity(self.half_life_days).fit(recent)


@dataclass(frozen=True)
class Content:
    """What sounds and reads like what a listener has."""

    def fit(self, moment: Moment) -> SoundsAlike:
        """Mean directions of what each listener has."""
        return SoundsAlike.of(moment.plays.presence(), moment.works.vectors)


@dataclass(frozen=True)
class ActTaste:
    """More of the acts that a listener has.

    Attributes:
        days: of what was played within so many days of the listener's last play; None is all.
    """

    days: int | None = None

    def fit(self, moment: Moment) -> OfTheSameActs:
        """Shares of acts in what each listener has."""
        plays = moment.plays
        if self.days is not None:
            last = np.zeros(plays.user_count, dtype=np.int64)
            np.maximum.at(last, plays.users, plays.times)
            plays = plays.where(plays.times >= last[plays.users] - self.days * DAY_SECONDS)
        return OfTheSameActs(plays.presence(), moment.works.acts, self.days)


@dataclass(frozen=True)
class LatelyDiscovered:
    """What many heard for the first time lately: what is popular is played again, this is new."""

    half_life_days: float = rules.DISCOVERED_HALF_LIFE_DAYS
    days: int = rules.POPULAR_DAYS

    def fit(self, moment: Moment) -> EqualForAll:
        """Listeners by work, each worth half after a half-life since they first heard it."""
        plays = moment.plays
        keys = plays.users.astype(np.int64) * plays.item_count + plays.items
        pairs, places = np.unique(keys, return_inverse=True)
        first = np.full(len(pairs), np.iinfo(np.int64).max)
        np.minimum.at(first, places, plays.times)
        age = (seconds_at_end(moment.day) - first) / DAY_SECONDS
        worth = np.where(age <= self.days, 0.5 ** (age / self.half_life_days), 0.0)
        items = pairs % max(plays.item_count, 1)
        totals = np.bincount(items, worth, minlength=plays.item_count)
        return EqualForAll(totals.astype(np.float64))


@dataclass(frozen=True)
class Newness:
    """What came out lately; the same for everybody."""

    half_life_days: float = rules.RECENCY_HALF_LIFE_DAYS

    def fit(self, moment: Moment) -> EqualForAll:
        """By age."""
        return recency(moment.age_days, self.half_life_days)


@dataclass(frozen=True)
class RisingActs:
    """Works of acts that are likely to rise or stand out, of an act those that many play lately.

    Attributes:
        outlier_weight: what standing out on each of the last seven days adds to P(rise).
    """

    outlier_weight: float = rules.RISING_OUTLIER_WEIGHT

    def fit(self, moment: Moment) -> EqualForAll:
        """P(rise) of the act and a weighted share of days on which it stood out.

        Unknown counts 0; popularity adds a thousandth at most.
        """
        popular = moment.fitted(RecentlyPopular()).score(np.zeros(1, np.int32))[0]
        most = max(float(popular.max(initial=0.0)), 1e-9)
        stands_out = np.nan_to_num(moment.outlier_days) / WEEK.days
        signs = np.nan_to_num(moment.rise_chances) + self.outlier_weight * stands_out
        return EqualForAll(signs + popular / most / 1000)
