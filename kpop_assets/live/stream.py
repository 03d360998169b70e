"""`kpop stream`: landing files into live windows, micro-batch by micro-batch, until it is stopped.

Belongs here: the steps of a micro-batch, how the stream starts and how it stops. Does not belong
here: what the steps compute (intake.py, open_windows.py) or how it is reset (checkpoints.py).

A micro-batch is four steps: events are merged by their key; a second query with a checkpoint of its
own takes them into the windows; old days go; the account of the days is written anew. Each step can
be repeated, and a micro-batch counts as done after the last: killed in any of them, the next start
does the same files again.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import rules
from kpop_assets.contracts.live import LIVE_DAYS, LIVE_WINDOWS
from kpop_assets.days import seoul_now
from kpop_assets.lake.lake import Lake
from kpop_assets.live.checkpoints import EVER, VIDEO_STREAM, checkpoint_of, clear_before
from kpop_assets.live.intake import stream_paths, take_in
from kpop_assets.live.open_windows import account, leaders, update_windows, watermark
from kpop_assets.live.running import need_streams, run_batches
from kpop_assets.settings import Settings
from kpop_assets.stopping import stopped_by_signals


@dataclass(frozen=True)
class MicroBatch:
    """What one micro-batch did, and what the live tables hold since.

    Attributes:
        number: of the micro-batch.
        file_count: landing files taken in by it.
        event_count: events of the kept days.
        late_count: of these, in no window because they came too late.
        ahead_count: of these, in no window because they are announced for later.
        watermark_at: windows that end by then are closed (UTC); None before any event.
        leaders: artist and videos in the hour that ends with the newest event, most first.
    """

    number: int
    file_count: int
    event_count: int
    late_count: int
    ahead_count: int
    watermark_at: dt.datetime | None
    leaders: tuple[tuple[str, int], ...] = ()


def run_stream(
    settings: Settings,
    lake: Lake,
    every_seconds: int | None,
    anew: bool,
    report: Callable[[MicroBatch], None],
) -> None:
    """The stream of the configured data folder, until SIGINT or SIGTERM; see `LiveStream.run`.

    Args:
        settings: engine and landing folder.
        lake: the tables of that data folder.
        every_seconds: from one micro-batch to the next; None takes in what is there, and ends.
        anew: forget what was streamed, and begin with the kept days.
        report: called after each micro-batch.

    Raises:
        EngineError: the engine has no streams, or cannot be started.
        LakeError: another process streams into this lake, or a table cannot be written.
        LandingError: a landing file cannot be read.
        StreamError: a micro-batch failed otherwise.
    """
    need_streams(settings)
    with stopped_by_signals() as stop:
        stream = LiveStream(lake, settings.landing, report, overlay=overlay_path(settings.home))
        stream.run(every_seconds, stop, anew)


class LiveStream:
    """The stream of one data folder.

    Args:
        lake: its tables; the engine must be `spark`.
        landing: its landing folder.
        report: called after each micro-batch, in the stream's thread.
        today: the day in Seoul.
        overlay: the home's own lines about acts.
    """

    def __init__(
        self,
        lake: Lake,
        landing: Path,
        report: Callable[[MicroBatch], None],
        today: Callable[[], dt.date] = lambda: seoul_now().date(),
        overlay: Path | None = None,
    ) -> None:
        self._lake = lake
        self._landing = landing
        self._report = report
        self._today = today
        self._overlay = overlay

    def run(self, every_seconds: int | None, stop: threading.Event, anew: bool = False) -> None:
        """Take in what lands until `stop` is set; without an interval, what is there, and end.

        A micro-batch under way is finished first.

        Args:
            every_seconds: from one micro-batch to the next.
            stop: set by whoever wants it to end.
            anew: forget what was streamed, and begin with the kept days.

        Raises:
            LakeError: another process streams into this lake, or a table cannot be written.
            LandingError: a landing file cannot be read.
            StreamError: a micro-batch failed otherwise.
        """
        run_batches(
            self._lake,
            VIDEO_STREAM,
            lambda: stream_paths(self._lake.spark, self._landing, self._first_day()),
            lambda paths, number: self._report(self._take(paths, number)),
            every_seconds,
            stop,
            anew,
        )

    def _first_day(self) -> dt.date:
        return self._today() - dt.timedelta(days=rules.LIVE_DAYS - 1)

    def _take(self, paths: DataFrame, number: int) -> MicroBatch:
        lake = self._lake
        taken = [row[0] for row in paths.collect()]
        file_count = take_in(lake, self._landing, taken, load_catalog(overlay=self._overlay))
        update_windows(lake, checkpoint_of(lake, LIVE_WINDOWS))
        for table in VIDEO_STREAM.tables:
            clear_before(lake, table, self._first_day())
        account(lake)
        days = lake.arrow(LIVE_DAYS, *EVER)
        totals = {
            name: sum(days[name].to_pylist())
            for name in ("event_count", "late_count", "ahead_count")
        }
        mark = watermark(lake)
        return MicroBatch(number, file_count, **totals, watermark_at=mark, leaders=leaders(lake))
