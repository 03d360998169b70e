"""Simulated tracks and plays from landing to `recommend`: what was planted is what is counted."""

from __future__ import annotations

import datetime as dt

import dagster as dg

from kpop_assets.contracts.plays import PLAY_LINES, PLAYS
from kpop_assets.contracts.recommend_listening import (
    LISTENER_TRACKS,
    SHARED_LISTENERS,
    TRACK_PLAYS,
    WORK_AUDIENCE,
)
from kpop_assets.contracts.recommend_plays import PLAY_DAYS
from kpop_assets.contracts.recommend_tracks import WORKS
from kpop_assets.contracts.tracks import TRACK_LINES, TRACKS
from kpop_assets.landing.sources.demo_play_lines import BOT_PLAYS, expected_play_counts
from kpop_assets.landing.sources.demo_tracks import expected_track_counts
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import DAY, demo
from kpop_assets_tests.graph.kit import instance as instance

LAST = DAY + dt.timedelta(days=1)
SIZE = {"plays_per_day": 2_100, "listener_count": 150}


def test_what_was_planted_in_a_simulated_day_is_what_the_tables_count(
    settings: Settings, instance: dg.DagsterInstance
):
    asked = ("landing", "bronze", "recommend")
    done = materialize(settings, DAY, LAST, asked, demo(20) | SIZE, {"days": []})
    wanted, lake = expected_play_counts(2_100), build_lake(settings)
    assert done.rows[PLAYS.path] == 2 * wanted.play_count
    assert done.rows[PLAY_LINES.quarantine.path] == 2 * wanted.broken_count
    days = lake.rows(PLAY_DAYS)
    for day in days.to_dicts():
        assert day["row_count"] == wanted.play_count
        assert day["bot_count"] == wanted.bot_count == 1
        assert day["bot_play_count"] == BOT_PLAYS
        assert day["counted_count"] == wanted.play_count - BOT_PLAYS
        assert day["late_play_count"] == wanted.late_count
    assert len(days) == 2
    files = lake.rows(PLAY_LINES.files)
    assert files["duplicate_count"].sum() == 2 * wanted.duplicate_count
    for table in (LISTENER_TRACKS, TRACK_PLAYS):
        assert lake.rows(table)["play_count"].sum() == days["counted_count"].sum()
    told = [expected_track_counts(day, 7) for day in (DAY, LAST)]
    assert done.rows[TRACKS.path] == sum(one.track_count for one in told)
    assert done.rows[TRACK_LINES.quarantine.path] == sum(one.broken_count for one in told)
    assert set(lake.rows(PLAYS)["source"]) == {"demo"}
    weekly = (WORKS.path, WORK_AUDIENCE.path, SHARED_LISTENERS.path)
    materialize(settings, DAY, LAST, weekly, {}, {"days": [DAY.isoformat()]})
    audience = lake.rows(WORK_AUDIENCE)
    assert set(audience["ingest_date"]) == {DAY}
    # Of the two days one is the training day, by which not every track was told of.
    assert 0 < audience["plays_28d"].sum() < wanted.play_count - BOT_PLAYS


def test_without_plays_the_demo_has_neither_plays_nor_tracks(
    settings: Settings, instance: dg.DagsterInstance
):
    done = materialize(settings, DAY, DAY, ("landing", "bronze"), demo(20), {"days": []})
    assert done.rows[PLAYS.path] == done.rows[TRACKS.path] == 0
    assert not (settings.landing / "plays").exists()
