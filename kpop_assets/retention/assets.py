"""What is kept, and in which files: the purge of what the API said, and the merge of small files.

Belongs here: assembly, the job and its hours. Does not belong here: what is removed and in which
order (purge.py), or which files are merged (lake/maintenance.py).
"""

from typing import Any

import dagster as dg

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.registry import ALL_TABLES, TABLES
from kpop_assets.contracts.retention import PURGES
from kpop_assets.days import TIME_ZONE, day_end, seoul_now
from kpop_assets.graph.lake_asset import files_asset, lake_asset
from kpop_assets.graph.policies import HOUSEKEEPING
from kpop_assets.graph.results import outcome
from kpop_assets.graph.step import Step
from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.retention.api_rows import make_rows
from kpop_assets.retention.purge import GRACE_HOURS, purge, refuse_forgotten
from kpop_assets.settings import Settings

# A table whose rows nothing would remove stops the graph here.
refuse_forgotten(ALL_TABLES)

# At 04:00 nothing else is at work. An hour after each collection the files that readers of earlier
# versions might still have needed at 04:00 go as well, and whatever a collection left behind.
PURGE_CRON = "0 4,10,16 * * *"


class PurgeConfig(dg.Config):
    """How a purge goes about it.

    Attributes:
        keep_hours: age in hours from which files of earlier table versions go; 0 cuts readers of
            such versions.
    """

    keep_hours: int = GRACE_HOURS


@lake_asset(PURGES, reads={EVENTS: 0})
def retention_purges(
    step: Step,
    config: PurgeConfig,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.MaterializeResult:
    """Purge all days that are due by the clock, whatever day the run is of."""
    report = purge(settings, lake, seoul_now(), step.run_id, config.keep_hours)
    days = (report.days[0], day_end(report.days[-1])) if report.days else (step.start, step.end)
    written = report.written
    if written is None:
        # Nothing was due: the marks of the run's days stay as they are.
        marks = step.arrow(PURGES) if step.exists(PURGES) else PURGES.arrow_schema().empty_table()
        rows = make_rows(lake, PURGES, marks)
        written = lake.replace_range(PURGES, step.start, step.end, rows, step.run_id)
    kept = str(report.first_kept or "all: KPOP_YOUTUBE_AMENDMENT=accepted")
    figures: dict[str, Any] = {
        name.replace(" ", "_").replace("/", "_"): n for name, n in report.removed.items()
    }
    return outcome(
        lake, PURGES, written, days, "purged_event_count", api_data_kept_from=kept, **figures
    )


@files_asset(
    "retention/compaction",
    "Days of any table that lie in many small files, merged; rows unchanged.",
    kind="deltalake",
    # So that nothing is merged that goes the same hour.
    after=["retention/purges"],
    is_housekeeping=True,
)
def retention_compaction(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Merge all days that are due, whatever day the run is of; a table in use waits."""
    done, busy = {}, []
    for table in TABLES:
        try:
            merged = lake.compact(table) if lake.exists(table) else None
        except LakeError as error:
            context.log.warning(f"{table.path} is compacted next time: {error}")
            busy.append(table.path)
            continue
        if merged and merged.days:
            done[table.path] = merged
    totals = {
        f"{name}_{when}": sum(getattr(one, f"{name}_{when}") for one in done.values())
        for name in ("files", "bytes")
        for when in ("before", "after")
    }
    rows = "\n".join(
        f"| {path} | {one.days} | {one.files_before} | {one.files_after} |"
        for path, one in done.items()
    )
    listing = f"| table | days | files before | after |\n| --- | --- | --- | --- |\n{rows}"
    return dg.MaterializeResult(
        metadata={
            "days_compacted": sum(one.days for one in done.values()),
            **totals,
            "tables_in_use": len(busy),
            "tables": dg.MetadataValue.md(listing if done else "nothing was due"),
        }
    )


purge_job = dg.define_asset_job("purge_api_data", selection=HOUSEKEEPING)


def build_purge_schedule() -> dg.ScheduleDefinition:
    """At 04:00 in Seoul and an hour after each collection."""

    @dg.schedule(
        name="purge_api_data",
        job=purge_job,
        cron_schedule=PURGE_CRON,
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Removes what YouTube's API said when it reaches the retention limit.",
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        at = context.scheduled_execution_time
        return dg.RunRequest(run_key=at.isoformat(), partition_key=f"{seoul_now(at):%Y-%m-%d}")

    return schedule
