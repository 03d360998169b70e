"""The rows of a list as one request gets them: of a day, at versions of tables, a page at a time.

Belongs here: which day and versions are read, what is kept between requests, and the page. Does not
belong here: what a list is made of (its entry), or how a page is written (list_forms.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.queries import lake as lakes
from app.queries.act_search import search_of
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.lake.log import has_version
from kpop_assets.settings import Settings
from serving.lists.cursors import Cursor, digest_of, read_cursor
from serving.lists.entries import ACT_NAMES, ListAsked, ListEntry
from serving.lists.kept_answers import KeptAnswers
from serving.problems import ProblemError, say_end

# Lists whose page says that nothing passes, and what to change: no row, and that as a note.
_NOTHING_FOUND = "breakouts."
# What is of no table is worked out anew after so long.
_UNPINNED_SECONDS = 10.0
_MOST_NAMED = 5


@dataclass(frozen=True)
class ListPage:
    """A page of a list.

    Attributes:
        rows: of the page.
        day: that the list is of; None of a list without one.
        total: rows of the whole list.
        next_cursor: of the page after it; None after the last.
        versions: of the tables that exist, by path.
        is_simulated: whether any data of the lake is simulated; None where that cannot be told.
        note: why there is no row, where the viewer says so.
        tag: the same for the same page of the same state.
    """

    rows: pl.DataFrame
    day: dt.date | None
    total: int
    next_cursor: str | None
    versions: Mapping[str, int]
    is_simulated: bool | None
    note: str | None
    tag: str


@dataclass(frozen=True)
class _Listed:
    """All rows of a list, and why there is none."""

    rows: pl.DataFrame
    note: PageEnd | None


class ListAnswers:
    """Answers of all lists of a data folder; one a process.

    Args:
        settings: where the data is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept = KeptAnswers()

    def page(
        self, entry: ListEntry, asked: ListAsked, limit: int, cursor_text: str | None
    ) -> ListPage:
        """A page of a list.

        Raises:
            ProblemError: there is no such day, act or page.
            PageEnd: a table lacks, or cannot be read.
        """
        what = digest_of(entry.path, asked.day, sorted(asked.values.items()))
        cursor = read_cursor(cursor_text) if cursor_text else None
        if cursor and cursor.asked != what:
            raise ProblemError(
                400, "the cursor is of another list, or was asked otherwise", "begin without it"
            )
        lake = self._open(entry, cursor)
        asked = self._resolved(entry, asked, lake, cursor)
        listed = self._listed(entry, asked, lake, is_later=cursor is not None)
        state = digest_of(lake.key if entry.is_of_tables else listed.rows.write_json())
        if cursor and cursor.state != state:
            raise _gone()
        start = cursor.offset if cursor else 0
        more = start + limit < listed.rows.height
        pinned = lake.versions if entry.is_of_tables else {}
        following = Cursor(what, start + limit, asked.day, pinned, state)
        simulated = self.is_simulated()
        tag = digest_of(what, asked.day, asked.language, start, limit, state, simulated)
        return ListPage(
            listed.rows.slice(start, limit),
            asked.day,
            listed.rows.height,
            following.write() if more else None,
            {path: version.number for path, version in sorted(pinned.items()) if version},
            simulated,
            say_end(listed.note, asked.language) if listed.note else None,
            tag,
        )

    def is_simulated(self) -> bool | None:
        """Whether any data is simulated; None where no source is known."""
        lake = Snapshot(self._settings)
        try:
            sources = self._of_tables(lake, lakes.describe_sources).get_column("is_simulated")
            others = self._of_tables(lake, lakes.list_other_sources)
        except PageEnd:
            return None
        marks = [*sources, *(source == lakes.SIMULATED_SOURCE for source in others)]
        return any(marks) if marks else None

    def _of_tables(self, lake: Snapshot, query: Callable[[Snapshot], Any]) -> Any:
        narrow = lake.only(query.tables)  # type: ignore[attr-defined]
        return self._kept.get((query.__qualname__, narrow.key), lambda: query(narrow))

    def _open(self, entry: ListEntry, cursor: Cursor | None) -> Snapshot:
        """The list's tables, at the versions of a cursor where there is one."""
        if not entry.is_of_tables:
            return Snapshot(self._settings)
        tables = entry.read_tables
        if entry.days == "ranked":
            tables = (*tables, ARTIST_FEATURES)
        if cursor is None:
            return Snapshot(self._settings).only(tables)
        lake = Snapshot(self._settings)
        by_path = {table.path: table for table in tables}
        if set(cursor.versions) != set(by_path):
            raise _gone()
        for path, version in cursor.versions.items():
            if version and not has_version(lake.location(by_path[path]), version):
                raise _gone()
        return Snapshot(self._settings, frozenset(by_path), cursor.versions)

    def _resolved(
        self, entry: ListEntry, asked: ListAsked, lake: Snapshot, cursor: Cursor | None
    ) -> ListAsked:
        """The request with its day, and acts by the names that tables have."""
        values = dict(asked.values)
        for param in entry.params:
            if param.is_act:
                names = values[param.name]
                values[param.name] = (
                    _canonical(lake, names)
                    if isinstance(names, str)
                    else [_canonical(lake, name) for name in names]
                )
        day = cursor.day if cursor else asked.day
        if entry.days == "ranked":
            day = _ranked_day(self._of_tables(lake, lakes.list_ranked_days), day)
        return replace(asked, day=day, values=values)

    def _listed(
        self, entry: ListEntry, asked: ListAsked, lake: Snapshot, is_later: bool
    ) -> _Listed:
        values = tuple(sorted((name, repr(value)) for name, value in asked.values.items()))
        key: tuple[object, ...] = (entry.path, lake.key, asked.day, values)
        if not entry.is_of_tables:
            key = (entry.path, asked.language, values)
        seconds = None if entry.is_of_tables else _UNPINNED_SECONDS
        try:
            return self._kept.get(key, lambda: _read(entry, asked, lake), seconds)
        except PageEnd as end:
            if is_later and end.key in ("notice.replaced_table", "notice.broken_table"):
                # The files of that version went, such as by a vacuum.
                raise _gone() from end
            raise


