"""The videos of a day by list.

Belongs here: what the page of videos reads. Does not belong here: a list's rows
(kpop_assets/insights/video_lists.py), or which videos make one (kpop_assets/lens/).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.queries.lens.days import refuse_unfilled
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_videos import VIDEO_LISTS, VIDEO_METRICS, VIDEO_SCORES
from kpop_assets.insights.video_lists import read_video_list

Weights = tuple[tuple[str, float], ...]


@reads(VIDEO_LISTS, VIDEO_METRICS, VIDEO_SCORES, EVENTS)
def list_day_videos(
    snapshot: Snapshot, day: dt.date, name: str, scope: str, weights: Weights | None
) -> pl.DataFrame:
    """The places of a list, as `read_video_list` has them, acts by their present names.

    Raises:
        PageEnd: there are no scores of that day.
    """
    refuse_unfilled(snapshot, VIDEO_SCORES, day)
    found = read_video_list(snapshot, day, name, scope, dict(weights) if weights else None)
    return found.rows.with_columns(snapshot.present_name())
