"""The command lines of measurements: what they share.

Belongs here: how sizes are read, how help is shown, and how an expected error ends. Does not belong
here: any option of one program.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from kpop_assets.errors import KpopError


class _Formatter(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Examples keep their lines, and options say their default."""


def make_parser(module: str, about: str | None) -> argparse.ArgumentParser:
    """A parser whose help has the first line and the examples of a module's docstring."""
    lines = (about or "").splitlines()
    examples = [line for line in lines if line.startswith("    ") and "python -m" in line]
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=lines[0] if lines else "",
        epilog="\n".join(examples),
        formatter_class=_Formatter,
    )


def positive(text: str) -> int:
    """A size: a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 on")
    return int(text)


def count(text: str) -> int:
    """A whole number from 0 on."""
    return 0 if text == "0" else positive(text)


def check_disk(folder: Path, need: int) -> None:
    """End with one line where a folder's disk has fewer bytes free than are needed."""
    free = shutil.disk_usage(folder).free
    if need > free:
        sys.exit(f"bench: {need / 1e9:.0f} GB needed in {folder}, {free / 1e9:.0f} GB free")


def run(main: Callable[[], None]) -> None:
    """Run a program; an error that the product expects ends it with its own line."""
    try:
        main()
    except KpopError as error:
        sys.exit(f"bench: {error}")
