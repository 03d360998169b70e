"""What an asset says of itself: previews that nobody can spoil, schemas, and failed days."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.graph import lake_asset as report
from kpop_assets.graph.figures import PREVIEW_ROWS, preview
from kpop_assets.graph.lake_asset import column_schema, lake_asset
from kpop_assets.lake.errors import DamagedTableError, OlderTableError
from kpop_assets.lake.lake import ContractError, Lake, LakeError
from kpop_assets.lake.lock import filling
from kpop_assets_tests.graph.kit import DAY, frame

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


def test_units_stand_in_the_column_schema():
    described = {column.name: column.description for column in column_schema(EVENTS).columns}
    assert described["duration_seconds"] == "Length of the video. [seconds]"
    assert described["lang"] == "Language as the collector states it."


class Step:
    """A step of two tables that fails as it is told; how often it was tried."""

    def __init__(self, failure: Exception | None = None, passes: bool = True) -> None:
        self.tries = 0
        self.failure = failure
        self.passes = passes

    def run(self, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
        """Run the day through a graph of this step alone."""

        @lake_asset(FILES, BLOOM, deps=[])
        def step() -> Iterator[dg.MaterializeResult]:
            self.tries += 1
            if self.failure:
                raise self.failure
            yield _result(FILES, passes=True)
            yield _result(BLOOM, passes=self.passes)

        job = dg.Definitions(assets=[step]).resolve_implicit_global_asset_job_def()
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
    result = Step().run(instance)
    assert result.get_asset_check_evaluations()
    assert materialized(instance, FILES, BLOOM) == [True, True]


def test_one_failed_check_withholds_every_table_of_the_step(instance: dg.DagsterInstance):
    step = Step(passes=False)
    result = step.run(instance)
    assert not result.success
    failed = [c.asset_key for c in result.get_asset_check_evaluations() if not c.passed]
    assert set(failed) == {dg.AssetKey(["bronze", "bloom"])}
    assert materialized(instance, FILES, BLOOM) == [False, False]
    assert step.tries == 1


def test_a_broken_contract_is_not_tried_again(instance: dg.DagsterInstance):
    step = Step(ContractError("table x: column y is missing"))
    assert not step.run(instance).success
    assert step.tries == 1


def test_a_lock_or_a_full_disk_is_tried_twice_again(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    assert report.RETRY_TWICE.max_retries == 2
    monkeypatch.setattr(report, "RETRY_TWICE", dg.RetryPolicy(max_retries=2))
    step = Step(LakeError("table x is being written by another process"))
    assert not step.run(instance).success
    assert step.tries == 3


def test_a_damaged_or_older_table_is_not_tried_again(instance: dg.DagsterInstance):
    for error in (DamagedTableError("table x cannot be read"), OlderTableError("table x is old")):
        step = Step(error)
        assert not step.run(instance).success
        assert step.tries == 1


def test_a_step_reads_and_writes_while_no_other_does(tmp_path: Path):
    """Else the slower of two runs could put rows of what it read before over newer ones."""
    held = []

    def function(context: dg.AssetExecutionContext, lake: Lake) -> list[dg.MaterializeResult]:
        with pytest.raises(LakeError, match="being filled"), filling(lake.root, seconds=0):
            pass
        held.append(True)
        return [dg.MaterializeResult(BLOOM.path.split("/"))]

    context = dg.build_asset_context(partition_key="2026-01-01")
    report._guard_purged([BLOOM], function)(context, lake=Lake(tmp_path, lambda: None))  # type: ignore[arg-type, return-value]
    assert held == [True]
