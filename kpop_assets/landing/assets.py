"""The landing assets: the day's files of each kind, as they came.

Belongs here: asking the configured source for its days and reporting what stands in the folders.
Does not belong here: how a source works (sources/) or what a line means (bronze/).
"""

import datetime as dt
from pathlib import Path
from typing import Any, Literal

import dagster as dg

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.contracts.tracks import TRACK_LINES
from kpop_assets.days import days_between, seoul_now
from kpop_assets.graph.lake_asset import files_asset
from kpop_assets.graph.partitions import run_days
from kpop_assets.landing.choices import DEMO_LISTENERS
from kpop_assets.landing.found import find_files
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.landing.journal.sinks import land_left
from kpop_assets.landing.sources.demo import DEMO_SEED, write_demo_day
from kpop_assets.landing.sources.demo_play_lines import write_demo_plays
from kpop_assets.landing.sources.demo_review_lines import write_demo_reviews
from kpop_assets.landing.sources.demo_tracks import write_demo_tracks
from kpop_assets.landing.youtube.fetch import fetch, fetch_comments
from kpop_assets.landing.youtube.request import Ask
from kpop_assets.settings import Settings


class LandingConfig(dg.Config):
    """Which source fills the days.

    Attributes:
        source: `files` takes what is there and sorts the inbox; `demo` simulates the days;
            `youtube` collects today (Seoul) where the days hold it, and takes what is there.
        events_per_day: lines that `demo` simulates a day.
        plays_per_day: lines about plays that it simulates; with 0 neither plays nor tracks.
        listener_count: simulated listeners who are there on any day.
        reviews_per_day: comments and ratings that it simulates a day; 0 for none.
        seed: seed of `demo`.
    """

    source: Literal["files", "demo", "youtube"] = "files"
    events_per_day: int = 1000
    plays_per_day: int = 0
    listener_count: int = DEMO_LISTENERS
    reviews_per_day: int = 0
    seed: int = DEMO_SEED


@files_asset(
    "landing/events",
    "Landing files of one ingest date: one observation a line, append-only.",
    kind="json",
)
def landing_events(
    context: dg.AssetExecutionContext,
    config: LandingConfig,
    settings: dg.ResourceParam[Settings],
) -> dg.MaterializeResult:
    """Ask the source for the run's days, then report the files that stand there."""
    start, end = run_days(context)
    is_simulated = _simulate(settings, EVENT_LINES, start, end, config)
    today = seoul_now().date()
    collected = {}
    if config.source == "youtube" and start <= today < end:
        collected = fetch(settings, Ask()).figures()
    return _report(settings, EVENT_LINES, start, end, is_simulated, **collected)


def files_of_kind(record: Record) -> dg.AssetsDefinition:
    """The asset of a kind whose files come by imports, the inbox, and collectors of their own."""

    @files_asset(
        f"landing/{record.kind}",
        f"Landing files of one ingest date, append-only; a line: {record.rows.description}",
        kind="json",
    )
    def landing_kind(
        context: dg.AssetExecutionContext,
        config: LandingConfig,
        settings: dg.ResourceParam[Settings],
    ) -> dg.MaterializeResult:
        """Report the files that stand there, after a look into the inbox."""
        start, end = run_days(context)
        is_simulated = _simulate(settings, record, start, end, config)
        is_today = start <= seoul_now().date() < end
        collected = {}
        if record == REVIEW_LINES and config.source == "youtube" and is_today:
            collected = fetch_comments(settings).figures()
        return _report(settings, record, start, end, is_simulated, **collected)

    return landing_kind


landing_kinds = [files_of_kind(record) for record in RECORDS if record != EVENT_LINES]


def _simulate(
    settings: Settings, record: Record, start: dt.date, end: dt.date, config: LandingConfig
) -> bool:
    """Simulate the days [start, end) of a kind where that is asked for; whether it was."""
    root, has_plays = settings.landing, config.plays_per_day > 0
    known = {EVENT_LINES: True, TRACK_LINES: has_plays, PLAY_LINES: has_plays}
    known[REVIEW_LINES] = config.reviews_per_day > 0
    if config.source != "demo" or not known.get(record):
        return False
    for day in days_between(start, end):
        if record == EVENT_LINES:
            write_demo_day(root, day, config.events_per_day, config.seed)
        elif record == REVIEW_LINES:
            write_demo_reviews(root, day, config.reviews_per_day, config.seed)
        elif record == TRACK_LINES:
            write_demo_tracks(root, day, config.seed)
        else:
            plays = (config.plays_per_day, config.listener_count)
            write_demo_plays(root, day, *plays, config.seed)
    return True


def _report(
    settings: Settings,
    record: Record,
    start: dt.date,
    end: dt.date,
    is_simulated: bool = False,
    **figures: Any,
) -> dg.MaterializeResult:
    """Sort the inbox, land what a killed server left; then what stands there of the days."""
    inbox = sort_inbox(settings.landing)
    land_left(settings)
    files = find_files(settings.landing, start, end, record.kind)
    listing = "\n".join(f"| {f.day} | {f.path.name} | {f.size_bytes:,} |" for f in files[-20:])
    return dg.MaterializeResult(
        metadata={
            "file_count": len(files),
            "size_bytes": sum(file.size_bytes for file in files),
            "is_simulated": is_simulated,
            **figures,
            "inbox_taken": len(inbox.taken),
            "inbox_failed": len(inbox.failed),
            "inbox_left": len(inbox.left),
            "inbox_standing": dg.MetadataValue.md(_reasons(inbox.standing)),
            "files": dg.MetadataValue.md(f"| day | file | bytes |\n| --- | --- | --- |\n{listing}"),
        }
    )


def _reasons(standing: dict[Path, str]) -> str:
    """What stays in the inbox and why, as a table."""
    rows = "\n".join(f"| {path.name} | {reason} |" for path, reason in list(standing.items())[:20])
    return f"| stays in the inbox | because |\n| --- | --- |\n{rows}" if rows else "nothing"
