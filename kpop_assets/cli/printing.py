"""What the command line prints: tables for people.

Belongs here: columns, number formats, and which column can be missed first. Does not belong here:
how a table fits a terminal (grid.py), arguments, or reading the lake (insights/).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kpop_assets.cli.grid import GridColumn, print_grid, print_line, print_path
from kpop_assets.days import seoul_now

if TYPE_CHECKING:
    from kpop_assets.landing.youtube.rounds import CollectionReport
    from kpop_assets.live.play_stream import PlayBatch
    from kpop_assets.live.stream import MicroBatch
    from kpop_assets.operate.checkup.finding import Finding
    from kpop_assets.operate.execution import Outcome
    from kpop_assets.operate.legs import Leg
    from kpop_assets.settings import Settings

_STATES = {"ok": "green", "warning": "yellow", "problem": "bold red"}
_WHAT = GridColumn("what", is_text=True, least=20)


def print_tables(outcome: Outcome, seconds: float, settings: Settings) -> None:
    """Rows that a run wrote, by table."""
    columns = (
        GridColumn("table", is_text=True),
        GridColumn("rows of the days"),
        GridColumn("of later days that look back", rank=1),
    )
    rows = []
    for name, count in outcome.rows.items():
        refreshed = outcome.refreshed.get(name, 0)
        rows.append((name, f"{count:,}", f"{refreshed:,}" if refreshed else "-"))
    print_grid(f"Tables written - engine {settings.engine}, {seconds:.1f} s", columns, rows)
    print_path(f"below {settings.lake}")


def print_legs(legs: Iterable[Leg]) -> None:
    """What a range of days would run, in order."""
    meaning = {
        "fill": "the days asked for",
        "refresh": "later days that look back at them",
        "train": "trainings",
        "forecast": "days that a champion can forecast",
    }
    columns = (
        GridColumn("#"),
        GridColumn("what", is_text=True, least=12),
        GridColumn("first day", is_text=True),
        GridColumn("last day", is_text=True),
        GridColumn("days"),
        GridColumn("tables", is_text=True, least=16),
    )
    rows = [
        (
            str(number),
            meaning[leg.kind],
            f"{leg.start}",
            f"{leg.last}",
            f"{leg.day_count:,}",
            ", ".join(sorted(leg.paths)),
        )
        for number, leg in enumerate(legs, start=1)
    ]
    print_grid("What would be run", columns, rows)
    print_line("nothing was run")


def print_next(landed: Iterable[Any]) -> None:
    """What to run after files were landed."""
    days = sorted(set(landed))
    if days:
        print_path(f"next: kpop run {days[0]} {days[-1]}")


def print_collection(report: CollectionReport) -> None:
    """What a collection cost, what it found, what it left out and why."""
    again = ", gone on with" if report.is_resumed else ""
    rows = [
        (f"calls, {bucket}", f"{count:,}", f"{report.left[bucket]:,}")
        for bucket, count in report.spent.items()
    ]
    counts = {
        "results found": report.found,
        "new videos": report.new,
        "videos refreshed": report.refreshed,
        **{f"left out: {kind}": count for kind, count in sorted(report.left_out.items())},
        **{f"odd items of {method}": count for method, count in sorted(report.odd.items())},
    }
    rows += [(name, f"{count:,}", "") for name, count in counts.items()]
    title = f"Collection {report.round} of {report.day}{again}"
    print_grid(title, (_WHAT, GridColumn("count"), GridColumn("left today", rank=1)), rows)
    why = report.stopped or ["the rest does not fit into today's quota"] * bool(report.left_out)
    for line in (*why, *report.refused, *(str(file.path) for file in report.landed)):
        print_path(line)
    print_next(file.day for file in report.landed)


def print_progress(progress: MicroBatch) -> None:
    """What a micro-batch of the stream did, in a line, and who fills the newest open window."""
    mark = progress.watermark_at
    closed = "-" if mark is None else f"{seoul_now(mark):%m-%d %H:%M}"
    files = f"{progress.file_count:,} file" + "s" * (progress.file_count != 1)
    print_line(
        f"batch {progress.number}: {files}; {progress.event_count:,} events kept, "
        f"{progress.late_count:,} late, {progress.ahead_count:,} ahead; closed to {closed} Seoul"
    )
    if progress.leaders:
        names = ", ".join(f"{name} {count:,}" for name, count in progress.leaders)
        print_line(f"  newest hour: {names}")


def print_play_batch(batch: PlayBatch) -> None:
    """What a micro-batch of plays brought, in a line."""
    print_line(
        f"batch {batch.number}: {batch.line_count:,} lines, {batch.unusable_count:,} unusable, "
        f"{batch.old_count:,} of days that are not kept; {batch.day_count} days counted anew"
    )


def print_findings(findings: Iterable[Finding]) -> None:
    """What a check-up found, a line each, with what to do below those that are not well."""
    columns = (
        GridColumn("what", is_text=True),
        GridColumn("state", is_text=True),
        GridColumn("found", is_text=True, least=24),
    )
    rows = []
    for finding in findings:
        advice = f"\n-> {finding.advice}" if finding.advice else ""
        rows.append((finding.name, finding.state, f"{finding.text}{advice}"))
    print_grid("kpop doctor", columns, rows, _STATES)
