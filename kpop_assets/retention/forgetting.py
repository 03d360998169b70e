"""Forgetting a person: every line and row goes, from journals, files, tables, histories, bundles.

Belongs here: where somebody can stand, and the order in which that is looked through. Does not
belong here: what a provider said, which goes by its age (purge.py), or how ids are made
(landing/persons.py).

Whoever is forgotten stands nowhere by name: what is looked for is the id that the installation's
key makes of the name. Each step can be repeated, and all are done each time: killed anywhere, the
same command again ends it. Which tables name persons their contracts say.
"""

from __future__ import annotations

import datetime as dt
import mmap
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from pathlib import Path

import polars as pl
from pyspark.sql import Column as SparkColumn
from pyspark.sql import functions as F

from kpop_assets.contracts.audience_voices import AUDIENCE, VOICES
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import ALL_TABLES, RECORDS
from kpop_assets.contracts.table import Table
from kpop_assets.days import consecutive, day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.lock import filling, locked
from kpop_assets.landing.door import names_persons
from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.folders import day_folder, inbox_folder, list_days, list_landed
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.landing.journal.segment_forget import forget_in_journals
from kpop_assets.landing.journal.segments import journal_root
from kpop_assets.landing.kafka.handover import Handover
from kpop_assets.landing.persons import key_path, person_ids
from kpop_assets.landing.replace import replace_file
from kpop_assets.live.checkpoints import PLAY_STREAM, alone
from kpop_assets.recommend.bundle.bundle_forget import forget_listener
from kpop_assets.recommend.service.online_days import ListenedDays
from kpop_assets.recommend.service.online_plays import SqlitePlays, online_file
from kpop_assets.settings import Settings

# A whole listener: no reader of an earlier version may go on seeing them.
_KEEP_HOURS = 0


@dataclass
class Forgotten:
    """What was removed.

    Attributes:
        line_count: lines of landing files, and of journals that become such.
        rows: rows by table.
        days: days of which something was removed.
        waiting: files in the inbox that could not be landed, and so not be looked through.
        bundles: serving bundles that held them.
        removed_bundles: damaged ones, which went as a whole.
    """

    line_count: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    days: set[dt.date] = field(default_factory=set)
    waiting: list[Path] = field(default_factory=list)
    bundles: list[str] = field(default_factory=list)
    removed_bundles: list[str] = field(default_factory=list)


def forget_person(settings: Settings, lake: Lake, given: str) -> Forgotten:
    """Remove a person from every landing file, table and history.

    Args:
        settings: the data folder.
        lake: its tables.
        given: who it is, as collectors call them; an id of ours will do too.

    Raises:
        LandingError: nobody was ever taken in, or a file cannot be read or replaced.
        LakeError: a table cannot be written, or another process fills one.
        OnlineStoreError: processes that answer use their recent plays for too long.
    """
    kinds = [record for record in RECORDS if names_persons(record)]
    if not key_path(settings.landing).exists():
        raise LandingError("no listener was ever taken in here", "check KPOP_HOME")
    done = Forgotten()
    person = person_ids(settings.landing, kinds[0].kind).id_of(given)
    # First: what is landed meanwhile is looked through afterwards.
    done.line_count += forget_in_journals(journal_root(settings.home), person)
    for record in kinds:
        # A batch on its way would land behind our back.
        with locked(settings.home / ".locks", f"take/{record.kind}", 0):
            Handover(settings.landing, record.kind).recover()
            done.waiting += _left_in_inbox(settings.landing, record)
            _forget_lines(settings.landing, record, person, done)
    with alone(lake, PLAY_STREAM), filling(lake.machine), lake.kept():
        # First what is known by a review alone: afterwards nobody knows whose that was.
        reviews = _reviews_of(lake, person)
        for table in filter(lake.exists, of_reviews()):
            _forget_reviews(lake, table, reviews, done)
            lake.clean(table, _KEEP_HOURS)
        for table in filter(lake.exists, naming_persons()):
            _forget_rows(lake, table, person, done)
            lake.clean(table, _KEEP_HOURS)
        # Within: a training that read the rows before would write them into a new bundle.
        left = forget_listener(settings.home, person)
        SqlitePlays(online_file(settings.home)).forget(person)
        ListenedDays(settings.home).forget(person)
    done.bundles, done.removed_bundles = left.changed, left.removed
    return done


