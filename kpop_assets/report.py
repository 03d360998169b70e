"""What an asset says of itself: static facts for the catalogue, and figures of each run.

Belongs here: descriptions, owners, kinds and column schema from a contract, and the metadata of a
materialization. Does not belong here: whether the data is right (checks.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from inspect import signature
from typing import Any

import dagster as dg

from kpop_assets.automation import ENGINE_POOL, RETRY_TWICE, follow_upstream
from kpop_assets.checks import check_contract, contract_specs
from kpop_assets.contracts.bronze import EVENTS, YOUTUBE_SOURCE
from kpop_assets.contracts.retention import API_COLUMNS, API_TABLES, PURGES
from kpop_assets.contracts.table import Column, Table
from kpop_assets.days import day_end
from kpop_assets.pareto.driving import DAYS as DRIVING_DAYS
from kpop_assets.partitions import ingest_days, run_range
from kpop_assets.resources.lake import ContractError, Lake, MissingTableError, Written
from kpop_assets.resources.lock import filling
from kpop_assets.resources.tracking import TrackingError
from kpop_assets.retention.marks import PurgedError, refuse_purged

PREVIEW_ROWS = 10
_Result = dg.MaterializeResult | dg.AssetCheckResult


def lake_asset(
    *tables: Table,
    deps: Sequence[dg.AssetDep],
    more_checks: Mapping[Table, Mapping[str, str]] | None = None,
    code_version: str = "1",
    automation_condition: dg.AutomationCondition | None = follow_upstream,
    engine: str = "pyspark",
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Decorator: the function fills these tables; all that follows from contracts is added.

    Args:
        tables: what the function writes; it returns or yields one `outcome` for each.
        deps: upstream assets, with the days each looks back.
        more_checks: per table, blocking checks (name: description) beside the contract's.
        code_version: raise it when the same input gives other rows.
        automation_condition: when it is brought up to date by itself; None is by a schedule only.
        engine: what computes it, for the catalogue.
    """
    extra = more_checks or {}
    decorate = dg.multi_asset(
        name="_".join(tables[0].path.split("/")),
        specs=[_spec(table, deps, code_version, automation_condition, engine) for table in tables],
        check_specs=[s for t in tables for s in contract_specs(t, **extra.get(t, {}))],
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=RETRY_TWICE,
        pool=ENGINE_POOL,
    )
    return lambda function: decorate(_withhold_failed(_guard_purged(tables, function)))


def _guard_purged(tables: Sequence[Table], function: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse days whose rows were purged, before any table is touched; see retention/marks.py."""
    if "lake" not in signature(function).parameters:
        return function

    @wraps(function)
    def guarded(context: dg.AssetExecutionContext, *args: Any, **kwargs: Any) -> Any:
        lake: Lake = kwargs["lake"]
        with filling(lake.root, is_purge=tables[0] == PURGES):
            refuse_purged(lake, [table.path for table in tables], *run_range(context))
            returned = function(context, *args, **kwargs)
            # A generator works while it is read.
            return returned if isinstance(returned, dg.MaterializeResult) else [*returned]

    return guarded


def _withhold_failed(function: Callable[..., Any]) -> Callable[..., Iterator[_Result]]:
    """Let the function's tables count as materialized only if all their checks passed.

    Dagster keeps one result of a check, not one a day: with the day itself marked as
    materialized, the next day that passes would let whatever follows run on the failed one.
    """

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Iterator[_Result]:
        try:
            returned = function(*args, **kwargs)
            results = [returned] if isinstance(returned, dg.MaterializeResult) else [*returned]
        except (ContractError, MissingTableError, PurgedError, TrackingError) as error:
            # Another try would meet the same rows.
            raise dg.Failure(str(error), allow_retries=False) from error
        found = [check for result in results for check in result.check_results]
        failed = [f"{check.asset_key}:{check.check_name}" for check in found if not check.passed]
        if not failed:
            yield from results
            return
        yield from found
        # Without an error Dagster would report what was not yielded as materialized all the same.
        raise dg.Failure(f"blocking checks failed: {', '.join(failed)}", allow_retries=False)

    return checked


def _spec(
    table: Table,
    deps: Sequence[dg.AssetDep],
    code_version: str,
    automation_condition: dg.AutomationCondition | None,
    engine: str,
) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=table.path.split("/"),
        deps=deps,
        description=table.description,
        owners=[table.owner],
        kinds={"deltalake", engine},
        code_version=code_version,
        partitions_def=ingest_days,
        automation_condition=automation_condition,
        metadata={
            "dagster/table_name": table.path,
            "dagster/column_schema": column_schema(table),
            "primary_key": ", ".join(table.primary_key),
        },
    )


def outcome(
    lake: Lake,
    table: Table,
    written: Written,
    days: tuple[dt.date, dt.date],
    order_by: str,
    more_checks: Sequence[dg.AssetCheckResult] = (),
    **figures: Any,
) -> dg.MaterializeResult:
    """The result of one table: checks of the written days, and metadata to look at and plot."""
    return dg.MaterializeResult(
        asset_key=table.path.split("/"),
        metadata=run_metadata(lake, table, written, days, order_by, **figures),
        check_results=[*check_contract(lake, table, *days), *more_checks],
    )


def column_schema(table: Table) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.type,
                description=_description(column),
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=table.primary_key == (column.name,)
                ),
            )
            for column in table.columns
        ]
    )


def _description(column: Column) -> str:
    return f"{column.description} [{column.unit}]" if column.unit else column.description


def run_metadata(
    lake: Lake,
    table: Table,
    written: Written,
    days: tuple[dt.date, dt.date],
    order_by: str,
    **figures: Any,
) -> dict[str, Any]:
    """Counts to plot over time, the table's version, and its top rows of the newest day."""
    return {
        "dagster/row_count": lake.row_count(table),
        "dagster/partition_row_count": written.row_count,
        "delta_version": written.version,
        "location": dg.MetadataValue.path(str(lake.location(table))),
        "preview": dg.MetadataValue.md(preview(lake, table, *days, order_by)),
        **figures,
    }


def preview(lake: Lake, table: Table, start: dt.date, end: dt.date, order_by: str) -> str:
    """The rows of the newest day in [start, end) with the highest `order_by`, as Markdown."""
    filled = [f["ingest_date"] for f in lake.file_statistics(table) if f["row_count"]]
    last = max((day for day in filled if start <= day < end), default=start)
    hidden = API_COLUMNS if table in API_TABLES and _has_api_rows(lake, last) else ()
    names = [c.name for c in table.columns if c.type != "binary" and c.name not in hidden]
    rows = lake.arrow(table, last, day_end(last), list({*names, order_by}))
    top = rows.sort_by([(order_by, "descending")]).slice(0, PREVIEW_ROWS).to_pylist()
    if not top:
        return f"no rows from {start} to {end - dt.timedelta(days=1)}"
    lines = [names, ["---"] * len(names), *[[_cell(row[name]) for name in names] for row in top]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _has_api_rows(lake: Lake, day: dt.date) -> bool:
    # Dagster keeps previews for ever, and so longer than what an API said may be.
    since = day - dt.timedelta(days=DRIVING_DAYS - 1)
    found = lake.days_with(EVENTS, "source", YOUTUBE_SOURCE) if lake.exists(EVENTS) else []
    return any(since <= other <= day for other in found)


def _cell(value: object) -> str:
    # Titles come from strangers: nothing of theirs may end a cell or begin a link.
    text = f"{value:,.2f}" if isinstance(value, float) else str(value)
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())[:80]
