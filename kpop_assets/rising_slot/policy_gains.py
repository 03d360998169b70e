"""What each policy of the slot would have earned, from the log of whichever was on.

Belongs here: the rows of `rising_slot/policy_estimates`, a pure function of shows. Does not belong
here: the estimates as such (ml/policy_values.py), or the policies (rising_choice.py).

A policy is taken as it was known before the first of the days that are looked at, and held fixed:
what it learnt from a show must not speak for it there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.days import SEOUL, day_end
from kpop_assets.ml.linear_arms import Floats64, Places
from kpop_assets.ml.policy_values import (
    PolicyValue,
    doubly_robust,
    expected_across_folds,
    inverse_propensity,
    self_normalised,
)
from kpop_assets.rising_slot.rising_choice import act_chances
from kpop_assets.rising_slot.rising_context import CONTEXT_COLUMNS, RisingContext
from kpop_assets.rising_slot.rising_lessons import learn_state
from kpop_assets.rising_slot.rising_state import RisingState


@dataclass(frozen=True)
class SlotLog:
    """What was shown, as estimates take it; an entry each.

    Attributes:
        rewards: what came of it.
        logged: the chance by which it was drawn.
        places: place of the act among `acts`.
        offers: number of what was offered where, of `kinds`.
        kinds: context and offered acts of each kind of offer.
        acts: place of each act.
        listeners: number of who saw it; who is not known is one by themselves.
        expected: what is expected of each act in each row, by rows of other folds.
    """

    rewards: Floats64
    logged: Floats64
    places: Places
    offers: Places
    kinds: list[tuple[RisingContext, tuple[str, ...]]]
    acts: dict[str, int]
    listeners: Places
    expected: Floats64


def estimate_policies(shows: pl.DataFrame, day: dt.date) -> list[dict[str, Any]]:
    """The rows of `rising_slot/policy_estimates` of a day but for its date.

    Args:
        shows: what was shown by the end of the day, `SHOW_SCHEMA`.
        day: the last of the days that are looked at.
    """
    end = dt.datetime.combine(day_end(day), dt.time(), SEOUL).astimezone(dt.UTC)
    start = end - dt.timedelta(days=rules.ESTIMATE_DAYS)
    rows = shows.filter((pl.col("answered_at") >= start) & (pl.col("answered_at") < end))
    if rows.is_empty():
        return []
    state = learn_state(shows, start)
    log = slot_log(rows.sort("answered_at", "request_id"))
    return [
        _told(policy, log, len(rows), target_chances(policy, state, log))
        for policy in (rules.BY_LOT, *rules.SHOWING_POLICIES)
    ]


def slot_log(rows: pl.DataFrame) -> SlotLog:
    """What was shown, of too many rows every so many-th."""
    rows = rows.gather_every(-(-len(rows) // rules.MOST_ESTIMATED_SHOWS))
    offered = [tuple(acts) for acts in rows["offered_acts"].to_list()]
    contexts = [RisingContext(*words) for words in rows.select(CONTEXT_COLUMNS).iter_rows()]
    kinds: dict[tuple[RisingContext, tuple[str, ...]], int] = {}
    offers = [kinds.setdefault(kind, len(kinds)) for kind in zip(contexts, offered, strict=True)]
    acts = {act: place for place, act in enumerate(sorted({a for acts in offered for a in acts}))}
    places = np.array([acts[act] for act in rows["act"]], dtype=np.intp)
    # Features alone are asked of it: one act in each context that occurs.
    words = RisingState(cells=_cells_of(contexts))
    features = np.array([words.features(context) for context in contexts])
    rewards = rows["reward"].to_numpy()
    listeners = _listeners_of(rows)
    folds = listeners % rules.ESTIMATE_FOLDS
    expected = expected_across_folds(places, features, rewards, len(acts), folds)
    return SlotLog(
        rewards,
        rows["propensity"].to_numpy(),
        places,
        np.array(offers, dtype=np.intp),
        list(kinds),
        acts,
        listeners,
        expected,
    )


def target_chances(policy: str, state: RisingState, log: SlotLog) -> Floats64:
    """With which chance a policy would show each act in each row: shape (rows, acts)."""
    by_kind = np.zeros((len(log.kinds), len(log.acts)))
    for row, (context, offered) in enumerate(log.kinds):
        places = [log.acts[act] for act in offered]
        if policy == rules.BY_LOT:
            by_kind[row, places] = 1 / len(offered)
        else:
            by_kind[row, places] = act_chances(policy, state, offered, context)
    return by_kind[log.offers]


def gain(log: SlotLog, chances: Floats64) -> tuple[PolicyValue, dict[str, PolicyValue]]:
    """By how much a policy earns more than what was shown, and what it earns by each estimate.

    The gain is estimated row by row (doubly robust), so what both have in common cancels. Rows of
    a listener are alike, and count together in what is known of the spread.
    """
    rows = np.arange(len(log.rewards))
    target, expected = chances[rows, log.places], log.expected[rows, log.places]
    of_target = (chances * log.expected).sum(axis=1)
    told = (log.rewards, log.logged, target)
    found = {
        "ips": inverse_propensity(*told, log.listeners),
        "snips": self_normalised(*told, log.listeners),
        "dr": doubly_robust(*told, expected, of_target, log.listeners),
    }
    more = doubly_robust(*told, expected, of_target - log.rewards, log.listeners)
    return more, found


def may_decide(found: PolicyValue) -> bool:
    """Whether an interval can be trusted: listeners enough, and no show that counts for many."""
    is_spread = found.effective_count >= rules.LEAST_EFFECTIVE_LISTENERS
    return is_spread and found.most_weight <= rules.MOST_WEIGHT


def verdict_of(more: PolicyValue) -> str:
    """Whether the policy should go live."""
    if not may_decide(more):
        return "too few"
    if more.low > 0:
        return "better"
    return "worse" if more.high < 0 else "not yet"


def _told(policy: str, log: SlotLog, shown: int, chances: Floats64) -> dict[str, Any]:
    more, found = gain(log, chances)
    values = {
        f"{name}_{part}": number if np.isfinite(number := getattr(one, end)) else None
        for name, one in {**found, "gain": more}.items()
        for part, end in (("reward", "value"), ("low", "low"), ("high", "high"))
    }
    return {
        "policy": policy,
        "show_count": shown,
        "estimated_count": len(log.rewards),
        "effective_count": int(more.effective_count),
        "most_weight": more.most_weight,
        "shown_reward": float(log.rewards.mean()),
        **values,
        "estimate_verdict": verdict_of(more),
    }


def _listeners_of(rows: pl.DataFrame) -> Places:
    alone = pl.concat_str(pl.lit("request "), "request_id")
    names = rows.select(pl.col("user_id").fill_null(alone)).to_series()
    return np.unique(names.to_numpy(), return_inverse=True)[1]


def _cells_of(contexts: list[RisingContext]) -> pl.DataFrame:
    words = pl.DataFrame([one.told() for one in dict.fromkeys(contexts)])
    return words.with_columns(act=pl.lit(""), shown=0.0, rewarded=0.0)