def naming_persons() -> list[Table]:
    """Every table of which a column says who did something."""
    return [table for table in ALL_TABLES if any(c.is_person for c in table.columns)]


def of_reviews() -> list[Table]:
    """Every table that is about single reviews and does not say who wrote them."""
    named = naming_persons()
    about = [t for t in ALL_TABLES if t.layer == AUDIENCE and "review_id" in t.column_names]
    return [table for table in about if table not in named]


def _reviews_of(lake: Lake, person: str) -> list[str]:
    """Ids of the voices of a person."""
    if not lake.exists(VOICES):
        return []
    is_theirs = pl.col("author_id") == person
    found = lake.rows(VOICES, columns=["review_id", "author_id"], where=is_theirs)
    return found["review_id"].unique().sort().to_list()


def _left_in_inbox(root: Path, record: Record) -> list[Path]:
    """Land what the inbox holds; what stays there would bring the person back."""
    report = sort_inbox(root)
    inbox = inbox_folder(root, record.kind)
    return [path for path in [*report.waiting, *report.standing] if path.parent == inbox]


def _forget_lines(root: Path, record: Record, person: str, done: Forgotten) -> None:
    """Replace the files of a kind that hold a person's lines by their other lines."""
    token = person.encode()
    for day in list_days(root, record.kind):
        for path in [*list_landed(root, day, record.kind), *_leftovers(root, day, record.kind)]:
            if not _holds(path, token):
                continue
            with landing_errors("read", path), path.open("rb") as file:
                lines = file.readlines()
            kept = [line for line in lines if token not in line]
            replace_file(path, kept)
            done.line_count += len(lines) - len(kept)
            done.days.add(day)


def _leftovers(root: Path, day: dt.date, kind: str) -> list[Path]:
    """What killed writers left in a day's folder."""
    folder = day_folder(root, day, kind)
    with landing_errors("list", folder):
        return sorted(path for path in folder.glob(".*") if path.is_file())


def _holds(path: Path, token: bytes) -> bool:
    with landing_errors("read", path), path.open("rb") as file:
        if not path.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(token) >= 0


def _forget_rows(lake: Lake, table: Table, person: str, done: Forgotten) -> None:
    """Replace the days of a table that hold a person's rows by their other rows."""
    # An id stands alone, or within a line as it came.
    names = [column.name for column in table.columns if column.is_person]
    holds = pl.any_horizontal(pl.col(name).str.contains(person, literal=True) for name in names)
    others = (~F.coalesce(F.col(n).contains(person), F.lit(False)) for n in names)
    _remove_rows(lake, table, holds, reduce(and_, others), done)


def _forget_reviews(lake: Lake, table: Table, reviews: list[str], done: Forgotten) -> None:
    """Replace the days of a table that is about some reviews by its rows about others."""
    if reviews:
        holds, others = pl.col("review_id").is_in(reviews), ~F.col("review_id").isin(reviews)
        _remove_rows(lake, table, holds, others, done)


def _remove_rows(
    lake: Lake, table: Table, holds: pl.Expr, others: SparkColumn, done: Forgotten
) -> None:
    names = [*dict.fromkeys(["ingest_date", *holds.meta.root_names()])]
    found = lake.rows(table, columns=names, where=holds)["ingest_date"]
    for first, last in consecutive(set(found)):
        kept = lake.read(table, first, day_end(last)).where(others)
        lake.replace_range(table, first, day_end(last), kept)
    done.rows[table.path] += len(found)
    done.days.update(found)
