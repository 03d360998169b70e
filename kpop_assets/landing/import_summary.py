"""What an import did: files, lines by day and region, repairs.

Belongs here: counts, and what follows from them. Does not belong here: importing (importer.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.contracts.table import Table
from kpop_assets.landing.files import AlreadyLanded, LandedFile
from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.sources.base import SET_ASIDE, Repairs, SourceImporter
from kpop_assets.landing.sources.unread_columns import ReadsByName
from kpop_assets.landing.usable import value_behind


@dataclass
class ImportSummary:
    """What an import did.

    Attributes:
        format: The format named.
        file_count: Source files read.
        lines_read: Records in them.
        landed: Files that are new in the landing folder.
        already_landed: Files whose bytes stood there before.
        already_landed_lines: Lines in these.
        repairs: Known defects of the sources, by kind.
        kind: The kind of the lines.
        lines_by_region: Lines read by the region that they are of, where they name one.
        unread_columns: Columns of which nothing was made, of formats that find them by name.
        first_values: What the first line with each problem has where a value should be, in words.
        sources_by_name: Sources of rows that named none, by the names of their files.
    """

    format: str
    file_count: int = 0
    lines_read: int = 0
    landed: list[LandedFile] = field(default_factory=list)
    already_landed: list[AlreadyLanded] = field(default_factory=list)
    already_landed_lines: int = 0
    repairs: Repairs = field(default_factory=Counter)
    kind: str = EVENTS
    lines_by_region: Counter[str] = field(default_factory=Counter)
    unread_columns: list[str] = field(default_factory=list)
    sources_by_name: list[str] = field(default_factory=list)
    first_values: dict[str, str] = field(default_factory=dict)

    def show(self, problem: str, line: object, record: Record) -> None:
        """Remember the value that a problem is about, of its first line."""
        if problem not in self.first_values:
            self.first_values[problem] = value_behind(problem, line, record)

    def first_value(self, problem: str) -> str:
        """Words about it; none where nothing can be shown."""
        value = self.first_values.get(problem)
        return f", the first {value}" if value else ""

    def note(self, importer: SourceImporter) -> None:
        """What an importer that finds columns by name tells of those that it did not find."""
        if isinstance(importer, ReadsByName):
            self.unread_columns = importer.unread_columns()
            self.sources_by_name = importer.sources_by_name()

    @property
    def quarantine(self) -> Table:
        """Where lines of the kind stand that cannot be used."""
        return next(record.quarantine for record in RECORDS if record.kind == self.kind)

    @property
    def set_aside(self) -> dict[str, int]:
        """Lines that the next layer will set aside as far as can be told, the commonest first."""
        return {
            name.removesuffix(f"_{SET_ASIDE}"): count
            for name, count in self.repairs.most_common()
            if name.endswith(SET_ASIDE)
        }

    @property
    def is_useless(self) -> bool:
        """Whether lines were read, and each will be set aside."""
        return 0 < self.lines_read <= sum(self.set_aside.values())

    @property
    def lines_written(self) -> int:
        """Lines in the new files."""
        return sum(file.line_count for file in self.landed)

    @property
    def lines_by_day(self) -> dict[dt.date, int]:
        """Lines in the new files by ingest date, in order."""
        days: Counter[dt.date] = Counter()
        for file in self.landed:
            days[file.day] += file.line_count
        return dict(sorted(days.items()))
