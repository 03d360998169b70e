"""What a worker takes in: plays and feedback that somebody waits for, and its own log.

Belongs here: the journals of one process, and the thread that brings them to the landing folder.
Does not belong here: requests (intake_routes.py), what makes a line usable (line_checks.py), or
the files (kpop_assets/landing/journal/).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from kpop_assets.contracts.exposures import EXPOSURE_LINES
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.contracts.recommendations import RECOMMENDATION_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.errors import KpopError
from kpop_assets.landing.door import Door
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.journal.journal import Journal
from kpop_assets.landing.journal.lander import (
    LandedSegments,
    held_in_journals,
    land_segments,
)
from kpop_assets.landing.journal.segments import asked_to_close, framed, journal_root
from kpop_assets.landing.journal.sinks import Sinks
from kpop_assets.landing.kafka.errors import KafkaError
from kpop_assets.landing.persons import SERVED_KEPT, PersonIds, find_key, person_ids
from kpop_assets.landing.sources.base import Repairs, ingest_day
from kpop_assets.settings import Settings
from serving.intake.line_checks import API_SOURCE
from serving.metrics.meters import Meters

# How long a line waits for its landing file, at most.
LAND_SECONDS = 60.0
_LOOK_SECONDS = 1.0

Line = dict[str, object]
# Gets plays that are on the disk, as they are landed; a repeat comes again.
OnPlays = Callable[[Sequence[Line]], None]


@dataclass
class LandingState:
    """What the last turn of landing did.

    Attributes:
        landed: segments and lines of that turn.
        errors: why what could not be brought away stays; empty where all was.
    """

    landed: LandedSegments = field(default_factory=LandedSegments)
    errors: list[KpopError] = field(default_factory=list)


class Intake:
    """All that one worker takes in, from `start` to `stop`.

    Args:
        settings: the data folder, and the cluster where there is one.
        meters: count what is done.
        land_seconds: how long a line waits for its landing file at most.

    Attributes:
        meters: as given.
        root: the folder of journals.
        on_plays: called with plays that were taken in, before their sender is told.
        landing: what the last turn of landing did.
        recommendations: the log of answers.
        exposures: the log of who met a variant.
    """

    def __init__(
        self, settings: Settings, meters: Meters, land_seconds: float = LAND_SECONDS
    ) -> None:
        self.meters = meters
        self.root = journal_root(settings.home)
        self.on_plays: list[OnPlays] = []
        self.landing = LandingState()
        self.recommendations = LineLog(self, RECOMMENDATION_LINES)
        self.exposures = LineLog(self, EXPOSURE_LINES)
        self._settings = settings
        self._land_seconds = land_seconds
        self._sinks = Sinks(settings)
        self._opening = threading.Lock()
        self._ways: dict[str, tuple[Journal, Door]] = {}
        self._ids: PersonIds | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to land, also what processes left that were killed."""
        self._thread = threading.Thread(target=self._land_on, name="lander")
        self._thread.start()

    def stop(self) -> None:
        """Bring all that was asked for to the disk, and land it."""
        self._stopped.set()
        with self._opening:
            for journal, _ in self._ways.values():
                journal.close()
        if self._thread is not None:
            self._thread.join()
            self._land()
        self._sinks.close()

    def append(self, record: Record, lines: Sequence[Line]) -> Future[None]:
        """Take lines in that somebody waits for; done once they are on the disk.

        Args:
            record: their kind.
            lines: each with a time that is a day's of ours.

        Raises:
            LandingError: the key of listeners cannot be used, or the folder not be made.
        """
        journal, door = self._way(record)
        return journal.append([_framed(record, door, line) for line in lines])

    def add(self, record: Record, line: Line) -> bool:
        """Write a line down that nobody waits for; False where it is left out."""
        try:
            journal, door = self._way(record)
        except LandingError:
            self.meters.log_lines_lost(record.kind)
            return False
        if ingest_day(line.get(record.observed)) is None:
            self.meters.log_lines_lost(record.kind)
            return False
        return journal.add([_framed(record, door, line)])

    def journals(self) -> dict[str, Journal]:
        """The journals that were begun, by kind."""
        with self._opening:
            return {kind: journal for kind, (journal, _) in self._ways.items()}

    def ids(self) -> PersonIds:
        """What makes ids of listeners; of ours it makes themselves.

        Raises:
            LandingError: the key cannot be used, or is gone.
        """
        if self._ids is None:
            self._ids = person_ids(self._settings.landing, PLAY_LINES.kind, SERVED_KEPT)
        return self._ids

    def ids_trouble(self) -> str | None:
        """What keeps listeners from being known; None where nothing does. It makes no key."""
        if self._ids is None:
            try:
                find_key(self._settings.landing, PLAY_LINES.kind)
            except LandingError as error:
                return str(error)
        return None

    def _way(self, record: Record) -> tuple[Journal, Door]:
        way = self._ways.get(record.kind)
        if way is None:
            with self._opening:
                if self._stopped.is_set():
                    raise LandingError("the server is being stopped", "send it again")
                if record.kind not in self._ways:
                    door = Door(record, self.ids())
                    lost = partial(self.meters.log_lines_lost, record.kind)
                    self._ways[record.kind] = Journal(self.root / record.kind, lost), door
                way = self._ways[record.kind]
        return way

    def _land_on(self) -> None:
        asked = 0
        while True:
            self._land()
            if self._stopped.wait(_LOOK_SECONDS):
                return
            asked = self._close_segments(asked)

    def _close_segments(self, asked: int) -> int:
        """Close what is old, or all since that was asked for; when it was, last."""
        try:
            now_asked = asked_to_close(self.root)
            age = self._land_seconds if now_asked == asked else 0.0
            for journal in self.journals().values():
                journal.close_segment(age)
        except LandingError:
            # The next turn asks again, and what cannot be landed is told there.
            return asked
        return now_asked

    def _land(self) -> None:
        try:
            landed = land_segments(self.root, self._sinks.of_kind)
            self.landing = LandingState(landed, [*landed.errors.values()])
            self.meters.journal_holds(*held_in_journals(self.root))
        except LandingError as error:
            self.landing = LandingState(errors=[error])
        if any(isinstance(error, KafkaError) for error in self.landing.errors):
            self.meters.outside_failed("kafka")


class LineLog:
    """Lines of one kind that are written down when there is time: nobody waits for them.

    Args:
        intake: which writes them.
        record: their kind.
    """

    def __init__(self, intake: Intake, record: Record) -> None:
        self._intake, self._record = intake, record

    def add(self, line: Line) -> bool:
        """Write a line down; False where there is no room. It never waits and never fails."""
        return self._intake.add(self._record, {"source": API_SOURCE, **line})


def _framed(record: Record, door: Door, line: Line) -> bytes:
    day = ingest_day(line[record.observed])
    if day is None:
        raise ValueError(f"{record.observed} is no time of a day")
    return framed(day, door.line(line, Repairs()))


def epoch_ms_now() -> int:
    """Now, in epoch milliseconds."""
    return time.time_ns() // 1_000_000
