"""Simulated reviews from landing to scores: the demo's campaign counts little, and reruns agree."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import polars as pl

from kpop_assets.contracts.audience_scores import ACT_MOODS, GUARDS, SUBJECT_SCORES
from kpop_assets.landing.sources.demo_reviews import CAMPAIGN_LINES, campaign_of, release_of
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import contents, demo
from kpop_assets_tests.graph.kit import instance as instance

SEED = 7
LAYERS = ("landing", "bronze", "silver", "audience")
TABLES = (GUARDS.path, SUBJECT_SCORES.path, ACT_MOODS.path)


def test_the_demos_campaign_counts_little_and_nothing_else_less(
    settings: Settings, instance: dg.DagsterInstance
):
    [first] = [
        day
        for day in (dt.date(2025, 10, 1) + dt.timedelta(days=n) for n in range(90))
        if campaign_of(SEED, day) is not None
        and campaign_of(SEED, day + dt.timedelta(days=1)) is not None
    ]
    act = campaign_of(SEED, first)
    assert act is not None
    release = release_of(SEED, act, first)
    asked = demo(300) | {"reviews_per_day": 60}
    materialize(settings, first, first, LAYERS, asked, {"days": []})
    lake = build_lake(settings)
    rows = lake.rows(GUARDS)
    is_planted = rows["review_id"].str.contains(r"-c\d+$")
    assert is_planted.sum() == CAMPAIGN_LINES
    assert rows.filter(is_planted)["weight"].max() < 0.25
    others = rows.filter(~is_planted & ~rows["weight_reasons"].str.contains("earlier_word"))
    assert others["weight"].mean() > 0.99
    is_it = (pl.col("subject") == release) & (pl.col("measure") == "weighted_rating")
    score = lake.rows(SUBJECT_SCORES, where=is_it).row(0, named=True)
    assert score["score_value"] > score["plain_score_value"] + 1
    assert score["is_simulated"]
    before = contents(settings)
    materialize(settings, first, first, ("audience",), asked, {"days": []})
    after = contents(settings)
    assert all(after[path].equals(before[path]) for path in TABLES)
