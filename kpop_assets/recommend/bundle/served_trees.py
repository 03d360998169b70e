"""The learnt order of a serving bundle, from the text that LightGBM keeps trees in.

Belongs here: reading it and asking it. Does not belong here: what it is asked about
(service/served_candidates.py), or learning it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kpop_assets.recommend.matrices.bundle_parts import WAY_OUT, BundleError
from kpop_assets.recommend.matrices.interactions import Floats


class ServedTrees:
    """Trees of one bundle.

    Args:
        text: as LightGBM wrote them.
        folder: of the bundle.

    Raises:
        BundleError: they cannot be read.
    """

    def __init__(self, text: str | None, folder: Path) -> None:
        # It takes half a second to load, and a bundle without trees does not need it.
        from lightgbm import Booster

        self._folder = folder
        with _tree_errors(folder):
            self._booster = Booster(model_str=text)

    def scores(self, table: Floats) -> Floats:
        """How much each row of facts is liked.

        Raises:
            BundleError: they know other facts.
        """
        with _tree_errors(self._folder):
            return np.asarray(self._booster.predict(table, num_threads=1))


@contextmanager
def _tree_errors(folder: Path) -> Iterator[None]:
    from lightgbm.basic import LightGBMError

    try:
        yield
    except LightGBMError as error:
        raise BundleError(f"the trees of {folder} cannot be used", WAY_OUT) from error
