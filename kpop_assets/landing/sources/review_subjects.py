"""What a row of a table of reviews is about, by the columns that name it.

Belongs here: from cells to a kind and a subject. Does not belong here: what columns are called
(review_columns.py), or whose a subject is (audience/voices/voice_subjects.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from kpop_assets.landing.sources.readings import is_no_id
from kpop_assets.landing.sources.review_names import subject_kind_named

# What a column makes of its cell: the subject's kind.
_KINDS = ("video", "release", "work", "title", "act")
_SUBJECTS = {"movie": "title"} | {kind: kind for kind in _KINDS}
NAMED_BY = ("subject", *_SUBJECTS)
# Kinds whose names two acts may share: "Love" is a song of many.
_CREDITED = ("work", "release")
_DASH = r"\s*[-\u2013\u2014:|]\s"


class RowSubject(NamedTuple):
    """What a row is about.

    Attributes:
        kind: One of `reviews.SUBJECT_KINDS`, or the word as it came where it means none.
        name: Its id or name; a work or release of an act is called `act - name`.
        named_in: Columns that could name it, the one that does first.
    """

    kind: str | None
    name: str | None
    named_in: tuple[str, ...] = ()


def subject_of(cells: Mapping[str, str]) -> RowSubject:
    """What a review is about: as the file says it, else by the column that names it.

    A title beside an act is a work of that act, and where it is the act's name the act, unless the
    row says another kind.
    """
    act, stated = cell_text(cells, "act"), cell_text(cells, "subject_kind")
    told = {name: cell for name in NAMED_BY if (cell := cell_text(cells, name))}
    first = next(iter(told), None)
    if first is None:
        return RowSubject(None, None)
    kind = _SUBJECTS.get(first, "title")
    if first in ("subject", "title"):
        kind = subject_kind_named(stated) or _kind_beside(first, told[first], act)
        if stated is None and kind == "act":
            return RowSubject(kind, act, tuple(told))
    return RowSubject(kind, _credited(kind, told[first], act), tuple(told))


def cell_text(cells: Mapping[str, str], name: str) -> str | None:
    """The text of a cell; None where there is none."""
    cell = cells.get(name)
    return None if cell is None or is_no_id(cell) else cell.strip()


def _kind_beside(column: str, name: str, act: str | None) -> str:
    """The kind of a name whose row says none, by its column and the act beside it."""
    if act is not None and _plain(name) == _plain(act):
        return "act"
    # What a subject is nobody said: of a title beside an act it is known to be that act's.
    return "work" if act and column == "title" else "title"


def _plain(name: str) -> str:
    """A name without case, in composed form."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def _credited(kind: str, name: str, act: str | None) -> str:
    """A name with the act whose it is in front, as music is called, where that is not there yet."""
    if act is None or kind not in _CREDITED:
        return name
    is_there = re.match(re.escape(_plain(act)) + _DASH, _plain(name))
    return name if is_there else f"{act} - {name}"
