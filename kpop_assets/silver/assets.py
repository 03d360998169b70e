"""The silver assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: what "gained" or a window means.
"""

import dagster as dg

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS, VIDEOS
from kpop_assets.contracts.silver import (
    ARTIST_DAILY,
    ARTIST_WINDOWS,
    VIDEO_DAILY,
    VIDEO_FIRSTS,
)
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.silver.artist_daily import sum_artists
from kpop_assets.silver.checks import events_add_up, windows_add_up
from kpop_assets.silver.video_daily import measure_videos
from kpop_assets.silver.video_firsts import measure_firsts
from kpop_assets.silver.window_stream import compute_windows

_EVENT_SUM = {"events_add_up": "Events of each day are as many as in bronze/events."}
_POINT_SUM = {"windows_add_up": "Each event stands in 12 windows, each point too."}


@lake_asset(
    VIDEO_DAILY,
    reads={EVENTS: rules.COUNTERS_LOOK_BACK_DAYS},
    more_checks={VIDEO_DAILY: _EVENT_SUM},
)
def silver_video_daily(step: Step) -> dg.MaterializeResult:
    """Measure each video of the days against its previous observation."""
    step.replace(VIDEO_DAILY, measure_videos(step.read(EVENTS), step.start))
    return step.outcome(VIDEO_DAILY, "engagement", events_add_up)


@lake_asset(
    VIDEO_FIRSTS,
    reads={
        VIDEO_DAILY: rules.FIRST_WEEK_LOOK_BACK_DAYS,
        VIDEOS: rules.FIRST_WEEK_LOOK_BACK_DAYS,
    },
)
def silver_video_firsts(step: Step) -> dg.MaterializeResult:
    """Measure the videos whose first days are complete on each of the days."""
    videos = step.read(VIDEO_DAILY), step.read(VIDEOS)
    step.replace(VIDEO_FIRSTS, measure_firsts(*videos, step.start))
    return step.outcome(VIDEO_FIRSTS, "views_first_7d")


@lake_asset(ARTIST_DAILY, reads={VIDEO_DAILY: 0, EVENTS: 0}, more_checks={ARTIST_DAILY: _EVENT_SUM})
def silver_artist_daily(step: Step) -> dg.MaterializeResult:
    """Sum the videos of each artist."""
    step.replace(ARTIST_DAILY, sum_artists(step.read(VIDEO_DAILY)))
    return step.outcome(ARTIST_DAILY, "engagement", events_add_up)


@lake_asset(
    ARTIST_WINDOWS, reads={EVENTS: 0, VIDEO_DAILY: 0}, more_checks={ARTIST_WINDOWS: _POINT_SUM}
)
def silver_artist_windows(step: Step) -> dg.MaterializeResult:
    """Slide the windows over the event time of the days' events."""
    with compute_windows(step, step.start, step.end) as rows:
        step.replace(ARTIST_WINDOWS, rows)
    return step.outcome(ARTIST_WINDOWS, "video_count", windows_add_up)
