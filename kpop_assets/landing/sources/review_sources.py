"""Whose ids the ids of a table of reviews are, where its rows do not say it.

Belongs here: from a file's name to a source. Does not belong here: what a source is held to
(retention/), or where a row says it (review_tables.py).

An id is one in one source. Tables that number their rows have the same ids: as one source the
second would replace what people wrote in the first.
"""

from __future__ import annotations

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
_INSTANT = re.compile(r"(?<!\d)(?:\d{13}|\d{10})(?!\d)")
_GAPS = re.compile(r"[\W_]+")


def source_of_name(path: Path) -> str:
    """The source of rows that name none: what their file is called, without when it was collected.

    So the table of another day of one source edits it, and that of another name is another source.
    """
    name = unicodedata.normalize("NFC", stem_of(path)).casefold()
    if digest_in_name(path.name):
        # A file that we named: the last part is a hash of its bytes.
        name = name.rpartition("_")[0]
    if day_in_name(path.name):
        name = _DAY.sub(" ", name, count=1)
    if epoch_ms_in_name(path.name):
        name = _INSTANT.sub(" ", name)
    name = _GAPS.sub("_", name).strip("_")
    return f"file_{name}" if name in _TAKEN else name or NO_NAME
