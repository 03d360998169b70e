"""How sure a row is: shares of its points by evidence, and the mark of everyday words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.contracts.gold import SHARES_BY_EVIDENCE
from kpop_assets.gold.features import describe_artists
from kpop_assets_tests.gold.kit import DAY, Points, frame


def shares_of(spark: SparkSession, points: Points, **evidence: str) -> tuple[Any, ...]:
    """The shares in order and the mark, of the artist IVE on day 6."""
    sums = {n: F.sum(F.expr(f"cast({sql} AS bigint)")) for n, sql in evidence.items()}
    rows = describe_artists(frame(spark, points, sums), DAY + dt.timedelta(days=6)).collect()
    row = next(row for row in rows if row["artist"] == "IVE")
    return (*(row[column.name] for column in SHARES_BY_EVIDENCE), row["is_vague_only"])


@pytest.mark.both_engines
def test_shares_by_evidence_are_of_the_window_and_add_up(spark):
    points = {("IVE", 6): 60, ("IVE", 2): 20, ("BTS", 6): 500}
    found = shares_of(
        spark,
        points,
        own_channel_engagement="if(engagement = 60, 60, 0)",
        clear_name_engagement="0",
        vague_name_engagement="if(engagement = 20, 20, 0)",
    )
    assert found == (75.0, 0.0, 0.0, 25.0, False)


@pytest.mark.both_engines
def test_an_act_that_rests_on_everyday_words_alone_is_marked(spark):
    points = {("IVE", d): 10 for d in range(7)}
    vague = {"clear_name_engagement": "0", "vague_name_engagement": "abs(engagement)"}
    assert shares_of(spark, points, **vague) == (0.0, 0.0, 0.0, 100.0, True)
    # A fall of a clear video is no evidence of the others.
    vague["clear_name_engagement"] = "-3"
    assert shares_of(spark, points, **vague) == (0.0, 0.0, 0.0, 100.0, True)


@pytest.mark.both_engines
def test_days_of_before_the_column_leave_the_shares_unknown(spark):
    nothing = dict.fromkeys(SHARES_BY_EVIDENCE.values(), "cast(null AS bigint)")
    assert shares_of(spark, {("IVE", 6): 10}, **nothing) == (None,) * 5
    # A week of which some days know it speaks for those.
    some = dict.fromkeys(SHARES_BY_EVIDENCE.values(), "if(engagement = 10, 0, null)")
    some["label_engagement"] = "if(engagement = 10, 10, null)"
    points = {("IVE", 6): 10, ("IVE", 1): 99}
    assert shares_of(spark, points, **some) == (0.0, 100.0, 0.0, 0.0, False)
