"""Commands that fill tables: demo, run.

Belongs here: their arguments and what they call. Does not belong here: trainings (teach.py), which
runs a range needs (operate/) or what is printed (printing.py).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpop_assets.cli.arguments import (
    FirstDay,
    LastDay,
    check_select,
    complete_select,
    parse_day,
)
from kpop_assets.cli.look import show_outlook
from kpop_assets.cli.progress import show_progress
from kpop_assets.days import check_days, seoul_now
from kpop_assets.landing import choices

if TYPE_CHECKING:
    from kpop_assets.settings import Settings


def demo(
    days: Annotated[int, typer.Option(min=1, max=3000, help="Days to simulate.")] = 90,
    events_per_day: Annotated[int, typer.Option(min=1, help="Lines a day.")] = 1000,
    plays_per_day: Annotated[
        int, typer.Option(min=0, max=10_000_000, help="Lines about plays a day; 0 for none.")
    ] = choices.DEMO_PLAYS,
    listeners: Annotated[
        int, typer.Option(min=1, help="Simulated listeners who are there on any day.")
    ] = choices.DEMO_LISTENERS,
    reviews_per_day: Annotated[
        int, typer.Option(min=0, max=1_000_000, help="Comments and ratings a day; 0 for none.")
    ] = choices.DEMO_REVIEWS,
    end: Annotated[
        dt.datetime | None, typer.Option(parser=parse_day, help="Last day; default yesterday.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = choices.DEMO_SEED,
) -> None:
    """Simulate days and carry them through every layer; prints the ranking of the last day."""
    last = end.date() if end else seoul_now().date() - dt.timedelta(days=1)
    first = last - dt.timedelta(days=days - 1)
    if plays_per_day > choices.MOST_PLAYS_OF_ONE * listeners:
        raise typer.BadParameter(
            f"{plays_per_day:,} plays a day are over {choices.MOST_PLAYS_OF_ONE} for each of "
            f"{listeners:,} listeners: raise --listeners"
        )
    source = {"source": "demo", "events_per_day": events_per_day, "seed": seed}
    source |= {"plays_per_day": plays_per_day, "listener_count": listeners}
    source["reviews_per_day"] = reviews_per_day
    if plays_per_day:
        _land_answers(first, last, listeners, seed)
    # Trained two weeks before the end, so that its first forecasts can be held against what came.
    trained = max(first, last - dt.timedelta(days=14)).isoformat()
    fill_days(first, last, (), source, {"days": [trained], "evaluation_days": 14})
    _show_answer()


def _land_answers(first: dt.date, last: dt.date, listeners: int, seed: int) -> None:
    """Simulated answers of the last weeks; the run takes their lines in with all others."""
    from kpop_assets.experiments.demo_answers import write_demo_answers
    from kpop_assets.settings import load_settings

    settings = load_settings()
    write_demo_answers(settings.home, settings.landing, first, last, listeners, seed)


def run(
    start: FirstDay,
    end: LastDay,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            help="A layer or layer/table; may repeat.",
            autocompletion=complete_select,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be run, and run nothing.")
    ] = False,
) -> None:
    """Materialize the ingest dates from START to END, both included."""
    act = _print_plan if dry_run else fill_days
    act(start.date(), end.date(), select or ())


def _show_answer() -> None:
    """Who leads and who is likely to rise, or why there is no forecast."""
    from kpop_assets.cli.printing import print_line
    from kpop_assets.cli.ranking_printing import print_ranking
    from kpop_assets.contracts.pareto import NEXT_VIRAL
    from kpop_assets.insights.outlook import read_refusal
    from kpop_assets.insights.ranking import read_ranking
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    reader = LakeReader(load_settings().lake)
    print_ranking(read_ranking(reader, None), 20)
    if reader.exists(NEXT_VIRAL) and reader.newest_rows(NEXT_VIRAL):
        show_outlook(None, 5)
    else:
        print_line(f"no forecast: {read_refusal(reader)}: it takes about 4 weeks of days")


def fill_days(
    first: dt.date,
    last: dt.date,
    select: Sequence[str] = (),
    landing: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
) -> None:
    """Carry days through the layers, or some of them, and print what was written."""
    check_days(first, last)
    check_select(select)
    from kpop_assets.settings import load_settings

    settings = load_settings()
    from kpop_assets.cli.printing import print_tables
    from kpop_assets.cli.run_progress import RunProgress
    from kpop_assets.contracts.registry import RECORDS
    from kpop_assets.operate.idle import is_idle

    if not (select or landing) and is_idle(settings, first, last):
        _print_intake(settings, first, last, {record.files.path: 0 for record in RECORDS})
        return
    started = time.monotonic()
    with show_progress(f"{first} .. {last}: loading engine and graph") as progress:
        from kpop_assets.operate.runner import materialize

        listener = RunProgress(progress)
        outcome = materialize(settings, first, last, select, landing, training, listener)
    if any(outcome.rows.values()) or any(outcome.refreshed.values()):
        print_tables(outcome, time.monotonic() - started, settings)
    _print_intake(settings, first, last, outcome.rows)
    _print_others(settings)


def _print_intake(
    settings: Settings, first: dt.date, last: dt.date, rows: Mapping[str, int]
) -> None:
    """What was not taken in, where the run took landing files in: no files, lines set aside."""
    from kpop_assets.cli.intake_printing import print_left, print_no_files, print_set_aside
    from kpop_assets.contracts.registry import RECORDS
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.landing.inbox import left_in_inbox
    from kpop_assets.operate.set_aside import days_with_files, read_set_aside

    taken_in = [rows[record.files.path] for record in RECORDS if record.files.path in rows]
    if not taken_in:
        return
    if not any(taken_in):
        print_no_files(first, last, days_with_files(settings))
    else:
        print_set_aside(read_set_aside(LakeReader(settings.lake), first, last), first, last)
    print_left(left_in_inbox(settings.landing))


def _print_others(settings: Settings) -> None:
    """Days that another catalogue or version of the product filled: figures of both are mixed."""
    from kpop_assets.cli.printing import print_line
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.operate.checkup.matching import check_catalog

    found = check_catalog(settings, LakeReader(settings.lake))
    if found.state != "ok":
        print_line(f"catalogue: {found.text}: {found.advice}")


def _print_plan(first: dt.date, last: dt.date, select: Sequence[str]) -> None:
    check_days(first, last)
    check_select(select)
    from kpop_assets.settings import load_settings

    settings = load_settings()
    from kpop_assets.cli.printing import print_legs

    with show_progress(f"{first} .. {last}: loading the graph"):
        from kpop_assets.operate.runner import plan

        legs = plan(settings, first, last, select)
    print_legs(legs)
