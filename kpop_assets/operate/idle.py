"""Whether a run of some days could do anything at all, asked before engine and graph are loaded.

Belongs here: the one answer that needs neither. Does not belong here: which runs a range of days
needs (plan.py), or what is printed where there are none (cli/).
"""

from __future__ import annotations

import datetime as dt

from kpop_assets.contracts.registry import ALL_TABLES, RECORDS
from kpop_assets.days import day_end
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.folders import inbox_folder
from kpop_assets.landing.found import find_files
from kpop_assets.settings import Settings


def is_idle(settings: Settings, start: dt.date, last: dt.date) -> bool:
    """Whether no line of the days from `start` to `last` waits, and no table is there yet.

    With a table there may be rows to clear: of days whose files were removed, or that stand on
    days before them.

    Raises:
        LandingError: the landing folder cannot be read.
        LakeError: the lake cannot be looked at.
    """
    if inbox_folder(settings.landing).exists():
        return False
    days = start, day_end(last)
    if any(find_files(settings.landing, *days, record.kind) for record in RECORDS):
        return False
    reader = LakeReader(settings.lake)
    return not any(reader.exists(table) for table in ALL_TABLES)
