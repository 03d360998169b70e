"""Imports reviews: tables and JSON lines, whatever their columns are called.

Belongs here: how a row becomes a review. Does not belong here: what columns are called
(review_columns.py), what a row is about (review_subjects.py), what a rating's cell says
(review_ratings.py), how an author is hidden (door.py), or what is made of a review (audience/).

A review goes to the day on which it was collected, which the file says in a column, in its name, or
by its last change: never to that on which it was written.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from kpop_assets.contracts.record import FIRST_INSTANT_MS
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.landing.folders import epoch_ms_in_name, list_landed
from kpop_assets.landing.sources.base import (
    SET_ASIDE,
    Repairs,
    SourceRecord,
    file_day,
    ingest_day,
    without_empty,
)
from kpop_assets.landing.sources.landing_files import LandingFiles, is_landing_name, landing_lines
from kpop_assets.landing.sources.layouts import Header
from kpop_assets.landing.sources.readings import counter
from kpop_assets.landing.sources.review_clashes import NameClashes
from kpop_assets.landing.sources.review_columns import FORMAT, NAVER
from kpop_assets.landing.sources.review_names import author_kind_named, author_named
from kpop_assets.landing.sources.review_ratings import read_rating, scale_named
from kpop_assets.landing.sources.review_sources import source_of_name
from kpop_assets.landing.sources.review_subjects import NAMED_BY, cell_text, subject_of
from kpop_assets.landing.sources.table_files import date_order, rows_in, tables_in
from kpop_assets.landing.sources.times import DateOrder, day_in_name, noon_ms, read_instant
from kpop_assets.landing.sources.unread_columns import UnreadColumns

NAVER_SOURCE = "naver_reviews"

_TORN = "torn_row"
# Of one day's tables, a millisecond each.
_VERSIONS = 60_000
# As Naver writes its days: year, month, day.
_KOREAN_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})")


class ReviewTables:
    """Reads `reviews` files."""

    kind = REVIEW_LINES.kind
    looks_for = "tables with an id, a subject and a text or rating, or JSON lines with these fields"

    def __init__(self, landing_root: Path | None = None, sources: Sequence[Path] = ()) -> None:
        self._root = landing_root
        self._lines = LandingFiles(REVIEW_LINES)
        # Whom a review is about is kept beside what it is about.
        self._columns = UnreadColumns(name for name in NAMED_BY if name != "act")
        self._sources: dict[str, None] = {}
        self._clashes = NameClashes(sources)

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> ReviewTables:
        """One that remembers the columns of this import, and knows what was landed before."""
        return ReviewTables(landing_root, sources)

    def unread_columns(self) -> list[str]:
        """Columns of the tables read so far of which nothing was made."""
        return self._columns.names()

    def sources_by_name(self) -> list[str]:
        """Sources of rows that named none, by the names of the files read so far."""
        return list(self._sources)

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the tables in a folder that have such columns, and the files of JSON lines."""
        return sorted(chain(tables_in(folder, FORMAT), self._lines.sources_in(folder)))

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield a review for each row, on the day on which it was collected.

        Raises:
            LandingError: the table has no such columns, nothing says when it was collected, or
                another of its source by name says an id of another subject.
        """
        told, source = self._told(path), source_of_name(path)
        read = _json_reviews if is_landing_name(path) else _table_reviews
        for review in read(path, repairs, self._columns):
            if isinstance(review, dict) and "source" not in review and _TORN not in review:
                review["source"] = source
                self._sources[source] = None
                self._clashes.check(path, review)
            observed = review.get("observed_at") if isinstance(review, dict) else None
            day = ingest_day(observed)
            if day is None or not isinstance(observed, int):
                yield SourceRecord(*told, review)
            else:
                yield SourceRecord(day, observed, review)

    def _told(self, path: Path) -> tuple[dt.date, int]:
        """Day and instant of rows that do not say when they were collected."""
        named = day_in_name(path.name)
        noon = noon_ms(named)
        if named is None or noon is None:
            return file_day(path)
        # Of one named day the table that came last is the later word, and so observed later.
        landed = list_landed(self._root, named, self.kind) if self._root else ()
        instants = [at for file in landed if (at := epoch_ms_in_name(file.name)) is not None]
        return named, max(
            (at + 1 for at in instants if noon <= at < noon + _VERSIONS), default=noon
        )


def _table_reviews(
    path: Path, repairs: Repairs, columns: UnreadColumns
) -> Iterator[dict[str, object]]:
    order = date_order(path, FORMAT)
    for row in rows_in(path, FORMAT, repairs):
        if row.is_torn:
            repairs[f"row_torn_{SET_ASIDE}"] += 1
            yield {_TORN: True}
            continue
        yield _review(row.cells, row.header, order, repairs, columns)


def _json_reviews(path: Path, repairs: Repairs, columns: UnreadColumns) -> Iterator[object]:
    for line in landing_lines(path, repairs):
        if not line.strip():
            continue
        try:
            came = json.loads(line)
        except (ValueError, RecursionError):
            came = None
        header = _header_of(tuple(came)) if isinstance(came, dict) else None
        if header is None:
            # What it lacks is said by the next layer.
            yield line
            continue
        values = ["" if value is None else value for value in came.values()]
        cells = {name: values[place] for name, place in header.places.items()}
        yield _review(cells, header, "", repairs, columns)


@lru_cache(maxsize=256)
def _header_of(names: Sequence[str]) -> Header | None:
    return FORMAT.header(names)


def _review(
    given: Mapping[str, object],
    header: Header,
    order: DateOrder,
    repairs: Repairs,
    columns: UnreadColumns,
) -> dict[str, object]:
    cells = {name: value if isinstance(value, str) else str(value) for name, value in given.items()}
    is_naver = header.layout == NAVER
    kind, subject, named_in = subject_of(cells)
    columns.add(header, named_in)
    scale = scale_named(cell_text(cells, "rating_scale")) or ("1-10" if is_naver else None)
    review = {
        "review_id": cell_text(cells, "review_id"),
        "source": cell_text(cells, "source") or (NAVER_SOURCE if is_naver else None),
        "subject_kind": kind,
        "subject": subject,
        "act": cell_text(cells, "act"),
        "author_id": author_named(cell_text(cells, "author_id")),
        # Who writes for an outlet is a critic.
        "author_kind": author_kind_named(cell_text(cells, "author_kind"))
        or ("critic" if cell_text(cells, "outlet") else None),
        **{name: cell_text(cells, name) for name in ("outlet", "lang")},
        "text": cells.get("text"),
        **read_rating(cell_text(cells, "rating") or cell_text(cells, "rating_letter"), scale),
        "created_at": _created(cells.get("day"), order, repairs),
        **{
            name: _instant(cells.get(name), order)
            for name in ("updated_at", "deleted_at", "observed_at")
        },
        "likes": counter(cells.get("likes"), "likes", repairs),
    }
    return without_empty(review)


def _instant(cell: str | None, order: DateOrder) -> object:
    """Epoch milliseconds of a cell; as it came where it is no time."""
    if cell is None or not cell.strip():
        return None
    if found := _KOREAN_DAY.fullmatch(cell.strip()):
        cell = f"20{found[1]}-{found[2]}-{found[3]}"
    instant = read_instant(cell, order)
    return cell if instant is None else instant


def _created(cell: str | None, order: DateOrder, repairs: Repairs) -> object:
    """When a review was written; what tables have no time for is left out, and not the review."""
    instant = _instant(cell, order)
    if isinstance(instant, int) and instant < FIRST_INSTANT_MS:
        repairs["created_at_before_2005_left_out"] += 1
        return None
    return instant
