"""How many voices each rule of intake met, by source.

Belongs here: counting. Does not belong here: a rule (voices.py, voice_texts.py).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts.audience_voices import CHANGES, VOICE_KINDS, VOICE_RULES

VOICE_COLUMNS = ("source", "change", "voice_kind", "is_repeat", "is_flood", "rating_fault")


def count_voice_rules(voices: pl.DataFrame) -> pl.DataFrame:
    """The rows of `audience/voice_counts` of one day, but the day.

    Args:
        voices: `audience/voices` of the day, with `VOICE_COLUMNS`.
    """
    met = {
        **{name: pl.col("voice_kind") == name for name in VOICE_KINDS},
        **{name: pl.col("change") == name for name in CHANGES},
        "repeat": pl.col("is_repeat"),
        "flood": pl.col("is_flood"),
        "rating_fault": pl.col("rating_fault").is_not_null(),
    }
    counted = voices.group_by("source").agg(
        pl.len().cast(pl.Int64).alias("received"),
        *(is_met.cast(pl.Int64).sum().alias(rule) for rule, is_met in met.items()),
    )
    return counted.unpivot(
        index="source", on=list(VOICE_RULES), variable_name="rule", value_name="voice_count"
    )
