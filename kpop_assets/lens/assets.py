"""The lens assets: what each reads, and which module fills it.

Belongs here: assembly of the layer. Does not belong here: any formula.
"""

import dagster as dg

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_videos import VIDEO_METRICS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lens import video_metrics


@lake_asset(
    VIDEO_METRICS,
    reads={
        EVENTS: rules.PAIR_LOOK_BACK_DAYS,
        VIDEO_DAILY: rules.PAIR_LOOK_BACK_DAYS,
    },
    engine="python",
)
def lens_video_metrics(step: Step) -> dg.MaterializeResult:
    """Measure each video of each of the days by its observations of three days."""
    back = rules.PAIR_LOOK_BACK_DAYS
    step.fill(
        VIDEO_METRICS,
        lambda day: video_metrics.measure_metrics(
            step.frame(EVENTS, day, back, video_metrics.EVENT_COLUMNS),
            step.frame(VIDEO_DAILY, day, back, video_metrics.DAILY_COLUMNS),
            day,
        ),
    )
    return step.outcome(VIDEO_METRICS, "views_per_hour")
