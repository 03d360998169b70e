"""What a list is: an entry of the registry, from which route, schema and OpenAPI follow.

Belongs here: the classes that entries are made of. Does not belong here: the entries themselves
(all_lists.py), or how one is answered (list_answers.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

from app.snapshot import Snapshot
from kpop_assets.contracts.table import Table, Type
from serving.lists.list_columns import ListColumn, column_of

# ranked: a day that has a ranking, by default the newest; newest: nothing or the last day that may
# count; none: the list is of no day.
Days = Literal["ranked", "newest", "none"]


@dataclass(frozen=True)
class Param:
    """What a list may be asked for.

    Attributes:
        name: in the address.
        type: of the value, such as `int`; with `choices` str.
        default: where it is not said; `...` where it has to be, such as in a path.
        description: what it does, in English.
        choices: the values that it may have; none is any.
        low: the least number.
        high: the greatest number.
        most_letters: of a text.
        example: a value that any lake can answer.
        is_act: whether it names an act, or several, by any of their names.
    """

    name: str
    type: Any
    default: Any
    description: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    most_letters: int = 100
    example: Any = None
    is_act: bool = False


@dataclass(frozen=True)
class ListAsked:
    """What a request asks of a list.

    Attributes:
        day: the day; None is the newest that there is.
        values: of the list's own parameters by name.
        language: of sentences, `en` or `ko`.
    """

    day: dt.date | None
    values: Mapping[str, Any]
    language: str = "en"

    @property
    def ranked_day(self) -> dt.date:
        """The day, of a list that has one."""
        if self.day is None:
            raise ValueError("the list is of no ranked day")
        return self.day

    def __getitem__(self, name: str) -> Any:
        """The value of a parameter."""
        return self.values[name]


@dataclass(frozen=True)
class ListEntry:
    """One list of the API.

    Attributes:
        path: below the root, as `/v1/ranking`.
        summary: what its rows are, in a line.
        queries: the queries of the viewer that it is made of.
        answer: the rows.
        columns: their names in order; `artist` brings the names of the act with it.
        params: what it may be asked for beside day, form and page.
        days: which days it has.
        tables: what else than the tables of its queries it follows from.
        is_of_tables: whether its rows follow from tables, catalogue and request alone: then the
            versions of those are its version, and its pages stay those of one version.
        may_lack: columns that its query leaves out while nothing is known of them.
        types: of columns that have another type here than in their table.
    """

    path: str
    summary: str
    queries: tuple[Callable[..., Any], ...]
    answer: Callable[[Snapshot, ListAsked], pl.DataFrame]
    columns: tuple[str, ...]
    params: tuple[Param, ...] = ()
    days: Days = "ranked"
    tables: tuple[Table, ...] = ()
    is_of_tables: bool = True
    may_lack: tuple[str, ...] = ()
    types: Mapping[str, Type] = field(default_factory=dict)

    @property
    def read_tables(self) -> tuple[Table, ...]:
        """All tables that its rows follow from, those that name columns first first."""
        marked = (table for query in self.queries for table in getattr(query, "tables", ()))
        return tuple(dict.fromkeys((*self.tables, *marked)))

    @property
    def fields(self) -> tuple[ListColumn, ...]:
        """Its columns, with the names of acts."""
        found = (column_of(name, self.read_tables) for name in with_act_names(self.columns))
        return tuple(replace(one, type=self.types.get(one.name, one.type)) for one in found)

    @property
    def tag(self) -> str:
        """The group that documentation shows it in: its first word."""
        return self.path.split("/")[2]


# Columns of acts, and what their names in English and Korean are called.
ACT_NAMES = {
    "artist": ("name_en", "name_ko"),
    "other_artist": ("other_name_en", "other_name_ko"),
}


def with_act_names(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns, each of an act followed by its names."""
    found: list[str] = []
    for name in columns:
        found += [name, *ACT_NAMES.get(name, ())]
    return tuple(found)


def columns_of(table: Table, *extra: str, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The columns of a table but the day and others, and some more."""
    left_out = {"ingest_date", *without}
    return (*(name for name in table.column_names if name not in left_out), *extra)
