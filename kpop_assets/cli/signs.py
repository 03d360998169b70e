"""Signs that a console cannot show: a command ends well, and its lines can be read.

Belongs here: what stands for them. Does not belong here: how wide a table is (grid.py).
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TextIO

_Handler = Callable[[UnicodeError], tuple[str | bytes, int]]


def replace_unwritable_signs() -> None:
    """Let stdout show `?` for a sign that its console lacks, and stderr spell it out.

    Python would end a command that has done its work. Who chose another way in `PYTHONIOENCODING`
    keeps it.
    """
    # In a locale of ASCII alone Python hands bytes through, and raises at all else.
    _replace(sys.stdout, ("strict", "surrogateescape"), "replace")
    _replace(sys.stderr, ("backslashreplace",), "backslashreplace")


def _replace(stream: TextIO, defaults: tuple[str, ...], way: str) -> None:
    if isinstance(stream, TextIOWrapper) and stream.errors in defaults:
        codecs.register_error(f"kpop-{way}", _handler(way))
        stream.reconfigure(errors=f"kpop-{way}")


def _handler(way: str) -> _Handler:
    def stand_in(error: UnicodeError) -> tuple[str | bytes, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        sign, following = error.object[error.start], error.start + 1
        # A byte of a file's name that the locale did not take for text; the terminal may.
        if "\udc80" <= sign <= "\udcff":
            return bytes([ord(sign) - 0xDC00]), following
        return sign.encode("ascii", way).decode(), following

    return stand_in
