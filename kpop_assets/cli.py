"""The command line `kpop`: demo, import, run, rank.

Belongs here: arguments, what is printed, exit codes. Does not belong here: anything that a
command does, which is one call into the package.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.importer import IMPORTERS, ImportSummary, import_files
from kpop_assets.landing.sources.demo import DEMO_SEED
from kpop_assets.partitions import seoul_now
from kpop_assets.ranking import Ranking, read_ranking
from kpop_assets.resources.build import build_lake
from kpop_assets.resources.lake import LakeError
from kpop_assets.resources.spark import EngineError
from kpop_assets.runner import Outcome, RunError, run_range
from kpop_assets.settings import SettingsError, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
# Failures that name the thing and the way out in one line; anything else is a defect and shows
# its trace.
EXPECTED = (LandingError, LakeError, EngineError, RunError, SettingsError)

Day = Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"])]


def main() -> None:
    """Entry point: run a command; an expected failure is one line and exit code 1."""
    try:
        app()
    except EXPECTED as error:
        sys.exit(f"kpop: {error}")


@app.command()
def demo(
    days: Annotated[int, typer.Option(min=1, max=3000, help="Days to simulate.")] = 90,
    events_per_day: Annotated[int, typer.Option(min=1, help="Lines a day.")] = 1000,
    end: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; default yesterday.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = DEMO_SEED,
) -> None:
    """Simulate days and carry them through every layer; prints the ranking of the last day."""
    last = end.date() if end else seoul_now().date() - dt.timedelta(days=1)
    first = last - dt.timedelta(days=days - 1)
    source = {"source": "demo", "events_per_day": events_per_day, "seed": seed}
    _materialize(first, last, (), source)
    _print_ranking(read_ranking(build_lake(load_settings()), None), 20)


@app.command("import")
def import_(
    format: Annotated[str, typer.Argument(help=f"One of: {', '.join(IMPORTERS)}.")],
    path: Annotated[Path, typer.Argument(help="A file, or a folder of such files.")],
) -> None:
    """Bring files of a known format into the landing folder, sorted by ingest date."""
    if format not in IMPORTERS:
        raise LandingError(f"format {format!r} is unknown: use one of {', '.join(IMPORTERS)}")
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"importing {format}", total=None)
        summary = import_files(
            format,
            path,
            load_settings().landing,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    _print_summary(summary)


@app.command()
def run(
    start: Day,
    end: Day,
    select: Annotated[
        list[str] | None, typer.Option("--select", help="A layer or layer/table; may repeat.")
    ] = None,
) -> None:
    """Materialize the ingest dates from START to END, both included."""
    _materialize(start.date(), end.date(), select or (), None)


@app.command()
def rank(
    day: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: the newest day.")
    ] = None,
    top: Annotated[int, typer.Option(min=1)] = 20,
) -> None:
    """Print the ranking of a day with tiers, trend and growth."""
    ranking = read_ranking(build_lake(load_settings()), day.date() if day else None)
    _print_ranking(ranking, top)


def _materialize(
    first: dt.date, last: dt.date, select: list[str] | tuple[str, ...], landing: dict | None
) -> None:
    started = time.monotonic()
    with console.status(f"materializing {first} .. {last}"):
        outcomes = run_range(load_settings(), first, last, select, landing)
    _print_tables(outcomes, time.monotonic() - started)


def _print_tables(outcomes: list[Outcome], seconds: float) -> None:
    settings = load_settings()
    grid = Grid(
        box=box.SIMPLE_HEAD, title=f"Tables written - engine {settings.engine}, {seconds:.1f} s"
    )
    grid.add_column("table", no_wrap=True)
    grid.add_column("rows of the days", justify="right")
    grid.add_column("of later days that look back", justify="right")
    first, *later = outcomes
    for name, count in first.rows.items():
        refreshed = sum(outcome.rows.get(name, 0) for outcome in later)
        grid.add_row(name, f"{count:,}", f"{refreshed:,}" if refreshed else "-")
    console.print(grid)
    console.print(f"below {settings.lake}", highlight=False, soft_wrap=True)


def _print_summary(summary: ImportSummary) -> None:
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


def _print_ranking(ranking: Ranking, top: int) -> None:
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
