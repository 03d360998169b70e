"""Alerts: spikes, changes of tier and milestones from the tables, and their words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.alerts import say_alert
from app.messages.catalogue import LANGUAGES, load_messages
from app.queries.alerts import ALERT_DAYS, list_alerts, list_changes
from app.snapshot import Snapshot
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.lens.spikes import find_spikes
from kpop_assets.settings import Settings
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.demo import END


def tier(artist: str, days: int, number: int) -> dict[str, Any]:
    return {"ingest_date": days_ago(days), "artist": artist, "tier": number}


def test_a_tier_that_changed_is_told_once_with_both_tiers(tmp_path: Path):
    rows = [tier("up", 2, 3), tier("up", 1, 2), tier("up", 0, 2)]
    rows += [tier("down", 1, 1), tier("down", 0, 4), tier("same", 1, 2), tier("same", 0, 2)]
    # A day that nobody collected lies between; an act that is new was in no tier.
    rows += [tier("gap", 5, 4), tier("gap", 0, 3), tier("new", 0, 1)]
    found = list_alerts(write_rows(tmp_path, ARTIST_FEATURES, rows), DAY)
    told = found.select("event_date", "kind", "artist", "before", "value").rows()
    assert sorted(told) == sorted(
        [
            (days_ago(1), "tier_up", "up", 3, 2),
            (DAY, "tier_down", "down", 1, 4),
            (DAY, "tier_up", "gap", 4, 3),
        ]
    )
    assert told[0][0] == DAY, "newest first"


def test_what_is_old_or_lies_ahead_is_not_told(tmp_path: Path):
    rows = [tier("a", days, 2 + days % 2) for days in range(-3, ALERT_DAYS + 5)]
    days = list_alerts(write_rows(tmp_path, ARTIST_FEATURES, rows), DAY).get_column("event_date")
    assert (days.min(), days.max()) == (days_ago(ALERT_DAYS - 1), DAY)
    assert days.len() == ALERT_DAYS


def test_a_spike_is_told_with_its_multiple_and_not_on_other_days(tmp_path: Path):
    usual = [1000, 1100, 950, 1050] * 8
    rows = [
        {"ingest_date": days_ago(age), "artist": artist, "engagement": points}
        for artist, last in (("calm", 1000), ("loud", 9000))
        for age, points in zip(range(len(usual), -1, -1), [*usual, last], strict=True)
    ]
    lake = write_rows(tmp_path, ARTIST_DAILY, rows)
    (row,) = list_changes(lake, DAY).to_dicts()
    assert (row["kind"], row["artist"]) == ("spike", "loud")
    assert row["value"] == pytest.approx(9, rel=0.1)
    assert list_changes(lake, days_ago(1)).is_empty()


def test_a_number_that_was_passed_long_ago_is_not_passed_again(tmp_path: Path):
    counts = {300: 1_000_100, 200: 990_000, 2: 995_000, 1: 999_999, 0: 1_000_050}
    rows = [
        {"ingest_date": days_ago(age), "artist": "a", "video_id": "v", "view_count": count}
        for age, count in counts.items()
    ]
    assert list_alerts(write_rows(tmp_path / "again", VIDEO_DAILY, rows), DAY).is_empty()
    rows = rows[2:]
    assert list_alerts(write_rows(tmp_path / "first", VIDEO_DAILY, rows), DAY).height == 1


def test_a_milestone_is_told_with_the_title(tmp_path: Path):
    counts = {2: 900_000, 1: 999_999, 0: 1_000_000}
    key = {"artist": "a", "video_id": "v"}
    rows = [{**key, "ingest_date": days_ago(age), "view_count": n} for age, n in counts.items()]
    write_rows(tmp_path, VIDEO_DAILY, rows)
    seen = {**key, "ingest_date": DAY, "text": "=<b>title</b>"}
    (row,) = list_alerts(write_rows(tmp_path, EVENTS, [seen]), DAY).to_dicts()
    assert (row["kind"], row["value"], row["video_id"]) == ("milestone", 1_000_000, "v")
    assert say_alert(row, "en", str) == "a: =<b>title</b> passed 1M"
    assert say_alert(row, "ko", str) == "a: =<b>title</b>, 누적 100만 돌파"


def test_without_tables_there_is_nothing_to_tell(tmp_path: Path):
    lake = Snapshot(Settings(home=tmp_path))
    assert list_alerts(lake, DAY).is_empty()
    assert list_changes(lake, DAY).is_empty()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_and_a_name(language: str):
    row = {"value": 2.0, "before": 3.0, "artist": "<IVE>", "video_id": "v", "video_title": None}
    for kind in ("spike", "tier_up", "tier_down", "milestone"):
        said = say_alert({**row, "kind": kind}, language, str.lower)
        assert "<ive>" in said
        assert load_messages()[f"alerts.kind_{kind}"][language]


def test_spikes_are_those_of_the_notices(full: Snapshot):
    alerts = list_alerts(full, END)
    first = END - dt.timedelta(days=ALERT_DAYS - 1)
    own = find_spikes(full.read(ARTIST_DAILY))
    expected = [r for r in own.select("event_date", "artist").rows() if r[0] >= first]
    told = alerts.filter(kind="spike").select("event_date", "artist").rows()
    assert sorted(told) == sorted(expected)


def outlier(video: str, days: int, **more: Any) -> dict[str, Any]:
    row = {"ingest_date": days_ago(days), "video_id": video, "artist": "IVE", "is_outlier": True}
    return {**row, "is_above": True, "outlier_score": 2.5, "reason": "views_per_hour", **more}


def test_a_video_that_comes_to_stand_out_is_told_once(tmp_path: Path):
    rows = [outlier("stays", days) for days in (3, 2, 1)]
    rows += [outlier("again", 20), outlier("again", 2)]
    rows += [outlier("edge", days) for days in (9, 2)]
    rows += [outlier("below", 1, is_above=False), outlier("usual", 1, is_outlier=False)]
    rows += [outlier("nobody", 1, artist="OTHER"), outlier("before", ALERT_DAYS + 3)]
    rows += [outlier("before", ALERT_DAYS - 1)]
    found = list_alerts(write_rows(tmp_path, VIDEO_OUTLIERS, rows), DAY)
    told = found.filter(pl.col("kind") == "outlier").select("event_date", "video_id").rows()
    assert sorted(told) == sorted(
        [
            (days_ago(3), "stays"),
            (days_ago(20), "again"),
            (days_ago(2), "again"),
            (days_ago(9), "edge"),
        ]
    )
    row = found.row(0, named=True)
    for language in LANGUAGES:
        said = say_alert(row, language, str)
        assert "IVE" in said and "50,000" in said
