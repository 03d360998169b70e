"""Facts about tables and numbers of formulas stand in `contracts/` and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from kpop_assets.contracts import lens_rules, rules, signal_rules, word_rules
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
    *(
        f"kpop_assets/{layer}/assets.py"
        for layer in (
            "silver",
            "scouting",
            "lens",
            "audience",
            "models",
            "pareto",
            "recommend",
            "experiments",
        )
    ),
    "kpop_assets/lens/outlier_assets.py",
    "kpop_assets/lens/signal_assets.py",
    "kpop_assets/audience/score_assets.py",
    "kpop_assets/recommend/service_assets.py",
    "kpop_assets/recommend/outcome_assets.py",
    "kpop_assets/models/carry_out.py",
    "kpop_assets/recommend/training/recommender_steps.py",
    # What has to be there where a training stands.
    "kpop_assets/models/recipe.py",
    # Which tables go with which stream's checkpoints.
    "kpop_assets/live/checkpoints.py",
    # The first and the last table that a day's lines go through, against the clock.
    "kpop_assets/operate/checkup/data.py",
    # The two tables that one answer is put together of.
    "app/queries/trust/duplicates.py",
    # Made-up rows of a training, and two tables to damage.
    "bench/big_lake.py",
    "drills/breakage.py",
    # What a consumer fills, by its way.
    "drills/plays.py",
}
# What the product is compared with is written a second time on purpose.
MAY_REPEAT = ("bench/peer.py",)
NodesOf = Callable[[Path], list[ast.AST]]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_table(node: ast.expr) -> bool:
    """Whether an expression is a contract's constant, its path, or a path as text."""
    if isinstance(node, ast.Attribute) and node.attr == "path":
        node = node.value
    if isinstance(node, ast.Constant):
        return node.value in PATHS
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return name in CONSTANTS


def lists_of_tables(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Tuples, lists, sets and keys of dictionaries with two tables or more."""
    for node in nodes:
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            items = node.elts
        elif isinstance(node, ast.Dict):
            items = [key for key in node.keys if key is not None]
        else:
            continue
        if sum(map(is_table, items)) > 1:
            yield ast.unparse(node)


def test_what_lists_tables_outside_the_contracts_is_what_may(nodes_of: NodesOf):
    listing = {name_of(path): list(lists_of_tables(nodes_of(path))) for path in MODULES}
    listing = {name: found for name, found in listing.items() if found}
    unasked = {name: found for name, found in listing.items() if name not in MAY_LIST}
    assert unasked == {}, "ask contracts/registry.py, or make it a fact of the contract"
    assert listing.keys() == MAY_LIST


def test_lists_of_tables_are_found_in_every_form():
    source = """
a = (bronze.EVENTS, VIDEOS)
b = ["gold/artist_features", EVENTS.path]
c = {EVENTS: 1, **other, VIDEOS: 2}
d = (EVENTS, 7)
"""
    assert len(list(lists_of_tables(ast.walk(ast.parse(source))))) == 3


def own_constants(module: ast.Module) -> Iterator[tuple[str, object]]:
    """Names that a module gives a literal value, with the value."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        for target in targets:
            try:
                value = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            except (ValueError, TypeError):
                continue
            if isinstance(target, ast.Name):
                yield target.id, value


def test_no_module_gives_a_rule_a_value_of_its_own(nodes_of: NodesOf):
    names = {
        name
        for name in (*vars(rules), *vars(lens_rules), *vars(signal_rules), *vars(word_rules))
        if name.isupper()
    }
    assert not [
        (name_of(path), name)
        for path in MODULES
        if not name_of(path).startswith(MAY_REPEAT)
        for name, _ in own_constants(nodes_of(path)[0])  # type: ignore[arg-type]
        if name in names
    ]


def copies(nodes: Iterable[ast.AST], may_name_the_zone: bool) -> Iterator[int]:
    """Lines that write the tiers, their cut-offs or the time zone once more."""
    written = (rules.TIERS, rules.TIER_PERCENTILES, "Asia/Seoul")
    for node in nodes:
        if isinstance(node, ast.Tuple | ast.List):
            values = tuple(item.value for item in node.elts if isinstance(item, ast.Constant))
            if values in written:
                yield node.lineno
        if isinstance(node, ast.Constant) and not may_name_the_zone and node.value in written:
            yield node.lineno


def test_tiers_their_cut_offs_and_the_time_zone_are_written_in_one_place(nodes_of: NodesOf):
    assert not [
        (name_of(path), line)
        for path in MODULES
        if not name_of(path).startswith(MAY_REPEAT)
        for line in copies(nodes_of(path), may_name_the_zone=path.name == "days.py")
    ]
