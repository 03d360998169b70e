"""The repository's own rules, held against its source."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import typer.main

from kpop_assets.cli.main import app
from kpop_assets_tests.conftest import LONG_TESTS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kpop_assets"
VIEWER = ROOT / "app"
SERVICE = ROOT / "serving"
MODULES = sorted(path for room in (PACKAGE, VIEWER, SERVICE) for path in room.rglob("*.py"))
AROUND = sorted(path for name in ("bench", "drills") for path in (ROOT / name).rglob("*.py"))
TESTS = sorted((ROOT / "kpop_assets_tests").rglob("*.py"))
FUNCTION_LINES, FILE_LINES = 60, 250

# Where Dagster is spoken, beside each room's `assets.py` (of a large one also `..._assets.py`) and
# `checks.py`; everything else is plain data in, plain data out.
SPEAKS_DAGSTER = {"graph", "wiring", "operate"}
ASSEMBLY = ("assets.py", "checks.py")
# What a library keeps to itself is used in one module each, which a test of its own holds to it.
ADAPTERS = {
    "kpop_assets/operate/event_log.py": "kpop_assets_tests/operate/test_event_log.py",
    "kpop_assets/operate/instance.py": "kpop_assets_tests/operate/test_doctor.py",
    "kpop_assets/engine/jvm.py": "kpop_assets_tests/engine/test_session.py",
    "kpop_assets_tests/unpublished.py": "kpop_assets_tests/wiring/test_watch.py",
}
# Packages that another library has for itself alone, without a leading underscore.
INTERNAL = {"dagster_shared"}
# `Lake` is the only writer of tables; the folder of staged rows is its own.
WRITERS = [PACKAGE / "lake" / name for name in ("lake.py", "creation.py", "staging.py")]


NodesOf = Callable[[Path], list[ast.AST]]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def names_of(paths: Iterable[Path]) -> list[str]:
    return [name_of(path) for path in paths]


def is_pure(path: Path) -> bool:
    if not path.is_relative_to(PACKAGE):
        return True
    place = path.relative_to(PACKAGE)
    speaks = place.parts[0] in {*SPEAKS_DAGSTER, "definitions.py"} or place.name.endswith(ASSEMBLY)
    return not speaks


def imported(nodes: list[ast.AST]) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_pure_modules_do_not_know_dagster(nodes_of: NodesOf):
    pure = [path for path in MODULES if is_pure(path)]
    assert pure
    assert not names_of(
        path for path in pure if any(n.startswith("dagster") for n in imported(nodes_of(path)))
    )


def test_only_the_tracking_of_runs_knows_mlflow(nodes_of: NodesOf):
    knowing = names_of(path for path in MODULES if "mlflow" in imported(nodes_of(path)))
    assert knowing == ["kpop_assets/ml/tracking.py"]


def private_names(nodes: list[ast.AST]) -> list[str]:
    """Names with a leading underscore that a module takes from anywhere but itself."""
    found = []
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found += [name for name in names if re.match(r"_(?!_)", name) or name in INTERNAL]
        elif isinstance(node, ast.Attribute) and re.match(r"_(?!_)", node.attr):
            is_own = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            found += [] if is_own else [ast.unparse(node)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("setattr"):
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            found += [text for text in texts if re.search(r"(?:^|\.)_(?!_)", str(text))]
    return found


# Python's own way to end at once.
SPELLED_SO = {"os._exit"}


def test_what_another_keeps_to_itself_is_used_in_its_adapter_alone(nodes_of: NodesOf):
    used = {
        name_of(path): set(private_names(nodes_of(path))) - SPELLED_SO
        for path in (*MODULES, *AROUND, *TESTS)
        if name_of(path) not in ADAPTERS
    }
    assert {name: private for name, private in used.items() if private} == {}


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_is_held_to_its_library_by_a_test(adapter: str):
    module = adapter.removesuffix(".py").replace("/", ".")
    assert module in (ROOT / ADAPTERS[adapter]).read_text()


def test_only_assembly_gets_resources_and_the_graph_writes_no_asset_of_its_own():
    """An asset made without `lake_asset` or `files_asset` would have no guard, lock or policy."""
    raw = re.compile(r"dg\.(?:multi_)?asset\(|@dg\.asset\b|@dg\.graph_asset")
    makers = [name_of(path) for path in MODULES if raw.search(path.read_text())]
    assert makers == ["kpop_assets/graph/lake_asset.py"]


def test_what_the_viewer_works_out_knows_no_streamlit(nodes_of: NodesOf):
    works_out = {"queries", "charts", "messages"}
    works_out |= {"numbers.py", "snapshot.py", "links.py", "file_forms.py"}
    knowing = [path for path in MODULES if "streamlit" in imported(nodes_of(path))]
    assert knowing
    assert not names_of(
        path
        for path in knowing
        if not path.is_relative_to(VIEWER) or path.relative_to(VIEWER).parts[0] in works_out
    )


def test_looking_and_serving_need_neither_spark_nor_dagster_nor_mlflow():
    """Both start on a machine without them; MLflow comes with the simulator's first use."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (*VIEWER.rglob("*.py"), *SERVICE.rglob("*.py"))
        if path.name != "__init__.py"
    ]
    code = f"""
import importlib, sys
for name in {names}: importlib.import_module(name)
print([name for name in ("pyspark", "pysail", "dagster", "mlflow") if name in sys.modules])
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_a_module_says_what_belongs_in_it_and_init_is_empty(nodes_of: NodesOf):
    for path in (*MODULES, *AROUND):
        if path.name == "__init__.py":
            assert not path.read_text(), name_of(path)
        else:
            module = nodes_of(path)[0]
            assert isinstance(module, ast.Module)
            assert ast.get_docstring(module), f"{name_of(path)} begins with what belongs in it"


def test_files_and_functions_stay_short(nodes_of: NodesOf):
    around = (*MODULES, *AROUND)
    assert not names_of(p for p in around if len(p.read_text().splitlines()) > FILE_LINES)
    assert not [
        (name_of(path), node.name)
        for path in around
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]


def swallowing(nodes: list[ast.AST]) -> Iterator[int]:
    """Lines of what catches every error and does not raise it again."""
    for node in nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.id if isinstance(node.type, ast.Name) else None
            is_broad = node.type is None or caught in {"Exception", "BaseException"}
            if is_broad and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                yield node.lineno


def test_a_broad_except_raises_again(nodes_of: NodesOf):
    assert not [(name_of(path), line) for path in MODULES for line in swallowing(nodes_of(path))]


def test_only_the_lake_writes_tables():
    write = re.compile(r"\.write\.|write_deltalake|\.writeTo\(|DeltaTable\.create")
    writing = {path for path in MODULES if write.search(path.read_text())}
    assert not names_of(writing - {*WRITERS})


def test_only_the_settings_read_the_environment():
    read = re.compile(r"os\.environ\b(?!\.setdefault|\[\"DAGSTER_HOME\"\] =)|os\.getenv")
    reading = (path for path in MODULES if read.search(path.read_text()))
    assert not names_of(path for path in reading if path.name != "settings.py")


def test_an_import_starts_nothing_and_leaves_nothing_behind(tmp_path: Path):
    """In an empty folder, with no variable set and a home that does not exist."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
    ]
    code = "\n".join(
        [
            "import importlib, os, sys, threading",
            "os.environ.clear()",
            f"sys.path.insert(0, {str(ROOT)!r})",
            f"for name in {names}: importlib.import_module(name)",
            "from pyspark.sql import SparkSession",
            "assert SparkSession.getActiveSession() is None",
            "assert 'pysail' not in sys.modules",
            "assert threading.active_count() == 1, threading.enumerate()",
            # What Polars' allocator, scikit-learn's OpenMP and Streamlit set on import.
            "theirs = {'_RJEM_MALLOC_CONF', 'KMP_DUPLICATE_LIB_OK', 'KMP_INIT_AT_FORK'}",
            "theirs |= {'MPLBACKEND'}",
            "assert not set(os.environ) - theirs, dict(os.environ)",
        ]
    )
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
    command = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == run.stdout == ""
    assert list(tmp_path.iterdir()) == []


