"""`kpop stream plays`: plays into hours of their listeners, micro-batch by micro-batch.

Belongs here: the steps of a micro-batch, and how the stream starts and stops. Does not belong here:
where plays come from (play_intake.py), or which count (recommend/plays/play_fates.py).

A micro-batch is three steps: plays are merged by their key, so that a delivery that comes twice is
one row; the days that it touched are counted anew by the rules of the graph, since whether a play
counts is known of a whole day; old days go. Each step can be repeated, and a micro-batch counts as
done after the last: killed in any of them, the next start does the same messages again.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.contracts.live_plays import LIVE_PLAYS, LIVE_PLAYS_HOURLY
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.days import consecutive, day_end, seoul_now
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.persons import person_ids
from kpop_assets.live.checkpoints import PLAY_STREAM, clear_before
from kpop_assets.live.play_intake import PlaySource, source_of
from kpop_assets.live.running import need_streams, run_batches
from kpop_assets.recommend.plays.play_fates import tell_fates
from kpop_assets.recommend.plays.play_hours import count_hours
from kpop_assets.settings import Settings
from kpop_assets.stopping import stopped_by_signals


@dataclass(frozen=True)
class PlayBatch:
    """What one micro-batch brought.

    Attributes:
        number: of the micro-batch.
        line_count: lines that came.
        unusable_count: of these, lines that are no plays, by the rules of their record.
        old_count: of these, plays of days that are no longer kept.
        day_count: days that were counted anew.
    """

    number: int
    line_count: int
    unusable_count: int
    old_count: int
    day_count: int


def run_play_stream(
    settings: Settings,
    lake: Lake,
    topic: str,
    every_seconds: int | None,
    anew: bool,
    report: Callable[[PlayBatch], None],
) -> None:
    """The stream of plays of the configured data folder, until SIGINT or SIGTERM.

    Args:
        settings: engine, cluster and landing folder.
        lake: the tables of that data folder.
        topic: from which plays come where a cluster is named; else they come from landing files.
        every_seconds: from one micro-batch to the next; None takes in what is there, and ends.
        anew: forget what was streamed.
        report: called after each micro-batch.

    Raises:
        EngineError: the engine has no streams, or cannot be started.
        LakeError: another process streams plays into this lake, or a table cannot be written.
        LandingError: the key of listeners cannot be used.
        StreamError: a micro-batch failed otherwise.
    """
    need_streams(settings)
    with stopped_by_signals() as stop:
        ids = person_ids(settings.landing, PLAYS.name) if settings.kafka else None
        stream = LivePlays(lake, source_of(settings, topic, ids), report)
        stream.run(every_seconds, stop, anew)


class LivePlays:
    """The stream of plays of one data folder.

    Args:
        lake: its tables; the engine must be `spark`.
        source: where plays come from.
        report: called after each micro-batch, in the stream's thread.
        today: the day in Seoul.
    """

    def __init__(
        self,
        lake: Lake,
        source: PlaySource,
        report: Callable[[PlayBatch], None],
        today: Callable[[], dt.date] = lambda: seoul_now().date(),
    ) -> None:
        self._lake, self._source, self._report, self._today = lake, source, report, today

    def run(self, every_seconds: int | None, stop: threading.Event, anew: bool = False) -> None:
        """Take in what comes until `stop` is set; without an interval, what is there, and end.

        Raises:
            LakeError: another process streams plays into this lake, or a table cannot be written.
            StreamError: a micro-batch failed otherwise.
        """
        run_batches(
            self._lake,
            PLAY_STREAM,
            lambda: self._source.stream(self._lake.spark),
            lambda batch, number: self._report(self._take(batch, number)),
            every_seconds,
            stop,
            anew,
            self._source.name,
        )

    def _take(self, batch: DataFrame, number: int) -> PlayBatch:
        lake, first = self._lake, self._today() - dt.timedelta(days=rules.LIVE_DAYS - 1)
        with lake.staged(self._source.parse(batch)) as parsed:
            is_kept = F.col("ingest_date") >= F.lit(first)
            usable = parsed.where(F.col("reason").isNull())
            lake.merge(LIVE_PLAYS, one_of_each(usable.where(is_kept)), updates=False)
            days = {r[0] for r in usable.where(is_kept).select("ingest_date").distinct().collect()}
            lines, unusable, old = parsed.agg(
                F.count("*"),
                F.count("reason"),
                F.count_if(F.col("reason").isNull() & ~is_kept),
            ).collect()[0]
        for start, last in consecutive(days):
            fates = tell_fates(lake.read(LIVE_PLAYS, start, day_end(last)))
            counted = count_hours(fates.where(F.col("fate") == "counted"))
            lake.replace_range(LIVE_PLAYS_HOURLY, start, day_end(last), counted)
        for table in PLAY_STREAM.tables:
            clear_before(lake, table, first)
        return PlayBatch(number, lines, unusable, old, len(days))


def one_of_each(plays: DataFrame) -> DataFrame:
    """Parsed plays, one of each key: of several the one that was delivered first."""
    key = Window.partitionBy(*LIVE_PLAYS.primary_key)
    order = key.orderBy(F.length("delivery"), "delivery", "landing_file", "line_number")
    ranked = plays.withColumn("nth", F.row_number().over(order))
    return ranked.where(F.col("nth") == 1).select(LIVE_PLAYS.column_names)
