"""Where a long range is cut, and that its tables are the same whatever the cut."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import dagster as dg
import pytest

from kpop_assets.contracts.registry import TABLES
from kpop_assets.operate import plan
from kpop_assets.operate.execution import RunError, Runs
from kpop_assets.operate.legs import Leg
from kpop_assets.operate.runner import materialize
from kpop_assets.operate.stretches import DEMO_LINE_BYTES, cut
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import DAY, contents, demo, differing, instance, land

__all__ = ["instance"]
ONE = dt.timedelta(days=1)


def lengths(sizes: list[int], most: int) -> list[int]:
    days = {DAY + i * ONE: size for i, size in enumerate(sizes) if size}
    stretches = list(cut(days, DAY, DAY + (len(sizes) - 1) * ONE, most))
    assert stretches[0][0] == DAY
    assert all(b[0] == a[1] + ONE for a, b in pairwise(stretches))
    return [(last - first).days + 1 for first, last in stretches]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([5, 5, 5, 5], [2, 2]),
        ([5, 5, 1], [2, 1]),
        ([0] * 400, [400]),
        ([99, 1, 99], [1, 1, 1]),
        ([9, 1, 0, 0, 1], [4, 1]),
        ([1], [1]),
    ],
)
def test_a_stretch_holds_as_many_days_as_fit_and_at_least_one(
    sizes: list[int], expected: list[int]
):
    assert lengths(sizes, 10) == expected


def test_a_range_in_three_stretches_fills_the_same_tables_as_one_run(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    last = DAY + 5 * ONE
    whole = materialize(settings, DAY, last, (), demo(20), {"days": []})
    tables = contents(settings)
    # Two days and a half: the lines of small days are a little longer.
    monkeypatch.setattr(plan, "STRETCH_BYTES", 50 * DEMO_LINE_BYTES)
    parts = materialize(settings, DAY, last, (), demo(20), {"days": []})
    assert (len(whole.run_ids), len(parts.run_ids)) == (1, 3)
    assert parts.rows == whole.rows
    assert differing(contents(settings), tables) == []
    logs = instance.all_logs(whole.run_ids[0], of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    events = [log.asset_materialization for log in logs if log.asset_materialization]
    for path, rows in tables.items():
        told = {e.partition: e.metadata for e in events if "/".join(e.asset_key.path) == path}
        _assert_each_day_has_its_count(told, rows["ingest_date"].to_pylist())


def _assert_each_day_has_its_count(told: dict[Any, Any], row_days: list[dt.date]) -> None:
    """Each day has the count of its rows, and the last alone a table to look at."""
    days = [DAY + i * ONE for i in range(6)]
    counts = [told[day.isoformat()]["dagster/partition_row_count"].value for day in days]
    assert counts == [row_days.count(day) for day in days]
    assert ["preview" in told[day.isoformat()] for day in days] == [False] * 5 + [True]


def test_a_failure_names_the_day_to_go_on_from(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    size = max(land(settings, DAY + i * ONE, "v").stat().st_size for i in range(3))
    monkeypatch.setattr(plan, "STRETCH_BYTES", size)

    def fails(self: Runs, leg: Leg, *args: Any) -> None:
        if leg.start > DAY:
            raise RunError("step x failed", "y")

    monkeypatch.setattr(Runs, "run", fails)
    with pytest.raises(RunError) as caught:
        materialize(settings, DAY, DAY + 2 * ONE)
    assert str(caught.value) == (
        "step x failed: y; the days before 2025-11-09 are done, "
        "go on with `kpop run 2025-11-09 2025-11-10`"
    )
    assert not build_lake(settings).exists(TABLES[0])
