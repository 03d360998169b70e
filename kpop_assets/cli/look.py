"""Commands that look at what is there: rank, risers, doctor.

Belongs here: their arguments and what they call. Does not belong here: what is read (insights/,
operate/doctor.py) or printed (printing.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from kpop_assets.cli.arguments import DAY_FORMAT, NewestDay, Top


def rank(
    day: Annotated[
        dt.datetime | None, typer.Option(formats=DAY_FORMAT, help="Default: the newest day.")
    ] = None,
    top: Top = 20,
) -> None:
    """Print the ranking of a day with tiers, trend and growth."""
    from kpop_assets.cli.printing import print_ranking
    from kpop_assets.insights.ranking import read_ranking
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    ranking = read_ranking(LakeReader(load_settings().lake), day.date() if day else None)
    print_ranking(ranking, top)


def risers(day: NewestDay = None, top: Top = 20) -> None:
    """Print who is likeliest to rise a tier, and the front that their model stands on."""
    show_outlook(day.date() if day else None, top)


def show_outlook(day: dt.date | None, top: int, trained_day: dt.date | None = None) -> None:
    """Print the forecast of a day, and the scores of a training (default: its model's)."""
    from kpop_assets.cli.printing import print_outlook
    from kpop_assets.insights.outlook import read_outlook
    from kpop_assets.insights.ranking import read_ranking
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    outlook = read_outlook(reader, day, trained_day)
    print_outlook(outlook, top, read_ranking(reader, outlook.day).is_simulated)


def doctor(
    online: Annotated[bool, typer.Option(help="Ask YouTube about the key; costs 1 unit.")] = False,
    files: Annotated[bool, typer.Option(help="Read every data file, not its size alone.")] = False,
) -> None:
    """Look at key, quota, disk, tables, engine, clock and runs; exit code 1 if one is a problem."""
    from kpop_assets.cli.printing import print_findings
    from kpop_assets.cli.progress import show_progress
    from kpop_assets.days import seoul_now
    from kpop_assets.operate.checkup.finding import has_problem
    from kpop_assets.operate.doctor import examine
    from kpop_assets.settings import load_settings

    with show_progress("looking"):
        findings = list(examine(load_settings(), seoul_now(), online, files))
    print_findings(findings)
    if has_problem(findings):
        raise typer.Exit(1)
