"""What every asset has in common: facts for the catalogue, dependencies, locks, refusals.

Belongs here: what follows from a contract and from what an asset reads, and what is done around
its own work. Does not belong here: that work's reads and writes (step.py), whether the data is
right (checks.py), or what a materialization shows (figures.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import Parameter, Signature, signature
from typing import Any

import dagster as dg

from kpop_assets.contracts.table import Column, Table
from kpop_assets.graph.checks import contract_specs
from kpop_assets.graph.failures import told_failures
from kpop_assets.graph.figures import tell_days
from kpop_assets.graph.partitions import ingest_days, run_days
from kpop_assets.graph.policies import (
    ENGINE_POOL,
    HOUSEKEEPING_TAG,
    RETRY_TWICE,
    follow_upstream,
    looks_back,
)
from kpop_assets.graph.step import Step
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.lock import filling
from kpop_assets.lake.purged import refuse_purged

_Result = dg.MaterializeResult | dg.AssetCheckResult


def lake_asset(
    *tables: Table,
    reads: Mapping[Table, int] | None = None,
    after: Sequence[str] = (),
    more_checks: Mapping[Table, Mapping[str, str]] | None = None,
    code_version: str = "1",
    engine: str = "pyspark",
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Decorator: the function fills these tables; all else follows from contracts and `reads`.

    The function gets a `Step` first, which reads and writes what is declared here and no more, and
    whatever resources and config it names. It returns or yields one `step.outcome` for each table.
    While it works no other step does, and days that were purged are refused before. Housekeeping
    by contract runs by the clock alone, and gets the whole `lake` if it names it.

    Args:
        tables: what the function writes.
        reads: tables it reads, each with the days before its own that it looks back: dependencies
            and partition mappings, and so how far a late day reaches, are these.
        after: assets that are no tables, whose day it needs, as `layer/name`.
        more_checks: per table, blocking checks (name: description) beside the contract's.
        code_version: raise it when the same input gives other rows.
        engine: what computes it, for the catalogue.

    Raises:
        ValueError: the contract of a table says of its look-back otherwise than `reads`.
        TypeError: the function asks for the lake itself, beside which nothing would be guarded.
    """
    reads, extra = reads or {}, more_checks or {}
    furthest = max(reads.values(), default=0)
    for table in tables:
        if table.look_back_days != furthest:
            raise ValueError(
                f"{table.path} looks back {furthest} days, and {table.look_back_days} by contract"
            )
    # A training is a decision of its day, made when the schedule or a person asks for it.
    is_housekeeping = any(table.is_housekeeping for table in tables)
    is_decided = is_housekeeping or any(table.rhythm == "weekly" for table in tables)
    condition = None if is_decided else follow_upstream
    deps = [*(_dep(table.path, days) for table, days in reads.items()), *map(_dep, after)]
    decorate = dg.multi_asset(
        name="_".join(tables[0].path.split("/")),
        specs=[_spec(table, deps, code_version, condition, engine) for table in tables],
        check_specs=[s for t in tables for s in contract_specs(t, **extra.get(t, {}))],
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=RETRY_TWICE,
        pool=ENGINE_POOL,
    )
    return lambda function: decorate(_guarded(tables, reads, function, is_housekeeping))


