"""Models of sentiment in files of the data folder, and which one answers for a language.

Belongs here: writing a model whole or not at all, reading it back, the file that names those that
answer. Does not belong here: what a model is (sentiment_model.py), or the runs that MLflow keeps.

A model is a folder of its version: `model.json` and `arrays.npz`. Neither holds code, so reading
one runs none; what was read is held to the version, which is a hash of it.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import uuid
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kpop_assets.audience.sentiments.sentiment_calibration import MoodChances
from kpop_assets.audience.sentiments.sentiment_model import SentimentModel
from kpop_assets.audience.sentiments.sentiment_parts import part_of_arrays
from kpop_assets.errors import KpopError
from kpop_assets.lake.artifacts import write_artifact

_FOLDER, _ANSWERS = Path("audience", "sentiment"), "answers.json"
# Beside languages: chances of hate, offence and neither.
TOXICITY = "toxicity"
_ABOUT, _ARRAYS = "model.json", "arrays.npz"
_DAMAGED = (KeyError, IndexError, OSError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)


class SentimentModelError(KpopError):
    """A model that answers cannot be had."""


def write_model(artifacts: Path, model: SentimentModel) -> int:
    """Keep a model; returns its bytes. One that is there already and whole is left as it is."""
    folder = artifacts / _FOLDER / model.version
    if not has_model(artifacts, model.version):
        staged = folder.with_name(f".{model.version}.{uuid.uuid4().hex}")
        staged.mkdir(parents=True)
        try:
            about, arrays = model.arrays
            (staged / _ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
            np.savez_compressed(staged / _ARRAYS, allow_pickle=False, **arrays)
            # Of a damaged one nothing is of use.
            shutil.rmtree(folder, ignore_errors=True)
            staged.rename(folder)
        finally:
            # It is there if the disk was full, say.
            shutil.rmtree(staged, ignore_errors=True)
    return sum(path.stat().st_size for path in folder.iterdir())


def answer_with(artifacts: Path, name: str, model: SentimentModel, trained: dt.date) -> bool:
    """Let a kept model answer from now on, unless a later training's does.

    Args:
        artifacts: folder of the data folder's artifacts.
        name: what it answers: a language, or `TOXICITY`.
        model: one that was written.
        trained: the training day.

    Returns:
        Whether it answers.
    """
    named = _named(artifacts)
    before = named.get(name)
    if before is not None and before["trained_date"] > trained.isoformat():
        return before["version"] == model.version
    named[name] = {"version": model.version, "trained_date": trained.isoformat()}
    content = json.dumps(named, indent=1, sort_keys=True) + "\n"
    write_artifact(artifacts / _FOLDER, _ANSWERS, content.encode())
    return True


def answering_model(artifacts: Path, name: str) -> SentimentModel | None:
    """The model that answers by a name; None where none was trained.

    Raises:
        SentimentModelError: the one that is named is gone or damaged.
    """
    named = _named(artifacts).get(name)
    return None if named is None else read_model(artifacts, named["version"])


def has_model(artifacts: Path, version: str) -> bool:
    """Whether a version is kept and whole."""
    try:
        read_model(artifacts, version)
    except SentimentModelError:
        return False
    return True


def read_model(artifacts: Path, version: str) -> SentimentModel:
    """A kept model.

    Raises:
        SentimentModelError: it is gone, damaged, or not what its version says.
    """
    folder = artifacts / _FOLDER / version
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        # Of a damaged file that is read by its name NumPy leaves the handle open.
        content = io.BytesIO((folder / _ARRAYS).read_bytes())
        with np.load(content, allow_pickle=False) as file:
            model = _model_of(about, {name: file[name] for name in file.files})
        if model.version != version:
            raise _unusable(version)
    except _DAMAGED as error:
        raise _unusable(version) from error
    return model


def _model_of(about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> SentimentModel:
    parts = []
    for place, settings in enumerate(about["parts"]):
        start = f"{place}_"
        own = {name[len(start) :]: one for name, one in arrays.items() if name.startswith(start)}
        parts.append(part_of_arrays(settings, own))
    told = about["chances"]
    chances = MoodChances(
        np.array(told["part_weights"], dtype=np.float64),
        float(told["shift"]),
        np.array(told["coefficients"], dtype=np.float64),
    )
    return SentimentModel(str(about["family"]), str(about["lang"]), tuple(parts), chances)


def _named(artifacts: Path) -> dict[str, dict[str, str]]:
    path = artifacts / _FOLDER / _ANSWERS
    if not path.is_file():
        return {}
    try:
        named = json.loads(path.read_text(encoding="utf-8"))
        return {
            lang: {"version": str(one["version"]), "trained_date": str(one["trained_date"])}
            for lang, one in named.items()
        }
    except _DAMAGED as error:
        raise _unusable(_ANSWERS) from error


def _unusable(name: str) -> SentimentModelError:
    return SentimentModelError(
        f"the model of sentiment {name} is gone or damaged",
        "`kpop train sentiment` makes it anew",
    )
