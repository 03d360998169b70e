"""One training of recommenders: settings chosen, and each held to the last weeks.

Belongs here: what is fitted at which moment, and in which order. Does not belong here: reading and
writing (recommender_steps.py), scores (week_scores.py, rating_scores.py), or who competes
(learners/play_families.py).

Moments are a week apart. Of four, oldest first: at the first settings are chosen by the week that
follows, and its parts teach trees; at the second and third all are fitted and held to their week;
at the last, the training day, what will answer is fitted on everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.learners.described_works import DescribedWorks
from kpop_assets.recommend.learners.moment_hybrid import MomentHybrid
from kpop_assets.recommend.learners.moments import (
    WEEK,
    ActNews,
    Moment,
    MomentRecommender,
    seconds_at_end,
)
from kpop_assets.recommend.learners.play_families import RATING_MODELS, PlayFamily, hybrid_families
from kpop_assets.recommend.learners.played_works import PlayedWorks
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.training.held_memory import held_bytes
from kpop_assets.recommend.training.rating_scores import RatingScore, score_ratings
from kpop_assets.recommend.training.week_scores import (
    Figures,
    WeekScores,
    latency_ms,
    mean_figures,
    score_week,
    week_gain,
)

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class RecommenderPlan:
    """What one training learns from, or why it is refused.

    Attributes:
        moments: four, a week apart, the training day last.
        weeks: what was first heard in the week after each moment but the last, as far as it could
            be foreseen.
        heard_count: all that was first heard in the test weeks, of dropped works too.
        refusal: what is missing, as a sentence; None where nothing is.
    """

    moments: tuple[Moment, ...]
    weeks: tuple[Interactions, ...]
    heard_count: int
    refusal: str | None

    @property
    def today(self) -> Moment:
        """The training day."""
        return self.moments[-1]

    @property
    def tested(self) -> list[tuple[Moment, Interactions]]:
        """The moments before each test week, with what came."""
        return [*zip(self.moments, self.weeks, strict=False)][-rules.TEST_WEEKS :]


@dataclass(frozen=True)
class JudgedRecommender:
    """A recommender after a training.

    Attributes:
        name: as in the registry.
        is_baseline: whether it is there to be beaten.
        may_answer: whether it can answer for every listener, of every work.
        setting: what it was set to.
        weeks: its test weeks; none where it was held to ratings alone.
        figures: means over them.
        rating: errors of its ratings; None where it foretells none.
        latency_ms: of one listener; None where it was held to ratings alone.
        memory_mb: what it holds.
        fit_seconds: of one fit, parts included.
    """

    name: str
    is_baseline: bool
    may_answer: bool
    setting: str
    weeks: tuple[WeekScores, ...]
    figures: Figures
    rating: RatingScore | None
    latency_ms: float | None
    memory_mb: float
    fit_seconds: float


@dataclass
class RecommenderTraining:
    """All that came of a training.

    Attributes:
        plan: what it rests on.
        judged: recommenders in the order of the registry.
        hybrids: by name, those that may answer.
    """

    plan: RecommenderPlan
    judged: list[JudgedRecommender] = field(default_factory=list)
    hybrids: dict[str, MomentHybrid] = field(default_factory=dict)


def moment_days(day: dt.date) -> list[dt.date]:
    """The days at whose ends a training on a day looks, itself the last."""
    return [day - back * WEEK for back in range(rules.TEST_WEEKS + 1, -1, -1)]


def plan_recommenders(
    day: dt.date, works: DescribedWorks, played: PlayedWorks, news: ActNews
) -> RecommenderPlan:
    """The moments of a training on a day, and whether there is enough to learn from."""
    moments: list[Moment] = []
    for one in moment_days(day):
        before = moments[-1] if moments else None
        moments.append(Moment(one, works, played, news, before))
    if not len(played.plays):
        return RecommenderPlan(tuple(moments), (), 0, "no plays of works are known")
    heard = [one.first_heard(one.day + WEEK) for one in moments[:-1]]
    weeks = [one.foreseeable(each) for one, each in zip(moments[:-1], heard, strict=True)]
    tested = sum(len(each) for each in heard[-rules.TEST_WEEKS :])
    tested += int(
        (played.dropped_firsts >= seconds_at_end(moments[-1 - rules.TEST_WEEKS].day)).sum()
    )
    return RecommenderPlan(tuple(moments), tuple(weeks), tested, _refusal(moments[-1], weeks))


def train_recommenders(
    plan: RecommenderPlan, families: Sequence[PlayFamily]
) -> RecommenderTraining:
    """Choose settings, hold all to the test weeks, and leave the hybrids to be fitted today."""
    found = RecommenderTraining(plan)
    first, week = plan.moments[0], plan.weeks[0]
    chosen = {one.name: _choose(one, first, week) for one in families}
    hybrids = hybrid_families(chosen)
    kept = {part for one in hybrids for _, part in one.grid[0].parts}  # type: ignore[attr-defined]
    first.let_go(kept.__contains__)
    competing = [*families, *hybrids]
    chosen |= {one.name: one.grid[0] for one in hybrids}
    weeks: dict[str, list[WeekScores]] = {one.name: [] for one in competing}
    costs: dict[str, tuple[float, float, float]] = {}
    for moment, heard in plan.tested:
        for one in competing:
            setting = chosen[one.name]
            scorer = moment.fitted(setting)
            weeks[one.name].append(score_week(moment, scorer, heard, one.knows_unheard))
            users = np.unique(heard.users)
            latency = latency_ms(moment, scorer, users, one.knows_unheard)
            costs[one.name] = (latency, held_bytes(scorer) / 1e6, _seconds(moment, setting))
            moment.let_go(kept.__contains__)
        # Its parts have taught the trees of this moment, and teach nothing else.
        if moment.earlier is not None:
            moment.earlier.let_go(lambda one: False)
    ratings = score_ratings(plan.today.all_plays.rated(), RATING_MODELS)
    found.judged += _ranked(competing, chosen, weeks, costs, ratings)
    found.judged += _rated(ratings, {one.name for one in competing})
    found.hybrids |= {one.name: one.grid[0] for one in hybrids}  # type: ignore[misc]
    return found


def _refusal(today: Moment, weeks: Sequence[Interactions]) -> str | None:
    days = (today.day - _EPOCH).days - int(today.plays.times.min()) // DAY_SECONDS + 1
    if days < rules.TRAINING_LEAST_DAYS:
        return f"plays of {days} days are known: a training needs {rules.TRAINING_LEAST_DAYS}"
    fewest = min(len(np.unique(each.users)) for each in weeks)
    if fewest < rules.LEAST_TEST_LISTENERS:
        return (
            f"{fewest} listeners heard anything new in one of the last {len(weeks)} weeks: a "
            f"training needs {rules.LEAST_TEST_LISTENERS}"
        )
    return None


def _choose(family: PlayFamily, moment: Moment, heard: Interactions) -> MomentRecommender:
    """The setting with the best nDCG@10 in the week after a moment; of equals the first."""
    if len(family.grid) == 1:
        return family.grid[0]

    def gain(setting: MomentRecommender) -> float:
        return week_gain(moment, moment.fitted(setting), heard, family.knows_unheard)

    return max(family.grid, key=gain)


def _seconds(moment: Moment, setting: MomentRecommender) -> float:
    parts = [part for _, part in setting.parts] if isinstance(setting, MomentHybrid) else []
    return moment.seconds(setting) + sum(moment.seconds(part) for part in parts)


def _ranked(
    competing: Sequence[PlayFamily],
    chosen: Mapping[str, MomentRecommender],
    weeks: Mapping[str, list[WeekScores]],
    costs: Mapping[str, tuple[float, float, float]],
    ratings: Mapping[str, RatingScore],
) -> Iterator[JudgedRecommender]:
    for one in competing:
        setting, scores = chosen[one.name], tuple(weeks[one.name])
        latency, memory, seconds = costs[one.name]
        yield JudgedRecommender(
            one.name,
            one.is_baseline,
            isinstance(setting, MomentHybrid),
            repr(setting),
            scores,
            mean_figures(scores),
            ratings.get(one.name),
            latency,
            memory,
            seconds,
        )


def _rated(ratings: Mapping[str, RatingScore], ranked: set[str]) -> Iterator[JudgedRecommender]:
    for name, score in ratings.items():
        if name not in ranked:
            setting = repr(RATING_MODELS[name])
            memory = held_bytes(score.fitted) / 1e6
            yield JudgedRecommender(
                name, False, False, setting, (), {}, score, None, memory, score.seconds
            )
