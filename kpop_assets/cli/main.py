"""The command line `kpop`: demo, import, fetch, stream, run, rank, train, risers, doctor.

Belongs here: arguments, what is printed, exit codes. Does not belong here: anything that a
command does, which is one call into the package.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from kpop_assets.cli.printing import (
    console,
    print_collection,
    print_findings,
    print_outlook,
    print_progress,
    print_ranking,
    print_summary,
    print_tables,
)
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.days import seoul_now
from kpop_assets.errors import KpopError
from kpop_assets.insights.outlook import read_outlook, read_refusal
from kpop_assets.insights.ranking import read_ranking
from kpop_assets.lake.foreign import disk_error
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.importer import IMPORTERS, import_files
from kpop_assets.landing.reservoir import DEFAULT_SAMPLE_SIZE
from kpop_assets.landing.sources.demo import DEMO_SEED
from kpop_assets.landing.youtube.fetch import fetch as fetch_from_youtube
from kpop_assets.landing.youtube.request import MOST_ITEMS, Ask
from kpop_assets.live.stream import run_stream
from kpop_assets.operate.checkup.finding import has_problem
from kpop_assets.operate.doctor import examine
from kpop_assets.operate.execution import RunError
from kpop_assets.operate.runner import run_range
from kpop_assets.settings import load_settings
from kpop_assets.wiring.resources import build_lake

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Day = Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"])]


def main() -> None:
    """Entry point: run a command; an expected failure is one line and exit code 1.

    Anything else is a defect and shows its trace.
    """
    try:
        app()
    except KpopError as error:
        sys.exit(f"kpop: {error}")
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        trouble = disk_error(error, load_settings().home)
        if trouble is None:
            raise
        sys.exit(f"kpop: {trouble}")


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
    # Trained two weeks before the end, so that its first forecasts can be held against what came.
    trained = max(first, last - dt.timedelta(days=14)).isoformat()
    _materialize(first, last, (), source, {"days": [trained], "evaluation_days": 14})
    lake = build_lake(load_settings())
    print_ranking(read_ranking(lake, None), 20)
    if lake.exists(NEXT_VIRAL) and lake.newest_rows(NEXT_VIRAL):
        _print_outlook(lake, None, 5)
    else:
        console.print(f"no forecast: {read_refusal(lake)}", highlight=False)


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
    print_summary(summary)


@app.command()
def fetch(
    query: Annotated[
        list[str] | None,
        typer.Option("--query", help="A search; may repeat. Default: the whole plan of the day."),
    ] = None,
    max_items: Annotated[
        int, typer.Option(min=1, max=MOST_ITEMS, help="Results paid for, a query.")
    ] = 50,
    reservoir_k: Annotated[
        int, typer.Option(min=1, help="Results kept of them, a fair sample.")
    ] = DEFAULT_SAMPLE_SIZE,
    region_code: Annotated[str, typer.Option(help="Country code.")] = "KR",
    relevance_language: Annotated[str, typer.Option(help="Language code.")] = "ko",
) -> None:
    """Collect from YouTube into the landing folder, as far as today's quota goes."""
    ask = Ask(tuple(query or ()), max_items, reservoir_k, region_code, relevance_language)
    settings = load_settings()
    with console.status("collecting from YouTube"):
        report = fetch_from_youtube(settings, ask)
    print_collection(report)


@app.command()
def stream(
    every: Annotated[int, typer.Option(min=1, help="Seconds between micro-batches.")] = 60,
    once: Annotated[bool, typer.Option(help="Take in what is there, and end.")] = False,
    anew: Annotated[bool, typer.Option(help="Forget what was streamed; begin again.")] = False,
) -> None:
    """Carry landing files to live windows until Ctrl-C; goes on where it stopped."""
    run_stream(load_settings(), None if once else every, anew, print_progress)


@app.command()
def run(
    start: Day,
    end: Day,
    select: Annotated[
        list[str] | None, typer.Option("--select", help="A layer or layer/table; may repeat.")
    ] = None,
) -> None:
    """Materialize the ingest dates from START to END, both included."""
    _materialize(start.date(), end.date(), select or ())


@app.command()
def rank(
    day: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: the newest day.")
    ] = None,
    top: Annotated[int, typer.Option(min=1)] = 20,
) -> None:
    """Print the ranking of a day with tiers, trend and growth."""
    ranking = read_ranking(build_lake(load_settings()), day.date() if day else None)
    print_ranking(ranking, top)


@app.command()
def train(
    day: Annotated[
        dt.datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="Default: the newest day.")
    ] = None,
) -> None:
    """Train all candidates on what is known on a day, and forecast that day with the champion."""
    lake = build_lake(load_settings())
    chosen = day.date() if day else read_ranking(lake, None).day
    _materialize(chosen, chosen, ("models", "pareto"), None, {"days": [chosen.isoformat()]})
    refusal = read_refusal(lake, chosen)
    if refusal:
        raise RunError(f"no training on {chosen}: {refusal}")
    _print_outlook(lake, chosen, 5, chosen)


@app.command()
def risers(
    day: Annotated[
        dt.datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="Default: the newest day.")
    ] = None,
    top: Annotated[int, typer.Option(min=1)] = 20,
) -> None:
    """Print who is likeliest to rise a tier, and the front that their model stands on."""
    lake = build_lake(load_settings())
    _print_outlook(lake, day.date() if day else None, top)


@app.command()
def doctor(
    online: Annotated[bool, typer.Option(help="Ask YouTube about the key; costs 1 unit.")] = False,
    files: Annotated[bool, typer.Option(help="Read every data file, not its size alone.")] = False,
) -> None:
    """Look at key, quota, disk, tables, engine, clock and runs; exit code 1 if one is a problem."""
    settings = load_settings()
    with console.status("looking"):
        findings = list(examine(settings, seoul_now(), online, files))
    print_findings(findings)
    if has_problem(findings):
        raise typer.Exit(1)


def _print_outlook(
    lake: Lake, day: dt.date | None, top: int, trained_day: dt.date | None = None
) -> None:
    outlook = read_outlook(lake, day, trained_day)
    print_outlook(outlook, top, read_ranking(lake, outlook.day).is_simulated)


def _materialize(
    first: dt.date,
    last: dt.date,
    select: list[str] | tuple[str, ...],
    landing: dict | None = None,
    training: dict | None = None,
) -> None:
    settings = load_settings()
    started = time.monotonic()
    with console.status(f"materializing {first} .. {last}"):
        outcome = run_range(settings, first, last, select, landing, training)
    print_tables(outcome, time.monotonic() - started, settings)
