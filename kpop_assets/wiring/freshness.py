"""What Dagster knows of the freshness of assets, by names that it has not published yet.

Belongs here: the one place where they are used; a test fails when Dagster changes them. Does not
belong here: who is told of a stale asset (watch.py), or the policies (graph/policies.py).
"""

from __future__ import annotations

from collections.abc import Collection

import dagster as dg

# The value of `FreshnessState.FAIL`, an enumeration of strings.
_FAIL = "FAIL"


def failing(instance: dg.DagsterInstance, keys: Collection[dg.AssetKey]) -> set[dg.AssetKey]:
    """Those of `keys` that are later than their freshness policy allows."""
    states = instance.get_freshness_state_records(list(keys))
    return {key for key, record in states.items() if record.freshness_state == _FAIL}


def watchable(context: dg.SensorEvaluationContext) -> list[dg.AssetSpec]:
    """The assets of the graph that a sensor belongs to, as far as it can fill them."""
    graph = context.repository_def.asset_graph  # type: ignore[union-attr]  # always given
    return [node.to_asset_spec() for node in graph.asset_nodes if node.is_materializable]
