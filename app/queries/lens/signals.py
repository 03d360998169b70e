"""What services outside said of acts and words on a day, and what each of them is.

Belongs here: rows of signals and entities for pages. Does not belong here: sentences about them
(signal_words.py), or asking anybody (kpop_assets/lens/outside/).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.queries.lens.days import read_lens_day_if_any
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.table import INGEST_DATE

# What `lens/signals` says of itself as well.
_OF_SIGNALS = (INGEST_DATE.name, "asked_at", "missing_reason")


@reads(SIGNALS, ENTITIES)
def list_signals(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Rows of `lens/signals` of a day with what each subject is, the highest composite first.

    Acts are called by their present names. No row where nobody was to be asked about that day.
    """
    rows = read_lens_day_if_any(snapshot, SIGNALS, day).drop(INGEST_DATE.name)
    known = read_lens_day_if_any(snapshot, ENTITIES, day).drop(_OF_SIGNALS)
    renamed = pl.col("subject").replace(snapshot.catalog.renamed())
    is_act = pl.col("subject_kind") == "act"
    return (
        rows.join(known, left_on="subject", right_on="word", how="left")
        .with_columns(pl.when(is_act).then(renamed).otherwise("subject").alias("subject"))
        .sort("composite", "rank", "subject", descending=[True, False, False], nulls_last=True)
    )


@reads(SIGNALS, ENTITIES)
def find_signals(
    snapshot: Snapshot, subject: str, kind: str, day: dt.date
) -> dict[str, Any] | None:
    """The row of an act or a word; None where it was not among those that are asked about."""
    is_subject = (pl.col("subject") == subject) & (pl.col("subject_kind") == kind)
    found = list_signals(snapshot, day).filter(is_subject)
    return found.row(0, named=True) if found.height else None


@reads(ENTITIES)
def find_entity(snapshot: Snapshot, word: str, day: dt.date) -> dict[str, Any] | None:
    """The row of `lens/entities` of a word on a day; None where it has none."""
    rows = read_lens_day_if_any(snapshot, ENTITIES, day, pl.col("word") == word)
    return rows.row(0, named=True) if rows.height else None
