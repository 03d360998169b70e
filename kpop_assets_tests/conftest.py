"""Fixtures that every test may use: the engine's session, a lake of its own, real data.

The engine is one of a whole test run (`--engine sail`, the default, or `--engine spark`): PySpark
decides once in a process whether its functions speak to a server or to a JVM. `make test` runs
tests on Sail, `make test-long` those that `long_tests.txt` names, which take most of the time, and
on Spark those marked `both_engines` and, of streams, `spark_only`: which they are follows from the
engine, and files without either mark are not even read.
"""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock
from pyspark.sql import SparkSession

from kpop_assets.engine.session import open_session
from kpop_assets.lake.lake import Lake
from kpop_assets.settings import Settings
from kpop_assets_tests.demo import END, simulate
from kpop_assets_tests.engines import settings_on

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"
# One a line, as `folder/test_file.py::test_name`.
LONG_TESTS = Path(__file__).with_name("long_tests.txt")
# The marks of tests that run with `--engine spark`.
ON_SPARK = ("both_engines", "spark_only")
# A test's JVM ends before the second compiler pays: a third of the time of Spark's tests was its.
QUICK_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sail", "spark"), default="sail")


def pytest_configure() -> None:
    """What Spark's launcher hands to every JVM of the tests, also to those of commands."""
    os.environ.setdefault("SPARK_SUBMIT_OPTS", QUICK_JVM)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files of which nothing runs on Spark: importing them all takes ten seconds."""
    if config.getoption("--engine") == "sail" or collection_path.suffix != ".py":
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if any(mark in text for mark in ON_SPARK) else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the engine's tests, and skip what this machine cannot run, saying why.

    CI turns a missing Java into a failure.
    """
    no_java = config.getoption("--engine") == "spark" and shutil.which("java") is None
    if no_java and os.environ.get("KPOP_REQUIRE_SPARK"):
        pytest.exit("engine spark needs Java 17, and KPOP_REQUIRE_SPARK is set", returncode=1)
    # Not skipped: what the one engine leaves out is run on the other, by `make test-long`.
    mine, others = [], []
    for item in items:
        (mine if _runs_on(config.getoption("--engine"), item) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = mine
    long = {line for line in LONG_TESTS.read_text().splitlines() if not line.startswith("#")}
    for item in items:
        if _name_of(item) in long:
            item.add_marker("long")
        if no_java:
            item.add_marker(pytest.mark.skip(reason="engine spark needs Java 17: not installed"))
        if item.get_closest_marker("realdata") and not REAL_DATA.is_dir():
            item.add_marker(
                pytest.mark.skip(reason="the public data sets are not beside the checkout")
            )


def _name_of(item: pytest.Item) -> str:
    """As `LONG_TESTS` has it: a test function, whatever its parameters."""
    name = getattr(item, "originalname", None) or item.name
    return f"{item.path.relative_to(LONG_TESTS.parent)}::{name}"


def _runs_on(engine: str, item: pytest.Item) -> bool:
    if engine == "sail":
        return item.get_closest_marker("spark_only") is None
    return any(item.get_closest_marker(mark) for mark in ON_SPARK)


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine of this test run."""
    return str(request.config.getoption("--engine"))


@pytest.fixture(scope="session")
def spark(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The engine's session, one for the whole run."""
    yield open_session(settings_on(engine, tmp_path_factory.mktemp("engine")))


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a folder once in a whole run, whichever process needs it first; tests only read it.

    Called as `filled_once(name, fill)`, where `fill` fills the folder it is given.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, stamp = shared / name, shared / f"{name}.filled"
        with FileLock(shared / f"{name}.lock"):
            if not stamp.exists():
                shutil.rmtree(folder, ignore_errors=True)
                fill(folder)
                stamp.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def full_home(filled_once: Callable[..., Path]) -> Path:
    """49 simulated days with a training and forecasts, as `kpop demo` leaves them; only read."""
    return filled_once("full", lambda home: simulate(home, 49, 200, END))


@pytest.fixture(scope="module")
def nodes_of() -> Callable[[Path], list[ast.AST]]:
    """The syntax of a source file, from its module on: parsed once for all rules of a test module.

    A rule is one test over all files: a test for each of them took more time than the rule.
    """
    return cache(lambda path: list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))


@pytest.fixture
def settings(tmp_path: Path, engine: str) -> Settings:
    """Settings with a data folder of the test's own."""
    return settings_on(engine, tmp_path / "data")


@pytest.fixture
def lake(settings: Settings, spark: SparkSession) -> Lake:
    """An empty lake."""
    return Lake(settings.lake, lambda: spark)


@pytest.fixture
def real_data() -> Path:
    """Folder of the public data sets; tests that use it are marked `realdata`."""
    return REAL_DATA
