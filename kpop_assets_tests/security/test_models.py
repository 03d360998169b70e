"""Models that a stranger put into the store: refused in one line, and nothing of theirs ran."""

from __future__ import annotations

import json
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import skops.io
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.ml.model_store import ModelStore, ModelTypes, TrackingError
from kpop_assets.ml.renames import with_new_names
from kpop_assets.models.experiment import open_tracking
from kpop_assets.models.stored import model_store

ID = "m-" + "0" * 32
URI = f"models:/{ID}"
FEATURES = ("view_count", "score")
SIGNATURE = {"inputs": json.dumps([{"name": name, "type": "double"} for name in FEATURES])}
SKLEARN = {"sklearn": {"pickled_model": "model.skops"}}


class Payload:
    """Makes a file when it is unpickled, or when skops makes one and fills it."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> Any:
        return Path.touch, (Path(self.mark),)

    def __setstate__(self, state: dict[str, Any]) -> None:
        Path(state["mark"]).touch()


class Silent:
    """A class that skops has to make to load it."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __setstate__(self, state: dict[str, Any]) -> None:
        Path(state["mark"]).touch()


def plant(home: Path, about: Any, model: bytes | None = None) -> Path:
    """A model's folder in the store of `home`, as somebody else might write it."""
    folder = home / "mlartifacts" / "models" / ID / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    text = about if isinstance(about, str) else yaml.safe_dump(about)
    (folder / "MLmodel").write_text(text)
    if model is not None:
        (folder / "model.skops").write_bytes(model)
    return folder


def described(flavors: dict[str, Any]) -> dict[str, Any]:
    return {"flavors": flavors, "signature": SIGNATURE, "metadata": {"kind": "x", "temperature": 1}}


def refused(home: Path) -> None:
    with pytest.raises(TrackingError) as failure:
        model_store(home).find(URI).load()
    assert str(failure.value) == f"model {URI} cannot be loaded: train anew with `kpop train`"


def test_the_payload_would_have_run(tmp_path: Path):
    mark = tmp_path / "ran"
    pickle.loads(pickle.dumps(Payload(mark)))
    assert mark.exists()


def test_a_pickle_in_place_of_a_model_does_not_run(tmp_path: Path):
    mark = tmp_path / "ran"
    plant(tmp_path, described(SKLEARN), pickle.dumps(Payload(mark)))
    refused(tmp_path)
    assert not mark.exists()


def test_a_class_that_is_none_of_ours_is_not_made(tmp_path: Path):
    mark = tmp_path / "ran"
    model = skops.io.dumps(OrderedDict(x=Silent(mark)))
    plant(tmp_path, described(SKLEARN), model)
    refused(tmp_path)
    assert not mark.exists()
    (kind,) = skops.io.get_untrusted_types(data=model)
    skops.io.loads(model, trusted=[kind])
    assert mark.exists(), "the model would have run, had it been trusted"


def test_a_model_lies_in_its_own_folder(tmp_path: Path):
    """The name of its file is a name, whatever it says."""
    (tmp_path / "elsewhere.skops").write_bytes(skops.io.dumps(OrderedDict()))
    for name in ("../../../../elsewhere.skops", str(tmp_path / "elsewhere.skops")):
        plant(tmp_path, described({"sklearn": {"pickled_model": name}}))
        refused(tmp_path)


@pytest.mark.parametrize(
    "uri",
    [
        "models:/../../x",
        f"models:/{ID}/../../x",
        f"{URI}\n",
        "/etc",
        "file:///etc",
        "http://127.0.0.1:1/x",
        f"models:/{ID.upper()}",
    ],
)
def test_a_name_from_a_table_is_an_id_or_nothing(tmp_path: Path, uri: str):
    plant(tmp_path, described(SKLEARN))
    with pytest.raises(TrackingError, match="cannot be loaded"):
        model_store(tmp_path).find(uri)


@pytest.mark.parametrize(
    "about",
    [
        "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [MARK]]",
        "- a list",
        "\x00",
        "flavors: {sklearn: 1}",
        described({"sklearn": {"pickled_model": "model.skops", "code": "code"}}),
        described({"spark": {"model_data": "sparkml", "code": "code"}}),
        {**described(SKLEARN), "signature": {"inputs": "{"}},
        {**described(SKLEARN), "signature": None},
        described({}),
    ],
    ids=str,
)
def test_a_description_that_is_none_is_refused(tmp_path: Path, about: Any):
    mark = tmp_path / "ran"
    if isinstance(about, str):
        about = about.replace("MARK", str(mark))
    plant(tmp_path, about, skops.io.dumps(OrderedDict()))
    refused(tmp_path)
    assert not mark.exists()


@given(content=st.binary(max_size=200), is_cut=st.booleans())
def test_any_bytes_are_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, is_cut: bool
):
    whole = skops.io.dumps(OrderedDict(x=Silent(Path("never"))))
    home = tmp_path_factory.mktemp("home")
    plant(home, described(SKLEARN), whole[: len(whole) - 1 - len(content)] if is_cut else content)
    refused(home)


def test_a_pipeline_of_spark_is_never_loaded(tmp_path: Path):
    plant(tmp_path, described({"spark": {"model_data": "sparkml", "code": None}}))
    refused(tmp_path)
    with pytest.raises(TrackingError, match="cannot be loaded"):
        open_tracking(tmp_path).load(URI)


def test_a_renamed_class_must_be_trusted_under_its_new_name(tmp_path: Path):
    """Renames come from our list alone, and what they lead to is checked like any other name."""
    mark = tmp_path / "ran"
    model = skops.io.dumps(OrderedDict(x=Silent(mark)))
    old = f"{__name__}.Silent"
    assert with_new_names(model, {}) == model
    trusted = ("collections.OrderedDict", old)
    plant(tmp_path, described(SKLEARN), with_new_names(model, {old: f"{__name__}.Payload"}))
    with pytest.raises(TrackingError):
        ModelStore(tmp_path, ModelTypes(trusted, "")).find(URI).load()
    assert not mark.exists()


@given(content=st.binary(max_size=200))
def test_renaming_in_any_bytes_is_an_error_of_its_file(content: bytes):
    with pytest.raises((zipfile.BadZipFile, KeyError, ValueError)):
        with_new_names(content, {"a.B": "c.D"})
