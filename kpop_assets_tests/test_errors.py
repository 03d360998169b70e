"""Errors: one base, no decision by words, and no way of reading that aborts at the end."""

from __future__ import annotations

import ast
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import app
import kpop_assets
import serving
from kpop_assets.errors import KpopError
from kpop_assets.lake.errors import InUseError, LakeError, MissingTableError

ROOT = Path(__file__).parents[1]
# Never seen by a person, each with what it is instead.
NO_ERROR = {
    "app.notices.PageEnd": "a page ends with a sentence in the visitor's language",
    "kpop_assets.graph.step.UndeclaredError": "a defect of an asset, found when it is first run",
}
# What other programs say is looked at here alone.
ADAPTER = "kpop_assets/lake/foreign.py"
_WORDS = {"partition", "rpartition", "split", "rsplit", "startswith", "endswith", "find", "index"}
_PATTERNS = {"search", "match", "fullmatch", "findall", "finditer", "sub"}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("app.main"):
            yield importlib.import_module(found.name)


def test_every_exception_of_the_product_derives_from_the_one_base():
    others = {
        f"{kind.__module__}.{kind.__qualname__}"
        for package in (kpop_assets, app, serving)
        for module in modules(package)
        for kind in vars(module).values()
        if inspect.isclass(kind)
        and issubclass(kind, BaseException)
        and kind.__module__ == module.__name__
        and not issubclass(kind, KpopError)
    }
    assert others == NO_ERROR.keys()


def is_text_of_error(node: ast.AST) -> bool:
    """`str(error)`, whatever the error is called."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "str"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id in {"error", "err", "exc", "e", "failure", "exception"}
    )


def decides_by_words(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        # On the left of `in` it is looked for among others' texts, to tell it once.
        is_in = isinstance(node.ops[0], ast.In | ast.NotIn)
        parts = node.comparators if is_in else [node.left, *node.comparators]
        return any(is_text_of_error(part) for part in parts)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name, owner = node.func.attr, node.func.value
    # Without an argument, `split` only folds white space.
    if name in _WORDS and node.args and is_text_of_error(owner):
        return True
    return name in _PATTERNS and any(is_text_of_error(part) for part in node.args)


@pytest.mark.parametrize("folder", ["kpop_assets", "app", "serving"])
def test_no_module_but_the_adapter_decides_by_the_words_of_an_error(folder: str):
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / folder).rglob("*.py")
        if str(path.relative_to(ROOT)) != ADAPTER
        for node in ast.walk(ast.parse(path.read_text()))
        if decides_by_words(node)
    ]
    assert found == []


def test_a_decision_by_words_would_be_found():
    for text in (
        '"disk" in str(error)',
        'str(error) == "x"',
        'str(error).rpartition(": ")',
        're.search("x", str(error))',
    ):
        assert any(decides_by_words(node) for node in ast.walk(ast.parse(text))), text
    folded = '" ".join(str(error).split())'
    assert not any(decides_by_words(node) for node in ast.walk(ast.parse(folded)))


@pytest.mark.parametrize(
    "folder", ["kpop_assets", "app", "serving", "bench", "drills", "kpop_assets_tests"]
)
def test_nothing_reads_tables_through_arrows_data_sets(folder: str):
    """Their threads let go of Python objects after the interpreter's end, and abort it."""
    banned = ("to_pyarrow" + "_dataset", "to_pyarrow" + "_table", "pyarrow." + "dataset")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in (ROOT / folder).rglob("*.py")
        for word in banned
        if word in path.read_text()
    ]
    assert found == []


def test_an_error_says_what_and_the_way_out_and_whether_to_try_again():
    error = LakeError("the disk is full", "free some")
    assert str(error) == "the disk is full: free some"
    assert (error.what, error.way_out, error.may_pass) == ("the disk is full", "free some", True)
    assert str(LakeError("nothing helps")) == "nothing helps"
    assert not LakeError("x", may_pass=False).may_pass
    assert InUseError("x").may_pass
    assert not MissingTableError("x").may_pass
    again = pickle.loads(pickle.dumps(LakeError("x", "y", may_pass=False)))
    assert (again.what, again.way_out, again.may_pass) == ("x", "y", False)
