"""Learning anew what is known of rising acts, from the tables to the file that answers read.

Belongs here: reading the log, and one writer at a time. Does not belong here: what is learnt
(rising_lessons.py), or when (wiring/).

All of the days that count are read each time: so an update that was killed, left out or made twice
leaves what one would have left, and a reward that came late counts in the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_tracks import WORKS
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, seoul_now
from kpop_assets.lake.lock import locked
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lake.rows import Then, empty
from kpop_assets.rising_slot.rising_lessons import learn_state
from kpop_assets.rising_slot.rising_state import RisingState, write_state
from kpop_assets.rising_slot.shown_acts import (
    ANSWER_COLUMNS,
    FEEDBACK_COLUMNS,
    OFFER_COLUMNS,
    PLAYED_COLUMNS,
    VERSION_COLUMNS,
    SlotLines,
    offers_of,
    shown_acts,
    slot_answers,
)

LOCK, LOCK_SECONDS = "serving/rising_slot", 60.0
Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class RisingUpdate:
    """What an update did.

    Attributes:
        state: what is known now.
        shows: what was shown in the days that were read, `SHOW_SCHEMA`.
        is_changed: whether the file was written; the same is left as it stands.
    """

    state: RisingState
    shows: pl.DataFrame
    is_changed: bool


def update_rising_slot(home: Path, reader: LakeReader, now: dt.datetime) -> RisingUpdate:
    """Learn from the log up to now, and let answers know.

    Args:
        home: the data folder.
        reader: the tables.
        now: the moment; what is known is of the hour that began last, or of the last line of any
            kind where that is earlier: of what came after it the tables know no rewards either.

    Raises:
        InUseError: another process updates it.
        RisingSlotError: the disk is full or cannot be written.
        DamagedTableError: a table cannot be read.
    """
    hour = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    with locked(home / ".locks", LOCK, LOCK_SECONDS):
        shows = read_shows(reader, hour)
        state = learn_state(shows, min(hour, _last_line(reader, hour) or hour))
        return RisingUpdate(state, shows, write_state(home, state))


def read_shows(reader: LakeReader, until: dt.datetime) -> pl.DataFrame:
    """What was shown in the days that are learnt from, up to a moment."""
    days = _days(until)
    is_slot = pl.col("rising_act").is_not_null()
    answers = _rows(reader, RECOMMENDATIONS, ANSWER_COLUMNS, days, is_slot)
    drawn = slot_answers(answers)
    known = (days[0] - dt.timedelta(days=7), days[1])
    works = drawn["work_id"].drop_nulls().unique()
    is_shown = pl.col("work_id").is_in(works.implode())
    versions = _rows(reader, WORKS, ("ingest_date", *VERSION_COLUMNS), known, is_shown)
    versions = versions.sort("ingest_date").unique("track_id", keep="last").drop("ingest_date")
    # A work that no training knows is its own track.
    tracks = pl.concat([versions["track_id"], drawn["work_id"]]).unique().implode()
    is_heard = pl.col("track_id").is_in(tracks)
    listeners = pl.col("user_id").is_in(drawn["user_id"].unique().implode())
    feedback = _rows(reader, FEEDBACK, FEEDBACK_COLUMNS, days)
    plays = _rows(reader, PLAYS, PLAYED_COLUMNS, days, is_heard & listeners)
    is_theirs = listeners | is_slot
    offers = _rows(
        *(reader, RECOMMENDATIONS, OFFER_COLUMNS, days, is_theirs),
        then=lambda rows: offers_of(rows, works),
    )
    return shown_acts(SlotLines(answers, offers, feedback, plays, versions))


def _days(until: dt.datetime) -> Days:
    end = day_end(seoul_now(until).date())
    return end - dt.timedelta(days=rules.LEARN_DAYS + 1), end


def _last_line(reader: LakeReader, until: dt.datetime) -> dt.datetime | None:
    """When something was last told of, as far as the tables know; None of nothing."""
    answered = _last_of(reader, RECOMMENDATIONS, "answered_at", until)
    acted = _last_of(reader, FEEDBACK, "acted_at", until)
    played = _last_of(reader, PLAYS, "played_at", until)
    return max((one for one in (answered, acted, played) if one), default=None)


def _last_of(
    reader: LakeReader, table: Table, moment: str, until: dt.datetime
) -> dt.datetime | None:
    if not reader.exists(table):
        return None
    return reader.rows(table, *_days(until), [moment], then=lambda rows: rows.max()).item()


def _rows(
    reader: LakeReader,
    table: Table,
    columns: Sequence[str],
    days: Days,
    where: pl.Expr | None = None,
    then: Then | None = None,
) -> pl.DataFrame:
    """Rows of a table that may not be there yet."""
    if reader.exists(table):
        return reader.rows(table, *days, columns, where, then)
    none = empty(table).select(columns).lazy()
    return (then(none) if then else none).collect()
