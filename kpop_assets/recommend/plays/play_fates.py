"""Which plays count, and why the others do not: the same rules for every engine and for streams.

Belongs here: totals, clocks that are ahead, repeats, bots. Does not belong here: what counted plays
are summed into (play_hours.py).

A play has the first fate that holds: `total` (a number of plays without their times), `ahead` (of
its own delivery), `repeat` (an event_id that the listener had that day; blank is none), `bot`,
`counted`.

A bot is a listener who played for longer than time passes: of the plays that began in one hour all
but one also end in it, unless two sounded at once; so their lengths without the longest are no more
than the hour. The same of the day. Lengths that are not known add nothing.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts.play_rules import (
    CLOCK_AHEAD_SECONDS,
    DAY_SECONDS,
    PLAY_WINDOW_SECONDS,
    SEOUL_OFFSET_SECONDS,
)

_BY_DAY = ["ingest_date", "user_id"]


def tell_fates(plays: DataFrame) -> DataFrame:
    """Rows of `bronze/plays`, each with its `fate` and its `hour`."""
    has_name = F.coalesce(F.trim("event_id") != "", F.lit(False))
    is_event = has_name & ~is_total() & ~is_ahead()
    event = Window.partitionBy(*_BY_DAY, "event_id", "is_event").orderBy("played_at", "track_id")
    nth = F.row_number().over(event)
    rows = plays.withColumn("is_event", is_event).withColumn("hour", hour_of("played_at"))
    rows = rows.withColumn("nth", F.when(F.col("is_event"), nth).otherwise(1))
    early = F.when(is_total(), "total").when(is_ahead(), "ahead").when(F.col("nth") > 1, "repeat")
    known = rows.withColumn("early", early).drop("is_event", "nth")
    bots = find_bots(known.where(F.col("early").isNull())).withColumn("is_bot", F.lit(True))
    fate = F.coalesce("early", F.when(F.col("is_bot"), "bot"), F.lit("counted"))
    joined = known.join(bots, _BY_DAY, "left")
    return joined.withColumn("fate", fate).drop("early", "is_bot")


def find_bots(plays: DataFrame) -> DataFrame:
    """Day and id of listeners who played for longer than time passes; needs `hour`."""
    milliseconds = F.coalesce("played_ms", F.lit(0))
    hours = plays.groupBy(*_BY_DAY, "hour").agg(
        F.sum(milliseconds).alias("played"), F.max(milliseconds).alias("longest")
    )
    days = hours.groupBy(*_BY_DAY).agg(
        F.max(F.col("played") - F.col("longest")).alias("in_an_hour"),
        (F.sum("played") - F.max("longest")).alias("on_the_day"),
    )
    is_bot = (F.col("in_an_hour") > PLAY_WINDOW_SECONDS * 1000) | (
        F.col("on_the_day") > DAY_SECONDS * 1000
    )
    return days.where(is_bot).select(*_BY_DAY)


def is_total() -> Column:
    """Whether a row is a number of plays of which no times are known."""
    return F.col("total_play_count").isNotNull()


def is_ahead() -> Column:
    """Whether the listener's clock was ahead of whoever got the play."""
    ahead = F.unix_millis("played_at") - F.unix_millis("received_at")
    return F.coalesce(ahead > CLOCK_AHEAD_SECONDS * 1000, F.lit(False))


def hour_of(name: str) -> Column:
    """Hour of the day in Seoul of a timestamp, 0 to 23."""
    local = F.unix_seconds(name) + SEOUL_OFFSET_SECONDS
    return F.floor((local % DAY_SECONDS) / PLAY_WINDOW_SECONDS).cast("int")
