"""What an asset says of itself: previews that nobody can spoil, schemas, and failed days."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.bronze import (
    BLOOM,
    EVENTS,
    FILES,
    QUARANTINE,
    VIDEOS,
    YOUTUBE_SOURCE,
)
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.retention import PURGES
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.graph import lake_asset as report
from kpop_assets.graph.failures import cause_of
from kpop_assets.graph.figures import PREVIEW_ROWS, preview
from kpop_assets.graph.lake_asset import column_schema, files_asset, lake_asset
from kpop_assets.graph.reach import look_backs
from kpop_assets.graph.step import Step
from kpop_assets.lake.errors import DamagedTableError, OlderTableError
from kpop_assets.lake.lake import ContractError, Lake, LakeError
from kpop_assets.lake.lock import filling
from kpop_assets_tests.graph.kit import DAY, frame
from kpop_assets_tests.operate.checkup.kit import write

END = day_end(DAY)


def rows_of(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()]


def test_a_preview_shows_the_top_rows_of_the_last_day(lake: Lake):
    rows = [{"landing_file": f"f{i:02d}", "size_bytes": i} for i in range(12)]
    other = {"ingest_date": END, "landing_file": "later", "size_bytes": 99}
    lake.replace_range(FILES, DAY, day_end(END), frame(lake.spark, FILES, *rows, other))
    header, _, *shown = rows_of(preview(lake, FILES, DAY, END, "size_bytes"))
    assert header == FILES.column_names
    assert [row[1] for row in shown] == [f"f{i:02d}" for i in range(11, 11 - PREVIEW_ROWS, -1)]


def test_an_empty_day_says_so(lake: Lake):
    lake.replace_range(FILES, DAY, END, frame(lake.spark, FILES))
    assert preview(lake, FILES, DAY, END, "size_bytes") == "no rows from 2025-11-08 to 2025-11-08"


def test_bytes_are_not_shown(lake: Lake):
    lake.replace_range(BLOOM, DAY, END, frame(lake.spark, BLOOM, {}))
    header, *_ = rows_of(preview(lake, BLOOM, DAY, END, "id_count"))
    assert "filter" not in header


def test_a_title_can_neither_end_its_cell_nor_become_a_link_or_a_tag(lake: Lake):
    title = "a | b\n| [x](javascript:y) <img src=z> `c` **d** \\| " + "e" * 99
    row = {"text": title, "view_count": 1}
    lake.replace_range(EVENTS, DAY, END, frame(lake.spark, EVENTS, row))
    text = preview(lake, EVENTS, DAY, END, "view_count")
    assert len(text.splitlines()) == 3
    shown = rows_of(text)[2][EVENTS.column_names.index("text")]
    assert shown.startswith(r"a \| b \| \[x\](javascript:y) \<img src=z\> \`c\` \*\*d\*\*")
    assert len(shown) == 80


@pytest.mark.parametrize(
    ("table", "sourced", "days", "is_shown"),
    [
        (EVENTS, EVENTS, 0, False),
        (EVENTS, EVENTS, 1, True),
        (VIDEO_DAILY, EVENTS, 30, False),
        (VIDEO_DAILY, EVENTS, 31, True),
        (NEXT_VIRAL, EVENTS, 60, False),
        (NEXT_VIRAL, EVENTS, 61, True),
        # No event is left of the provider, but what a first sight said of a video is.
        (VIDEO_DAILY, VIDEOS, 30, False),
        # Nobody can tell whose a refused line is.
        (QUARANTINE, EVENTS, 1, False),
    ],
)
def test_a_preview_names_no_video_where_a_provider_spoke_as_far_back_as_its_table_looks(
    table: Table, sourced: Table, days: int, is_shown: bool, tmp_path: Path
):
    said = next(column.name for column in table.columns if column.of_provider)
    rows = {table: [{"ingest_date": DAY, "source": "other"}]}
    spoke = {"ingest_date": DAY - dt.timedelta(days=days), "source": YOUTUBE_SOURCE}
    rows.setdefault(sourced, []).append(spoke)
    for one, of_one in rows.items():
        write(tmp_path, one, *of_one)
    header, *_ = rows_of(preview(Lake(tmp_path, no_engine), table, DAY, END, "ingest_date"))
    assert (said in header) == is_shown


def test_units_stand_in_the_column_schema():
    described = {column.name: column.description for column in column_schema(EVENTS).columns}
    assert described["duration_seconds"] == "Length of the video. [seconds]"
    assert described["lang"] == "Language as the collector states it."


class Attempt:
    """An asset of two tables that fails as it is told; how often it was tried."""

    def __init__(self, failure: Exception | None = None, passes: bool = True) -> None:
        self.tries = 0
        self.failure = failure
        self.passes = passes

    def run(self, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
        """Run the day through a graph of this step alone."""

        @lake_asset(FILES, BLOOM)
        def attempt(step: Step) -> Iterator[dg.MaterializeResult]:
            self.tries += 1
            if self.failure:
                raise self.failure
            yield _result(FILES, passes=True)
            yield _result(BLOOM, passes=self.passes)

        with tempfile.TemporaryDirectory() as folder:
            return run_asset(attempt, Lake(Path(folder), no_engine), instance)


def no_engine() -> SparkSession:
    raise AssertionError("no engine is needed")


def run_asset(
    asset: dg.AssetsDefinition, lake: Lake, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    """Run DAY through a graph of this asset alone."""
    definitions = dg.Definitions(assets=[asset], resources={"lake": lake})
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(
        instance=instance, partition_key=DAY.isoformat(), raise_on_error=False
    )


def _result(table: Table, *, passes: bool) -> dg.MaterializeResult:
    key = table.path.split("/")
    names = ("schema", "required_values", "unique_key")
    found = [dg.AssetCheckResult(check_name=n, asset_key=key, passed=passes) for n in names]
    return dg.MaterializeResult(asset_key=key, check_results=found)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def materialized(instance: dg.DagsterInstance, *tables: Table) -> list[bool]:
    keys = [dg.AssetKey(table.path.split("/")) for table in tables]
    return [instance.get_latest_materialization_event(key) is not None for key in keys]


def test_a_step_whose_checks_pass_materializes_its_tables(instance: dg.DagsterInstance):
    result = Attempt().run(instance)
    assert result.get_asset_check_evaluations()
    assert materialized(instance, FILES, BLOOM) == [True, True]


def test_one_failed_check_withholds_every_table_of_the_step(instance: dg.DagsterInstance):
    step = Attempt(passes=False)
    result = step.run(instance)
    assert not result.success
    failed = [c.asset_key for c in result.get_asset_check_evaluations() if not c.passed]
    assert set(failed) == {dg.AssetKey(["bronze", "bloom"])}
    assert materialized(instance, FILES, BLOOM) == [False, False]
    assert step.tries == 1


def test_a_broken_contract_is_not_tried_again(instance: dg.DagsterInstance):
    step = Attempt(ContractError("table x: column y is missing"))
    assert not step.run(instance).success
    assert step.tries == 1


def test_a_lock_or_a_full_disk_is_tried_twice_again(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    assert report.RETRY_TWICE.max_retries == 2
    monkeypatch.setattr(report, "RETRY_TWICE", dg.RetryPolicy(max_retries=2))
    step = Attempt(LakeError("table x is being written by another process"))
    assert not step.run(instance).success
    assert step.tries == 3


def test_a_damaged_or_older_table_is_not_tried_again(instance: dg.DagsterInstance):
    for error in (DamagedTableError("table x cannot be read"), OlderTableError("table x is old")):
        step = Attempt(error)
        assert not step.run(instance).success
        assert step.tries == 1


def test_a_step_reads_and_writes_while_no_other_does(tmp_path: Path, instance: dg.DagsterInstance):
    """Else the slower of two runs could put rows of what it read before over newer ones."""
    held = []

    @lake_asset(BLOOM)
    def holding(step: Step) -> dg.MaterializeResult:
        with pytest.raises(LakeError, match="being filled"), filling(tmp_path, seconds=0):
            pass
        held.append(True)
        return _result(BLOOM, passes=True)

    assert run_asset(holding, Lake(tmp_path, no_engine), instance).success
    assert held == [True]


def test_days_that_were_purged_are_refused_before_the_function_is_called(
    lake: Lake, instance: dg.DagsterInstance
):
    marks = frame(lake.spark, PURGES, {"limit_days": 30})
    lake.replace_range(PURGES, DAY, END, marks)

    @lake_asset(BLOOM)
    def unreached(step: Step) -> dg.MaterializeResult:
        raise AssertionError("a purged day was begun")

    result = run_asset(unreached, lake, instance)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "cannot be computed again" in str(cause_of(failure))


def test_an_asset_cannot_ask_for_the_lake_beside_its_step():
    """Else it could read and write what it does not declare, and nothing would be guarded."""
    with pytest.raises(TypeError, match="asks for the lake"):

        @lake_asset(BLOOM)
        def free(step: Step, lake: dg.ResourceParam[Lake]) -> dg.MaterializeResult: ...


def test_an_asset_of_files_gets_the_lake_as_housekeeping_alone():
    """Beside it nothing is locked, and days that were purged could be filled again."""

    def free(
        context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
    ) -> dg.MaterializeResult: ...

    with pytest.raises(TypeError, match="asks for the lake"):
        files_asset("landing/free", "Of some kind.", "json")(free)
    kept = files_asset("landing/kept", "Of some kind.", "json", is_housekeeping=True)(free)
    assert "lake" in kept.required_resource_keys


@pytest.mark.parametrize("days", [0, 31])
def test_an_asset_that_looks_back_otherwise_than_its_contract_says_is_refused(days: int):
    with pytest.raises(ValueError, match=f"silver/video_daily looks back {days} days, and 30"):
        lake_asset(VIDEO_DAILY, reads={EVENTS: days})


def test_dependencies_are_what_is_read():
    @lake_asset(VIDEO_DAILY, reads={EVENTS: 30}, after=["landing/events"])
    def reading(step: Step) -> dg.MaterializeResult: ...

    assert look_backs(reading.specs) == {
        "silver/video_daily": {"bronze/events": 30, "landing/events": 0}
    }
