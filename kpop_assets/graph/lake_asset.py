"""What every asset has in common: facts for the catalogue, locks, refusals, failed checks.

Belongs here: descriptions, owners, kinds and column schema from a contract, and what every asset
does around its own work. Does not belong here: whether the data is right (checks.py), or what a
materialization shows (figures.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from inspect import signature
from typing import Any

import dagster as dg

from kpop_assets.contracts.table import Column, Table
from kpop_assets.graph.checks import check_contract, contract_specs
from kpop_assets.graph.failures import told_failures
from kpop_assets.graph.figures import run_metadata, tell_days
from kpop_assets.graph.partitions import ingest_days, run_days
from kpop_assets.graph.policies import ENGINE_POOL, RETRY_TWICE, follow_upstream
from kpop_assets.lake.lake import Lake, Written
from kpop_assets.lake.lock import filling
from kpop_assets.lake.purged import refuse_purged

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
    """Refuse days whose rows were purged, before any table is touched; see lake/purged.py."""
    if "lake" not in signature(function).parameters:
        return function

    @wraps(function)
    def guarded(context: dg.AssetExecutionContext, *args: Any, **kwargs: Any) -> Any:
        lake: Lake = kwargs["lake"]
        with filling(lake.machine):
            refuse_purged(lake, [table.path for table in tables], *run_days(context))
            returned = function(context, *args, **kwargs)
            # A generator works while it is read.
            results = [returned] if isinstance(returned, dg.MaterializeResult) else [*returned]
            if context.has_partition_key_range:
                for table, result in zip(tables, results, strict=True):
                    tell_days(context, lake, table, result)
            return results

    return guarded


def _withhold_failed(function: Callable[..., Any]) -> Callable[..., Iterator[_Result]]:
    """Let the function's tables count as materialized only if all their checks passed.

    Dagster keeps one result of a check, not one a day: with the day itself marked as
    materialized, the next day that passes would let whatever follows run on the failed one.
    """

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Iterator[_Result]:
        with told_failures():
            returned = function(*args, **kwargs)
            results = [returned] if isinstance(returned, dg.MaterializeResult) else [*returned]
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
