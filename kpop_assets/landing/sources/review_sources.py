"""Whose ids the ids of a table of reviews are, where its rows do not say it.

Belongs here: from a file's name to a source. Does not belong here: what a source is held to
(retention/), or where a row says it (review_tables.py).

An id is one in one source. Tables that number their rows have the same ids: as one source the
second would replace what people wrote in the first.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path

from kpop_assets.contracts.bronze import SIMULATED_SOURCE, YOUTUBE_SOURCE
from kpop_assets.landing.folders import digest_in_name, epoch_ms_in_name
from kpop_assets.landing.sources.text import stem_of
from kpop_assets.landing.sources.times import day_in_name

NO_NAME = "reviews"
# Rows of these are taken for the API's own or for simulated: a file's name is no such word.
_TAKEN = frozenset({SIMULATED_SOURCE, YOUTUBE_SOURCE})
_DAY = re.compile(r"(?<!\d)20\d{2}([-_.]?)\d{2}\1\d{2}(?!\d)")
# Year, month and day of two digits each, as Koreans write them, between signs that part words.
_SHORT_DAY = re.compile(r"(?<![^\W_])(\d{2})(\d{2})(\d{2})(?![^\W_])")
_INSTANT = re.compile(r"(?<!\d)(?:\d{13}|\d{10})(?!\d)")
_GAPS = re.compile(r"[\W_]+")
# What browsers, systems and drives add to the name of a second download or of a copy.
_COPY_OF = re.compile(r"(?:copy of\s+|사본\s*[-_]\s*)+")
_COPY = r"(?:copy|복사본|사본)(?:\s*\d{1,2})?"
_COPIED = re.compile(rf"(?:\s*\(\d{{1,2}}\)|(?:[\s_-]+|의\s*){_COPY}|\s*\({_COPY}\))+")


def source_of_name(path: Path) -> str:
    """The source of rows that name none: what their file is called, without when it was collected.

    So the table of another day of one source edits it, and that of another name is another source.
    A copy of a file is of its source.
    """
    name = _without_copy(unicodedata.normalize("NFC", stem_of(path)).casefold().strip())
    if digest_in_name(f"{name}.json"):
        # A file that we named: the last part is a hash of its bytes.
        name = name.rpartition("_")[0]
    if day_in_name(path.name):
        name = _DAY.sub(" ", name, count=1)
    else:
        name = _SHORT_DAY.sub(_unless_day, name, count=1)
    if epoch_ms_in_name(path.name):
        name = _INSTANT.sub(" ", name)
    name = _GAPS.sub("_", name).strip("_")
    return f"file_{name}" if name in _TAKEN else name or NO_NAME


def _without_copy(name: str) -> str:
    """A name without what says that its file is a copy; a copy of nothing keeps its name."""
    if begin := _COPY_OF.match(name):
        name = name[begin.end() :]
    # Each search begins later than the one before: a name is as long as a system allows.
    end = next((found for found in _COPIED.finditer(name) if found.end() == len(name)), None)
    return name[: end.start()] if end else name


def _unless_day(found: re.Match[str]) -> str:
    """Nothing where six digits are a day of this century, else they as they are."""
    try:
        dt.date(2000 + int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return found[0]
    return " "
