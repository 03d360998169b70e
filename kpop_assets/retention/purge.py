"""The purge: everything that an API said goes from every layer when it reaches its limit.

Belongs here: the order of the steps. Does not belong here: what one step removes (api_lines.py,
api_rows.py, api_quarantine.py) or when a purge runs (assets.py).

The marks are written first, so that nothing computes a day anew from then on. What is known only
through `bronze/events` goes before the events, and the landing files go after the tables. So a
purge that is killed anywhere is ended by the next, which finds the unfinished marks.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa

from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.contracts.bronze import BLOOM, VIDEOS
from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.lens_words import WORD_COUNTS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.registry import ALL_TABLES, LIVE_TABLES
from kpop_assets.contracts.retention import PURGES
from kpop_assets.contracts.silver import VIDEO_FIRSTS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake, Written
from kpop_assets.lake.purged import COUNTS, Mark, merged, read_marks
from kpop_assets.live.checkpoints import forget as forget_live
from kpop_assets.retention import api_lines, api_quarantine, api_rows
from kpop_assets.retention.collected import forget_collected
from kpop_assets.retention.limits import first_kept_day
from kpop_assets.settings import Settings

# Whoever reads an earlier version of a table has this long to finish.
GRACE_HOURS = 1


@dataclass
class Report:
    """What a purge did.

    Attributes:
        first_kept: first day whose API data stays; None where all of it may be kept.
        days: the days purged, oldest first.
        removed: rows, lines, files and bytes by layer.
        written: the last commit of the marks.
    """

    first_kept: dt.date | None = None
    days: list[dt.date] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    written: Written | None = None


@dataclass
class Purge:
    """One purge under way: what it works on, and what it found to remove."""

    settings: Settings
    lake: Lake
    now: dt.datetime
    first_kept: dt.date
    run_id: str
    keep_hours: int
    report: Report
    api_files: list[api_lines.ApiFile] = field(default_factory=list)
    quarantined: dict[Table, api_quarantine.LineKeys] = field(default_factory=dict)
    marks: dict[dt.date, Mark] = field(default_factory=dict)

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        """The smallest range with all days that are purged; others in it hold no API rows."""
        return min(self.marks), day_end(max(self.marks))


def purge(
    settings: Settings,
    lake: Lake,
    now: dt.datetime,
    run_id: str = "",
    keep_hours: int = GRACE_HOURS,
) -> Report:
    """Remove what the API said on all days beyond the limit; what was computed of it stays.

    Args:
        settings: folders and limit.
        lake: the tables.
        now: the time that ages are counted to.
        run_id: for the commits.
        keep_hours: age from which files and log entries of earlier versions go; 0 is at once.

    Raises:
        LandingError: a file cannot be read or replaced.
        LakeError: a table cannot be written.
    """
    if settings.retention_days is None:
        return Report()
    first_kept = first_kept_day(now, settings.retention_days)
    report = Report(first_kept=first_kept)
    work = Purge(settings, lake, now, first_kept, run_id, keep_hours, report)
    _find(work)
    report.days = sorted(work.marks)
    for step in STEPS if work.marks else ():
        step(work)
    _sweep(work)
    return report


def _find(work: Purge) -> None:
    """What there is to remove, as a mark for each day."""
    work.api_files = api_lines.find_api_files(work.settings.landing, work.first_kept)
    found = api_rows.count_rows(work.lake, work.first_kept)
    for file in work.api_files:
        found.setdefault(file.day, Counter())["purged_line_count"] += file.line_count
    work.quarantined = api_quarantine.find_quarantined(work.lake, work.first_kept, work.api_files)
    for day, _, _ in chain.from_iterable(work.quarantined.values()):
        found.setdefault(day, Counter())["purged_quarantine_count"] += 1
    before = read_marks(work.lake)
    unfinished = {day for day, mark in before.items() if mark["purged_at"] is None}
    for day in found.keys() | unfinished:
        counts = found.get(day, Counter())
        work.marks[day] = merged(before.get(day), _new_mark(work, day, counts))


def _new_mark(work: Purge, day: dt.date, counts: Counter[str]) -> Mark:
    return {
        "ingest_date": day,
        "limit_days": work.settings.retention_days,
        **{name: counts[name] for name in COUNTS},
        "started_at": work.now,
        "purged_at": None,
    }


def _write_marks(work: Purge) -> None:
    start, end = work.span
    known = read_marks(work.lake)
    marks = {**{day: mark for day, mark in known.items() if start <= day < end}, **work.marks}
    table = pa.Table.from_pylist(list(marks.values()), PURGES.arrow_schema())
    frame = api_rows.make_rows(work.lake, PURGES, table)
    work.report.written = work.lake.replace_range(PURGES, start, end, frame, work.run_id)


def _clear_driving_videos(work: Purge) -> None:
    start, _ = work.span
    cleared = api_rows.clear_driving_videos(work.lake, start, work.first_kept, work.run_id)
    work.report.removed["pareto/next_viral cells"] += cleared


def _remove_first_weeks(work: Purge) -> None:
    start, _ = work.span
    api_rows.remove_first_weeks(work.lake, start, work.first_kept, work.run_id)


def _remove_from(
    table: Table, remove: Callable[..., None] = api_rows.remove_by_source
) -> Callable[[Purge], None]:
    """The step for a table whose rows name their source, or are removed by another rule."""
    return lambda work: remove(work.lake, table, *work.span, work.run_id)


def _remove_quarantined(table: Table) -> Callable[[Purge], None]:
    remove = api_quarantine.remove_quarantined
    return lambda work: remove(work.lake, table, work.quarantined[table], work.run_id)


def _rebuild_filters(work: Purge) -> None:
    api_rows.rebuild_filters(work.lake, *work.span, work.run_id)


def _remove_lines(work: Purge) -> None:
    for file in work.api_files:
        work.report.removed["landing bytes"] += api_lines.remove_api_lines(file)
        work.report.removed["landing files"] += 1


def _remove_artifacts(work: Purge) -> None:
    about = work.settings.artifacts / "bronze_bloom.json"
    if about.exists():
        day = dt.date.fromisoformat(json.loads(about.read_text())["ingest_date"])
        if day in work.marks:
            about.with_suffix(".bin").unlink(missing_ok=True)
            about.unlink()
            work.report.removed["artifacts files"] += 2


def _finish_marks(work: Purge) -> None:
    for day, mark in work.marks.items():
        work.marks[day] = {**mark, "purged_at": work.now}
        for name in COUNTS:
            work.report.removed[name] += mark[name]
    _write_marks(work)


# What removes a provider's rows from which table; `_sweep` does from those of the stream.
REMOVED: tuple[tuple[Callable[[Purge], None], Table], ...] = (
    (_clear_driving_videos, NEXT_VIRAL),
    (_remove_first_weeks, VIDEO_FIRSTS),
    *((_remove_from(table, api_rows.remove_video_days), table) for table in api_rows.OF_VIDEOS),
    (_remove_from(WORD_COUNTS, api_rows.remove_single_words), WORD_COUNTS),
    (_remove_from(ARTIST_OUTLIERS, api_rows.clear_best_videos), ARTIST_OUTLIERS),
    (_remove_from(VIDEOS), VIDEOS),
    (_remove_from(UNKNOWN), UNKNOWN),
    *((_remove_from(table, api_rows.remove_review_rows), table) for table in api_rows.OF_REVIEWS),
    (_remove_from(SUBJECT_SCORES, api_rows.remove_video_scores), SUBJECT_SCORES),
    *((_remove_quarantined(one.quarantine), one.quarantine) for one in api_quarantine.API_KINDS),
    *((_remove_from(one.rows), one.rows) for one in api_quarantine.API_KINDS),
    (_rebuild_filters, BLOOM),
)
# In this order; see the module's text.
STEPS: tuple[Callable[[Purge], None], ...] = (
    _write_marks,
    *(step for step, _ in REMOVED),
    _remove_lines,
    _remove_artifacts,
    _finish_marks,
)


def refuse_forgotten(tables: Iterable[Table]) -> None:
    """Raise ValueError if a provider's rows would stay in one of the tables for ever."""
    emptied = {table for _, table in REMOVED} | {*LIVE_TABLES}
    if kept := [t.path for t in tables if t.provider and t not in emptied]:
        raise ValueError(f"no step of a purge removes a provider's rows from {', '.join(kept)}")


def _sweep(work: Purge) -> None:
    """What no mark is needed for: copies, leftovers, and earlier versions of the tables."""
    landing, removed = work.settings.landing, work.report.removed
    removed["inbox/taken files"] += len(api_lines.remove_taken(landing, work.first_kept))
    api_lines.sweep_old_leftovers(landing, work.first_kept)
    store = work.settings.collection_store
    removed["collection.db rows"] += forget_collected(store, work.first_kept)
    work.lake.sweep_staged()
    forget_live(work.lake, work.first_kept)
    if not api_rows.has_rows(work.lake):
        return
    for table in ALL_TABLES:
        if table.provider and work.lake.exists(table):
            cleaned = work.lake.clean(table, work.keep_hours)
            removed["lake data files"] += cleaned.data_files
            removed["lake log files"] += cleaned.log_files
            removed["lake bytes"] += cleaned.size_bytes