def _read(entry: ListEntry, asked: ListAsked, lake: Snapshot) -> _Listed:
    try:
        rows, note = entry.answer(lake, asked), None
    except PageEnd as end:
        if not end.key.startswith(_NOTHING_FOUND):
            raise
        rows, note = pl.DataFrame(schema=dict.fromkeys(entry.columns, pl.String)), end
    return _Listed(_with_names(entry, rows, lake), note)


def _with_names(entry: ListEntry, rows: pl.DataFrame, lake: Snapshot) -> pl.DataFrame:
    """The columns of the entry, acts by their present names and with those of both languages."""
    lacking = [name for name in entry.may_lack if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None).alias(name) for name in lacking)
    korean = {act.artist: act.name_ko for act in lake.catalog}
    english = {name: name for name in korean}
    for column, (name_en, name_ko) in ACT_NAMES.items():
        if column in entry.columns:
            present = pl.col(column).cast(pl.String).replace(lake.catalog.renamed())
            rows = rows.with_columns(present).with_columns(
                _mapped(column, english).alias(name_en), _mapped(column, korean).alias(name_ko)
            )
    return rows.select(field.name for field in entry.fields)


def _mapped(column: str, names: Mapping[str, str | None]) -> pl.Expr:
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _ranked_day(days: tuple[dt.date, ...], asked: dt.date | None) -> dt.date:
    if not days:
        raise PageEnd("notice.no_data")
    if asked is None:
        return days[-1]
    if asked not in days:
        raise ProblemError(
            404,
            f"{asked.isoformat()} has no ranking",
            f"days are from {days[0].isoformat()} to {days[-1].isoformat()}: /v1/days has them all",
        )
    return asked


def _canonical(lake: Snapshot, name: str) -> str:
    """The name that tables have for an act that is called by any of its names."""
    search = search_of(lake.catalog)
    found = search.resolve(name)
    if found:
        return found
    near = [act.artist for act in search.find(name)[:_MOST_NAMED]] or search.find_near(name)
    way_out = f"near it are {', '.join(near)}" if near else "/v1/artists has all acts"
    raise ProblemError(404, "no act of the catalogue is called so", way_out)


def _gone() -> ProblemError:
    return ProblemError(
        410, "the list that the cursor is of has changed, or went", "begin again without a cursor"
    )