def files_asset(
    path: str,
    description: str,
    kind: str,
    after: Sequence[str] = (),
    is_housekeeping: bool = False,
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Decorator: the function works on files of a day that are no table of their own.

    Nothing is locked and no day refused, so only housekeeping gets the `lake`.

    Args:
        path: `layer/name`.
        description: what it leaves behind.
        kind: of the files, for the catalogue.
        after: assets whose day it needs, as `layer/name`.
        is_housekeeping: it runs by the clock alone.

    Raises:
        TypeError: the function asks for the lake and is no housekeeping.
    """
    # `multi_asset` of one: `asset` warns on every start that its backfill policy is in beta.
    decorate = dg.multi_asset(
        name="__".join(path.split("/")),
        specs=[
            dg.AssetSpec(
                path.split("/"),
                deps=[*map(_dep, after)],
                description=description,
                owners=["team:data"],
                kinds={kind},
                tags=_tags(is_housekeeping),
                partitions_def=ingest_days,
                code_version="1",
            )
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=ENGINE_POOL,
    )

    def made(function: Callable[..., Any]) -> dg.AssetsDefinition:
        _wants_lake(function, is_housekeeping)
        return decorate(told_failures()(function))

    return made


def _tags(is_housekeeping: bool) -> dict[str, str]:
    return {HOUSEKEEPING_TAG: ""} if is_housekeeping else {}


def _wants_lake(function: Callable[..., Any], is_housekeeping: bool) -> bool:
    """Whether the function names the lake as a parameter, which only housekeeping may."""
    # Dagster finds a resource by the parameter's name.
    wants = "lake" in signature(function).parameters
    if wants and not is_housekeeping:
        raise TypeError(f"{function.__name__} asks for the lake: it reads and writes by its step")
    return wants


def _dep(path: str, days: int = 0) -> dg.AssetDep:
    mapping = looks_back(days) if days else None
    return dg.AssetDep(path.split("/"), partition_mapping=mapping)


def _guarded(
    tables: Sequence[Table],
    reads: Mapping[Table, int],
    function: Callable[..., Any],
    is_housekeeping: bool,
) -> Callable[..., Iterator[_Result]]:
    """The function as Dagster calls it: alone in the lake, on days that may be filled, checked.

    Days whose rows were purged are refused before any table is touched: see lake/purged.py.
    """
    asked = [*signature(function).parameters.values()][1:]
    wants_lake = _wants_lake(function, is_housekeeping)

    def guarded(context: dg.AssetExecutionContext, lake: Lake, **others: Any) -> Iterator[_Result]:
        days = run_days(context)
        with told_failures(), filling(lake.machine), lake.kept():
            refuse_purged(lake, [table.path for table in tables], *days)
            step = Step(lake, tables, reads, *days, context.run.run_id, context.log_event)
            returned = function(step, **others, **({"lake": lake} if wants_lake else {}))
            # A generator works while it is read.
            results = [returned] if isinstance(returned, dg.MaterializeResult) else [*returned]
            if context.has_partition_key_range:
                for table, result in zip(tables, results, strict=True):
                    tell_days(context, lake, table, result)
        yield from _withhold_failed(results)

    own = {"context": dg.AssetExecutionContext, "lake": dg.ResourceParam[Lake]}
    kind = Parameter.POSITIONAL_OR_KEYWORD
    parameters = [Parameter(name, kind, annotation=type_) for name, type_ in own.items()]
    parameters += [parameter for parameter in asked if parameter.name != "lake"]
    guarded.__name__, guarded.__doc__ = function.__name__, function.__doc__
    guarded.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # what Dagster asks
    return guarded


def _withhold_failed(results: Sequence[dg.MaterializeResult]) -> Iterator[_Result]:
    """Let a step's tables count as materialized only if all their checks passed.

    Dagster keeps one result of a check, not one a day: with the day itself marked as
    materialized, the next day that passes would let whatever follows run on the failed one.
    """
    found = [check for result in results for check in result.check_results or ()]
    failed = [f"{check.asset_key}:{check.check_name}" for check in found if not check.passed]
    if not failed:
        yield from results
        return
    yield from found
    # Without an error Dagster would report what was not yielded as materialized all the same.
    raise dg.Failure(f"blocking checks failed: {', '.join(failed)}", allow_retries=False)


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
        tags=_tags(table.is_housekeeping),
        partitions_def=ingest_days,
        automation_condition=automation_condition,
        metadata={
            "dagster/table_name": table.path,
            "dagster/column_schema": column_schema(table),
            "primary_key": ", ".join(table.primary_key),
        },
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
