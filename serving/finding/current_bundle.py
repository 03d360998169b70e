"""The serving bundle that answers now, opened once and again when another one does.

Belongs here: which bundle is open in this process. Does not belong here: opening one
(kpop_assets/recommend/bundle_read.py), or what is answered with it.
"""

from __future__ import annotations

import threading
from pathlib import Path

from kpop_assets.recommend.bundle_parts import CURRENT, serving_folder
from kpop_assets.recommend.bundle_read import open_bundle
from kpop_assets.recommend.served_bundle import Bundle


class CurrentBundle:
    """The bundle of a data folder; one a process.

    Args:
        home: the data folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._opened: tuple[float, Bundle] | None = None
        self._opening = threading.Lock()

    def open(self) -> Bundle:
        """The bundle that answers.

        Raises:
            BundleError: there is none, or it is not whole.
        """
        changed = self._changed_at()
        if self._opened is None or self._opened[0] != changed:
            with self._opening:
                if self._opened is None or self._opened[0] != changed:
                    self._opened = (changed, open_bundle(self._home))
        return self._opened[1]

    def _changed_at(self) -> float:
        try:
            return (serving_folder(self._home) / CURRENT).stat().st_mtime_ns
        except FileNotFoundError:
            return 0.0
