"""The bronze assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: any rule about a line or a video.
"""

import json
from collections.abc import Iterator

import dagster as dg

from kpop_assets.bronze import bloom
from kpop_assets.bronze.account import account_for_files, select_quarantine
from kpop_assets.bronze.checks import accounting_of
from kpop_assets.bronze.events import select_events
from kpop_assets.bronze.line_frame import read_files
from kpop_assets.bronze.parse import parse_lines
from kpop_assets.bronze.videos import select_new_videos
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES, QUARANTINE, VIDEOS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.artifacts import write_artifact
from kpop_assets.landing.found import find_files
from kpop_assets.settings import Settings

_ACCOUNTING = {"accounting": "Lines in = events + duplicates + quarantine, day by day."}


@lake_asset(EVENTS, QUARANTINE, FILES, after=["landing/events"], more_checks={FILES: _ACCOUNTING})
def bronze_events(
    step: Step, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.MaterializeResult]:
    """Parse the lines once; events, quarantine and the account all come of that."""
    files = find_files(settings.landing, step.start, step.end)
    with step.staged(parse_lines(read_files(step.spark, files), EVENT_LINES)) as parsed:
        step.replace(EVENTS, select_events(parsed, load_catalog()))
        step.replace(QUARANTINE, select_quarantine(parsed, EVENT_LINES))
        step.replace(FILES, account_for_files(parsed, files, EVENT_LINES))
    yield step.outcome(EVENTS, "view_count")
    yield step.outcome(QUARANTINE, "reason")
    yield step.outcome(FILES, "line_count", accounting_of(EVENT_LINES))


@lake_asset(BLOOM, reads={EVENTS: 0})
def bronze_bloom(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Build the filter of each day; the newest is exported."""
    step.replace(BLOOM, bloom.build_filters(step.read(EVENTS)))
    for row in step.newest_rows(BLOOM):
        about = json.dumps(bloom.describe_filter(row), indent=2).encode()
        write_artifact(settings.artifacts, "bronze_bloom.bin", row["filter"])
        write_artifact(settings.artifacts, "bronze_bloom.json", about)
    return step.outcome(BLOOM, "id_count")


@lake_asset(VIDEOS, reads={EVENTS: rules.NEW_VIDEO_LOOK_BACK_DAYS})
def bronze_videos(step: Step) -> dg.MaterializeResult:
    """Find the videos that are new on each day."""
    step.replace(VIDEOS, select_new_videos(step.read(EVENTS), step.start))
    return step.outcome(VIDEOS, "first_observed_at")
