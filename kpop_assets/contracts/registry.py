"""Every table of the lake, in the order they are filled, and every kind of landing line.

Belongs here: the two lists that checks, docs and tests run over. Does not belong here: a column.
"""

from __future__ import annotations

from kpop_assets.contracts import bronze, events, gold, models, pareto, retention, silver
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.table import Table

# A new kind is one line here; its tables follow.
RECORDS: tuple[Record, ...] = (events.EVENT_LINES,)

TABLES: tuple[Table, ...] = (
    *(table for record in RECORDS for table in record.tables),
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