README = (ROOT / "README.md").read_text()
# Commands stand in code: fenced, or between backticks.
CODE = "\n".join("".join(found) for found in re.findall(r"```\n(.*?)```|`([^`\n]+)`", README, re.S))


def test_what_takes_long_is_there():
    """A test that was renamed would run with the quick ones."""
    named = [line for line in LONG_TESTS.read_text().splitlines() if not line.startswith("#")]
    assert named == sorted(set(named))
    for path, name in (line.split("::") for line in named):
        assert f"def {name}(" in (LONG_TESTS.parent / path).read_text(), f"{path}::{name}"


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", CODE))
    assert named >= {"demo", "test"}
    assert named <= targets


def test_every_command_of_the_readme_exists():
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"\bkpop ([a-z][a-z-]*)", CODE))
    assert named >= {"demo", "import", "run", "rank"}
    assert named <= commands


def test_every_path_of_the_readme_exists():
    paths = re.findall(r"`((?:kpop_assets|app|docs|bench|drills)/[\w./-]+)`", README)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_instance_configuration_lies_where_the_package_looks_for_it():
    assert (PACKAGE.parent / "dagster.yaml").is_file()


def test_what_tools_keep_is_ignored_by_git_and_removed_by_make_clean():
    ignored = re.findall(r"^(\.\w+)/$", (ROOT / ".gitignore").read_text(), re.MULTILINE)
    (clean,) = re.findall(
        r"^clean:.*\n\trm -rf (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert set(clean.replace("$(VENV)", ".venv").split()) == set(ignored)
    assert ".import_linter_cache" in ignored


def test_every_dependency_of_the_product_is_used_by_it(nodes_of: NodesOf):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[=<>]", each)[0] for each in project["dependencies"]}
    modules = {"pyyaml": "yaml", "scikit-learn": "sklearn", "faiss-cpu": "faiss"}
    modules["scikit-surprise"] = "surprise"
    found = set().union(*(imported(nodes_of(path)) for path in MODULES))
    # The server that `make dev` starts; the version of Delta's jars, and its half in Python.
    never_imported = {"dagster-webserver", "delta-spark"}
    used = {name for name in names if modules.get(name, name.replace("-", "_")) in found}
    assert names - used == never_imported
