"""Ranges of days from landing to gold through Dagster: whole, again, in any order, and failing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import dagster as dg
import pytest
from pybloom_live import BloomFilter

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.registry import RECORDS, TABLES
from kpop_assets.days import FIRST_DAY, day_end, seoul_now
from kpop_assets.definitions import build_defs
from kpop_assets.graph.policies import TRAINED
from kpop_assets.operate import runner
from kpop_assets.operate.execution import RunError
from kpop_assets.operate.plan import check_range
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import (
    DAY,
    contents,
    demo,
    differing,
    instance,
    land,
    use_home,
)

__all__ = ["instance"]
# What a run of all layers leaves out, and what needs a champion.
UNFILLED = tuple(t.path for t in TABLES if t.needs_champion or t.layer == "retention")
DEMO_DAYS = 12


def before(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def rows_of(outcome: runner.Outcome, path: str) -> int:
    return outcome.rows[path]


@pytest.fixture(scope="module")
def ran(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, dg.DagsterInstance]:
    """A simulated fortnight that was carried to gold; tests only read it or repeat it."""
    return _ran(engine, tmp_path_factory.mktemp("ran"))


@cache
def _ran(engine: str, home: Path) -> tuple[Settings, dg.DagsterInstance]:
    settings = Settings(home=home, engine=engine)  # type: ignore[arg-type]
    memory = dg.DagsterInstance.ephemeral()
    with pytest.MonkeyPatch.context() as patch:
        _carry(settings, memory, patch)
    return settings, memory


def _carry(settings: Settings, memory: dg.DagsterInstance, patch: pytest.MonkeyPatch) -> None:
    use_home(settings, patch)
    _use(memory, patch)
    materialize(settings, before(DEMO_DAYS - 1), DAY, (), demo(200))


def _use(memory: dg.DagsterInstance, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))


def test_every_table_is_filled_for_every_day(ran: tuple[Settings, dg.DagsterInstance]):
    found = contents(ran[0])
    # A fortnight is too little to train on: there is no champion, so nothing forecasts.
    assert found.keys() == {table.path for table in TABLES} - set(UNFILLED)
    trainings = ("models/trainings", "recommend/trainings", "audience/sentiment_trainings")
    assert all(all(found[path].column("refusal").to_pylist()) for path in trainings)
    days = {before(n) for n in range(DEMO_DAYS)}
    # All lines of the demo are good, and all its acts known.
    # A first week is complete on its seventh day, a forecast of an act on the seventh after it,
    # and one of a video on the next.
    later = {"silver/video_firsts": 6, "models/viral_outcomes": 7}
    later |= {"lens/forecast_scorecard": 1, "lens/forecast_scores": 2}
    for path, wait in later.items():
        filled = set(found[path].column("ingest_date").to_pylist())
        assert filled == {before(n) for n in range(DEMO_DAYS - wait)}, path
    # Outside services are asked about a day on that day alone, and these days are past.
    asked = {"lens/entities", "lens/signals"}
    assert [found[path].num_rows for path in asked] == [0, 0]
    # The demo has lines of videos alone.
    others = {t.path for record in RECORDS[1:] for t in record.tables}
    others |= {t.path for t in TABLES if t.layer == "recommend"} - {"recommend/trainings"}
    others |= {t.path for t in TABLES if t.layer == "audience"} - {"audience/sentiment_trainings"}
    others |= {t.path for t in TABLES if t.layer in ("experiments", "rising_slot")}
    assert all(found[path].num_rows == 0 for path in others)
    quiet = {"bronze/quarantine", "catalog/unknown", *later, *asked, *others}
    for path in found.keys() - {*quiet, *TRAINED}:
        table = found[path]
        assert set(table.column("ingest_date").to_pylist()) == days, path


def test_every_check_passed(ran: tuple[Settings, dg.DagsterInstance]):
    graph = build_defs().resolve_asset_graph()
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    logs = [log for run in ran[1].get_runs() for log in ran[1].all_logs(run.run_id, of_type=kind)]
    found = [log.get_dagster_event().asset_check_evaluation_data for log in logs]
    assert {check.passed for check in found} == {True}
    expected = {
        key for key in graph.asset_check_keys if "/".join(key.asset_key.path) not in UNFILLED
    }
    assert {check.asset_check_key for check in found} == expected


def test_metadata_has_numbers_to_plot_and_rows_to_look_at(
    ran: tuple[Settings, dg.DagsterInstance],
):
    settings, memory = ran
    lake = build_lake(settings)
    for table in (table for table in TABLES if table.path not in UNFILLED):
        event = memory.get_latest_materialization_event(dg.AssetKey(table.path.split("/")))
        assert event and event.asset_materialization
        metadata = event.asset_materialization.metadata
        assert metadata["dagster/row_count"].value == lake.row_count(table)
        assert isinstance(metadata["dagster/partition_row_count"].value, int)
        assert isinstance(metadata["delta_version"].value, int)
        assert metadata["location"].value == str(lake.location(table))
        preview = metadata["preview"].value
        assert preview.startswith("| ingest_date |") or preview.startswith("no rows from ")


def test_the_exported_filter_knows_the_newest_days_videos(
    ran: tuple[Settings, dg.DagsterInstance],
):
    settings, _ = ran
    with (settings.artifacts / "bronze_bloom.bin").open("rb") as file:
        filter_ = BloomFilter.fromfile(file)
    about = json.loads((settings.artifacts / "bronze_bloom.json").read_text())
    events = build_lake(settings).arrow(EVENTS, DAY, day_end(DAY), ["video_id"])
    videos = set(events.column("video_id").to_pylist())
    assert all(video in filter_ for video in videos)
    assert about["ingest_date"] == DAY.isoformat()
    assert about["id_count"] == len(videos)


def test_the_exported_features_are_the_newest_day(ran: tuple[Settings, dg.DagsterInstance]):
    settings, _ = ran
    table = contents(settings)["gold/artist_features"]
    text = (settings.artifacts / "features.csv").read_text()
    exported = list(csv.DictReader(io.StringIO(text)))
    assert list(exported[0]) == table.column_names
    key = ("ingest_date", "artist", "rank", "tier", "total_engagement")
    newest = [row for row in table.to_pylist() if row["ingest_date"] == DAY]
    assert {tuple(row[name] for name in key) for row in exported} == {
        tuple(str(row[name]) for name in key) for row in newest
    }
    ranks = [int(row["rank"]) for row in exported]
    assert ranks == sorted(ranks)
    assert len(exported) == len(newest) < table.num_rows


def test_the_exported_tiers_are_the_newest_days(ran: tuple[Settings, dg.DagsterInstance]):
    settings, _ = ran
    document = json.loads((settings.artifacts / "gold_tiers.json").read_text())
    found = contents(settings)
    newest = [r for r in found["gold/artist_features"].to_pylist() if r["ingest_date"] == DAY]
    assert document["ingest_date"] == DAY.isoformat()
    assert document["artist_count"] == len(newest) == len(document["cdf"])
    assert sum(document["distribution"].values()) == len(newest)


def test_running_it_again_changes_nothing(
    ran: tuple[Settings, dg.DagsterInstance], monkeypatch: pytest.MonkeyPatch
):
    settings, memory = ran
    once = contents(settings)
    files = sorted(path.name for path in settings.landing.rglob("*.json"))
    _carry(settings, memory, monkeypatch)
    assert differing(once, contents(settings)) == []
    assert sorted(path.name for path in settings.landing.rglob("*.json")) == files


def test_days_run_singly_in_any_order_give_the_tables_of_one_run(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
):
    days = [before(n) for n in (2, 0, 1, 3)]
    together = Settings(home=tmp_path / "together", engine=settings.engine)
    with pytest.MonkeyPatch.context() as patch:
        use_home(together, patch)
        materialize(together, min(days), max(days), (), demo())
    outcomes = [materialize(settings, day, day, (), demo()) for day in days]
    assert differing(contents(together), contents(settings)) == []
    # The two days that come late are followed by a second run of what looks back at them.
    assert [bool(found.refreshed) for found in outcomes] == [False, False, True, True]
    assert outcomes[-1].refreshed.keys() == {
        "bronze/videos",
        "catalog/unknown",
        "models/artist_inputs",
        "models/viral_outcomes",
        *("recommend/play_days", "recommend/listener_tracks", "recommend/track_plays"),
        *("recommend/answer_days", "recommend/drift"),
        *("rising_slot/policy_estimates", "experiments/listener_days", "experiments/results"),
        *("recommend/outcomes", "recommend/outcome_days"),
        *(t.path for t in TABLES if t.layer in ("silver", "gold", "lens")),
        *(t.path for t in TABLES if t.layer == "audience" and t.rhythm != "weekly"),
    }


def test_a_day_without_files_and_one_with_an_empty_file_run_through(
    settings: Settings, instance: dg.DagsterInstance
):
    land(settings, before(2), "a", "b")
    empty = settings.landing / before(1).isoformat() / "events_1762480800.json"
    empty.parent.mkdir()
    empty.touch()
    outcome = materialize(settings, before(2), DAY)
    assert rows_of(outcome, "bronze/events") == 2
    found = contents(settings)
    accounts = {
        row["ingest_date"]: (row["line_count"], row["event_count"])
        for row in found["bronze/files"].to_pylist()
    }
    assert accounts == {before(2): (2, 2), before(1): (0, 0)}
    assert set(found["gold/artist_features"].column("ingest_date").to_pylist()) == {before(2)}


def test_a_broken_line_is_set_aside_and_the_rest_of_its_file_loads(
    settings: Settings, instance: dg.DagsterInstance
):
    path = land(settings, DAY, "a", "b")
    path.write_bytes(path.read_bytes() + b'{"video_id": \n\xff\xfe\n')
    outcome = materialize(settings, DAY, DAY, ["bronze"])
    assert rows_of(outcome, "bronze/events") == 2
    assert rows_of(outcome, "bronze/quarantine") == 2


def test_a_layer_a_table_and_tables_filled_together_can_be_chosen(
    settings: Settings, instance: dg.DagsterInstance
):
    land(settings, DAY, "a")
    outcome = materialize(settings, DAY, DAY, ["bronze/files"])
    assert outcome.rows.keys() == {"bronze/events", "bronze/quarantine", "bronze/files"}
    materialize(settings, DAY, DAY, ["bronze/videos"])
    outcome = materialize(settings, DAY, DAY, ["silver"])
    assert outcome.rows.keys() == {t.path for t in TABLES if t.layer == "silver"}
    outcome = materialize(settings, DAY, DAY, ["bronze/bloom", "silver/artist_daily"])
    assert outcome.rows.keys() == {"bronze/bloom", "silver/artist_daily"}


@pytest.mark.parametrize(
    ("first", "last", "select", "message"),
    [
        (DAY, before(1), (), "2025-11-08 lies after 2025-11-07: give the first day first"),
        (FIRST_DAY - dt.timedelta(days=1), DAY, (), "2016-12-31 lies before the first partition"),
        (DAY, dt.date(2099, 1, 1), (), "2099-01-01 lies in the future: end at "),
        (DAY, DAY, ["nonsense"], "--select nonsense names no asset: use landing, bronze,"),
        (DAY, DAY, ["gold", "a b("], "--select gold a b( names no asset"),
        (DAY, DAY, ["key:nowhere*"], "--select key:nowhere* names no asset"),
        (DAY, DAY, ["gold"], "step gold_artist_features failed: table silver/artist_daily has not"),
    ],
    ids=["backwards", "before 2017", "future", "nonsense", "syntax", "no match", "no table"],
)
def test_what_cannot_be_run_is_one_line_that_says_why(
    settings: Settings,
    instance: dg.DagsterInstance,
    first: dt.date,
    last: dt.date,
    select: list[str],
    message: str,
):
    with pytest.raises(RunError) as failure:
        materialize(settings, first, last, select)
    assert str(failure.value).startswith(message)
    assert "\n" not in str(failure.value)


def test_today_in_seoul_can_be_run():
    today = seoul_now().date()
    check_range(FIRST_DAY, today)
    with pytest.raises(RunError, match="future"):
        check_range(FIRST_DAY, day_end(today))
