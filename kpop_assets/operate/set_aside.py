"""What of some days' landing lines could not be used: how many, mostly why, and where they stand.

Belongs here: the answer that whoever ran the days is told. Does not belong here: why a line cannot
be used (bronze/), or how the answer is printed (cli/printing.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.folders import list_days
from kpop_assets.settings import Settings


@dataclass(frozen=True)
class SetAside:
    """The lines of one kind that were set aside.

    Attributes:
        table: Where they stand, each with its reason.
        count: How many.
        line_count: Of how many lines.
        reason: The commonest reason, with its field.
        reason_count: How many have it.
    """

    table: Table
    count: int
    line_count: int
    reason: str
    reason_count: int


def read_set_aside(
    reader: LakeReader, first: dt.date, last: dt.date, records: Iterable[Record] = RECORDS
) -> list[SetAside]:
    """What was set aside of the days from first to last, by kind; kinds without are left out."""
    found = []
    for record in records:
        if not (reader.exists(record.quarantine) and reader.exists(record.files)):
            continue
        days = first, day_end(last)
        rows = reader.arrow(record.quarantine, *days, ["reason", "field"]).to_pylist()
        if not rows:
            continue
        reasons = Counter(" ".join(filter(None, (r["reason"], r["field"]))) for r in rows)
        ((reason, count),) = reasons.most_common(1)
        lines = reader.arrow(record.files, *days, ["line_count"])["line_count"].to_pylist()
        found.append(SetAside(record.quarantine, len(rows), sum(lines), reason, count))
    return found


def days_with_files(settings: Settings, records: Iterable[Record] = RECORDS) -> list[dt.date]:
    """The days that have landing files of any kind, in order."""
    return sorted({day for record in records for day in list_days(settings.landing, record.kind)})
