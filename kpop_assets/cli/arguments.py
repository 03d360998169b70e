"""Arguments that commands share, and what is refused before anything is loaded.

Belongs here: types of arguments, their completion, checks that need no table. Does not belong
here: a command. Modules of the package are imported where they are used: a command answers
`--help` or refuses an argument without an engine, Dagster or Arrow.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kpop_assets.errors import KpopError

if TYPE_CHECKING:
    from kpop_assets.contracts.table import Table


def parse_day(text: str | dt.datetime) -> dt.datetime:
    """A day as commands take it.

    Raises:
        typer.BadParameter: the text is no day of the calendar, or written otherwise.
    """
    if isinstance(text, dt.datetime):
        return text
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day: write one as 2026-11-20") from error


FirstDay = Annotated[
    dt.datetime,
    typer.Argument(metavar="START", parser=parse_day, help="First day, such as 2026-11-20."),
]
LastDay = Annotated[
    dt.datetime,
    typer.Argument(metavar="END", parser=parse_day, help="Last day, included."),
]
NewestDay = Annotated[
    dt.datetime | None,
    typer.Argument(metavar="DAY", parser=parse_day, help="Default: the newest day."),
]
# The same day, as scripts of before name it.
DayOption = Annotated[
    dt.datetime | None,
    typer.Option("--day", parser=parse_day, help="The same as DAY.", show_default=False),
]
Top = Annotated[int, typer.Option(min=1, help="Rows shown.")]

# An asset that is neither a table of the lake nor a kind of landing line.
_COMPACTION = "retention/compaction"
# What `kpop train` takes before a day, in place of forecasts.
TRAINED_WORDS = ("recommend", "sentiment")
_PLAIN = re.compile(r"[\w-]+(/[\w-]+)?")


class ArgumentError(KpopError):
    """An argument names something that does not exist."""


def training_words(words: Sequence[str]) -> tuple[str, dt.datetime | None]:
    """What is to be trained, one of `TRAINED_WORDS` or empty for forecasts, and the day named.

    Raises:
        ArgumentError: more is said than that.
        typer.BadParameter: a word is no day.
    """
    named = words[0] if words and words[0] in TRAINED_WORDS else ""
    try:
        days = [parse_day(word) for word in words[bool(named) :]]
    except typer.BadParameter as error:
        hint = f"[{'|'.join(TRAINED_WORDS)}] [DAY]"
        raise typer.BadParameter(error.message, param_hint=hint) from error
    if len(days) > 1:
        raise ArgumentError(f"two days are given, {' and '.join(words[-2:])}", "name one")
    return named, days[0] if days else None


def chosen_day(day: dt.datetime | None, option: dt.datetime | None) -> dt.date | None:
    """The day that a command is asked for, by its place or by `--day`; None is the newest.

    Raises:
        ArgumentError: both are given, and differ.
    """
    if day and option and day != option:
        raise ArgumentError(
            f"two days are given, {day:%Y-%m-%d} and --day {option:%Y-%m-%d}", "name one"
        )
    found = day or option
    return found.date() if found else None


def table_paths() -> list[str]:
    """Every table, as `layer/table`."""
    from kpop_assets.contracts.registry import TABLES

    return [table.path for table in TABLES]


def asset_paths() -> list[str]:
    """Every asset, as `layer/name`."""
    from kpop_assets.contracts.registry import RECORDS

    return [*(f"landing/{record.kind}" for record in RECORDS), _COMPACTION, *table_paths()]


def find_table(path: str) -> Table:
    """The table that an argument names.

    Raises:
        ArgumentError: there is no such table.
    """
    from kpop_assets.contracts.registry import table_at

    table = table_at(path)
    if table is None or table.rhythm == "live":
        raise ArgumentError(f"{path} is no table", f"use one of {', '.join(table_paths())}")
    return table


def check_select(select: Sequence[str]) -> None:
    """Refuse a layer or `layer/table` that does not exist; Dagster judges other selections.

    Raises:
        ArgumentError: the selection names nothing.
    """
    known = asset_paths()
    layers = list(dict.fromkeys(path.partition("/")[0] for path in known))
    plain = [word for word in select if _PLAIN.fullmatch(word)]
    if any(word not in known and word not in layers for word in plain):
        raise ArgumentError(
            f"--select {' '.join(select)} names no asset: use {', '.join(layers)} or layer/table"
        )


def complete_table(incomplete: str) -> list[str]:
    """The tables that begin as what was typed."""
    return [path for path in table_paths() if path.startswith(incomplete)]


def complete_select(incomplete: str) -> list[str]:
    """The layers and tables that begin as what was typed."""
    paths = asset_paths()
    words = [*dict.fromkeys(path.partition("/")[0] for path in paths), *paths]
    return [word for word in words if word.startswith(incomplete)]


def complete_format(incomplete: str) -> list[str]:
    """The formats of `kpop import` that begin as what was typed."""
    from kpop_assets.landing.choices import formats

    return [name for name in formats() if name.startswith(incomplete)]
