"""The landing asset: the day's files, as they came.

Belongs here: asking the configured source for its days and reporting what stands in the folders.
Does not belong here: how a source works (sources/) or what a line means (bronze/).
"""

from typing import Literal

import dagster as dg

from kpop_assets.days import days_between, seoul_now
from kpop_assets.graph.failures import told_failures
from kpop_assets.graph.partitions import ingest_days, run_days
from kpop_assets.graph.policies import ENGINE_POOL
from kpop_assets.landing.found import find_files
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.landing.sources.demo import DEMO_SEED, write_demo_day
from kpop_assets.landing.youtube.fetch import fetch
from kpop_assets.landing.youtube.request import Ask
from kpop_assets.settings import Settings


class LandingConfig(dg.Config):
    """Which source fills the days.

    Attributes:
        source: `files` takes what is there and sorts the inbox; `demo` simulates the days;
            `youtube` collects today (Seoul) where the days hold it, and takes what is there.
        events_per_day: lines that `demo` simulates a day.
        seed: seed of `demo`.
    """

    source: Literal["files", "demo", "youtube"] = "files"
    events_per_day: int = 1000
    seed: int = DEMO_SEED


# `multi_asset` of one: `asset` warns on every start that its backfill policy is in beta.
@dg.multi_asset(
    name="landing__events",
    specs=[
        dg.AssetSpec(
            ["landing", "events"],
            description="Landing files of one ingest date: one observation a line, append-only.",
            owners=["team:data"],
            kinds={"json"},
            partitions_def=ingest_days,
            code_version="1",
        )
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=ENGINE_POOL,
)
@told_failures()
def landing_events(
    context: dg.AssetExecutionContext,
    config: LandingConfig,
    settings: dg.ResourceParam[Settings],
) -> dg.MaterializeResult:
    """Ask the source for the run's days, then report the files that stand there."""
    start, end = run_days(context)
    if config.source == "demo":
        for day in days_between(start, end):
            write_demo_day(settings.landing, day, config.events_per_day, config.seed)
    today = seoul_now().date()
    collected = {}
    if config.source == "youtube" and start <= today < end:
        collected = fetch(settings, Ask()).figures()
    report = sort_inbox(settings.landing)
    files = find_files(settings.landing, start, end)
    listing = "\n".join(f"| {f.day} | {f.path.name} | {f.size_bytes:,} |" for f in files[-20:])
    return dg.MaterializeResult(
        metadata={
            "file_count": len(files),
            "size_bytes": sum(file.size_bytes for file in files),
            "is_simulated": config.source == "demo",
            **collected,
            "inbox_taken": len(report.taken),
            "inbox_failed": len(report.failed),
            "files": dg.MetadataValue.md(f"| day | file | bytes |\n| --- | --- | --- |\n{listing}"),
        }
    )
