"""The command that removes a person: forget.

Belongs here: its argument, and how its answer is printed. Does not belong here: what is removed
(retention/forgetting.py).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kpop_assets.cli.arguments import ArgumentError

if TYPE_CHECKING:
    from kpop_assets.retention.forgetting import Forgotten


def forget(
    user: Annotated[
        str, typer.Argument(help="As collectors call them; - reads it from standard input.")
    ],
) -> None:
    """Remove a listener from every landing file, table, history and serving bundle."""
    given = sys.stdin.readline().rstrip("\n") if user == "-" else user
    if not given.strip():
        raise ArgumentError("no listener is named", "give their id, or - and the id in a line")
    from kpop_assets.retention.forgetting import forget_person
    from kpop_assets.settings import load_settings
    from kpop_assets.wiring.resources import build_lake

    settings = load_settings()
    print_forgotten(forget_person(settings, build_lake(settings), given))


def print_forgotten(done: Forgotten) -> None:
    """What was removed, and what is left to do."""
    from kpop_assets.cli.grid import print_line, print_path
    from kpop_assets.days import consecutive

    print_line(f"lines of landing files removed: {done.line_count:,}")
    for path, count in sorted(done.rows.items()):
        print_line(f"rows of {path} removed: {count:,}")
    if done.bundles:
        print_line(f"serving bundles without them now: {len(done.bundles)}")
    for name in done.removed_bundles:
        print_line(f"serving bundle {name} was damaged and is removed: kpop train recommend")
    for waiting in done.waiting:
        print_path(f"not looked through, for it could not be landed: {waiting}")
    for first, last in consecutive(done.days):
        print_line(f"counts of these days are still as before: kpop run {first} {last}")
