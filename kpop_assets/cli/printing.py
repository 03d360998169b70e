"""What the command line prints: tables for people.

Belongs here: columns and number formats. Does not belong here: arguments (cli.py) or reading the
lake (ranking.py, outlook.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.cells import set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from kpop_assets.days import seoul_now
from kpop_assets.insights.outlook import Outlook
from kpop_assets.insights.ranking import Ranking
from kpop_assets.landing.importer import ImportSummary
from kpop_assets.landing.youtube.rounds import CollectionReport
from kpop_assets.live.stream import Progress
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.operate.execution import Outcome
from kpop_assets.settings import Settings

console = Console()


def print_tables(outcome: Outcome, seconds: float, settings: Settings) -> None:
    """Rows that a run wrote, by table."""
    grid = Grid(
        box=box.SIMPLE_HEAD, title=f"Tables written - engine {settings.engine}, {seconds:.1f} s"
    )
    grid.add_column("table", no_wrap=True)
    grid.add_column("rows of the days", justify="right")
    grid.add_column("of later days that look back", justify="right")
    for name, count in outcome.rows.items():
        refreshed = outcome.refreshed.get(name, 0)
        grid.add_row(name, f"{count:,}", f"{refreshed:,}" if refreshed else "-")
    console.print(grid)
    console.print(f"below {settings.lake}", highlight=False, soft_wrap=True)


def print_summary(summary: ImportSummary) -> None:
    """What an import read, and what to run next."""
    grid = Grid("what", "count", box=box.SIMPLE_HEAD, title=f"import {summary.format}")
    grid.add_row("source files", f"{summary.file_count:,}")
    grid.add_row("lines read", f"{summary.lines_read:,}")
    grid.add_row("landing files written", f"{len(summary.landed):,}")
    grid.add_row("landing files already there", f"{len(summary.already_landed):,}")
    for kind, count in sorted(summary.repairs.items()):
        grid.add_row(kind, f"{count:,}")
    console.print(grid)
    days = sorted({file.day for file in summary.landed})
    if days:
        console.print(f"next: kpop run {days[0]} {days[-1]}", highlight=False)


def print_collection(report: CollectionReport) -> None:
    """What a collection cost, what it found, what it left out and why."""
    again = ", gone on with" if report.is_resumed else ""
    title = f"Collection {report.round} of {report.day}{again}"
    grid = Grid("what", "count", "left today", box=box.SIMPLE_HEAD, title=title)
    for bucket, count in report.spent.items():
        grid.add_row(f"calls, {bucket}", f"{count:,}", f"{report.left[bucket]:,}")
    grid.add_row("results found", f"{report.found:,}")
    grid.add_row("new videos", f"{report.new:,}")
    grid.add_row("videos refreshed", f"{report.refreshed:,}")
    for kind, count in sorted(report.left_out.items()):
        grid.add_row(f"left out: {kind}", f"{count:,}")
    console.print(grid)
    why = report.stopped or ["the rest does not fit into today's quota"] * bool(report.left_out)
    for line in (*why, *report.refused, *(str(file.path) for file in report.landed)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if report.landed:
        days = sorted({file.day for file in report.landed})
        console.print(f"next: kpop run {days[0]} {days[-1]}", highlight=False)


def print_progress(progress: Progress) -> None:
    """What a micro-batch of the stream did, in a line, and who fills the newest open window."""
    mark = progress.watermark_at
    closed = "-" if mark is None else f"{seoul_now(mark):%m-%d %H:%M}"
    files = f"{progress.file_count:,} file" + "s" * (progress.file_count != 1)
    console.print(
        f"batch {progress.number}: {files}; {progress.event_count:,} events kept, "
        f"{progress.late_count:,} late, {progress.ahead_count:,} ahead; closed to {closed} Seoul",
        highlight=False,
    )
    if progress.leaders:
        names = ", ".join(f"{name} {count}" for name, count in progress.leaders)
        console.print(f"  newest hour: {names}", highlight=False, markup=False, soft_wrap=True)


def print_findings(findings: Iterable[Finding]) -> None:
    """What a check-up found, a line each, with what to do below those that are not well."""
    grid = Grid("what", "state", "found", box=box.SIMPLE_HEAD, title="kpop doctor")
    colours = {"ok": "green", "warning": "yellow", "problem": "bold red"}
    for finding in findings:
        advice = f"\n-> {finding.advice}" if finding.advice else ""
        state = f"[{colours[finding.state]}]{finding.state}[/]"
        grid.add_row(finding.name, state, escape(f"{finding.text}{advice}"))
    grid.columns[0].no_wrap = grid.columns[1].no_wrap = True
    grid.columns[2].overflow = "fold"
    console.print(grid, highlight=False)


def print_ranking(ranking: Ranking, top: int) -> None:
    """The first rows of a ranking."""
    note = " - SIMULATED DATA" if ranking.is_simulated else ""
    grid = Grid(box=box.SIMPLE_HEAD, title=f"Ranking of {ranking.day}{note}")
    for name in ("#", "artist", "tier", "points 7d", "share %", "7d %", "30d %", "trend"):
        is_text = name in ("artist", "trend")
        grid.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    for row in ranking.rows[:top]:
        grid.add_row(
            str(row["rank"]),
            row["artist"],
            str(row["tier"]),
            f"{row['total_engagement']:,}",
            _number(row["market_share"], ".1f"),
            _number(row["growth_rate_7d"], "+,.0f"),
            _number(row["growth_rate_30d"], "+,.0f"),
            row["trend_direction"],
        )
    console.print(grid)


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else f"{value:{form}}"


def print_outlook(outlook: Outlook, top: int, is_simulated: bool) -> None:
    """The likeliest risers, and the candidates on the front."""
    note = " - SIMULATED DATA" if is_simulated else ""
    horizon = outlook.risers[0]["horizon_days"] if outlook.risers else "?"
    grid = Grid(
        box=box.SIMPLE_HEAD,
        padding=0,
        title=f"Likeliest to rise a tier in {horizon} days, {outlook.day}{note}",
    )
    for name in ("#", "artist", "tier", "rise %", "top %", "places"):
        grid.add_column(name, justify="left" if name == "artist" else "right", no_wrap=True)
    grid.add_column("driven by", no_wrap=True)
    for number, row in enumerate(outlook.risers[:top], start=1):
        grid.add_row(
            str(number),
            row["artist"],
            str(row["tier"]),
            _number(100 * row["p_rise"], ".0f"),
            _number(100 * row["p_tier_1"], ".0f"),
            _number(row["rise_rank_change"], "+d"),
            escape(set_cell_size(row["driving_video_title"] or "-", 30)),
        )
    console.print(grid)
    _print_front(outlook)


def _print_front(outlook: Outlook) -> None:
    grid = Grid(
        box=box.SIMPLE_HEAD,
        padding=0,
        title=f"Pareto front of the training of {outlook.trained_day}",
    )
    for name in ("candidate", "acc", "f1", "rps", "skill %", "ece", "ms", "inputs"):
        grid.add_column(name, justify="left" if name == "candidate" else "right", no_wrap=True)
    on_front = [row for row in outlook.scores if row["is_on_front"]]
    beaten = [r for r in on_front if not (r["is_baseline"] or r["is_better_than_baselines"])]
    for row in on_front:
        grid.add_row(
            row["candidate"] + (" *" if row in beaten else ""),
            _number(row["accuracy"], ".3f"),
            _number(row["f1"], ".3f"),
            _number(row["rps"], ".4f"),
            _number(None if row["rps_skill"] is None else 100 * row["rps_skill"], "+.0f"),
            _number(row["ece"], ".3f"),
            _number(row["latency_ms"], ".1f"),
            str(row["feat_count"]),
        )
    console.print(grid)
    if beaten:
        console.print("* forecasts no better than the best baseline", highlight=False)
    used = {row["candidate"] for row in outlook.risers}
    dominated = len(outlook.scores) - len(on_front)
    console.print(
        f"{dominated} candidates are dominated; forecast by {', '.join(sorted(used))}; "
        "skill is against tiers that never change, ms for 1,000 forecasts",
        highlight=False,
    )
