"""What the lens says of acts on a day, in figures that are reasons.

Belongs here: one row an act. Does not belong here: sentences (reasons.py), or single videos.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.queries.lens.days import read_lens_day_if_any
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS

_READ = ("artist", "outlier_video_count", "gain_ratio", "is_outlier")


@reads(ARTIST_OUTLIERS)
def read_lens_facts(snapshot: Snapshot, day: dt.date) -> dict[str, dict[str, Any]]:
    """outlier_video_count, gain_ratio, is_outlier by act; who has no row is left out."""
    rows = read_lens_day_if_any(snapshot, ARTIST_OUTLIERS, day).select(_READ)
    return {row["artist"]: row for row in rows.iter_rows(named=True)}
