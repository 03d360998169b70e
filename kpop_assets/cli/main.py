"""The command line `kpop`: its commands put together, and how it ends.

Belongs here: the list of commands and exit codes. Does not belong here: a command (collect.py,
run.py, look.py) or what is printed (printing.py).
"""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from importlib import metadata
from typing import Annotated

import typer

from kpop_assets.cli import collect, look, run, scout
from kpop_assets.cli.forget import forget
from kpop_assets.cli.hear import recommend
from kpop_assets.cli.learn import update
from kpop_assets.cli.listen import similar
from kpop_assets.cli.movers import videos
from kpop_assets.cli.said import voices
from kpop_assets.cli.signs import replace_unwritable_signs
from kpop_assets.cli.talk import keywords
from kpop_assets.cli.teach import train
from kpop_assets.cli.tried import experiments
from kpop_assets.cli.who import who
from kpop_assets.errors import KpopError

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(run.demo)
app.command("import")(collect.import_)
app.command()(collect.fetch)
app.command()(collect.take)
app.command()(collect.stream)
app.command()(run.run)
app.command()(look.rank)
app.command()(train)
app.command()(look.risers)
app.command()(who)
app.command()(videos)
app.command()(keywords)
app.command()(voices)
app.command()(similar)
app.command()(recommend)
app.command()(experiments)
app.command()(update)
app.command()(scout.unknown)
app.command()(scout.channels)
app.command()(look.export)
app.command()(forget)
app.command()(look.doctor)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"kpop {metadata.version('kpop-assets')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def kpop(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Which K-POP artist will be the next viral star."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)
        raise typer.Exit(2)


def main() -> None:
    """Entry point: run a command; what was to be expected ends in one line.

    Exit code 2 is a command that cannot be understood, 1 one that cannot be carried out. Anything
    else is a defect and shows its trace.
    """
    replace_unwritable_signs()
    # After every 700 objects that are made Python looks for garbage: loading modules makes a
    # million that stay. So seldom it takes a tenth of a small run less, and no more memory.
    gc.set_threshold(50_000)
    try:
        # Without its own handling of errors, which draws a box of several lines.
        code = app(prog_name="kpop", standalone_mode=False) or 0
        sys.stdout.flush()
        sys.exit(code)
    except typer.TyperException as error:
        print(f"kpop: {' '.join(error.format_message().split())}", file=sys.stderr)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(1)
    except KpopError as error:
        sys.exit(f"kpop: {error}")
    except BrokenPipeError:
        # Whoever reads has enough, as `head` does; what Python still holds must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except _disk_errors() as error:
        trouble = _disk_trouble(error)
        if trouble is None:
            raise
        sys.exit(f"kpop: {trouble}")


def _disk_errors() -> tuple[type[Exception], ...]:
    # SQLAlchemy takes a second to load: where the error is one of its own, it is there.
    loaded = sys.modules.get("sqlalchemy.exc")
    return (OSError, sqlite3.Error, *([loaded.SQLAlchemyError] if loaded else []))


def _disk_trouble(error: Exception) -> KpopError | None:
    from kpop_assets.lake.foreign import disk_error
    from kpop_assets.settings import load_settings

    return disk_error(error, load_settings().home)
