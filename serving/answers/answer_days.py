"""Taking the days since the training from the lake, beside the answers.

Belongs here: when they are looked for. Does not belong here: reading them
(kpop_assets/recommend/service/online_days.py).
"""

from __future__ import annotations

import logging
import sqlite3
import threading

import polars as pl

from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.matrices.bundle_parts import BundleError
from kpop_assets.recommend.service.online_days import ListenedDays
from kpop_assets.recommend.service.online_plays import OnlinePlays
from serving.answers.answer_bundles import AnswerBundles

LOOK_SECONDS = 60.0
_log = logging.getLogger("kpop.answers")


class DaysTaker:
    """Looks once a minute whether the lake has other days; one process of the machine reads them.

    Args:
        bundles: what answers.
        days: where they are kept.
        plays: recent ones, of which those go that the lake has.
        reader: of the lake.
    """

    def __init__(
        self, bundles: AnswerBundles, days: ListenedDays, plays: OnlinePlays, reader: LakeReader
    ) -> None:
        self._bundles, self._days, self._reader = bundles, days, reader
        self._plays = plays
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="days", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Take the days where there are others; what cannot be read is told and tried again."""
        try:
            self._days.take(self._bundles.now().bundle, self._reader)
        except (LakeError, BundleError):
            # No table or no bundle yet, or one that other checks tell of.
            return
        except (OSError, sqlite3.Error, ValueError, pl.exceptions.PolarsError) as error:
            _log.warning("days since the training are not taken: %s", error)

    def let_go(self) -> None:
        """Remove listeners of whom nothing is known that the lake does not have."""
        try:
            learnt_until = self._bundles.now().bundle.training_day
            self._plays.let_go(max(learnt_until, self._days.until() or learnt_until))
        except BundleError:
            return
        except (OSError, sqlite3.Error, ValueError) as error:
            _log.warning("plays that the lake has are not removed: %s", error)

    def _look_on(self) -> None:
        is_stopped = False
        while not is_stopped:
            self.look()
            self.let_go()
            is_stopped = self._stopped.wait(LOOK_SECONDS)
