"""Where the next page of a list begins, as a text that a caller hands back as it is.

Belongs here: what a cursor holds, and refusing one that cannot be. Does not belong here: which rows
a page has (list_answers.py).

A cursor names the versions of the tables that the first page was read from, so that pages of one
list never mix two states; whichever worker is asked reads those versions.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.lake.log import Version
from serving.problems import ProblemError

MOST_LETTERS = 2000
_START = "begin again without a cursor"


@dataclass(frozen=True)
class Cursor:
    """The place of a page.

    Attributes:
        asked: what the list was asked for, as `digest_of` has it.
        offset: rows before the page.
        day: the day that the rows are of; None of a list without one.
        versions: of the tables by path; None of one that did not exist.
        state: whatever else the rows follow from.
    """

    asked: str
    offset: int
    day: dt.date | None
    versions: Mapping[str, Version | None]
    state: str

    def write(self) -> str:
        """As it stands in an address."""
        versions = {
            path: version and [version.number, version.committed_ns]
            for path, version in self.versions.items()
        }
        day = self.day.isoformat() if self.day else None
        told = json.dumps([self.asked, self.offset, day, versions, self.state])
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """A cursor that a caller handed back.

    Raises:
        ProblemError: it is none that was ever given.
    """
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        told = json.loads(base64.b64decode(padded, b"-_", validate=True))
        asked, offset, day, versions, state = told
        return Cursor(
            _text(asked),
            _count(offset),
            dt.date.fromisoformat(day) if day is not None else None,
            {_text(path): _version(value) for path, value in versions.items()},
            _text(state),
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProblemError(400, "the cursor is none of this API's", _START) from error


def digest_of(*parts: object) -> str:
    """Some letters that are the same for the same parts, in whichever process."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any, end: int = 1 << 40) -> int:
    # `True` is an int as well, and JSON's 1e400 a float that is none.
    if type(value) is not int or not 0 <= value < end:
        raise ValueError(value)
    return value


def _version(value: Any) -> Version | None:
    if value is None:
        return None
    number, committed_ns = value
    return Version(_count(number), _count(committed_ns, 1 << 63))
