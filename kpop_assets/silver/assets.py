"""The silver assets: what each reads, which transform fills it, and what is checked.

Belongs here: assembly of the layer. Does not belong here: what "gained" or a window means.
"""

import datetime as dt

import dagster as dg
from pyspark.sql import functions as F

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import ARTIST_DAILY, ARTIST_WINDOWS, VIDEO_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.graph import checks
from kpop_assets.graph.lake_asset import lake_asset, outcome
from kpop_assets.graph.partitions import run_days
from kpop_assets.graph.policies import looks_back
from kpop_assets.lake.lake import Lake
from kpop_assets.silver.artist_daily import sum_artists
from kpop_assets.silver.video_daily import LOOK_BACK_DAYS, measure_videos
from kpop_assets.silver.window_stream import compute_windows
from kpop_assets.silver.windows import WINDOWS_PER_EVENT

_EVENT_SUM = {"events_add_up": "Events of each day are as many as in bronze/events."}
_POINT_SUM = {"windows_add_up": "Each event stands in 12 windows, each point too."}


@lake_asset(
    VIDEO_DAILY,
    deps=[dg.AssetDep(["bronze", "events"], partition_mapping=looks_back(LOOK_BACK_DAYS))],
    more_checks={VIDEO_DAILY: _EVENT_SUM},
)
def silver_video_daily(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Measure each video of the days against its previous observation."""
    start, end = run_days(context)
    events = lake.read(EVENTS, start - dt.timedelta(days=LOOK_BACK_DAYS), end)
    rows = measure_videos(events, start)
    written = lake.replace_range(VIDEO_DAILY, start, end, rows, context.run.run_id)
    more = [_check_events(lake, VIDEO_DAILY, start, end)]
    return outcome(lake, VIDEO_DAILY, written, (start, end), "engagement", more)


@lake_asset(
    ARTIST_DAILY,
    deps=[dg.AssetDep(["silver", "video_daily"])],
    more_checks={ARTIST_DAILY: _EVENT_SUM},
)
def silver_artist_daily(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Sum the videos of each artist."""
    start, end = run_days(context)
    rows = sum_artists(lake.read(VIDEO_DAILY, start, end))
    written = lake.replace_range(ARTIST_DAILY, start, end, rows, context.run.run_id)
    more = [_check_events(lake, ARTIST_DAILY, start, end)]
    return outcome(lake, ARTIST_DAILY, written, (start, end), "engagement", more)


@lake_asset(
    ARTIST_WINDOWS,
    deps=[dg.AssetDep(["bronze", "events"]), dg.AssetDep(["silver", "video_daily"])],
    more_checks={ARTIST_WINDOWS: _POINT_SUM},
)
def silver_artist_windows(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Slide the windows over the event time of the days' events."""
    start, end = run_days(context)
    with compute_windows(lake, start, end) as rows:
        written = lake.replace_range(ARTIST_WINDOWS, start, end, rows, context.run.run_id)
    more = [_check_windows(lake, start, end)]
    return outcome(lake, ARTIST_WINDOWS, written, (start, end), "video_count", more)


def _check_events(lake: Lake, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    summed = checks.by_day(lake.read(table, start, end), F.sum("event_count"))
    counted = checks.by_day(lake.read(EVENTS, start, end), F.count("*"))
    return checks.check_equal_by_day(table, "events_add_up", summed, counted)


def _check_windows(lake: Lake, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    daily = F.sum("engagement") * WINDOWS_PER_EVENT
    expected = checks.by_day(lake.read(VIDEO_DAILY, start, end), daily)
    windows = lake.read(ARTIST_WINDOWS, start, end)
    actual = checks.by_day(windows, F.sum("total_engagement"))
    return checks.check_equal_by_day(ARTIST_WINDOWS, "windows_add_up", actual, expected)
