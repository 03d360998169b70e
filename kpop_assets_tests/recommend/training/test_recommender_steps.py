"""A training as a step: its tables, what is kept, and which day of a range is trained on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_CHAMPION,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD, WORKS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.lake.lake import Lake
from kpop_assets.models.experiment import open_tracking
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.served_parts import HeardScorer
from kpop_assets.recommend.learners.play_families import hybrid_families, play_families
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets.recommend.service.answer import ListeningWish, recommend
from kpop_assets.recommend.training import recommender_steps as steps
from kpop_assets_tests.recommend.listening_world import LAST, ListeningWorld, make_world
from kpop_assets_tests.scouting.kit import write_table

# MLflow 3.17.2 declares its tables in a way that SQLAlchemy 2.1 gives up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
)
READS = {
    LISTENER_TRACKS: rules.TRAINING_PLAY_DAYS,
    TRACKS_TOLD: rules.TRACKS_LOOK_BACK_DAYS,
    **dict.fromkeys((WORKS, TRACK_CLUSTERS), rules.WORKS_KNOWN_DAYS),
    PLAYS: rules.POPULAR_DAYS,
    **dict.fromkeys((NEXT_VIRAL, ARTIST_OUTLIERS), rules.ACT_NEWS_DAYS),
}
QUICK = tuple(one for one in play_families() if one.name in ("popularity", "ease", "content"))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three recommenders, a setting each: how they are kept does not depend on how many."""
    competing = tuple(replace(one, grid=one.grid[:1]) for one in QUICK)
    monkeypatch.setattr(steps, "play_families", lambda engine: competing)


def write(root: Path, world: ListeningWorld) -> None:
    """The tables that a training reads, of a home that has no forecasts."""
    listened = world.listened.with_columns(
        pl.lit(0, pl.Int64).alias("known_length_count"),
        pl.lit(0, pl.Int64).alias("completed_count"),
        pl.col("ingest_date").cast(pl.Datetime("us", "UTC")).alias("last_played_at"),
    )
    write_rows(root, TRACKS_TOLD, world.told)
    day_before = world.versions.with_columns(ingest_date=pl.lit(LAST - dt.timedelta(days=1)))
    write_rows(root, WORKS, pl.concat([world.versions, day_before]))
    write_rows(root, LISTENER_TRACKS, listened)
    at_noon = pl.col("ingest_date").cast(pl.Datetime("us", "UTC")) + pl.duration(hours=3)
    plays = world.listened.select("ingest_date", "user_id", "track_id", played_at=at_noon)
    write_rows(root, PLAYS, plays.with_columns(landing_file=pl.lit("f"), line_number=1))


def write_rows(root: Path, table: Table, frame: pl.DataFrame) -> None:
    blank = dict.fromkeys(table.column_names)
    write_table(root, table, [blank | row for row in frame.to_dicts()])


def train(lake: Lake, home: Path, day: dt.date = LAST) -> Step:
    step = Step(lake, steps.WRITTEN, READS, day, day_end(day))
    steps.carry_out_recommenders(step, open_tracking(home), load_catalog(), day, "sail")
    return step


def versions(lake: Lake) -> list[int]:
    return [lake.delta(table).version() for table in steps.WRITTEN]


@pytest.fixture
def home(lake: Lake, tmp_path: Path) -> Path:
    write(Path(str(lake.location(WORKS))).parents[1], make_world(listeners=30, works=60))
    return tmp_path / "home"


def test_a_training_fills_its_tables_and_one_of_the_same_is_kept(lake: Lake, home: Path):
    train(lake, home)
    (row,) = lake.arrow(RECOMMENDER_TRAININGS, LAST, day_end(LAST)).to_pylist()
    scores = lake.arrow(RECOMMENDER_SCORES, LAST, day_end(LAST)).to_pylist()
    (champion,) = lake.arrow(RECOMMENDER_CHAMPION, LAST, day_end(LAST)).to_pylist()
    assert row["refusal"] is None and row["works_date"] == LAST
    assert row["champion"] == champion["model"] and champion["decision"] == "no champion before it"
    assert len({one["run_id"] for one in scores}) == len(scores)
    bundle = open_bundle(home)
    assert bundle.version == row["bundle_version"] == champion["bundle_version"]
    assert bundle.manifest.model == row["champion"]
    assert bundle.manifest.counts["listeners"] == row["listener_count"]

    before = versions(lake)
    step = train(lake, home)
    assert versions(lake) == before
    assert step.outcome(RECOMMENDER_SCORES, "ndcg_10").metadata is not None


