"""How far a change of one day reaches: which assets, up to how many days later.

Belongs here: what follows from the partition mappings of the built graph. Does not belong here:
the mappings themselves, which follow from what each asset reads (lake_asset.py), or what is run
because of them (operate/plan.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache

import dagster as dg

# By asset, what it reads: the path of each upstream asset, and how many days it looks back.
LookBacks = Mapping[str, Mapping[str, int]]


def look_backs(specs: Iterable[dg.AssetSpec]) -> LookBacks:
    """What each asset reads, as `layer/table`, and how many days before its own.

    Raises:
        TypeError: a dependency is mapped otherwise than by days.
    """
    return {
        path_of(spec.key): {path_of(dep.asset_key): _days(dep) for dep in spec.deps}
        for spec in specs
    }


def followers(specs: Iterable[dg.AssetSpec]) -> set[str]:
    """Assets that are brought up to date when what they read changes.

    Trainings are not among them: each stands as it was decided on its day, and the next one learns
    from what has come since.
    """
    return {path_of(spec.key) for spec in specs if spec.automation_condition is not None}


def reach(reads: LookBacks, source: str, through: Collection[str]) -> dict[str, int]:
    """The assets that a changed day of `source` makes stale, and up to how many days later.

    Args:
        reads: what each asset reads.
        source: the asset whose day changed.
        through: the assets that pass a change on.

    Returns:
        For each asset of `through` downstream of `source` the longest sum of look-backs on a way
        that leads there.
    """

    @cache
    def longest(path: str) -> int | None:
        if path == source:
            return 0
        if path not in through:
            return None
        found = {up: longest(up) for up in reads.get(path, {}) if up != path}
        sums = [days + reads[path][up] for up, days in found.items() if days is not None]
        return max(sums, default=None)

    days = {path: longest(path) for path in reads if path != source}
    return {path: most for path, most in days.items() if most is not None}


def downstream(reads: LookBacks, sources: Collection[str]) -> set[str]:
    """The assets that rest on any of `sources`, through however many others."""
    found, more = set(sources), set(sources)
    while more:
        more = {path for path, ups in reads.items() if not more.isdisjoint(ups)} - found
        found |= more
    return found.difference(sources)


def path_of(key: dg.AssetKey) -> str:
    """An asset's key as `layer/table`."""
    return "/".join(key.path)


def _days(dep: dg.AssetDep) -> int:
    mapping = dep.partition_mapping
    if mapping is None:
        return 0
    if not isinstance(mapping, dg.TimeWindowPartitionMapping) or mapping.end_offset:
        raise TypeError(f"{path_of(dep.asset_key)} is not read by days: {mapping}")
    return -mapping.start_offset
