"""The slot for a rising act learns once an hour.

Belongs here: the job and its schedule. Does not belong here: what is learnt (rising_slot/), or what
follows new data by itself (graph/policies.py).
"""

import dagster as dg

from kpop_assets.days import TIME_ZONE, seoul_now
from kpop_assets.graph.failures import told_failures
from kpop_assets.lake.reader import LakeReader
from kpop_assets.settings import Settings


@dg.op(description="Learns from the log of answers which rising acts listeners want to hear.")
@told_failures()
def learn_rising_slot(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """The job's one step: the clock says up to when, not the tick, which may come late."""
    # SciPy takes longer to load than the rest of the graph's assembly needs.
    from kpop_assets.rising_slot.rising_update import update_rising_slot

    done = update_rising_slot(settings.home, LakeReader(settings.lake), seoul_now())
    context.log.info(
        f"{len(done.shows)} shows of {len(done.state.acts)} acts up to {done.state.learnt_until}"
    )


@dg.job(name="learn_rising_slot_job", description="Which rising act is shown, learnt anew.")
def rising_job() -> None:
    """The job of the schedule below."""
    learn_rising_slot()


def build_rising_schedule() -> dg.ScheduleDefinition:
    """Five minutes after each hour, when the last lines of the hour before have landed."""
    return dg.ScheduleDefinition(
        name="learn_rising_slot_hourly",
        job=rising_job,
        cron_schedule="5 * * * *",
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Learns from the log which rising acts listeners want, each hour.",
    )
