"""The retention asset: what the API said is removed when it reaches its limit.

Belongs here: assembly, the job and its hours. Does not belong here: what is removed and in which
order (purge.py).
"""

from typing import Any

import dagster as dg

from kpop_assets.automation import PURGING
from kpop_assets.contracts.retention import PURGES
from kpop_assets.days import TIME_ZONE, day_end, seoul_now
from kpop_assets.partitions import run_range
from kpop_assets.report import lake_asset, outcome
from kpop_assets.resources.lake import Lake
from kpop_assets.retention.purge import GRACE_HOURS, purge
from kpop_assets.retention.rows import make_rows
from kpop_assets.settings import Settings

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


@lake_asset(
    PURGES,
    deps=[dg.AssetDep(["bronze", "events"])],
    automation_condition=None,
)
def retention_purges(
    context: dg.AssetExecutionContext,
    config: PurgeConfig,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.MaterializeResult:
    """Purge all days that are due by the clock, whatever day the run is of."""
    start, end = run_range(context)
    report = purge(settings, lake, seoul_now(), context.run.run_id, config.keep_hours)
    days = (report.days[0], day_end(report.days[-1])) if report.days else (start, end)
    written = report.written
    if written is None:
        # Nothing was due: the marks of the run's days stay as they are.
        marks = lake.arrow(PURGES, start, end) if lake.exists(PURGES) else None
        rows = make_rows(lake, PURGES, marks or PURGES.arrow_schema().empty_table())
        written = lake.replace_range(PURGES, start, end, rows, context.run.run_id)
    kept = str(report.first_kept or "all: KPOP_YOUTUBE_AMENDMENT=accepted")
    figures: dict[str, Any] = {
        name.replace(" ", "_").replace("/", "_"): n for name, n in report.removed.items()
    }
    return outcome(
        lake, PURGES, written, days, "purged_event_count", api_data_kept_from=kept, **figures
    )


purge_job = dg.define_asset_job("purge_api_data", selection=PURGING)


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
