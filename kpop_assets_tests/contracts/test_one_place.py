"""Facts about tables and numbers of formulas stand in `contracts/` and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from kpop_assets.contracts import rules
from kpop_assets.contracts.registry import ALL_TABLES
from kpop_assets.contracts.table import Table

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "kpop_assets" / "contracts"
MODULES = sorted(
    path
    for folder in ("kpop_assets", "app", "bench", "drills")
    for path in (ROOT / folder).rglob("*.py")
    if not path.is_relative_to(CONTRACTS)
)
# What a module that imports a contract calls it.
CONSTANTS = {
    name
    for path in CONTRACTS.glob("*.py")
    for name, value in vars(import_module(f"kpop_assets.contracts.{path.stem}")).items()
    if isinstance(value, Table)
}
PATHS = {table.path for table in ALL_TABLES}
# Each names tables for what it does with these very ones, and asks no question about tables.
MAY_LIST = {
    # What an asset reads and fills, and the order of its own tables.
    *(f"kpop_assets/{layer}/assets.py" for layer in ("silver", "scouting", "models", "pareto")),
    "kpop_assets/models/carry_out.py",
    # The first and the last table that a day's lines go through, against the clock.
    "kpop_assets/operate/checkup/data.py",
    # The two tables that one answer is put together of.
    "app/queries/duplicates.py",
    # Made-up rows of a training, and two tables to damage.
    "bench/big_lake.py",
    "drills/breakage.py",
}
# What the product is compared with is written a second time on purpose.
MAY_REPEAT = ("bench/peer.py",)
every_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(ROOT))
)


def is_table(node: ast.expr) -> bool:
    """Whether an expression is a contract's constant, its path, or a path as text."""
    if isinstance(node, ast.Attribute) and node.attr == "path":
        node = node.value
    if isinstance(node, ast.Constant):
        return node.value in PATHS
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return name in CONSTANTS


def lists_of_tables(source: str) -> Iterator[str]:
    """Tuples, lists, sets and keys of dictionaries with two tables or more."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            items = node.elts
        elif isinstance(node, ast.Dict):
            items = [key for key in node.keys if key is not None]
        else:
            continue
        if sum(map(is_table, items)) > 1:
            yield ast.unparse(node)


@every_module
def test_no_list_of_tables_stands_outside_the_contracts(path: Path):
    found = list(lists_of_tables(path.read_text(encoding="utf-8")))
    if str(path.relative_to(ROOT)) not in MAY_LIST:
        assert not found, "ask contracts/registry.py, or make it a fact of the contract"


def test_what_may_list_tables_does():
    for name in MAY_LIST:
        assert any(lists_of_tables((ROOT / name).read_text(encoding="utf-8"))), name


def test_lists_of_tables_are_found_in_every_form():
    source = """
a = (bronze.EVENTS, VIDEOS)
b = ["gold/artist_features", EVENTS.path]
c = {EVENTS: 1, **other, VIDEOS: 2}
d = (EVENTS, 7)
"""
    assert len(list(lists_of_tables(source))) == 3


def own_constants(source: str) -> Iterator[tuple[str, object]]:
    """Names that a module gives a literal value, with the value."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        for target in targets:
            try:
                value = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            except (ValueError, TypeError):
                continue
            if isinstance(target, ast.Name):
                yield target.id, value


@every_module
def test_no_module_gives_a_rule_a_value_of_its_own(path: Path):
    names = {name for name in vars(rules) if name.isupper()}
    found = names & {name for name, _ in own_constants(path.read_text(encoding="utf-8"))}
    assert not found or str(path.relative_to(ROOT)).startswith(MAY_REPEAT)


@every_module
def test_tiers_their_cut_offs_and_the_time_zone_are_written_in_one_place(path: Path):
    if str(path.relative_to(ROOT)).startswith(MAY_REPEAT):
        return
    copies = (rules.TIERS, rules.TIER_PERCENTILES, "Asia/Seoul")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple | ast.List):
            values = tuple(item.value for item in node.elts if isinstance(item, ast.Constant))
            assert values not in copies, f"line {node.lineno}"
        if isinstance(node, ast.Constant) and path.name != "days.py":
            assert node.value not in copies, f"line {node.lineno}"
