"""What may run code or a command of somebody else's, and the few places that do."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import build_defs
from kpop_assets.operate.pages import LOOPBACK, PAGES
from kpop_assets.settings import Settings

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "kpop_assets").rglob("*.py"), *(ROOT / "app").rglob("*.py")])
# By what is used: the places that may, each with its reason.
ALLOWED = {
    # The size of an estimator; the bytes go nowhere and are never read.
    "pickle.dumps": {"kpop_assets/ml/training.py"},
    # With the types that a domain lists (models/stored.py).
    "skops.io.loads": {"kpop_assets/ml/model_store.py"},
}
FOREIGN_CODE = {
    "pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal",
    "subprocess", "runpy",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__"}
LOADS = {"load_model", "unsafe_load", "full_load", "read_pickle", "to_pickle", "system", "popen"}
# An argument with this name and value turns a safe call into one that runs what it is given.
ARGUMENTS = {("allow_pickle", True), ("shell", True), ("trusted", True)}


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or an attribute of names; of others the last part."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def modules_of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {f"{node.module}.{alias.name}" for alias in node.names}
    return set()


def suspects(source: str) -> set[str]:
    """What in a module may run something that it is given."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names = modules_of(node)
        found |= {f"import {n}" for n in names if n.split(".")[0] in FOREIGN_CODE}
        found |= names & {"skops.io.load", "skops.io.loads"}
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            last = name.rpartition(".")[2]
            is_bare = isinstance(node.func, ast.Name) and last in CALLS
            is_yaml = name in ("yaml.load", "yaml.load_all")
            if is_bare or is_yaml or last in LOADS or name.split(".")[0] in FOREIGN_CODE:
                found.add(name)
            found |= {
                f"{name}({word.arg}={word.value.value})"
                for word in node.keywords
                if isinstance(word.value, ast.Constant)
                and (word.arg, word.value.value) in ARGUMENTS
            }
    # An import by itself does nothing; what is called of it is what is allowed or not.
    called = {name.split(".")[0] for name in found}
    return found - {f"import {name}" for name in called}


def test_nothing_loads_code_or_runs_a_command():
    assert not [
        (place, name)
        for path in MODULES
        for place in [str(path.relative_to(ROOT))]
        for name in suspects(path.read_text())
        if place not in ALLOWED.get(name, set())
    ]


def test_every_exception_is_still_needed():
    for name, places in ALLOWED.items():
        for place in places:
            assert name in suspects((ROOT / place).read_text()), (name, place)


@pytest.mark.parametrize(
    "source",
    [
        "import pickle\npickle.loads(x)",
        "import joblib",
        "from pickle import loads",
        "from cloudpickle import load as l",
        "import numpy as np\nnp.load(x, allow_pickle=True)",
        "import pandas as pd\npd.read_pickle(x)",
        "import yaml\nyaml.load(x, yaml.Loader)",
        "import subprocess",
        "import os\nos.system(x)",
        "eval(x)",
        "exec(x)",
        "from skops.io import load\nload(x)",
        "import mlflow\nmlflow.pyfunc.load_model(x)",
    ],
)
def test_the_rule_finds(source: str):
    assert suspects(source)


@pytest.mark.parametrize("source", ["import re\nre.compile(x)", "import json\njson.load(x)"])
def test_the_rule_lets_pass(source: str):
    assert not suspects(source)


def test_every_documented_server_is_told_to_listen_on_loopback():
    """`python -m drills.listening` starts them and looks."""
    viewer = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert viewer["server"]["address"] == "127.0.0.1"
    recipes = (ROOT / "Makefile").read_text()
    words = {
        name: " ".join(pages.command(Settings(home=ROOT / "data"), LOOPBACK, pages.port))
        for name, pages in PAGES.items()
    }
    assert "dagster dev -h 127.0.0.1" in words["dev"]
    assert "mlflow ui --host 127.0.0.1" in words["tracking"]
    assert all(f"operate.pages {name}" in recipes for name in PAGES)
    for text in (recipes, *words.values(), (ROOT / ".streamlit" / "config.toml").read_text()):
        assert "0.0.0.0" not in text and "::" not in text


def test_no_asset_hands_a_value_on():
    """Dagster's default store would write it as a pickle and load it in the next step."""
    checked = 0
    for asset in build_defs().assets or ():
        assert isinstance(asset, dg.AssetsDefinition)
        passed = {*asset.node_keys_by_input_name, *asset.node_keys_by_output_name}
        ends = [*asset.node_def.input_defs, *asset.node_def.output_defs]
        kinds = {end.name: end.dagster_type.is_nothing for end in ends if end.name in passed}
        assert all(kinds.values()), (asset.keys, kinds)
        checked += len(kinds)
    assert checked
