"""The drill of campaigns and honest bursts: what it plants, and that it can fail."""

from __future__ import annotations

import numpy as np
import pytest

from drills import campaigns
from drills.campaign_kinds import CAMPAIGNS
from drills.campaign_world import World
from drills.campaigns import Judged, judge, told
from drills.honest_bursts import BURSTS
from kpop_assets.contracts.audience_scores import EARLIER_WORD

START = 45 * 1440.0


@pytest.mark.parametrize("kind", sorted(CAMPAIGNS))
def test_a_campaign_of_each_kind_is_caught(kind: str):
    first = list(CAMPAIGNS).index(kind)
    found = [judge(first + more * len(CAMPAIGNS), True) for more in range(3)]
    assert {one.kind for one in found} == {kind}
    assert all(one.is_well for one in found)
    assert sum(one.guarded_error for one in found) < sum(one.error for one in found) / 2


@pytest.mark.parametrize("kind", sorted(BURSTS))
def test_an_honest_burst_of_each_kind_is_left_alone(kind: str):
    found = judge(list(BURSTS).index(kind), False)
    assert found.kind == kind
    assert found.is_well


@pytest.mark.parametrize("kind", sorted(CAMPAIGNS))
def test_what_is_planted_is_about_its_target_at_its_time(kind: str):
    world = World(3, [], [])
    said, before = CAMPAIGNS[kind](world, 2, START)
    assert (said.subject == 2).sum() >= 30
    assert said.minute.min() >= START
    assert before is None or before.minute.max() < START
    assert len(said.text) == len(said.author) == len(said.rating)
    assert np.isin(said.rating, [1, 2, 9, 10]).all()


def test_the_same_seed_is_the_same_world():
    assert judge(5, True) == judge(5, True)


def test_guards_that_catch_nothing_fail_the_drill(monkeypatch: pytest.MonkeyPatch):
    whole = campaigns.weigh_reviews

    def blind(*given):  # type: ignore[no-untyped-def]
        found = whole(*given)
        is_earlier = found["reasons"].list.contains(EARLIER_WORD)
        return found.with_columns((~is_earlier).cast(float).alias("weight"))

    monkeypatch.setattr(campaigns, "weigh_reviews", blind)
    assert not told([judge(seed, True) for seed in range(6)], True)


@pytest.mark.parametrize(
    ("is_campaign", "kept", "moved", "is_well"),
    [
        (True, 0.25, 0.0, True),
        (True, 0.26, 0.0, False),
        (False, 0.75, 3.0, True),
        (False, 0.74, 0.0, False),
        (False, 1.0, 3.1, False),
    ],
)
def test_caught_and_silenced_are_what_the_drill_says(
    is_campaign: bool, kept: float, moved: float, is_well: bool
):
    assert Judged("x", is_campaign, kept, 1.0, 0.0, 0.0, moved).is_well is is_well
