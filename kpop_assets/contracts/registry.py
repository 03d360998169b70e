"""Every table of the lake, in the order they are filled.

Belongs here: the one list that checks, docs and tests run over. Does not belong here: a column.
"""

from __future__ import annotations

from kpop_assets.contracts import bronze, gold, models, pareto, retention, silver
from kpop_assets.contracts.table import Table

TABLES: tuple[Table, ...] = (
    bronze.EVENTS,
    bronze.QUARANTINE,
    bronze.FILES,
    bronze.BLOOM,
    bronze.VIDEOS,
    silver.VIDEO_DAILY,
    silver.ARTIST_DAILY,
    silver.ARTIST_WINDOWS,
    gold.ARTIST_FEATURES,
    gold.TIER_CUTOFFS,
    models.ARTIST_INPUTS,
    models.TRAININGS,
    models.BACKTESTS,
    models.CANDIDATE_SCORES,
    pareto.FRONT,
    pareto.CHAMPION,
    pareto.NEXT_VIRAL,
    pareto.SCORECARD,
    retention.PURGES,
)
