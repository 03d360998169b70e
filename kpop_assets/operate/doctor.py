"""`kpop doctor`: everything that can be wrong, looked at once, and what to do about it.

Belongs here: the list of checks, and those of the Dagster instance. Does not belong here: the
other checks (checkup/) or how findings are printed (cli/printing.py).

Nothing is changed and nothing is written: a doctor must be safe to call while all is at work. Only
`--online` spends, and books, one unit of quota.
"""

import datetime as dt
from collections.abc import Iterator

import dagster as dg

from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.operate.checkup import accounts, data, dropped, machine, matching, serving
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.operate.instance import InstanceError, is_up_to_date, open_existing
from kpop_assets.settings import Settings
from kpop_assets.wiring.upkeep import KEEP_RUNS_DAYS, old_runs

# A daemon says every 30 s that it is there.
SILENT_AFTER = dt.timedelta(minutes=5)
# The longest run seen, 270 days of everything, takes minutes.
STUCK_AFTER = dt.timedelta(hours=3)
RECENT = dt.timedelta(days=1)
# The purge runs daily; a machine may be off for a week.
PURGE_GRACE = dt.timedelta(days=7)
_WAITING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def examine(
    settings: Settings, now: dt.datetime, is_online: bool = False, is_deep: bool = False
) -> Iterator[Finding]:
    """All findings, one after the other as they come.

    Args:
        settings: of the product that is looked at.
        now: an aware time.
        is_online: also ask YouTube whether it accepts the key, for 1 unit.
        is_deep: also read every data file of every table.
    """
    reader = LakeReader(settings.lake)
    yield accounts.check_key(settings, is_online)
    yield accounts.check_quota(settings)
    yield accounts.check_channels(settings)
    yield machine.check_folder(settings)
    yield machine.check_disk(settings)
    yield machine.check_zones()
    yield machine.check_engine(settings)
    yield dropped.check_inbox(settings)
    yield serving.check_bundle(settings)
    yield from check_data(settings, reader, now, is_deep)
    yield from check_dagster(settings, now)


def check_data(
    settings: Settings, reader: LakeReader, now: dt.datetime, is_deep: bool = False
) -> Iterator[Finding]:
    """The tables, and what they say; tables that cannot be read answer nothing else."""
    tables = data.check_tables(reader)
    yield tables
    if tables.state == "problem":
        return
    files = data.check_files(reader, is_deep)
    yield files
    if files.state == "problem":
        return
    try:
        yield data.check_newest_days(reader, now, bool(settings.youtube_key))
        yield data.check_clock(reader, now)
        yield data.check_champion(settings, reader)
        yield data.check_retention(settings, reader, now)
        yield data.check_simulated(reader)
        yield matching.check_catalog(settings, reader)
    except LakeError as error:
        yield Finding("files", "problem", error.what, error.way_out)


def check_dagster(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    """The instance: is its daemon there, do its runs move, is it kept small."""
    if not (settings.dagster_home / "dagster.yaml").exists():
        yield Finding("daemon", "warning", "no run yet, nothing runs by itself", "`make dev`")
        return
    try:
        # What it names may have moved since; the next to open it rewrites it.
        if not is_up_to_date(settings):
            text = "its dagster.yaml is of an earlier version or other settings: not looked at"
            advice = "`make dev` or the next `kpop run` brings it up to date"
            yield Finding("daemon", "warning", text, advice)
            return
        with open_existing(settings) as instance:
            yield check_daemon(instance, now, bool(settings.youtube_key))
            yield check_runs(instance, now)
            yield check_upkeep(instance, now)
    except InstanceError as error:
        yield Finding("daemon", "problem", error.what, error.way_out)


def check_daemon(instance: dg.DagsterInstance, now: dt.datetime, has_key: bool = False) -> Finding:
    """The daemon has been heard of lately, and without an error.

    With a key a silent one is a problem: days of YouTube are lost that nobody can fetch later.
    """
    beats = instance.get_daemon_heartbeats()
    last = max((beat.timestamp for beat in beats.values()), default=None)
    if last is None:
        return Finding("daemon", "warning", "has never run: nothing runs by itself", "`make dev`")
    heard = dt.datetime.fromtimestamp(last, dt.UTC)
    if now - heard > SILENT_AFTER:
        text = f"silent since {heard:%Y-%m-%d %H:%M} UTC: nothing runs by itself"
        return Finding("daemon", "problem" if has_key else "warning", text, "start it: `make dev`")
    failing = sorted(name for name, beat in beats.items() if beat.errors)
    if failing:
        text = f"runs, with errors in {', '.join(failing)}"
        return Finding("daemon", "warning", text, "see the UI, Deployment > Daemons")
    return Finding("daemon", "ok", f"heard at {heard:%H:%M} UTC")


def check_runs(instance: dg.DagsterInstance, now: dt.datetime) -> Finding:
    """No run hangs, and none failed lately."""
    before = now.astimezone(dt.UTC) - STUCK_AFTER
    stuck = instance.get_runs(dg.RunsFilter(statuses=_WAITING, created_before=before))
    if stuck:
        names = ", ".join(f"{run.run_id[:8]} ({run.status.value.lower()})" for run in stuck[:3])
        hours = STUCK_AFTER.total_seconds() / 3600
        text = f"{len(stuck)} unfinished for over {hours:.0f} hours: {names}"
        return Finding("runs", "problem", text, "end them in the UI; others wait for their pool")
    since = now.astimezone(dt.UTC) - RECENT
    failures = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=since)
    failed = instance.get_runs(failures)
    if failed:
        text = f"{len(failed)} failed within a day, the last {failed[0].run_id[:8]}"
        return Finding("runs", "warning", text, "its reason is in the UI: `make dev`, Runs")
    return Finding("runs", "ok", "none hangs, none failed within a day")


def check_upkeep(instance: dg.DagsterInstance, now: dt.datetime) -> Finding:
    """Old runs are removed as they should be."""
    late = old_runs(instance, now - PURGE_GRACE)
    if late:
        text = f"{len(late)} runs are older than {KEEP_RUNS_DAYS} days"
        return Finding("upkeep", "warning", text, "run job purge_runs: `make dev` does so daily")
    return Finding("upkeep", "ok", f"runs go after {KEEP_RUNS_DAYS} days")
