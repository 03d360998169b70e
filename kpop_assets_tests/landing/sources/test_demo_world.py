"""The simulated world behind the demo: lasting videos, the stated formulas, a fair difficulty."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from kpop_assets.landing.sources.demo import DEMO_SEED
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS, OTHER
from kpop_assets.landing.sources.demo_videos import official_videos, pool_batches, view_counts
from kpop_assets.landing.sources.demo_world import WORLD_START, simulate_world
from kpop_assets_tests.landing.sources.test_demo import DAY, lines_of, usable


def test_a_video_is_the_same_on_every_day_and_its_counters_hardly_ever_fall():
    seen: dict[str, list[dict]] = defaultdict(list)
    for day in range(12):
        for line in lines_of(DAY + dt.timedelta(days=day), 1000):
            if record := usable(line):
                seen[record["video_id"]].append(record)
    pairs = falls = 0
    for observations in seen.values():
        fixed = ("text", "ts", "published_at", "author_id", "duration_seconds", "category_id")
        fixed += ("author_subscriber_count",)
        assert len({tuple(o.get(k) for k in fixed) for o in observations}) == 1
        views = [o["view_count"] for o in sorted(observations, key=lambda o: o["observed_at"])]
        pairs += len(views) - 1
        falls += sum(later < earlier for earlier, later in pairwise(views))
        assert all(o["observed_at"] > o["published_at"] for o in observations)
        assert all(o["like_count"] <= o["view_count"] for o in observations)
    assert pairs > 5000
    assert 0 < falls < 0.005 * pairs


def test_subscribers_belong_to_a_channel_are_rounded_as_youtube_does_and_may_be_hidden():
    told: dict[str, set[int | None]] = defaultdict(set)
    for line in lines_of(DAY, 5000):
        if record := usable(line):
            told[record["author_id"]].add(record.get("author_subscriber_count"))
    assert all(len(counts) == 1 for counts in told.values())
    counts = [count for (count,) in told.values()]
    assert 0 < counts.count(None) < 0.05 * len(counts)
    shown = [str(count) for count in counts if count is not None]
    assert all(set(digits[3:]) <= {"0"} for digits in shown)


def test_counters_follow_the_formula_in_the_docstring():
    world = simulate_world(DEMO_SEED)
    official = official_videos(world, DEMO_SEED, DAY)
    batch = next(iter(pool_batches(world, DEMO_SEED, DAY, 30, official))).take(slice(0, 20))
    at = np.full(20, 1_762_218_000_000)  # 2025-11-04 10:00 in Seoul
    views = view_counts(world, batch, at)
    day_ms, origin = 86_400_000, 1_475_247_600_000  # 2016-10-01 in Seoul
    assert dt.date(2016, 10, 1) == WORLD_START
    for i in range(20):
        act, published = batch.act[i], batch.published_ms[i]
        clock, instant = 0.0, published
        while instant < at[i]:  # day by day
            day = (instant - origin) // day_ms
            until = min(at[i], origin + (day + 1) * day_ms)
            clock += world.rel[act, day] * (until - instant) / day_ms
            instant = until
        expected = batch.quality[i] * world.base[act] * 1.5 * ((1 + clock / 1.5) ** 0.35 - 1) / 0.35
        expected *= 1 - batch.correction[i] if at[i] >= batch.correction_ms[i] else 1
        assert views[i] == pytest.approx(expected)


def test_the_world_has_comebacks_weekends_rookies_and_no_dead_certainty():
    world = simulate_world(DEMO_SEED)
    rel = world.rel[:OTHER, 100:4000]
    for act, days in enumerate(world.comebacks):
        assert set(np.unique(np.diff(days))) <= set(range(60, 151))
        inside = days[(days > 110) & (days < 3990)]
        before = np.mean([world.rel[act, d - 14 : d - 7].mean() for d in inside])
        after = np.mean([world.rel[act, d : d + 7].mean() for d in inside])
        assert after > 1.3 * before
    weekday = (np.arange(100, 4000) + WORLD_START.weekday()) % 7
    assert rel[:, weekday >= 5].mean() > 1.1 * rel[:, weekday < 4].mean()
    for act, name in enumerate(DEMO_ACTS):
        if name.is_rookie:
            weekly = rel[act].reshape(-1, 30).mean(axis=1)
            assert weekly.min() < 0.05 * weekly.max()
    ranks = np.sort(world.base[:OTHER])[::-1]
    assert ranks[0] > 10 * ranks[20]
    weekly = np.log(rel[:, : 550 * 7].reshape(OTHER, -1, 7).mean(axis=2))
    growth = np.diff(weekly, axis=1)
    persistence = np.corrcoef(growth[:, :-1].ravel(), growth[:, 1:].ravel())[0, 1]
    assert 0.02 < abs(persistence) < 0.8
