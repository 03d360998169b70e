"""What a training of recommenders rests on, as one hash.

Belongs here: what makes two trainings of a day the same, so that the second need not be. Does not
belong here: training, or whether one stands (recommender_steps.py).

The same are: plays and ratings of works, all that is known of the works (their vectors too, which
also come of the catalogue) and of acts, every candidate with its settings, the code that fits, and
the versions of the libraries that do, PyTorch's where it is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from kpop_assets.code_digest import digest_code
from kpop_assets.contracts import recommend_rules
from kpop_assets.ml.digest import spelled
from kpop_assets.recommend.learners.variational import is_installed
from kpop_assets.recommend.matrices.interactions import Interactions

if TYPE_CHECKING:
    from kpop_assets.recommend.learners.moments import Moment
    from kpop_assets.recommend.learners.play_families import PlayFamily

_FITTED_BY = (
    *("kpop-assets", "faiss-cpu", "implicit", "lightgbm", "numpy", "polars", "scikit-learn"),
    *("scikit-surprise", "scipy", "pyspark"),
)
# Modules that read, print or serve: what they say changes no training.
_BESIDE = ("assets", "checks", "recommender_steps", "weekly")


def recommender_recipe(today: Moment, families: Sequence[PlayFamily]) -> str:
    """The hash of all that a training rests on."""
    played, works = today.all_plays, today.works
    whole = hashlib.sha256()
    for part in (
        *_arrays_of(played.plays),
        *_arrays_of(played.ratings),
        played.dropped_firsts.tobytes(),
        *played.listeners.tolist(),
        _rows(works.rows),
        works.acts.tobytes(),
        *works.act_names,
        works.vectors.astype(np.float32).tobytes(),
        _rows(today.news.chances),
        _rows(today.news.outliers),
        *(spelled(family) for family in families),
        digest_code(_code()),
        *(metadata.version(name) for name in _FITTED_BY),
        *(metadata.version("torch") for _ in range(is_installed())),
    ):
        whole.update(part if isinstance(part, bytes) else f"{part}\n".encode())
    return whole.hexdigest()[:16]


def _arrays_of(told: Interactions) -> list[bytes]:
    return [one.tobytes() for one in (told.users, told.items, told.values, told.times)]


def _rows(frame: pl.DataFrame) -> bytes:
    """A frame as text, floats to seven digits, because engines add in any order."""
    floats = pl.selectors.float()
    return frame.with_columns(floats.cast(pl.Float32)).write_csv(None).encode()


def _code() -> list[Path]:
    room = Path(__file__).parent
    own = [path for path in room.glob("*.py") if path.stem not in _BESIDE]
    return [*own, Path(recommend_rules.__file__), *(room.parent / "ml").glob("trees.py")]
