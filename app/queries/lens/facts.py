"""What the lens says of acts on a day, in figures that are reasons.

Belongs here: one row an act. Does not belong here: sentences (reasons.py), or single videos.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.queries.lens.days import read_lens_day_if_any
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import signal_rules
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.lens_signals import SIGNALS

_OF_OUTLIERS = ("artist", "outlier_video_count", "gain_ratio", "is_outlier")
# Counts of a week with the least by which a change of them tells anything.
_COUNTS = {
    "wiki": (f"wiki_views_{signal_rules.SIGNAL_DAYS}d", signal_rules.SIGNAL_TELLING_VIEWS),
    "news": (f"news_articles_{signal_rules.SIGNAL_DAYS}d", signal_rules.SIGNAL_TELLING_ARTICLES),
}


@reads(ARTIST_OUTLIERS, SIGNALS)
def read_lens_facts(snapshot: Snapshot, day: dt.date) -> dict[str, dict[str, Any]]:
    """outlier_video_count, gain_ratio, is_outlier, wiki_change_pct, news_change_pct by act.

    A change that is an old answer, or of a few readers or articles, is null; who has no row is left
    out.
    """
    outliers = read_lens_day_if_any(snapshot, ARTIST_OUTLIERS, day).select(_OF_OUTLIERS)
    is_act = pl.col("subject_kind") == "act"
    signals = read_lens_day_if_any(snapshot, SIGNALS, day, is_act).select(
        pl.col("subject").replace(snapshot.catalog.renamed()).alias("artist"),
        *(_telling(source) for source in _COUNTS),
    )
    rows = outliers.join(signals, on="artist", how="full", coalesce=True)
    return {row["artist"]: row for row in rows.iter_rows(named=True)}


def _telling(source: str) -> pl.Expr:
    count, least = _COUNTS[source]
    is_telling = ~pl.col(f"is_{source}_old") & (pl.col(count) >= least)
    return pl.when(is_telling).then(f"{source}_change_pct").alias(f"{source}_change_pct")
