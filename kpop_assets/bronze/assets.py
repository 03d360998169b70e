"""The bronze assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any rule about a line or a video.
"""

import datetime as dt
import json
from collections.abc import Iterator

import dagster as dg
from pyspark.sql import functions as F

from kpop_assets.bronze import bloom, videos
from kpop_assets.bronze.account import account_for_files, select_quarantine
from kpop_assets.bronze.events import select_events
from kpop_assets.bronze.line_frame import read_files
from kpop_assets.bronze.parse import parse_lines
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES, QUARANTINE, VIDEOS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.graph import checks
from kpop_assets.graph.lake_asset import lake_asset, outcome
from kpop_assets.graph.partitions import run_days
from kpop_assets.graph.policies import looks_back
from kpop_assets.lake.artifacts import write_artifact
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.found import find_files
from kpop_assets.settings import Settings

_ACCOUNTING = {"accounting": "Lines in = events + duplicates + quarantine, day by day."}


@lake_asset(
    EVENTS,
    QUARANTINE,
    FILES,
    deps=[dg.AssetDep(["landing", "events"])],
    more_checks={FILES: _ACCOUNTING},
)
def bronze_events(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> Iterator[dg.MaterializeResult]:
    """Parse the lines once; events, quarantine and the account all come of that."""
    start, end = run_days(context)
    files = find_files(settings.landing, start, end)
    with lake.staged(parse_lines(read_files(lake.spark, files), EVENT_LINES)) as parsed:
        frames = {
            EVENTS: select_events(parsed, load_catalog()),
            QUARANTINE: select_quarantine(parsed, EVENT_LINES),
            FILES: account_for_files(parsed, files, EVENT_LINES),
        }
        written = {
            table: lake.replace_range(table, start, end, rows, context.run.run_id)
            for table, rows in frames.items()
        }
    order = {EVENTS: "view_count", QUARANTINE: "reason", FILES: "line_count"}
    more = {FILES: [_check_accounting(lake, EVENT_LINES, start, end)]}
    for table, done in written.items():
        yield outcome(lake, table, done, (start, end), order[table], more.get(table, []))


@lake_asset(BLOOM, deps=[dg.AssetDep(["bronze", "events"])])
def bronze_bloom(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.MaterializeResult:
    """Build the filter of each day; the newest is exported."""
    start, end = run_days(context)
    rows = bloom.build_filters(lake.read(EVENTS, start, end))
    written = lake.replace_range(BLOOM, start, end, rows, context.run.run_id)
    newest = lake.newest_rows(BLOOM)
    for row in newest:
        about = json.dumps(bloom.describe_filter(row), indent=2).encode()
        write_artifact(settings.artifacts, "bronze_bloom.bin", row["filter"])
        write_artifact(settings.artifacts, "bronze_bloom.json", about)
    return outcome(lake, BLOOM, written, (start, end), "id_count")


@lake_asset(
    VIDEOS,
    deps=[dg.AssetDep(["bronze", "events"], partition_mapping=looks_back(videos.LOOK_BACK_DAYS))],
)
def bronze_videos(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Find the videos that are new on each day."""
    start, end = run_days(context)
    events = lake.read(EVENTS, start - dt.timedelta(days=videos.LOOK_BACK_DAYS), end)
    rows = videos.select_new_videos(events, start)
    written = lake.replace_range(VIDEOS, start, end, rows, context.run.run_id)
    return outcome(lake, VIDEOS, written, (start, end), "first_observed_at")


def _check_accounting(
    lake: Lake, record: Record, start: dt.date, end: dt.date
) -> dg.AssetCheckResult:
    """Lines of the files against rows that stand in the tables, duplicates as counted."""
    rows, quarantine, files = (lake.read(table, start, end) for table in record.tables)
    ended = (
        rows.select("ingest_date", F.lit(1).alias("n"))
        .unionAll(quarantine.select("ingest_date", F.lit(1).alias("n")))
        .unionAll(files.select("ingest_date", F.col("duplicate_count").alias("n")))
    )
    lines_in = checks.by_day(files.where("line_count > 0"), F.sum("line_count"))
    lines_out = checks.by_day(ended.where("n > 0"), F.sum("n"))
    return checks.check_equal_by_day(record.files, "accounting", lines_in, lines_out)
