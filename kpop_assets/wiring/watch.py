"""Sensors that look after the graph and tell people: failed runs, stale assets, spikes.

Belongs here: when a notice is due, and the memory that makes it due once. Does not belong here:
its wording and sending (notify/), what a spike is (lens/spikes.py), or when assets run
(graph/policies.py).
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence

import dagster as dg
import polars as pl

from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.days import day_end, seoul_now
from kpop_assets.graph.failures import cause_of
from kpop_assets.graph.policies import (
    DAILY_DEADLINE_HOUR,
    RANGE_END_TAG,
    RANGE_START_TAG,
    TRAINING_DEADLINE_HOUR,
    TRAINING_FRESHNESS,
)
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.spikes import SpikeConfig, find_spikes
from kpop_assets.notify.channels import send
from kpop_assets.notify.messages import Notice, failure_notice, spike_notice, stale_notice
from kpop_assets.settings import Settings
from kpop_assets.wiring.freshness import failing, watchable

# An old day that is run again is history, no news.
NEWS_DAYS = 3
# A collector that has been silent for longer is one that was given up.
DELIVERY_DAYS = 14
_ON = dg.DefaultSensorStatus.RUNNING


def describe_failure(context: dg.RunFailureSensorContext, day: dt.date) -> Notice:
    """The notice of a failed run: what it was about, the first failed step, the reason."""
    run, failures = context.dagster_run, context.get_step_failure_events()
    bounds = [run.tags.get(RANGE_START_TAG), run.tags.get(RANGE_END_TAG)]
    found = [bound for bound in bounds if bound] or [run.tags.get("dagster/partition", "")]
    assets = [key.to_user_string() for key in sorted(run.asset_selection or ())]
    job = run.job_name if not run.job_name.startswith("__") else ", ".join(assets[:3]) or "assets"
    days = " to ".join(dict.fromkeys(found))
    if failures:
        step = failures[0].step_key
        return failure_notice(job, days, step, str(cause_of(failures[0])), day)
    reason = (context.failure_event.message or "unknown").strip().splitlines()[0]
    return failure_notice(job, days, None, reason, day)


def build_failure_sensor() -> dg.SensorDefinition:
    """The sensor that tells of every failed run of the daemon."""

    @dg.run_failure_sensor(
        name="tell_failed_runs",
        default_status=_ON,
        description="Tells of a failed run: its step and the reason, to the notice channels.",
    )
    def tell_failed_runs(
        context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]
    ) -> None:
        send([describe_failure(context, seoul_now().date())], settings, context.log)

    return tell_failed_runs


def expected_day(policy: dg.FreshnessPolicy | None, now: dt.datetime) -> dt.date:
    """The newest day whose data has to be there by `now`: Saturdays for weekly trainings."""
    local = seoul_now(now)
    if policy != TRAINING_FRESHNESS:
        return (local - dt.timedelta(hours=DAILY_DEADLINE_HOUR)).date()
    sunday = (local - dt.timedelta(hours=TRAINING_DEADLINE_HOUR)).date()
    since_sunday = (sunday.weekday() + 1) % 7
    return sunday - dt.timedelta(days=since_sunday + 1)


def find_stale(
    instance: dg.DagsterInstance, specs: Iterable[dg.AssetSpec], now: dt.datetime
) -> dict[str, dt.date | None]:
    """Assets that were filled once and are late now, each with its newest day.

    Late is what Dagster's freshness policy calls so, and what lacks the expected day: by the
    policy alone, an old day that is run again would make an asset look fresh.
    """
    watched = {spec.key: spec for spec in specs if spec.freshness_policy}
    late = failing(instance, watched)
    stale: dict[str, dt.date | None] = {}
    for key, spec in watched.items():
        days = instance.get_materialized_partitions(key) if spec.partitions_def else set()
        newest = max(map(dt.date.fromisoformat, days), default=None)
        is_late = newest is not None and newest < expected_day(spec.freshness_policy, now)
        if is_late or key in late:
            stale["/".join(key.path)] = newest
    return stale


def expects_data(settings: Settings, now: dt.datetime) -> bool:
    """Whether new days are to come: from YouTube, or from a collector that delivered lately.

    A demo, or what was imported once, has no tomorrow.
    """
    if settings.youtube_key:
        return True
    reader, today = LakeReader(settings.lake), seoul_now(now).date()
    if not reader.exists(EVENTS):
        return False
    start = today - dt.timedelta(days=DELIVERY_DAYS)
    sources = reader.arrow(EVENTS, start, day_end(today), ["source"])["source"].unique()
    return bool(set(sources.to_pylist()) - {SIMULATED_SOURCE})


def build_stale_sensor() -> dg.SensorDefinition:
    """The sensor that tells once when assets become stale; its memory is those it has told of."""

    @dg.sensor(
        name="tell_stale_assets",
        minimum_interval_seconds=300,
        default_status=_ON,
        description="Tells when an asset becomes stale, once until it is fresh again.",
    )
    def tell_stale_assets(
        context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.SensorResult:
        now = seoul_now()
        stale = find_stale(context.instance, watchable(context), now)
        if stale and not expects_data(settings, now):
            stale = {}
        new = {path: day for path, day in stale.items() if path not in _told(context)}
        if new:
            send([stale_notice(new, now.date())], settings, context.log)
        reason = f"{len(stale)} stale, {len(new)} of them new"
        return dg.SensorResult(skip_reason=reason, cursor=json.dumps({"stale": sorted(stale)}))

    return tell_stale_assets


def _told(context: dg.SensorEvaluationContext) -> Sequence[str]:
    return json.loads(context.cursor or "{}").get("stale", [])


def new_spikes(
    reader: LakeReader, now: dt.datetime, told: Iterable[tuple[str, dt.date]]
) -> pl.DataFrame:
    """Events of the last days that were not told of yet, as rows of `find_spikes`.

    A rerun may move the first day of an event: within its gap of days it stays the same event.
    """
    today = seoul_now(now).date()
    news = today - dt.timedelta(days=NEWS_DAYS - 1)
    columns = ["ingest_date", "artist", "engagement", "held_count"]
    # The oldest news, the events that could reach into it, and their history.
    start = news - dt.timedelta(days=2 * lens_rules.REACH_DAYS)
    daily = reader.arrow(ARTIST_DAILY, start, day_end(today), columns)
    spikes = find_spikes(pl.DataFrame(daily)).filter(pl.col("event_date") >= news)
    gap = SpikeConfig().gap_days
    known = [
        any(artist == other and abs((day - past).days) <= gap for other, past in told)
        for artist, day in spikes.select("artist", "event_date").rows()
    ]
    return spikes.filter(~pl.Series(known, dtype=pl.Boolean))


def is_simulated(reader: LakeReader, day: dt.date) -> bool:
    """Whether any observation of the day is simulated."""
    sources = reader.arrow(EVENTS, day, day_end(day), ["source"])["source"].unique().to_pylist()
    return SIMULATED_SOURCE in sources


def build_spike_sensor() -> dg.SensorDefinition:
    """The sensor that tells of spikes, once for each artist and event.

    Its memory is the version of `silver/artist_daily` that it has looked at, and what it has told
    of. It is kept after the notice is sent: a crash between tells twice rather than never.
    """

    @dg.sensor(
        name="tell_spikes",
        minimum_interval_seconds=60,
        default_status=_ON,
        description="Tells when an artist gains 4 sigma against its own trend, once per event.",
    )
    def tell_spikes(
        context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.SensorResult | dg.SkipReason:
        reader, now = LakeReader(settings.lake), seoul_now()
        if not reader.exists(ARTIST_DAILY):
            return dg.SkipReason("silver/artist_daily has not been written yet")
        memory = json.loads(context.cursor or "{}")
        version = reader.delta(ARTIST_DAILY).version()
        if memory.get("version") == version:
            return dg.SkipReason(f"version {version} of silver/artist_daily was looked at")
        told = {(artist, dt.date.fromisoformat(day)) for artist, day in memory.get("told", [])}
        spikes = new_spikes(reader, now, told)
        if spikes.height:
            days = spikes["event_date"].unique().to_list()
            simulated = {day for day in days if is_simulated(reader, day)}
            send([spike_notice(spikes, simulated)], settings, context.log)
        told |= set(spikes.select("artist", "event_date").rows())
        oldest = now.date() - dt.timedelta(days=lens_rules.REACH_DAYS)
        kept = sorted([artist, day.isoformat()] for artist, day in told if day >= oldest)
        return dg.SensorResult(
            skip_reason=f"{spikes.height} new spikes",
            cursor=json.dumps({"version": version, "told": kept}),
        )

    return tell_spikes


def notice_sensors() -> list[dg.SensorDefinition]:
    """All sensors of this module, on from the start."""
    return [build_failure_sensor(), build_stale_sensor(), build_spike_sensor()]
