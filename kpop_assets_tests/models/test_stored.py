"""Models of earlier homes: stored under old names of classes, they load and forecast the same."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
import yaml

from kpop_assets.ml.calibration import Calibrated
from kpop_assets.ml.model_store import TrackingError
from kpop_assets.ml.renames import with_new_names
from kpop_assets.models.candidates import candidates
from kpop_assets.models.stored import MODEL_TYPES, model_store
from kpop_assets_tests.models.test_candidates import world

ID = "m-" + "0" * 32
URI = f"models:/{ID}"
BY_NAME = {c.name: c for c in candidates()}
EARLIER_NAMES = {new: old for old, new in MODEL_TYPES.renamed.items()}
# Arguments of constructors that the earlier classes did not have.
LATER_ARGUMENTS = {"classes", "today", "earlier", "earlier_share", "later_days"}
FAMILIES = (
    "persistence/tier",
    "markov/tier",
    "seasonal/weekdays",
    "logistic_regression/three",
    "ordinal/three",
    "lightgbm/three",
    "random_forest/three",
)


def as_it_was(model: bytes) -> bytes:
    """The file as the version before wrote it: old names, and no argument that came later."""
    content = io.BytesIO(with_new_names(model, EARLIER_NAMES))
    with zipfile.ZipFile(content) as file:
        parts = {name: file.read(name) for name in file.namelist()}

    def drop(node: dict[str, Any]) -> dict[str, Any]:
        ours = str(node.get("__module__")).startswith("kpop_assets.")
        if ours and node.get("__loader__") == "ObjectNode":
            kept = node["content"]["content"]
            node["content"]["content"] = {k: v for k, v in kept.items() if k not in LATER_ARGUMENTS}
        return node

    parts["schema.json"] = json.dumps(json.loads(parts["schema.json"], object_hook=drop)).encode()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return whole.getvalue()


def plant(home: Path, features: tuple[str, ...], model: bytes) -> None:
    folder = home / "mlartifacts" / "models" / ID / "artifacts"
    folder.mkdir(parents=True)
    inputs = json.dumps([{"name": name, "type": "double"} for name in features])
    about = {
        "flavors": {"sklearn": {"pickled_model": "model.skops"}},
        "signature": {"inputs": inputs},
    }
    (folder / "MLmodel").write_text(yaml.safe_dump(about))
    (folder / "model.skops").write_bytes(model)


def fitted(name: str) -> Any:
    rows, tiers = world(120)
    candidate = BY_NAME[name]
    if candidate.is_baseline:
        return candidate.build().fit(rows, tiers)
    days = np.datetime64("2026-01-01") + np.arange(len(rows)) // 2
    return Calibrated(candidate.build(), 7).fit(rows, tiers, days)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_model_under_the_old_names_forecasts_the_same_bytes(tmp_path: Path, name: str):
    estimator, features = fitted(name), BY_NAME[name].features
    old = as_it_was(skops.io.dumps(estimator))
    with zipfile.ZipFile(io.BytesIO(old)) as file:
        schema = file.read("schema.json").decode()
    assert '"kpop_assets.models.' in schema
    assert '"kpop_assets.ml.' not in schema
    plant(tmp_path, features, old)
    loaded = model_store(tmp_path).find(URI).load()
    rows, _ = world(60, seed=2)
    expected = estimator.predict_proba(loaded.columns(rows))
    assert loaded.predict(rows).tobytes() == expected.tobytes()


def test_a_name_that_was_never_ours_is_not_followed(tmp_path: Path):
    model = skops.io.dumps(fitted("markov/tier"))
    new = "kpop_assets.ml.baselines.Markov"
    for other in ("kpop_assets.models.baselines.Other", "kpop_assets.other.Markov", "os.system"):
        home = tmp_path / other
        plant(home, ("tier",), with_new_names(model, {new: other}))
        with pytest.raises(TrackingError) as failure:
            model_store(home).find(URI).load()
        assert failure.value.what == f"model {URI} cannot be loaded"
        assert failure.value.way_out == "train anew with `kpop train`"


def test_each_old_name_leads_to_one_that_is_trusted():
    assert set(MODEL_TYPES.renamed.values()) <= set(MODEL_TYPES.trusted)
    assert not set(MODEL_TYPES.renamed) & set(MODEL_TYPES.trusted)
    assert set(MODEL_TYPES.added) <= set(MODEL_TYPES.trusted)
