"""The bronze assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any rule about a line or a video.
"""

import json
from collections.abc import Callable, Iterator

import dagster as dg
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.bronze.account import account_for_files, select_quarantine, select_rows
from kpop_assets.bronze.bloom import build_filters
from kpop_assets.bronze.bloom_filter import describe_filter
from kpop_assets.bronze.checks import accounting_of
from kpop_assets.bronze.events import parse_events
from kpop_assets.bronze.line_frame import parse_files
from kpop_assets.bronze.videos import select_new_videos
from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import BLOOM, EVENTS, VIDEOS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.artifacts import write_artifact
from kpop_assets.landing.found import LandingFile, find_files
from kpop_assets.settings import Settings

_ACCOUNTING = {"accounting": "Lines in = events + duplicates + quarantine, day by day."}


def lines_asset(
    record: Record,
    parse: Callable[[SparkSession, list[LandingFile], Settings], DataFrame] | None = None,
    order_by: str = "",
) -> dg.AssetsDefinition:
    """The asset that takes in the lines of a kind.

    Args:
        record: the kind.
        parse: makes parsed lines of files, where it adds something that the settings may say.
        order_by: column whose highest rows are shown; the observation time by default.
    """

    @lake_asset(
        *record.tables,
        after=[f"landing/{record.kind}"],
        more_checks={record.files: _ACCOUNTING},
    )
    def take_in(step: Step, settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
        """Parse the lines once; rows, quarantine and the account all come of that."""
        files = find_files(settings.landing, step.start, step.end, record.kind)
        lines = (
            parse(step.spark, files, settings) if parse else parse_files(step.spark, files, record)
        )
        with step.staged(lines) as parsed:
            step.replace(record.rows, select_rows(parsed, record))
            step.replace(record.quarantine, select_quarantine(parsed, record))
            step.replace(record.files, account_for_files(parsed, files, record))
        yield step.outcome(record.rows, order_by or record.observed_field.column_name)
        yield step.outcome(record.quarantine, "reason")
        yield step.outcome(record.files, "line_count", accounting_of(record))

    return take_in


def _parse_events(spark: SparkSession, files: list[LandingFile], settings: Settings) -> DataFrame:
    return parse_events(spark, files, load_catalog(overlay=overlay_path(settings.home)))


bronze_events = lines_asset(EVENT_LINES, _parse_events, "view_count")
# The other kinds are kept as they were parsed; what belongs to a domain is added there.
bronze_kinds = [lines_asset(record) for record in RECORDS if record != EVENT_LINES]


@lake_asset(BLOOM, reads={EVENTS: 0})
def bronze_bloom(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Build the filter of each day; the newest is exported."""
    step.replace(BLOOM, build_filters(step.read(EVENTS)))
    for row in step.newest_rows(BLOOM):
        about = json.dumps(describe_filter(row), indent=2).encode()
        write_artifact(settings.artifacts, "bronze_bloom.bin", row["filter"])
        write_artifact(settings.artifacts, "bronze_bloom.json", about)
    return step.outcome(BLOOM, "id_count")


@lake_asset(VIDEOS, reads={EVENTS: rules.NEW_VIDEO_LOOK_BACK_DAYS})
def bronze_videos(step: Step) -> dg.MaterializeResult:
    """Find the videos that are new on each day."""
    step.replace(VIDEOS, select_new_videos(step.read(EVENTS), step.start))
    return step.outcome(VIDEOS, "first_observed_at")
