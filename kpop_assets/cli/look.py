"""Commands that look at what is there: rank, risers, export, doctor.

Belongs here: their arguments and what they call. Does not belong here: what is read (insights/,
operate/doctor.py) or printed (printing.py).
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kpop_assets.cli.arguments import (
    ArgumentError,
    DayOption,
    NewestDay,
    Top,
    chosen_day,
    complete_table,
    find_table,
    parse_day,
)
from kpop_assets.cli.progress import show_progress
from kpop_assets.days import check_order

if TYPE_CHECKING:
    from kpop_assets.contracts.table import Table

Format = Literal["csv", "ndjson", "parquet"]
ExportDay = Annotated[dt.datetime | None, typer.Argument(parser=parse_day)]


def rank(
    day: NewestDay = None,
    top: Top = 20,
    day_option: DayOption = None,
    with_units: Annotated[
        bool, typer.Option("--with-units", help="Groups with their units and members as one.")
    ] = False,
) -> None:
    """Print the ranking of a day with tiers, trend and growth."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.cli.ranking_printing import print_families, print_ranking
    from kpop_assets.insights.ranking import read_ranking
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    settings = load_settings()
    ranking = read_ranking(LakeReader(settings.lake), chosen_day(day, day_option))
    if with_units:
        print_families(load_catalog(overlay=overlay_path(settings.home)), ranking, top)
    else:
        print_ranking(ranking, top)


def risers(day: NewestDay = None, top: Top = 20, day_option: DayOption = None) -> None:
    """Print who is next viral, the front that forecasts rest on, and who is near a tier."""
    show_outlook(chosen_day(day, day_option), top)


def show_outlook(day: dt.date | None, top: int, trained_day: dt.date | None = None) -> None:
    """Print the forecast of a day, and the scores of a training (default: its model's)."""
    from kpop_assets.cli.outlook_printing import print_outlook
    from kpop_assets.insights.outlook import read_outlook
    from kpop_assets.insights.ranking import read_ranking
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    outlook = read_outlook(reader, day, trained_day)
    print_outlook(outlook, top, read_ranking(reader, outlook.day).is_simulated)


def export(
    table: Annotated[
        str, typer.Argument(help="A table, as layer/table.", autocompletion=complete_table)
    ],
    start: ExportDay = None,
    end: ExportDay = None,
    format: Annotated[
        Format | None, typer.Option(help="Default: what FILE ends with, else csv.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: what is printed.")
    ] = None,
) -> None:
    """Write a table for other programs: its days from START to END, one day, or all."""
    found = find_table(table)
    days = (start.date(), (end or start).date()) if start else None
    if days:
        check_order(*days)
    chosen = format or (out.suffix[1:].lower() if out else "csv")
    if chosen not in ("csv", "ndjson", "parquet"):
        raise ArgumentError(f"{out} tells no format", "add --format csv, ndjson or parquet")
    if out is None and chosen == "parquet":
        raise ArgumentError("parquet cannot be printed", "name a file with --out")
    _export(found, days, chosen, out)


def _export(
    table: Table, days: tuple[dt.date, dt.date] | None, format: str, out: Path | None
) -> None:
    from kpop_assets.cli.grid import print_path
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.operate.export import export_table, whole_file
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    with show_progress(f"exporting {table.path}") as progress:
        if out is None:
            export_table(reader, table, days, format, sys.stdout.buffer, progress.done)
            sys.stdout.flush()
            return
        with whole_file(out) as sink:
            count = export_table(reader, table, days, format, sink, progress.done)
    print_path(f"{count:,} rows of {table.path} in {out}")


def doctor(
    online: Annotated[bool, typer.Option(help="Ask YouTube about the key; costs 1 unit.")] = False,
    files: Annotated[bool, typer.Option(help="Read every data file, not its size alone.")] = False,
) -> None:
    """Look at key, quota, disk, tables, engine, clock and runs; exit code 1 if one is a problem."""
    from kpop_assets.cli.printing import print_findings
    from kpop_assets.days import seoul_now
    from kpop_assets.operate.checkup.finding import has_problem
    from kpop_assets.operate.doctor import examine
    from kpop_assets.settings import load_settings

    with show_progress("looking"):
        findings = list(examine(load_settings(), seoul_now(), online, files))
    print_findings(findings)
    if has_problem(findings):
        raise typer.Exit(1)
