"""Where tiers begin and how many there are is said in one place: all parts follow it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CASES = {"as they are": (0.9, 0.75, 0.4), "three": (0.8, 0.5), "five": (0.95, 0.8, 0.5, 0.2)}


@pytest.fixture(scope="module", params=list(CASES))
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[tuple[float, ...], dict[str, Any]]:
    """The cut-offs, and what a process with them says."""
    lowest = CASES[request.param]
    command = [sys.executable, "-m", "kpop_assets_tests.contracts.other_tiers"]
    command += [str(tmp_path_factory.mktemp("tiers")), *map(str, lowest)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return lowest, json.loads(run.stdout.splitlines()[-1])


def test_gold_s_tables_agree(told):
    lowest, found = told
    assert [[tier, start] for tier, start, _ in found["cutoffs"]] == [
        [tier, start] for tier, start in enumerate((*lowest, 0.0), start=1)
    ]
    for percentile, tier in found["tiers"]:
        assert tier == 1 + sum(percentile < start for start in lowest)
    counts = {tier: count for tier, _, count in found["cutoffs"]}
    tiers = [tier for _, tier in found["tiers"]]
    assert counts == {tier: tiers.count(tier) for tier in counts}
    assert set(tiers) == set(counts), "every tier has an artist"


def test_models_tell_as_many_tiers_apart_and_read_columns_that_there_are(told):
    lowest, found = told
    columns, count = found["columns"], len(lowest) + 1
    numbers = range(1, count + 1)
    for table in ("backtests", "next_viral"):
        names = [name for name in columns[table] if name.startswith("p_tier_")]
        assert names == [f"p_tier_{tier}" for tier in numbers]
    counts = [name for name in columns["trainings"] if name.startswith("tier_")]
    assert counts == [f"tier_{tier}_count" for tier in numbers]
    assert found["inputs"] == columns["inputs"]
    edges = [f"distance_{tier}" for tier in numbers[:-1]]
    assert [name for name in columns["inputs"] if name.startswith("distance_")] == edges
    assert [name for name in found["features"] if name.startswith("distance_")] == edges
    assert set(found["features"]) <= set(columns["inputs"])
    assert found["classes"] == list(numbers)
    assert found["steps"] == list(lowest)


def test_the_viewer_shows_as_many(told):
    lowest, found = told
    count = len(lowest) + 1
    assert found["headings"] == [f"column.p_tier_{tier}" for tier in range(1, count + 1)]
    assert found["colours"] == count
    shares = [100 * (a - b) for a, b in zip((1, *lowest), (*lowest, 0), strict=True)]
    assert ", ".join(f"{share:.0f}" for share in shares) in found["help"]
