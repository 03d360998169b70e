"""What recommenders may know at the end of a day, and what each made of it.

Belongs here: plays by then, works that were known, facts of them as of then, and fits, each made
once. Does not belong here: a recommender (play_families.py), or which days are looked at
(training/recommender_training.py).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import polars as pl

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.learners.described_works import DescribedWorks
from kpop_assets.recommend.learners.played_works import NEVER, PlayedWorks, among_most
from kpop_assets.recommend.matrices.interactions import Floats, Interactions, Mask
from kpop_assets.recommend.matrices.top_items import Scorer

_EPOCH = dt.date(1970, 1, 1)
WEEK = dt.timedelta(days=7)


class MomentRecommender(Hashable, Protocol):
    """Settings of what learns from all that is known at a moment."""

    def fit(self, moment: Moment) -> Scorer:
        """Learn from plays and facts of the moment, and none after it."""
        ...


@dataclass(frozen=True)
class ActNews:
    """What the core product says of acts, day by day.

    Attributes:
        chances: `ingest_date`, `artist`, `p_rise`: chances of a better tier.
        outliers: `ingest_date`, `artist` of days on which an act stood out.
    """

    chances: pl.DataFrame
    outliers: pl.DataFrame

    def chances_at(self, day: dt.date) -> dict[str, float]:
        """The newest P(rise) of each act, none older than a week."""
        rows = self.chances.filter(
            pl.col("ingest_date").is_between(day - WEEK, day, closed="right")
        )
        newest = rows.sort("ingest_date").group_by("artist", maintain_order=True).last()
        return dict(newest.select("artist", "p_rise").iter_rows())

    def outlier_days_at(self, day: dt.date) -> dict[str, float]:
        """How many of the last seven days each act stood out on; of none, it is not there."""
        rows = self.outliers.filter(
            pl.col("ingest_date").is_between(day - WEEK, day, closed="right")
        )
        return dict(rows.group_by("artist").agg(pl.len().cast(pl.Float64)).iter_rows())


@dataclass
class Moment:
    """The end of one day.

    Attributes:
        day: the day.
        works: all works that any moment of the training keeps.
        all_plays: of all days; what is after the moment is looked at by `first_heard` alone.
        news: of acts.
        earlier: the moment a week before, from which lessons are taken; None where there is none.
    """

    day: dt.date
    works: DescribedWorks
    all_plays: PlayedWorks
    news: ActNews
    earlier: Moment | None = None
    _fitted: dict[MomentRecommender, Scorer] = field(default_factory=dict, repr=False)
    _seconds: dict[MomentRecommender, float] = field(default_factory=dict, repr=False)

    @cached_property
    def plays(self) -> Interactions:
        """Plays up to the end of the day, of works that are known."""
        before = self._before
        return before.where(self.is_known[before.items])

    @cached_property
    def is_known(self) -> Mask:
        """Works that were told of, or played by anybody, by the end of the day.

        Of too many those that were most played by then: what is chosen by later plays would be
        known to be played later.
        """
        before = self._before
        counts = np.bincount(before.items, before.values, minlength=len(self.works)).astype(float)
        told, day = self.works.days("told_date"), (self.day - _EPOCH).days
        return among_most(counts, told, day, rules.MOST_TRAINING_WORKS)

    @cached_property
    def age_days(self) -> Floats:
        """Days since the release of each work, else since it was first told of; NaN is unknown.

        Told of by what may be learned from, and by then.
        """
        released, told = self.works.days("release_date"), self.works.days("learned_date")
        day = (self.day - _EPOCH).days
        since = np.where(released != NEVER, released, np.where(told <= day, told, NEVER))
        return np.where(since == NEVER, np.nan, day - since.astype(float))

    @cached_property
    def rise_chances(self) -> Floats:
        """P(rise) of the act of each work; NaN is unknown."""
        return self.works.of_acts(self.news.chances_at(self.day))

    @cached_property
    def outlier_days(self) -> Floats:
        """Of the last seven days, those on which the act of each work stood out; NaN is none."""
        return self.works.of_acts(self.news.outlier_days_at(self.day))

    @cached_property
    def facts(self) -> Mapping[str, Floats]:
        """What trees are told of each work beside the parts' scores; NaN is unknown."""
        listeners = self.plays.users_per_item().astype(float)
        month, week = (self._recent(days) for days in (rules.POPULAR_DAYS, WEEK.days))
        return {
            "age_days": self.age_days,
            "rise_chance": self.rise_chances,
            "outlier_days": self.outlier_days,
            "cluster": self.works.clusters().astype(float),
            "listeners": listeners,
            "month_plays": month,
            "week_share": np.where(month > 0, week / np.maximum(month, 1), np.nan),
        }

    def first_heard(self, until: dt.date) -> Interactions:
        """Works that listeners heard after the moment for the first time, up to a later day.

        Each listener and work is one entry.
        """
        told = self.all_plays.plays
        is_later = (told.times >= seconds_at_end(self.day)) & (told.times < seconds_at_end(until))
        later = told.where(is_later)
        fresh = later.where(~self._before.has(later))
        _, firsts = np.unique(fresh.pairs(), return_index=True)
        chosen = np.zeros(len(fresh), dtype=bool)
        chosen[firsts] = True
        return fresh.where(chosen)

    def foreseeable(self, heard: Interactions) -> Interactions:
        """Of what was first heard: known works, and listeners who had played anything."""
        has_played = self.plays.items_per_user() > 0
        return heard.where(self.is_known[heard.items] & has_played[heard.users])

    def fitted(self, setting: MomentRecommender) -> Scorer:
        """A recommender that learnt from this moment; each setting learns once."""
        if setting not in self._fitted:
            started = time.perf_counter()
            self._fitted[setting] = setting.fit(self)
            self._seconds[setting] = time.perf_counter() - started
        return self._fitted[setting]

    def seconds(self, setting: MomentRecommender) -> float:
        """How long it learnt."""
        self.fitted(setting)
        return self._seconds[setting]

    def let_go(self, keeps: Callable[[MomentRecommender], bool]) -> None:
        """Forget all fits but those of some settings: of many works each takes much memory."""
        for setting in [one for one in self._fitted if not keeps(one)]:
            del self._fitted[setting]

    @cached_property
    def _before(self) -> Interactions:
        told = self.all_plays.plays
        return told.where(told.times < seconds_at_end(self.day))

    def _recent(self, days: int) -> Floats:
        since = seconds_at_end(self.day - dt.timedelta(days=days))
        recent = self.plays.where(self.plays.times >= since)
        return np.bincount(recent.items, recent.values, minlength=len(self.works)).astype(float)


def seconds_at_end(day: dt.date) -> int:
    """The first second after a day, as times of plays of days are counted."""
    return ((day - _EPOCH).days + 1) * DAY_SECONDS
