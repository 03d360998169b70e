"""What runs by the clock: collection and training. Cleaning up has its own (upkeep.py, retention/).

Belongs here: schedules and what they ask for. Does not belong here: what follows new data by itself
(graph/policies.py).
"""

import datetime as dt

import dagster as dg

from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.days import TIME_ZONE, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.youtube.request import ROUND_HOURS
from kpop_assets.settings import Settings

_COLLECTING = {"config": {"source": "youtube"}}
FROM_YOUTUBE = {"ops": {"landing__events": _COLLECTING, "landing__reviews": _COLLECTING}}


def build_schedules(taking_in: str, training: str) -> list[dg.ScheduleDefinition]:
    """Collection from YouTube at 09:00 and 15:00 Seoul, training on Sundays.

    Args:
        taking_in: name of the job that fills a day's landing and takes it in.
        training: name of the job that trains.
    """
    return [*(_collect_at(hour, taking_in) for hour in ROUND_HOURS), _train_weekly(training)]


def _train_weekly(job_name: str) -> dg.ScheduleDefinition:
    """Training on Sundays at 10:00 Seoul, on the data up to Saturday."""

    @dg.schedule(
        name="train_weekly",
        job_name=job_name,
        cron_schedule="0 10 * * 0",
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Trains all candidates on Sundays at 10:00 in Seoul, on data up to Saturday.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.RunRequest | dg.SkipReason:
        if not LakeReader(settings.lake).exists(ARTIST_INPUTS):
            return dg.SkipReason(f"{ARTIST_INPUTS.path} has not been written yet: no data")
        at = context.scheduled_execution_time
        day = seoul_now(at).date() - dt.timedelta(days=1)
        return dg.RunRequest(run_key=at.isoformat(), partition_key=day.isoformat())

    return schedule


def _collect_at(hour: int, job_name: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"collect_at_{hour:02d}",
        job_name=job_name,
        cron_schedule=f"0 {hour} * * *",
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Collects from YouTube at {hour:02d}:00 in Seoul, where there is a key.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.RunRequest | dg.SkipReason:
        if not settings.youtube_key:
            # Files of other collectors need no schedule: a sensor sees them.
            return dg.SkipReason("KPOP_YOUTUBE_KEY is not set: nothing to collect from YouTube")
        at = context.scheduled_execution_time
        day = seoul_now(at).date()
        if day != seoul_now().date():
            # After a downtime: YouTube tells of now, and the day would count as collected.
            return dg.SkipReason(f"{day} is over: what YouTube says now belongs to another day")
        return dg.RunRequest(
            run_key=at.isoformat(), partition_key=day.isoformat(), run_config=FROM_YOUTUBE
        )

    return schedule
