"""One name means one thing in the whole product: classes, functions and modules."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import typer.main

from kpop_assets.cli.main import app

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path
    for room in ("kpop_assets", "app", "serving")
    for path in (ROOT / room).rglob("*.py")
    if path.name != "__init__.py"
)
# Shapes: whoever calls one of these takes any module that has it.
SHAPES = {
    "main": "where a program begins",
    "show": "a page of the viewer",
}
# What a module is in its room, whatever the room.
ROLES = {
    "assets.py": "a layer's thin assembly",
    "checks.py": "what is checked in a room",
    "errors.py": "the errors of a room",
    "main.py": "where a program begins",
}


def defined() -> Iterator[tuple[str, Path]]:
    """Public classes and functions at the top of a module, and where they stand."""
    for path in MODULES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_":
                yield node.name, path.relative_to(ROOT)


def test_no_two_public_things_have_one_name():
    # A command's function is called what a user types, and does what that names.
    commands = {
        name.replace("-", "_")
        for name in typer.main.get_command(app).commands  # type: ignore[attr-defined]
    }
    places = defaultdict(set)
    for name, path in defined():
        if name not in SHAPES and not (name in commands and path.parts[1] == "cli"):
            places[name].add(str(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_two_modules_of_the_product_have_one_name():
    """A contract, and what the viewer has of a page, are called what they are about."""
    places = defaultdict(set)
    for path in MODULES:
        room = path.relative_to(ROOT).parts[:2]
        if room[0] == "kpop_assets" and room[1] != "contracts" and path.name not in ROLES:
            places[path.name].add(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
