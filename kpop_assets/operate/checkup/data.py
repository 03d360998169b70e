"""Check-up of the data folder: tables, dates, the champion's model, retention, simulated days.

Belongs here: what can be told of the lake without an engine. Does not belong here: rows, which
the checks of the graph look at (graph/checks.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE, YOUTUBE_SOURCE
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, seoul_now
from kpop_assets.lake.damage import damaged_files
from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.mend import mend_days
from kpop_assets.lake.migration import refuse_older, write_problems
from kpop_assets.lake.reader import LakeReader
from kpop_assets.ml.tracking import TrackingError
from kpop_assets.models.experiment import open_tracking
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.retention.limits import first_kept_day
from kpop_assets.settings import Settings

# Clocks of two machines may differ by a little.
CLOCK_SLACK = dt.timedelta(minutes=5)
# With rows on each day that was taken in, whether or not a champion reigns.
DAILY = tuple(t for t in TABLES if t.rhythm == "daily" and not t.needs_champion)
FIRST_DATA = "`kpop demo`, or `kpop fetch` or `kpop import`, then `kpop run`"


def check_tables(reader: LakeReader, tables: Iterable[Table] = TABLES) -> Finding:
    """Every table is there, its log can be read and its columns are those of its contract."""
    missing, broken = [], []
    for table in tables:
        try:
            if not reader.exists(table):
                # Housekeeping has nothing to write before something is due.
                missing += [] if table.is_housekeeping else [table.path]
            else:
                refuse_older(table, write_problems(reader.delta(table).schema(), table))
        except LakeError as error:
            broken.append(error)
    if broken:
        others = f" (and {len(broken) - 1} more tables)" if len(broken) > 1 else ""
        return _problem("tables", f"{broken[0].what}{others}", broken[0].way_out)
    # The first purge of an empty home writes its marks.
    count = sum(reader.exists(table) for table in tables if not table.is_housekeeping)
    if not count:
        return Finding("tables", "warning", "none yet", FIRST_DATA)
    if missing:
        text = f"{count} there; not yet: {', '.join(missing)}"
        return Finding("tables", "warning", text, "fill them with `kpop run START END`")
    return Finding("tables", "ok", f"all {count} there, as their contracts say")


def check_files(
    reader: LakeReader, is_deep: bool = False, tables: Iterable[Table] = TABLES
) -> Finding:
    """Every data file of the newest versions is there and of its size; or can be read, in full."""
    root = reader.root
    if not isinstance(root, Path):
        return Finding("files", "ok", "not looked at: a bucket keeps a file whole or not at all")
    damaged = {
        table.path: found
        for table in tables
        if reader.exists(table)
        and (found := damaged_files(reader.delta(table), root / table.path, is_deep))
    }
    if not damaged:
        return Finding("files", "ok", "all were read" if is_deep else "all there, with their sizes")
    said = [f"{path} ({', '.join(sorted({*days.values()}))})" for path, days in damaged.items()]
    # From the first layer on, as each is made from those before it.
    advice = [mend_days(path, days.values()) for path, days in damaged.items()]
    return _problem("files", f"damaged: {'; '.join(said)}", "; then ".join(advice))


def check_newest_days(reader: LakeReader, now: dt.datetime, has_key: bool = False) -> Finding:
    """The newest day is a recent one, and every daily layer has it.

    Args:
        reader: of the lake.
        now: an aware time.
        has_key: whether the daemon collects from YouTube.
    """
    tables = [t for t in DAILY if reader.exists(t)]
    newest = {table.path: day for table in tables if (day := reader.newest_day(table))}
    if not newest:
        return Finding("days", "warning", "no day yet", FIRST_DATA)
    last = max(newest.values())
    behind = [f"{path} ({day})" for path, day in newest.items() if day < last]
    if behind:
        advice = f"`kpop run {min(newest.values())} {last}`"
        return Finding("days", "warning", f"newest is {last}; behind: {', '.join(behind)}", advice)
    age = (seoul_now(now).date() - last).days
    if age > 1:
        advice = _more_days(reader, has_key)
        return Finding("days", "warning", f"newest is {last}, {age} days ago", advice)
    return Finding("days", "ok", f"newest is {last}")


def _more_days(reader: LakeReader, has_key: bool) -> str:
    if SIMULATED_SOURCE in _newest_sources(reader)[1]:
        return "`kpop demo` for newer ones; real data needs a folder of its own: KPOP_HOME"
    if has_key:
        return "`kpop fetch` or `kpop import`; `make dev` collects by itself"
    return "`kpop import`, or set KPOP_YOUTUBE_KEY: then `make dev` collects by itself"


def _newest_sources(reader: LakeReader) -> tuple[dt.date | None, list[str]]:
    """The newest day of events, and the sources that it is from."""
    day = reader.newest_day(EVENTS) if reader.exists(EVENTS) else None
    if day is None:
        return None, []
    found = reader.arrow(EVENTS, day, day_end(day), ["source"])["source"].unique()
    return day, sorted(found.to_pylist())


def check_clock(reader: LakeReader, now: dt.datetime) -> Finding:
    """The clock is not behind what the lake has seen already."""
    today, late = seoul_now(now).date(), []
    for table in (EVENTS, ARTIST_DAILY):
        if not reader.exists(table):
            continue
        day = reader.newest_day(table)
        if day and day > today:
            late.append(f"{table.path} holds {day}")
        written = int(reader.delta(table).history(1)[0].get("timestamp", 0)) / 1000
        if dt.datetime.fromtimestamp(written, dt.UTC) > now + CLOCK_SLACK:
            late.append(f"{table.path} was written later than now")
    if late:
        text = f"it is {seoul_now(now):%Y-%m-%d %H:%M} in Seoul, but {', '.join(late)}"
        return _problem("clock", text, "set the clock (NTP); quota and days follow it")
    return Finding("clock", "ok", f"{seoul_now(now):%Y-%m-%d %H:%M} in Seoul")


def check_champion(
    settings: Settings, reader: LakeReader, load: Callable[[str], object] | None = None
) -> Finding:
    """The model that forecasts can be loaded; `load` takes its address."""
    if not reader.exists(CHAMPION):
        return Finding("champion", "ok", "none yet: it comes with the first training")
    rows = reader.newest_rows(CHAMPION)
    if not rows:
        return Finding("champion", "warning", "no training has found one", "`kpop train` says why")
    try:
        (load or open_tracking(settings.home).load)(rows[0]["model_uri"])
    except TrackingError as error:
        return _problem("champion", str(error), "until then nothing is forecast")
    return Finding("champion", "ok", f"{rows[0]['candidate']} of {rows[0]['trained_date']} loads")


def check_retention(settings: Settings, reader: LakeReader, now: dt.datetime) -> Finding:
    """No statistics of the API are kept longer than its terms allow."""
    if settings.retention_days is None:
        return Finding("retention", "ok", "all is kept: KPOP_YOUTUBE_AMENDMENT=accepted")
    first = first_kept_day(now, settings.retention_days) - dt.timedelta(days=1)
    days = reader.days_with(EVENTS, "source", YOUTUBE_SOURCE) if reader.exists(EVENTS) else []
    # The purge of the day itself may still be to come.
    late = [day for day in days if day < first]
    if late:
        text = f"{len(late)} days of YouTube's data are due, the oldest {late[0]}"
        return _problem("retention", text, "run job purge_api_data: `make dev` does so daily")
    return Finding("retention", "ok", f"YouTube's data goes after {settings.retention_days} days")


def check_simulated(reader: LakeReader) -> Finding:
    """Whether the newest day is simulated."""
    day, found = _newest_sources(reader)
    if day is None:
        return Finding("source", "ok", "no data yet")
    sources = ", ".join(found)
    if found == [SIMULATED_SOURCE]:
        return Finding("source", "warning", f"{day} is SIMULATED", "fine for a demo, no news")
    if SIMULATED_SOURCE in found:
        advice = "give the demo a folder of its own: KPOP_HOME"
        return _problem("source", f"{day} mixes simulated and real data: {sources}", advice)
    return Finding("source", "ok", f"{day} is from {sources}")


def _problem(name: str, text: str, advice: str) -> Finding:
    return Finding(name, "problem", text, advice)