def test_other_plays_are_trained_on_anew_and_the_champion_before_has_its_say(
    lake: Lake, home: Path
):
    train(lake, home, LAST - dt.timedelta(days=1))
    before = versions(lake)
    train(lake, home)
    assert versions(lake) != before
    rows = lake.arrow(RECOMMENDER_CHAMPION, LAST, day_end(LAST)).to_pylist()
    assert rows[0]["incumbent"] in ("hybrid_mix", "hybrid_trees")
    assert rows[0]["decision"] != "no champion before it"

    write_rows(
        Path(str(lake.location(WORKS))).parents[1],
        TRACK_CLUSTERS,
        pl.DataFrame({"ingest_date": [LAST], "track_id": ["t00000"], "cluster": [0]}).with_columns(
            cluster_name=pl.lit("fast"), centre_distance=pl.lit(0.0)
        ),
    )
    before = versions(lake)
    train(lake, home)
    assert versions(lake) != before


def test_a_bundle_that_is_damaged_is_made_anew_and_answers_as_the_fit_did(lake: Lake, home: Path):
    train(lake, home)
    bundle = open_bundle(home)
    before = versions(lake)
    (facts,) = (serving_folder(home) / bundle.version).glob("vectors-*.npy")
    facts.write_bytes(b"damaged")
    train(lake, home)
    assert versions(lake) != before
    again = open_bundle(home)
    assert again.version == bundle.version


def test_what_is_served_scores_as_what_was_judged(lake: Lake, home: Path):
    """Candidates and their order of the bundle, against the hybrid that the training fitted."""
    train(lake, home)
    bundle = open_bundle(home)
    step = Step(lake, steps.WRITTEN, READS, LAST, day_end(LAST))
    plan, _ = steps.read_plan(step, LAST, load_catalog())
    chosen = {one.name: one.grid[0] for one in steps.play_families("sail")}
    name = bundle.manifest.model
    (hybrid,) = (one.grid[0] for one in hybrid_families(chosen) if one.name == name)
    fitted = hybrid.fit(plan.today)
    assert tuple(bundle.parts) == tuple(fitted.parts)
    for row, listener in enumerate(plan.today.all_plays.listeners[:5]):
        heard = bundle.heard(str(listener))
        assert heard is not None
        user = np.array([row], np.int32)
        for part, scorer in fitted.parts.items():
            served = HeardScorer(bundle.parts[part], heard, bundle.histories).score(user)
            assert np.allclose(served, scorer.score(user), atol=1e-4), part
    noon = bundle.arrays["popular_by_hour"]
    assert noon.shape == (24, bundle.learnt_count) and noon.sum() > 0


def test_a_home_without_plays_says_so_and_holds_nothing_else(lake: Lake, tmp_path: Path):
    train(lake, tmp_path)
    (row,) = lake.arrow(RECOMMENDER_TRAININGS, LAST, day_end(LAST)).to_pylist()
    assert row["refusal"] == "no plays of works are known"
    assert lake.arrow(RECOMMENDER_SCORES, LAST, day_end(LAST)).num_rows == 0
    assert not (tmp_path / "mlflow.db").exists()


def test_of_too_many_works_those_are_judged_that_were_played_by_the_first_moment(
    lake: Lake, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "MOST_TRAINING_WORKS", 20)
    step = Step(lake, steps.WRITTEN, READS, LAST, day_end(LAST))
    plan, _ = steps.read_plan(step, LAST, load_catalog())
    assert [int(moment.is_known.sum()) for moment in plan.moments] == [20] * 4
    world = make_world(listeners=30, works=60)
    for moment in plan.moments:
        by_then = world.listened.filter(pl.col("ingest_date") <= moment.day)
        counts = by_then.group_by("track_id").agg(pl.col("play_count").sum())
        edge = counts["play_count"].sort(descending=True)[19]
        sure = set(counts.filter(pl.col("play_count") > edge)["track_id"])
        assert sure <= set(np.array(plan.today.works.work_ids)[moment.is_known])
    assert plan.today.all_plays.dropped_work_count == 60 - len(plan.today.works)
    train(lake, home)
    # All others are served by what they are.
    bundle = open_bundle(home)
    assert (bundle.learnt_count, len(bundle.works)) == (len(plan.today.works), 60)
    seed = 59
    assert bundle.works["work_id"][seed] not in plan.today.works.work_ids
    answer = recommend(bundle, ListeningWish(seeds=[seed]))
    assert answer.basis == "seeds" and len(answer.rows) == 10


@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_a_range_is_trained_on_its_last_training_day_alone(
    lake: Lake, settings, monkeypatch: pytest.MonkeyPatch
):
    from kpop_assets.recommend.assets import recommend_trainings

    asked: list[dt.date] = []

    def carried(step, tracking, catalog, day, engine):
        asked.append(day)
        for table in steps.WRITTEN:
            step.replace(table, [], day)
        return []

    monkeypatch.setattr(steps, "carry_out_recommenders", carried)
    first = LAST - dt.timedelta(days=15)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [recommend_trainings],
            instance=instance,
            resources={
                "lake": lake,
                "settings": settings,
                "tracking": open_tracking(settings.home),
            },
            tags={
                "dagster/asset_partition_range_start": first.isoformat(),
                "dagster/asset_partition_range_end": (LAST + dt.timedelta(days=2)).isoformat(),
            },
        )
    assert result.success and asked == [LAST]
