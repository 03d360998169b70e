"""What a training rests on, as one hash; and whether the one that stands rests on the same.

Belongs here: when two trainings of a day are the same, so that the second need not be. Does not
belong here: training (ml/training.py), or which days are trained on (operate/plan.py).

The same are: the rows that it may learn from and is tested on, floats to seven digits because
engines add in any order; the days of evaluation and history; every candidate with its settings; the
code that fits; the versions of the product and of the libraries that do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from kpop_assets.code_digest import digest_code
from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.table import Table
from kpop_assets.contracts.viral import VIRAL_SCORES
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.ml.digest import digest_rounded, spelled
from kpop_assets.ml.folds import folds
from kpop_assets.ml.target import known_by
from kpop_assets.ml.tracking import Tracking

if TYPE_CHECKING:
    from kpop_assets.ml.backtest import Fitter, ModelCandidate

# Raise it where code that `fitting_code` does not name changes what the same rows give.
METHOD_VERSION = "1"
_BESIDE_ML = ("candidates", "dataset", "mllib", "shaping", "viral_candidates")
# PySpark brings MLlib along, whose candidates compete on the engine `spark`.
_FITTED_BY = ("kpop-assets", "scikit-learn", "lightgbm", "numpy", "pandas", "scipy", "pyspark")


def recipe_digest(
    fitter: Fitter, day: dt.date, evaluation_days: int, competing: Sequence[ModelCandidate]
) -> str:
    """The hash of all that a training on `day` rests on."""
    rows = _digest_rows(fitter, day, evaluation_days)
    ways = (evaluation_days, fitter.history_days, fitter.max_rows, fitter.target)
    parts = [method(), rows, *map(spelled, ways)]
    parts += [spelled((one, one.build())) for one in competing]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def join_recipes(*recipes: str) -> str:
    """The hash of a training that learns several targets."""
    return hashlib.sha256("\n".join(recipes).encode()).hexdigest()[:16]


def method() -> str:
    """What every fit rests on, whatever its rows and settings: code and versions."""
    versions = [metadata.version(name) for name in _FITTED_BY]
    return " ".join([METHOD_VERSION, digest_code(fitting_code()), *versions])


def fitting_code() -> list[Path]:
    """The files that say how candidates are built, fitted and scored."""
    room = Path(__file__).parent
    own = [room / f"{name}.py" for name in _BESIDE_ML]
    return [*own, *(room.parent / "ml").glob("*.py")]


def stands(step: Step, tracking: Tracking, day: dt.date, recipe: str) -> bool:
    """Whether a training of this recipe is done: rows, scores, and every model that was kept.

    The row of `models/trainings` is written last, so where it is, the others are.
    """
    if not all(step.exists(table) for table in (TRAININGS, CANDIDATE_SCORES, VIRAL_SCORES)):
        return False
    columns = ["refusal", "recipe_digest", "viral_refusal"]
    done = step.arrow(TRAININGS, day, day_end(day), columns).to_pylist()
    if [(row["refusal"], row["recipe_digest"]) for row in done] != [(None, recipe)]:
        return False
    learned = [CANDIDATE_SCORES, *([] if done[0]["viral_refusal"] else [VIRAL_SCORES])]
    models = [_models(step, table, day) for table in learned]
    return all(models) and all(tracking.has(uri) for uris in models for uri in uris)


def _models(step: Step, table: Table, day: dt.date) -> list[str]:
    scored = step.arrow(table, day, day_end(day), ["is_portable", "model_uri"]).to_pylist()
    return [row["model_uri"] for row in scored if row["is_portable"]]


def _digest_rows(fitter: Fitter, day: dt.date, evaluation_days: int) -> str:
    """The hash of the rows that fits and tests of a training on `day` choose from."""
    target = fitter.target
    origins = folds(day, evaluation_days, target.horizon_days, target.step_days)
    first = min(day, *(fold.cut for fold in origins)) - dt.timedelta(days=fitter.history_days)
    known = known_by(fitter.labelled, target, day)
    known = known[known[target.day] >= first.isoformat()]
    return digest_rounded(known)
