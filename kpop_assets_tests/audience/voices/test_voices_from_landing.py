"""Simulated reviews from landing to voices: every line is counted, acts are known, reruns agree."""

from __future__ import annotations

import datetime as dt

import dagster as dg

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.audience_voices import VOICE_COUNTS, VOICES
from kpop_assets.contracts.reviews import REVIEW_LINES, REVIEWS
from kpop_assets.landing.sources.demo_review_lines import simulate_reviews_day
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import DAY, contents, demo
from kpop_assets_tests.graph.kit import instance as instance

LAST = DAY + dt.timedelta(days=1)
LAYERS = ("landing", "bronze", "silver", "audience")


def test_what_is_said_in_two_simulated_days_is_what_voices_count(
    settings: Settings, instance: dg.DagsterInstance
):
    asked = demo(400) | {"reviews_per_day": 150}
    done = materialize(settings, DAY, LAST, LAYERS, asked, {"days": []})
    lines = {day: simulate_reviews_day(day, 150, 7) for day in (DAY, LAST)}
    count = sum(map(len, lines.values()))
    assert done.rows[REVIEWS.path] == done.rows[VOICES.path] == count
    assert done.rows[REVIEW_LINES.quarantine.path] == 0
    lake = build_lake(settings)
    voices, counts = lake.rows(VOICES), lake.rows(VOICE_COUNTS)
    told = {(row["ingest_date"], row["rule"]): row["voice_count"] for row in counts.to_dicts()}
    for day, said in lines.items():
        assert told[day, "received"] == len(said)
        assert told[day, "deleted"] == sum("deleted_at" in line for line in said)
        kinds = ("text", "other_language", "laughter", "emoji_only", "empty", "deleted")
        assert sum(told[day, kind] for kind in kinds) == len(said)
        assert told[day, "rating_fault"] == 0
    assert told[LAST, "edited"] == sum("updated_at" in line for line in lines[LAST])
    assert set(voices["is_simulated"]) == {True}
    # A video may be one that no round of the two days saw.
    is_known = voices["artist"] != OTHER
    assert is_known.mean() > 0.8
    before = contents(settings)
    materialize(settings, DAY, LAST, ("audience",), asked, {"days": []})
    after = contents(settings)
    assert all(after[path].equals(before[path]) for path in (VOICES.path, VOICE_COUNTS.path))


def test_days_run_where_no_review_ever_came(settings: Settings, instance: dg.DagsterInstance):
    done = materialize(settings, DAY, DAY, ("audience",), {}, {"days": []})
    assert done.rows[VOICES.path] == done.rows[VOICE_COUNTS.path] == 0
