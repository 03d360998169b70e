"""The graph as Dagster sees it: a snapshot, and what every asset must say of itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from kpop_assets import definitions
from kpop_assets.contracts.registry import RECORDS, TABLES
from kpop_assets.graph import policies
from kpop_assets.operate.instance import open_instance
from kpop_assets.settings import Settings

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).parent / "snapshots" / "graph.json"

defs = definitions.build_defs()
graph = defs.resolve_asset_graph()
nodes = {node.key.to_user_string(): node for node in graph.asset_nodes}


def describe_mapping(mapping: dg.PartitionMapping) -> str:
    assert isinstance(mapping, dg.TimeWindowPartitionMapping)
    return f"{mapping.start_offset}..{mapping.end_offset}"


def describe_asset(key: str) -> dict[str, Any]:
    node = nodes[key]
    condition = node.automation_condition
    return {
        "deps": {
            parent.to_user_string(): describe_mapping(graph.get_partition_mapping(node.key, parent))
            for parent in sorted(node.parent_keys)
        },
        "group": node.group_name,
        "kinds": sorted(node.kinds),
        "owners": sorted(node.owners),
        "code_version": node.code_version,
        "checks": sorted(
            f"{check.name}{' (blocking)' if graph.get(check).blocking else ''}"
            for check in node.check_keys
        ),
        "pools": sorted(node.pools or ()),
        "partitions": repr(node.partitions_def),
        "backfill_policy": str(node.backfill_policy),
        "automation": condition.get_label() if condition else None,
    }


def describe_graph() -> dict[str, Any]:
    repository = defs.get_repository_def()
    return {
        "assets": {key: describe_asset(key) for key in sorted(nodes)},
        "jobs": {
            job.name: sorted(key.to_user_string() for key in job.asset_layer.executable_asset_keys)
            for job in repository.get_all_jobs()
            if not job.name.startswith("__")
        },
        "schedules": {
            s.name: [s.cron_schedule, s.execution_timezone, s.job_name]
            for s in repository.schedule_defs
        },
        "sensors": {
            s.name: [s.sensor_type.value, s.default_status.value, s.minimum_interval_seconds]
            for s in repository.sensor_defs
        },
    }


def test_the_graph_is_the_one_of_the_snapshot():
    """KPOP_UPDATE_SNAPSHOT=1 writes it anew; the diff of the commit then shows what changed."""
    actual = json.dumps(describe_graph(), indent=2, sort_keys=True) + "\n"
    if os.environ.get("KPOP_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(actual)
    assert actual == SNAPSHOT.read_text()


def test_the_graph_loads():
    # Raises where a dependency, a resource or a job's selection is missing.
    assert dg.Definitions.validate_loadable(definitions.defs) is None


@pytest.mark.parametrize("key", sorted(nodes))
def test_every_asset_says_what_a_reader_needs(key: str):
    node = nodes[key]
    assert node.description
    assert node.owners
    assert node.kinds
    assert node.pools == {policies.ENGINE_POOL}
    assert node.backfill_policy == dg.BackfillPolicy.single_run()
    assert node.code_version
    assert node.partitions_def is not None


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_the_column_schema_of_every_table_is_its_contract(table):
    columns = nodes[table.path].metadata["dagster/column_schema"].columns
    assert [(c.name, c.type, c.constraints.nullable) for c in columns] == [
        (c.name, c.type, c.nullable) for c in table.columns
    ]
    assert all(column.description for column in columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_every_table_has_the_three_blocking_checks_of_its_contract(table):
    blocking = {c.name for c in nodes[table.path].check_keys if graph.get(c).blocking}
    assert {"schema", "required_values", "unique_key"} <= blocking


def test_tables_and_assets_are_the_same_but_for_landing_and_compaction():
    others = {*(f"landing/{record.kind}" for record in RECORDS), "retention/compaction"}
    assert nodes.keys() - others == {t.path for t in TABLES}


def test_layer_and_group_are_one_word():
    assert {key: node.group_name for key, node in nodes.items()} == {
        key: key.split("/")[0] for key in nodes
    }


def test_assembly_stays_short():
    """A layer is a line of imports and one of the registry."""
    lines = Path(definitions.__file__).read_text().splitlines()
    assert len(lines) < 36 + 2 * len(definitions.LAYERS)


def test_the_workspace_loads_the_definitions():
    (entry,) = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    assert entry["python_module"]["module_name"] == definitions.__name__


def test_other_resources_take_the_place_of_the_defaults():
    lake = object()
    assert definitions.build_defs({"lake": lake}).resources["lake"] is lake


def test_the_instance_accepts_its_configuration(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")
    with open_instance(settings) as instance:
        concurrency = instance.get_concurrency_config()
        assert concurrency.run_queue_config.max_concurrent_runs == 4
        assert concurrency.pool_config.default_pool_limit == 1
        assert concurrency.pool_config.pool_granularity.value == "run"
        (pool,) = instance.event_log_storage.get_pool_limits()
        assert (pool.name, pool.limit) == (policies.ENGINE_POOL, 1)
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled
        assert Path(instance.root_directory) == settings.dagster_home
    assert {path.name for path in settings.home.iterdir()} == {"dagster"}
