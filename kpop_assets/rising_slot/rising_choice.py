"""Which rising act is shown in the one slot that is kept for them, and with which chance.

Belongs here: the policies over what is known, the draw, and which acts are offered. Does not belong
here: the page around the slot (recommend/), or what came of it (the log).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.ml.arm_chances import (
    best_chances,
    greedy_chances,
    optimistic,
    shrinking_share,
    with_floor,
)
from kpop_assets.ml.linear_arms import Floats64
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask
from kpop_assets.rising_slot.rising_context import RisingContext
from kpop_assets.rising_slot.rising_state import RisingState

# Beside the words of a context, where a log has it.
OFFERED_ACTS = "offered_acts"


@dataclass(frozen=True)
class ChosenAct:
    """What the slot shows.

    Attributes:
        act: one of those that were offered.
        propensity: with which chance it was drawn, above 0. It is exact, so a log of it tells what
            another policy would have earned.
        policy: by which policy.
        offered: all acts among which was drawn, which the log needs too.
    """

    act: str
    propensity: float
    policy: str
    offered: tuple[str, ...]


def choose_act(
    policy: str,
    state: RisingState,
    acts: Sequence[str],
    context: RisingContext,
    seed: int,
) -> ChosenAct | None:
    """Draw one act for the slot.

    Args:
        policy: by which policy, of `RISING_POLICIES`; `none` shows none.
        state: what is known of acts.
        acts: what could be shown, what suits best first; of more than `MOST_OFFERED_ACTS` the first
            count. An act that is offered twice counts once.
        context: where the answer goes.
        seed: of the draw; the same gives the same. It must not depend on acts or context: say,
            the request's id.

    Returns:
        The act; None where none is to be shown or none is offered.
    """
    offered = tuple(dict.fromkeys(acts))[: rules.MOST_OFFERED_ACTS]
    if policy == "none" or not offered:
        return None
    chances = act_chances(policy, state, offered, context)
    place = int(np.random.default_rng(seed).choice(len(offered), p=chances))
    return ChosenAct(offered[place], float(chances[place]), policy, offered)


def logged_choice(chosen: ChosenAct, context: RisingContext) -> dict[str, object]:
    """The fields of a line of the kind `recommendations` that say what was drawn, and from what."""
    told = {**context.told(), OFFERED_ACTS: chosen.offered}
    return {
        "rising_act": chosen.act,
        "rising_propensity": chosen.propensity,
        "rising_policy": chosen.policy,
        "context": json.dumps(told, ensure_ascii=False),
    }


def act_chances(
    policy: str, state: RisingState, acts: Sequence[str], context: RisingContext
) -> Floats64:
    """With which chance a policy shows each act that is offered: above 0, of sum 1.

    Raises:
        ValueError: no policy, or one that shows none.
    """
    arms, places = state.arms, state.places([*acts])
    if policy == "epsilon_greedy":
        return with_floor(greedy_chances(arms.mean_rewards[places]), rules.EPSILON)
    features = state.features(context)
    expected, widths = arms.expected_at(features, places), arms.widths_at(features, places)
    if policy == "linucb":
        chances = greedy_chances(optimistic(expected, widths, rules.LINUCB_ALPHA))
    elif policy == "thompson":
        chances = best_chances(expected, rules.THOMPSON_DEVIATION * widths)
    else:
        raise ValueError(f"{policy} is no policy that shows an act")
    share = shrinking_share(state.shown_count, rules.MOST_BY_LOT, rules.BY_LOT_SCALE)
    return with_floor(chances, share)


def rising_offers(items: Codes, acts: Codes, fit: Floats, is_rising: Mask) -> dict[int, int]:
    """Acts that the slot may show to a listener, what suits best first.

    Args:
        items: candidates.
        acts: code of the act of each candidate.
        fit: how well each suits; -inf may not be shown.
        is_rising: whether its act is likely to rise.

    Returns:
        By code of the act the item of it that suits best; `MOST_OFFERED_ACTS` at most.
    """
    allowed = np.flatnonzero(is_rising & np.isfinite(fit))
    order = allowed[np.argsort(-fit[allowed], kind="stable")]
    _, first = np.unique(acts[order], return_index=True)
    best = order[np.sort(first)][: rules.MOST_OFFERED_ACTS]
    return {int(acts[row]): int(items[row]) for row in best}
