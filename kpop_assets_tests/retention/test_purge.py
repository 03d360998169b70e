"""What the API said goes from every file at its limit; what was computed stays to the bit."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.bronze import BLOOM, EVENTS, QUARANTINE
from kpop_assets.contracts.lens_videos import VIDEO_METRICS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.registry import ALL_TABLES, TABLES
from kpop_assets.contracts.retention import PURGES
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.purged import PurgedError, purged_days
from kpop_assets.landing.files import AlreadyLanded
from kpop_assets.landing.importer import import_files
from kpop_assets.operate import runner
from kpop_assets.operate.execution import RunError
from kpop_assets.operate.runner import materialize, plan
from kpop_assets.retention import assets as retention_assets
from kpop_assets.retention import purge as purge_module
from kpop_assets.retention.purge import purge, refuse_forgotten
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets.wiring.sensors import find_files, new_landing_days
from kpop_assets_tests.graph.kit import DAY, contents, differing, use_home
from kpop_assets_tests.retention.kit import (
    ALL_DAYS,
    CHANNEL,
    KEPT_VIEWS,
    NOW,
    OLD_DAYS,
    ONE,
    SENTINELS,
    TITLE,
    TORN,
    api_lines,
    copy_home,
    fill_forecasts,
    fill_landing,
    fill_store,
    fill_suspects,
    landing_files,
    other_lines,
    same,
    where,
)
from kpop_assets_tests.wiring.test_sensors import look

API_TABLES = tuple(table for table in TABLES if table.provider)
API = {table.path for table in API_TABLES}
Purge = Callable[[Settings], purge_module.Report]


@pytest.fixture(scope="module")
def before(
    engine: str, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, dg.DagsterInstance]]:
    """Four days of three sources carried to gold; tests work on copies of it."""
    settings = Settings(home=tmp_path_factory.mktemp("before") / "data", engine=engine)  # type: ignore[arg-type]
    fill_landing(settings)
    with dg.DagsterInstance.ephemeral() as memory:
        with pytest.MonkeyPatch.context() as patch:
            use_home(settings, patch)
            patch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))
            layers = ["landing", "bronze", "silver", "catalog", "gold", "lens", "audience"]
            materialize(settings, ALL_DAYS[0], ALL_DAYS[-1], layers)
        fill_forecasts(Lake(settings.lake, lambda: spark))
        fill_store(settings)
        fill_suspects(Lake(settings.lake, lambda: spark))
        yield settings, memory


@pytest.fixture
def home(before: tuple[Settings, dg.DagsterInstance], tmp_path: Path) -> Settings:
    """A copy to purge."""
    return copy_home(before[0], tmp_path / "data")


@pytest.fixture
def purged(spark: SparkSession) -> Purge:
    """Purge a home, with no grace for readers."""
    return lambda settings: purge(settings, lake_of(settings, spark), NOW, "run", keep_hours=0)


def lake_of(settings: Settings, spark: SparkSession) -> Lake:
    return Lake(settings.lake, lambda: spark)


def test_nothing_that_the_api_said_is_anywhere_and_all_that_was_computed_is(
    home: Settings, purged: Purge
):
    kinds = {name.split("/")[0] for name in where(home.home, *SENTINELS)}
    assert kinds == {"landing", "lake", "collection.db"}
    computed = {path: rows for path, rows in contents(home).items() if path not in API}
    assert {"silver/artist_daily", "silver/artist_windows", "gold/artist_features"} < set(computed)
    report = purged(home)
    assert report.days == list(OLD_DAYS)
    assert where(home.home, *SENTINELS) == []
    after = contents(home)
    assert same(computed, {path: after[path] for path in computed}) == []


def test_what_is_younger_and_what_came_from_others_stays(home: Settings, purged: Purge):
    tables, files = contents(home), landing_files(home)
    purged(home)
    events = [r for r in tables["bronze/events"].to_pylist() if not is_old_api(r)]
    assert contents(home)["bronze/events"].to_pylist() == events
    assert {r["source"] for r in events if r["ingest_date"] in OLD_DAYS} == {"spotify", "demo"}
    old = [r["line"] for r in contents(home)["bronze/quarantine"].to_pylist()]
    assert sum(TORN in text for text in old) == 0
    assert len(old) == 4 + 2 * 2  # each day's broken line, and the torn ones of the kept days
    others = {(day, name) for day in OLD_DAYS for name in ("sp-1", "sp-2", "demo-1")}
    for path in ("silver/video_daily", "lens/video_metrics"):
        rows = contents(home)[path].to_pylist()
        days = {(r["ingest_date"], r["video_id"]) for r in rows}
        assert {found for found in days if found[0] in OLD_DAYS} == others
        assert {(day, "yt-1") for day in ALL_DAYS[2:]} < days
    for name, content in files.items():
        is_old = any(day.isoformat() in name for day in OLD_DAYS)
        found = landing_files(home).get(name)
        if not is_old or "other-" in name or content == b"".join(other_lines(day_of(name))):
            assert found == content
        elif "api-" in name or content == b"".join(api_lines(day_of(name))):
            assert found is None
        else:
            assert found is not None and found.count(b"\n") == 1 and b"sp-2" in found
    assert str(KEPT_VIEWS).encode() in b"".join(landing_files(home).values())


def is_old_api(row: dict) -> bool:
    return row["source"] == "youtube" and row["ingest_date"] in OLD_DAYS


def day_of(name: str) -> dt.date:
    return next(day for day in ALL_DAYS if day.isoformat() in name)


def test_forecasts_lose_the_driving_video_that_was_last_seen_beyond_the_limit(
    home: Settings, purged: Purge
):
    before = contents(home)["pareto/next_viral"]
    report = purged(home)
    after = contents(home)["pareto/next_viral"]
    driving = ["driving_video_id", "driving_video_title", "driving_video_gain"]
    assert after.drop_columns(driving) == before.drop_columns(driving)
    assert after.select(driving).to_pylist() == [
        dict.fromkeys(driving),
        dict(zip(driving, ("sp-2", "TWICE", 7), strict=True)),
        dict(zip(driving, ("yt-1", "BTS kept", 7), strict=True)),
    ]
    assert report.removed["pareto/next_viral cells"] == 1


def test_an_act_keeps_its_sums_and_loses_what_is_of_its_best_video(home: Settings, purged: Purge):
    told = ["best_video_id", "best_views_per_hour"]

    def best(name: str) -> dict:
        rows = contents(home)["lens/artist_outliers"].to_pylist()
        return {r["ingest_date"]: r[name] for r in rows if r["artist"] == "BTS"}

    scores = contents(home)["lens/artist_outliers"].drop_columns(told)
    before = {name: best(name) for name in told}
    assert before["best_video_id"] == dict.fromkeys(ALL_DAYS, "yt-1")
    assert before["best_views_per_hour"][OLD_DAYS[1]] is not None
    purged(home)
    for name in told:
        assert best(name) == before[name] | dict.fromkeys(OLD_DAYS)
    assert contents(home)["lens/artist_outliers"].drop_columns(told) == scores


def test_words_of_several_videos_stay_and_those_of_one_go(home: Settings, purged: Purge):
    before = contents(home)["lens/word_counts"].to_pylist()
    purged(home)
    after = contents(home)["lens/word_counts"].to_pylist()
    is_old_single = [r["ingest_date"] in OLD_DAYS and r["video_count"] == 1 for r in before]
    assert 0 < sum(is_old_single) < len(before)
    assert any(r["ingest_date"] in OLD_DAYS for r in after)
    assert after == [r for r, is_gone in zip(before, is_old_single, strict=True) if not is_gone]
    assert where(home.home, TITLE.lower()) == []


def test_the_marks_say_what_went_and_the_filter_holds_what_is_left(
    home: Settings, purged: Purge, spark: SparkSession
):
    purged(home)
    lake = lake_of(home, spark)
    marks = contents(home)["retention/purges"].to_pylist()
    assert marks == [
        {
            "ingest_date": day,
            "limit_days": 30,
            "purged_line_count": 4,
            "purged_event_count": 1,
            "purged_quarantine_count": 2,
            "purged_new_video_count": int(day == OLD_DAYS[0]),
            "purged_video_count": 1,
            "purged_review_count": 0,
            "started_at": NOW,
            "purged_at": NOW,
        }
        for day in OLD_DAYS
    ]
    counts = lake.arrow(BLOOM, OLD_DAYS[0], day_end(DAY), ["ingest_date", "id_count"])
    assert sorted(map(tuple, (r.values() for r in counts.to_pylist()))) == [
        (OLD_DAYS[0], 3),
        (OLD_DAYS[1], 3),
        (DAY, 4),
    ]


def test_purging_again_changes_nothing_not_even_a_version(
    home: Settings, purged: Purge, spark: SparkSession
):
    purged(home)
    first, files = contents(home), landing_files(home)
    versions = {t.path: lake_of(home, spark).delta(t).version() for t in (*API_TABLES, PURGES)}
    report = purged(home)
    assert (report.days, +report.removed) == ([], {})
    assert same(first, contents(home)) == []
    assert files == landing_files(home)
    found = {t.path: lake_of(home, spark).delta(t).version() for t in (*API_TABLES, PURGES)}
    assert found == versions


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture(scope="module")
def ended(
    before: tuple[Settings, dg.DagsterInstance],
    spark: SparkSession,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """A home that was purged in one go."""
    home = copy_home(before[0], tmp_path_factory.mktemp("ended") / "data")
    purge(home, lake_of(home, spark), NOW, "run", keep_hours=0)
    return home


def test_a_table_that_no_step_empties_of_a_provider_s_rows_is_refused():
    refuse_forgotten(ALL_TABLES)
    forgotten = dataclasses.replace(EVENTS, name="other_events")
    with pytest.raises(ValueError, match="removes a provider's rows from bronze/other_events"):
        refuse_forgotten((*ALL_TABLES, forgotten))
    refuse_forgotten([dataclasses.replace(forgotten, provider=None)])


@pytest.mark.parametrize("number", range(len(purge_module.STEPS)))
def test_a_purge_that_is_killed_after_any_step_is_ended_by_the_next(
    number: int,
    ended: Settings,
    home: Settings,
    purged: Purge,
    monkeypatch: pytest.MonkeyPatch,
):
    steps = purge_module.STEPS

    def killed(work: purge_module.Purge) -> None:
        steps[number](work)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(purge_module, "STEPS", (*steps[:number], killed))
        with pytest.raises(Killed):
            purged(home)
    assert purged_days(build_lake(home)) == set(OLD_DAYS), "the mark comes first"
    purged(home)
    # A double that is one in its whole file Sail takes from the statistics in Delta's log, and may
    # miss its last digit: days that are written twice are not equal to the bit.
    assert differing(contents(ended), contents(home)) == []
    assert landing_files(ended) == landing_files(home)
    assert where(home.home, *SENTINELS) == []


def test_a_kill_between_two_landing_files_is_made_good(
    ended: Settings, home: Settings, purged: Purge, monkeypatch: pytest.MonkeyPatch
):
    remove, done = purge_module.api_lines.remove_api_lines, []

    def remove_one(file: purge_module.api_lines.ApiFile) -> int:
        if done:
            raise Killed
        done.append(file)
        return remove(file)

    with monkeypatch.context() as patch:
        patch.setattr(purge_module.api_lines, "remove_api_lines", remove_one)
        with pytest.raises(Killed):
            purged(home)
    purged(home)
    # A double that is one in its whole file Sail takes from the statistics in Delta's log, and may
    # miss its last digit: days that are written twice are not equal to the bit.
    assert differing(contents(ended), contents(home)) == []
    assert landing_files(ended) == landing_files(home)


def test_whoever_reads_an_earlier_version_has_an_hour(
    home: Settings, spark: SparkSession, purged: Purge
):
    lake = lake_of(home, spark)
    earlier = lake.delta(EVENTS)
    rows = pl.scan_delta(earlier).select("video_id").collect().height
    purge(home, lake, NOW)
    assert pl.scan_delta(earlier).select("video_id").collect().height == rows
    assert where(home.home, TITLE), "the files of the earlier version"
    # The next purge finds them old enough.
    purged(home)
    assert where(home.home, *SENTINELS) == []


def test_after_a_purge_the_engine_reads_and_writes_the_tables(
    ended: Settings, spark: SparkSession, tmp_path: Path
):
    home = copy_home(ended, tmp_path / "data")
    lake = lake_of(home, spark)
    for table in (EVENTS, QUARANTINE, NEXT_VIRAL):
        expected = lake.row_count(table)
        rows = lake.read(table, OLD_DAYS[0], ALL_DAYS[-1] + ONE)
        assert rows.count() == expected
        lake.replace_range(table, OLD_DAYS[0], ALL_DAYS[-1] + ONE, rows)
        assert lake.row_count(table) == expected


def test_the_amendment_keeps_everything(home: Settings, purged: Purge):
    tables, files = contents(home), landing_files(home)
    report = purged(dataclasses.replace(home, retention_days=None))
    assert report == purge_module.Report()
    assert same(tables, contents(home)) == []
    assert files == landing_files(home)


def test_a_lake_without_api_data_is_left_alone(settings: Settings, lake: Lake):
    taken = settings.landing / OLD_DAYS[0].isoformat()
    taken.mkdir(parents=True)
    (taken / "events_1766892339.json").write_bytes(b"".join(other_lines(OLD_DAYS[0])))
    files = landing_files(settings)
    report = purge(settings, lake, NOW, keep_hours=0)
    assert (report.days, +report.removed) == ([], {})
    assert not lake.root.exists()
    assert landing_files(settings) == files


# --- what follows -------------------------------------------------------------------------------


def test_a_purged_file_is_not_taken_in_again(home: Settings, purged: Purge, spark: SparkSession):
    lake = lake_of(home, spark)
    assert new_landing_days(home, lake) == {}
    files = find_files(home.landing, OLD_DAYS[0], day_end(OLD_DAYS[0]))
    original = next(f.path for f in files if b"sp-2" in f.path.read_bytes())
    copy = home.home / original.name
    copy.write_bytes(original.read_bytes())
    purged(home)
    assert new_landing_days(home, lake) == {}
    summary = import_files("landing", copy, home.landing)
    assert [type(found) for found in summary.already_landed] == [AlreadyLanded]
    assert summary.landed == []


@pytest.mark.parametrize(
    "select", [(), ("bronze",), ("silver",), ("bronze/videos",), ("models/artist_inputs",)]
)
def test_a_run_over_a_purged_day_is_refused_before_any_table_is_touched(
    select: tuple[str, ...], ended: Settings, monkeypatch: pytest.MonkeyPatch
):
    use_home(ended, monkeypatch)
    tables, files = contents(ended), landing_files(ended)
    with dg.DagsterInstance.ephemeral() as memory:
        monkeypatch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))
        with pytest.raises(PurgedError) as refusal:
            materialize(ended, OLD_DAYS[1], ALL_DAYS[-1], select)
        assert memory.get_runs() == []
    reason, _, others = str(refusal.value).partition(", or select only ")
    assert reason == (
        "2025-11-07 cannot be computed again: YouTube's statistics of then were removed at the "
        "retention limit, and what was computed of them would be lost: leave these days out, "
        "start at 2025-11-08 or later"
    )
    named = set(others.replace(" or ", ", ").split(", "))
    assert {"gold", "lens/entities", "lens/signals", "models/trainings", "pareto/front"} <= named
    of_its_own = {EVENTS, VIDEO_DAILY, ARTIST_DAILY, VIDEO_METRICS, NEXT_VIRAL}
    refused = {t.path for t in of_its_own} | {t.layer for t in of_its_own}
    assert not named & refused
    assert same(tables, contents(ended)) == []
    assert files == landing_files(ended)


def test_a_backfill_that_the_interface_starts_is_refused_too(
    ended: Settings, monkeypatch: pytest.MonkeyPatch
):
    use_home(ended, monkeypatch)
    monkeypatch.setattr(runner, "refuse_purged", lambda *args: None)
    tables = contents(ended)
    with dg.DagsterInstance.ephemeral() as memory:
        monkeypatch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))
        for select in ("bronze/events", "silver/video_daily", "silver/artist_daily"):
            with pytest.raises(RunError, match="2025-11-06 cannot be computed again"):
                materialize(ended, OLD_DAYS[0], OLD_DAYS[0], [select])
    assert same(tables, contents(ended)) == []


def test_gold_of_a_purged_day_can_be_computed_again_and_is_the_same(
    ended: Settings, monkeypatch: pytest.MonkeyPatch
):
    use_home(ended, monkeypatch)
    tables = contents(ended)
    with dg.DagsterInstance.ephemeral() as memory:
        monkeypatch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))
        materialize(ended, OLD_DAYS[0], OLD_DAYS[1], ["gold"])
    assert same(tables, contents(ended)) == []


def test_a_late_day_before_purged_ones_runs_and_leaves_them_out_of_what_follows(ended: Settings):
    late = OLD_DAYS[0] - ONE
    legs = [leg for leg in plan(ended, late, late) if leg.kind in ("fill", "refresh")]
    assert [(leg.kind, leg.start, leg.last) for leg in legs] == [
        ("fill", late, late),
        ("refresh", ALL_DAYS[2], ALL_DAYS[3]),
    ]
    assert not any("retention/purges" in leg.paths for leg in legs)


def test_an_original_that_comes_again_stays_out_and_goes_with_the_next_purge(
    home: Settings, purged: Purge, spark: SparkSession, capsys: pytest.CaptureFixture[str]
):
    purged(home)
    lake = lake_of(home, spark)
    original = home.home / "again_1762444800.json"
    original.write_bytes(api_lines(OLD_DAYS[1])[0])
    (landed,) = import_files("landing", original, home.landing).landed
    original.unlink()
    with dg.DagsterInstance.ephemeral() as memory:
        assert look(home, lake, memory).run_requests == []
    assert (
        f"2025-11-07 was purged (retention/purges): {landed.path.name}" in capsys.readouterr().err
    )
    assert purged(home).days == [OLD_DAYS[1]]
    assert where(home.home, *SENTINELS) == []
    marks = {row["ingest_date"]: row for row in contents(home)["retention/purges"].to_pylist()}
    assert [marks[day]["purged_line_count"] for day in OLD_DAYS] == [4, 5]
    assert [marks[day]["purged_event_count"] for day in OLD_DAYS] == [1, 1]


def test_runs_show_nothing_of_the_api_in_what_dagster_keeps(
    before: tuple[Settings, dg.DagsterInstance],
):
    memory = before[1]
    logs = "".join(str(log) for run in memory.get_runs() for log in memory.all_logs(run.run_id))
    assert "gold/artist_features" in logs and "BTS" in logs
    assert [word for word in (TITLE, CHANNEL, TORN) if word in logs] == []
    views = [str(n) for n in (913_579_111, 924_680_222)]
    assert [word for word in views if word in logs.replace(",", "")] == []


def test_the_asset_purges_by_the_clock_and_reports_what_went(
    home: Settings, monkeypatch: pytest.MonkeyPatch
):
    use_home(home, monkeypatch)
    monkeypatch.setattr(retention_assets, "seoul_now", lambda: NOW)
    with dg.DagsterInstance.ephemeral() as memory:
        monkeypatch.setattr(runner, "open_instance", lambda settings: nullcontext(memory))
        figures = []
        for _ in range(2):
            materialize(home, DAY, DAY, ["retention"])
            event = memory.get_latest_materialization_event(dg.AssetKey(["retention", "purges"]))
            assert event and event.asset_materialization
            metadata = event.asset_materialization.metadata
            figures.append({name: found.value for name, found in metadata.items()})
    first, second = figures
    assert first["dagster/partition_row_count"] == 2
    assert (first["purged_event_count"], first["landing_files"], first["purged_video_count"]) == (
        2,
        4,
        2,
    )
    assert first["landing_bytes"] > 0
    assert first["inbox_taken_files"] == 2
    assert first["api_data_kept_from"] == DAY.isoformat()
    assert second["dagster/row_count"] == 2
    assert "purged_event_count" not in second
