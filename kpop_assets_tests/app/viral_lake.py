"""Small lakes with a forecast of who becomes viral, and all that Home reads beside it.

Belongs here: such rows. Does not belong here: what Home makes of them (test_home.py).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows

REASONS = {
    "reason_1_name": "pace_change_7d",
    "reason_1_value": math.log(1.8),
    "reason_1_effect": 0.2,
    "reason_2_name": "pace_change_week",
    "reason_2_value": math.log(0.7),
    "reason_2_effect": -0.1,
}
MADE = {"viral_candidate": "lightgbm/viral", "viral_trained_date": days_ago(9), "horizon_days": 7}


def viral_forecast(artist: str, rank: int, **more: Any) -> dict[str, Any]:
    chance = {"p_viral": 0.9 / rank, "viral_rank": rank, "tier": 3, "p_rise": 0.01 * rank}
    return {"ingest_date": DAY, "artist": artist, **MADE, **chance, **more}


def write_forecasts(home: Path, forecasts: list[dict[str, Any]]) -> Snapshot:
    """A lake in which the acts of a forecast have all the rows that Home reads."""
    artists = [row["artist"] for row in forecasts]
    rows = [{"ingest_date": DAY, "artist": artist} for artist in artists]
    ranked = [
        {**row, "rank": place, "tier": 3, "total_engagement": 1000 - 10 * place}
        for place, row in enumerate(rows, start=1)
    ]
    write_rows(home, ARTIST_FEATURES, ranked)
    write_rows(home, ARTIST_DAILY, [{**row, "engagement": 100} for row in rows])
    trends = {"trend": math.log(2), "trend_change": math.log(2), "days_since_new": 3}
    write_rows(home, ARTIST_INPUTS, [{**row, **trends} for row in rows])
    line = {"ingest_date": DAY, "tier": 2, "min_total_engagement": 1000}
    write_rows(home, TIER_CUTOFFS, [line])
    return write_rows(home, NEXT_VIRAL, forecasts)
