"""How far a day reaches, derived from the graph, against a search day by day."""

from __future__ import annotations

import dagster as dg
import pytest

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.definitions import build_defs
from kpop_assets.graph.partitions import ingest_days
from kpop_assets.graph.policies import TRAINED, looks_back
from kpop_assets.graph.reach import downstream, followers, look_backs, reach

specs = build_defs().resolve_all_asset_specs()
READS, FOLLOW = look_backs(specs), followers(specs)
HORIZON = 400


def searched(source: str) -> dict[str, int]:
    """Another way: spread from the changed day of `source`, one reader and one day at a time."""
    stale, queue = {(source, 0)}, [(source, 0)]
    while queue:
        path, day = queue.pop()
        for reader, reads in READS.items():
            if reader in FOLLOW and path in reads:
                new = {(reader, later) for later in range(day, day + reads[path] + 1)} - stale
                stale |= new
                queue += new
    found: dict[str, int] = {}
    for path, day in stale - {(source, 0)}:
        found[path] = max(day, found.get(path, 0))
    return found


@pytest.mark.parametrize("source", sorted(READS))
def test_the_reach_of_every_asset_is_that_of_a_search_day_by_day(source: str):
    found = searched(source)
    assert max(found.values(), default=0) < HORIZON
    assert reach(READS, source, FOLLOW) == found


def test_a_late_day_reaches_as_far_as_the_documents_say():
    """docs/backfill.md: 7 days for new videos, 30 for counters, and so on along what is read."""
    assert reach(READS, "landing/events", FOLLOW) == {
        **dict.fromkeys(["bronze/events", "bronze/quarantine", "bronze/files", "bronze/bloom"], 0),
        "bronze/videos": 7,
        **dict.fromkeys(["silver/video_daily", "silver/artist_daily", "silver/artist_windows"], 30),
        "catalog/unknown": 30,
        **dict.fromkeys(["gold/artist_features", "gold/tier_cutoffs"], 96),
        "silver/video_firsts": 72,
        "lens/video_metrics": 32,
        **dict.fromkeys(["lens/video_outliers", "lens/video_scores", "lens/video_lists"], 32),
        "lens/channel_outliers": 59,
        "lens/artist_outliers": 90,
        **dict.fromkeys(["lens/video_words", "lens/word_counts"], 30),
        "lens/keywords": 58,
        **dict.fromkeys(["lens/entities", "lens/signals"], 90),
        "lens/video_trends": 37,
        **dict.fromkeys(["lens/video_forecasts", "lens/forecast_scores"], 63),
        "lens/video_milestones": 63,
        "lens/forecast_scorecard": 70,
        **dict.fromkeys(["audience/voices", "audience/voice_counts"], 58),
        **{"audience/guards": 148, "audience/act_moods": 176, "audience/subject_scores": 330},
        **dict.fromkeys(["audience/sentiments", "audience/aspects"], 58),
        "models/artist_inputs": 123,
        "models/viral_outcomes": 226,
        "pareto/next_viral": 130,
        "pareto/scorecard": 137,
        "pareto/viral_record": 226,
    }


@pytest.mark.parametrize("days", [0, 3, 40])
def test_another_look_back_is_another_reach(days: int):
    def spec(name: str, upstream: str | None = None, looks: int = 0) -> dg.AssetSpec:
        deps = [dg.AssetDep(upstream, partition_mapping=looks_back(looks))] if upstream else []
        follows = dg.AutomationCondition.any_deps_updated() if upstream else None
        return dg.AssetSpec(
            name, deps=deps, partitions_def=ingest_days, automation_condition=follows
        )

    chain = [spec("a"), spec("b", "a", days), spec("c", "b", 5)]
    assert reach(look_backs(chain), "a", followers(chain)) == {"b": days, "c": days + 5}


def test_what_a_training_decided_passes_nothing_on():
    """Else a late day would undo two months of forecasts: a training stands as it was decided."""
    assert FOLLOW.isdisjoint(TRAINED)
    assert reach(READS, "models/artist_inputs", FOLLOW).keys().isdisjoint(TRAINED)


def test_what_rests_on_trainings_is_what_needs_a_champion():
    weekly = {table.path for table in TABLES if table.path in TRAINED}
    assert downstream(READS, weekly) == {
        "pareto/next_viral",
        "pareto/scorecard",
        "pareto/viral_record",
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_the_contract_says_how_far_back_a_table_looks(table: Table):
    assert table.look_back_days == max(READS[table.path].values())
    if table.layer in ("bronze", "silver", "gold"):
        # So bench/pipe_engine.py, which knows the contract alone, reads what the asset reads.
        assert {*READS[table.path].values()} == {table.look_back_days}


def test_the_contract_says_what_needs_a_champion():
    needing = {table.path for table in TABLES if table.needs_champion}
    assert needing == downstream(READS, TRAINED)


def test_a_dependency_that_is_not_by_days_is_refused():
    odd = dg.AssetDep("a", partition_mapping=dg.AllPartitionMapping())
    with pytest.raises(TypeError, match="a is not read by days"):
        look_backs([dg.AssetSpec("a"), dg.AssetSpec("b", deps=[odd])])
