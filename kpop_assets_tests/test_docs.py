"""The documents, held against the repository: rooms, settings, and every path that they name."""

from __future__ import annotations

import ast
import importlib.util
import re
import tokenize
from pathlib import Path

import pytest

from app.pages import GROUPS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("*/README.md"),
        *ROOT.glob("docs/**/*.md"),
    ]
)
ROOMS = ("kpop_assets", "app", "serving")
AROUND = ("kpop_assets_tests", "bench", "deploy", "drills", "docs", "monitoring")
# Where a variable may be read: the product, what starts it, and what measures and proves it.
READERS = (
    "kpop_assets",
    "app",
    "serving",
    "bench",
    "drills",
    "Makefile",
    ".ci/run",
    "dagster.yaml",
    "compose.yaml",
)
# What libraries read by themselves, and a user of the product sets.
LIBRARIES = {"SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
VARIABLE = re.compile(
    rf"\b(?:(?:KPOP|DAGSTER|AWS)_[A-Z0-9]+(?:_[A-Z0-9]+)*|{'|'.join(sorted(LIBRARIES))})\b"
)
# Paths of a page may begin where the reader is led to: the product's modules or their tests.
BASES = ("", "kpop_assets", "kpop_assets_tests", "app", "serving", "bench", "drills")
MODULES = [
    path
    for base in ("kpop_assets", "app", "serving", "bench", "drills")
    for path in (ROOT / base).rglob("*.py")
]
MODULE = re.compile(r"(?<![\w/.<>*-])[\w.-]+(?:/[\w.-]+)*\.py\b")
# Between backticks stands a folder of the data (`taken/`), not a room.
ROOM = re.compile(r"(?<![\w/.<>*`-])(?:[\w.-]+/)+(?![\w`<{*])")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def is_room(folder: Path) -> bool:
    """Whether a folder is a room of the house; the viewer's groups are no rooms of their own."""
    is_group = folder.is_relative_to(ROOT / "app") and folder.name in GROUPS
    return folder.is_dir() and not folder.name.startswith(("__", ".")) and not is_group


def test_every_room_stands_in_the_plan_of_the_house_and_no_other():
    rooms = {
        f"{path.relative_to(ROOT)}/"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if is_room(path)
    }
    rooms |= {f"{name}/" for name in (*AROUND, "app", "serving")}
    planned = re.findall(r"^\| `([\w/]+/)` \|", (ROOT / "docs/house.md").read_text(), re.MULTILINE)
    assert len(planned) == len(set(planned))
    assert set(planned) == rooms


def named_variables() -> set[str]:
    found: set[str] = set()
    for place in READERS:
        path = ROOT / place
        files = list(path.rglob("*.py")) if path.is_dir() else [path]
        for file in files:
            found |= set(VARIABLE.findall(file.read_text()))
    return found


def test_every_environment_variable_stands_in_the_table_of_settings_and_no_other():
    table = (ROOT / "docs/settings.md").read_text()
    rows = "\n".join(re.findall(r"^\| `.*", table, re.MULTILINE))
    documented = set(VARIABLE.findall(rows))
    assert sorted((named_variables() | LIBRARIES) - documented) == []
    tests = "\n".join(path.read_text() for path in (ROOT / "kpop_assets_tests").rglob("*.py"))
    in_use = named_variables() | set(VARIABLE.findall(tests))
    assert sorted(documented - in_use) == []


def is_there(name: str, page: Path) -> bool:
    if "/" not in name:
        return any(ROOT.glob(f"*/**/{name}")) or (ROOT / name).exists()
    return any((ROOT / base / name).exists() for base in BASES) or (page.parent / name).exists()


@every_page
def test_every_file_that_a_page_names_exists(page: Path):
    names = set(re.findall(r"(?<![\w/.<>-])[\w.-]+(?:/[\w.-]+)*\.(?:py|md)\b", page.read_text()))
    assert [name for name in sorted(names) if not is_there(name, page)] == []


@every_page
def test_every_module_that_a_page_runs_exists(page: Path):
    modules = set(re.findall(r"python -m ((?:kpop_assets|bench|drills)[\w.]*)", page.read_text()))
    assert [name for name in sorted(modules) if importlib.util.find_spec(name) is None] == []


def words_of(path: Path) -> str:
    """What a module says to its reader: every docstring and comment."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)]
    with path.open("rb") as file:
        comments = [
            token.string
            for token in tokenize.tokenize(file.readline)
            if token.type == tokenize.COMMENT
        ]
    return "\n".join([*(ast.get_docstring(node) or "" for node in nodes), *comments])


def places_near(path: Path) -> list[Path]:
    """Where a name that a module mentions may lie: beside it, in its room, or by path."""
    top, *inner = path.relative_to(ROOT).parts[:-1]
    return [path.parent, ROOT / top / inner[0] if inner else ROOT / top, *(ROOT / b for b in BASES)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_and_room_that_a_docstring_or_comment_names_exists(path: Path):
    words = words_of(path)
    near = places_near(path)
    lost = [n for n in MODULE.findall(words) if not any((base / n).is_file() for base in near)]
    lost += [n for n in ROOM.findall(words) if not any((base / n).is_dir() for base in near)]
    assert lost == []


def test_each_decision_has_a_number_of_its_own_in_name_and_title():
    paths = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in paths]
    assert len({*numbers}) == len(numbers) > 30
    titles = [path.read_text().splitlines()[0] for path in paths]
    assert [title for title, n in zip(titles, numbers, strict=True) if n not in title] == []
