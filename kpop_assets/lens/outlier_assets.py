"""The lens assets about what stands out: what each reads, and which module fills it.

Belongs here: assembly, as in assets.py, which hands them on. Does not belong here: any formula.
"""

import dagster as dg

from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS, CHANNEL_OUTLIERS, VIDEO_OUTLIERS
from kpop_assets.contracts.lens_videos import VIDEO_METRICS, VIDEO_SCORES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lens import artist_outliers, channel_outliers, video_outliers
from kpop_assets.lens.checks import outlier_shares


@lake_asset(VIDEO_OUTLIERS, reads={VIDEO_METRICS: 0}, engine="python")
def lens_video_outliers(step: Step) -> dg.MaterializeResult:
    """Say of each video of each of the days how far it lies from the others."""
    step.fill(
        VIDEO_OUTLIERS,
        lambda day: video_outliers.find_outliers(
            step.frame(VIDEO_METRICS, day, columns=video_outliers.READ_COLUMNS)
        ),
    )
    return step.outcome(VIDEO_OUTLIERS, "outlier_score", **outlier_shares(step))


@lake_asset(
    CHANNEL_OUTLIERS, reads={VIDEO_METRICS: lens_rules.CHANNEL_SEEN_DAYS - 1}, engine="python"
)
def lens_channel_outliers(step: Step) -> dg.MaterializeResult:
    """Find the videos of each of the days that stand out in their channel."""
    columns = channel_outliers.READ_COLUMNS
    rows_of = channel_outliers.walk_channels(
        lambda day: step.frame(VIDEO_METRICS, day, columns=columns), step.start
    )
    step.fill(CHANNEL_OUTLIERS, rows_of)
    return step.outcome(CHANNEL_OUTLIERS, "mean_ratio")


@lake_asset(
    ARTIST_OUTLIERS,
    reads={
        ARTIST_DAILY: lens_rules.REACH_DAYS,
        VIDEO_METRICS: 0,
        VIDEO_OUTLIERS: 0,
        VIDEO_SCORES: 0,
    },
    engine="python",
)
def lens_artist_outliers(step: Step) -> dg.MaterializeResult:
    """Hold each act's gain of each of the days against its own days before."""
    back = lens_rules.REACH_DAYS
    step.fill(
        ARTIST_OUTLIERS,
        lambda day: artist_outliers.find_artist_outliers(
            step.frame(ARTIST_DAILY, day, back, artist_outliers.DAILY_COLUMNS),
            step.frame(VIDEO_METRICS, day, columns=artist_outliers.METRIC_COLUMNS),
            step.frame(VIDEO_OUTLIERS, day, columns=artist_outliers.OUTLIER_COLUMNS),
            step.frame(VIDEO_SCORES, day, columns=artist_outliers.SCORE_COLUMNS),
            day,
        ),
    )
    return step.outcome(ARTIST_OUTLIERS, "gain_sigmas")
