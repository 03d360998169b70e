"""The serving bundle that a process answers from, taken up anew without a dropped request.

Belongs here: looking whether another bundle answers, opening it aside, and what stands in where
none opens. Does not belong here: files (kpop_assets/recommend/bundle/bundle_read.py), or an answer.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.contracts.play_rules import DAY_SECONDS, SEOUL_OFFSET_SECONDS
from kpop_assets.recommend.bundle.bundle_read import open_bundle, open_folder
from kpop_assets.recommend.bundle.bundle_write import bundles
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.matrices.bundle_parts import (
    CURRENT,
    MANIFEST,
    BundleError,
    bundle_errors,
    serving_folder,
)
from kpop_assets.recommend.service.answer import ListeningWish, onboarding, recommend
from serving.metrics.meters import Meters

LOOK_SECONDS = 1.0
# One that could not be opened is tried again, since somebody may have mended it.
RETRY_SECONDS = 10.0
_EPOCH = dt.date(1970, 1, 1)
_log = logging.getLogger("kpop.answers")


@dataclass(frozen=True)
class AnsweringBundle:
    """What answers now.

    Attributes:
        bundle: an open bundle.
        is_whole: whether it is the one that should answer; of one of before only what is popular
            is told.
    """

    bundle: Bundle
    is_whole: bool


class AnswerBundles:
    """The bundle of a data folder as one process has it open.

    Answers go on with the bundle that they began with; one that nobody uses is let go.

    Args:
        home: the data folder.
        meters: count what is taken up.
        look_seconds: how often it is looked whether another one answers.
    """

    def __init__(self, home: Path, meters: Meters, look_seconds: float = LOOK_SECONDS) -> None:
        self._home, self._meters, self._look_seconds = home, meters, look_seconds
        self._answering: AnsweringBundle | None = None
        self._error: BundleError | None = None
        self._seen: tuple[str, int] | None = None
        self._retry_at = 0.0
        self._looking = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the bundle that answers, and look for others from now on."""
        self.look()
        self._thread = threading.Thread(target=self._look_on, name="bundles", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def now(self) -> AnsweringBundle:
        """What answers.

        Raises:
            BundleError: nothing does yet; it says the way out.
        """
        if self._answering is None:
            self.look()
        if self._answering is None:
            raise self._error or BundleError("no recommender is open yet", "try again in a moment")
        return self._answering

    def trouble(self) -> str | None:
        """What keeps every bundle from answering; None where one does, or none was ever made."""
        if self._answering is not None or self._error is None or not self._was_made():
            return None
        return str(self._error)

    def note(self) -> str | None:
        """Why less is answered than should be, though something is; None where all of it is."""
        is_whole = self._answering is not None and self._answering.is_whole
        return None if is_whole or self._error is None or self.trouble() else str(self._error)

    def _was_made(self) -> bool:
        root = serving_folder(self._home)
        return os.path.lexists(root / CURRENT) or bool(bundles(root))

    def look(self) -> None:
        """Take up the bundle that answers where it is another, or was changed."""
        with self._looking:
            seen = self._state()
            is_due = self._error is not None and time.monotonic() >= self._retry_at
            if seen is not None and seen == self._seen and not is_due:
                return
            try:
                with bundle_errors(serving_folder(self._home)):
                    bundle = open_bundle(self._home)
                    warm(bundle)
                    trained_at = _trained_at(bundle)
            except BundleError as error:
                self._refuse(seen, error)
                return
            self._answering, self._error, self._seen = AnsweringBundle(bundle, True), None, seen
            self._meters.model_opened(trained_at)

    def _refuse(self, seen: tuple[str, int] | None, error: BundleError) -> None:
        # Each bundle that cannot be used is told of once, however often it is tried.
        if self._error is None or seen != self._seen:
            _log.warning("%s", error)
            if serving_folder(self._home).is_dir():
                self._meters.model_refused()
        self._error, self._seen = error, seen
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if self._answering is None and (before := _newest_usable(self._home)) is not None:
            self._answering = AnsweringBundle(before, False)

    def _state(self) -> tuple[str, int] | None:
        """What an open bundle depends on: its name, and its manifest, which forgetting renews."""
        root = serving_folder(self._home)
        try:
            name = (root / CURRENT).read_text(encoding="utf-8").strip()
            return name, (root / name / MANIFEST).stat().st_mtime_ns
        except (OSError, ValueError):
            return None

    def _look_on(self) -> None:
        while not self._stopped.wait(self._look_seconds):
            self.look()


def warm(bundle: Bundle) -> None:
    """Have everything loaded that an answer needs: the first must not wait for it."""
    warm_popular(bundle)
    if bundle.item_count:
        recommend(bundle, ListeningWish(seeds=[0]))
        recommend(bundle, ListeningWish(seeds=[bundle.item_count - 1]))
        onboarding(bundle)


def warm_popular(bundle: Bundle) -> None:
    """Have everything loaded that tells what is popular."""
    recommend(bundle, ListeningWish(hour=0))


def _newest_usable(home: Path) -> Bundle | None:
    """The newest that answers everything; where none does, one that tells what is popular."""
    folders = bundles(serving_folder(home))
    for ask in (warm, warm_popular):
        for folder in reversed(folders):
            try:
                with bundle_errors(folder):
                    bundle = open_folder(folder)
                    ask(bundle)
            except BundleError:
                continue
            return bundle
    return None


def _trained_at(bundle: Bundle) -> float:
    """The end of the training day, as seconds since 1970."""
    days = (bundle.training_day - _EPOCH).days + 1
    return float(days * DAY_SECONDS - SEOUL_OFFSET_SECONDS)
