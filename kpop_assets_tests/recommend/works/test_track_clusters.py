"""Which tracks sound alike: who takes part, what a cluster is called, and always the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from kpop_assets.contracts.recommend_rules import CLUSTER_FEATURES
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD
from kpop_assets.recommend.works.track_clusters import (
    FEATURE_COLUMNS,
    cluster_tracks,
    name_clusters,
)

DAY = dt.date(2026, 3, 7)
SLOW = {"danceability": 0.3, "energy": 0.2, "valence": 0.2, "tempo": 80.0}
FAST = {"danceability": 0.8, "energy": 0.9, "valence": 0.8, "tempo": 150.0}


def told(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = pl.DataFrame(TRACKS_TOLD.arrow_schema().empty_table()).select(FEATURE_COLUMNS).schema
    valid = {"ingest_date": DAY, "may_learn": True}
    return pl.DataFrame([valid | row for row in rows], schema=schema)


def clusters(*rows: dict[str, Any], day: dt.date = DAY) -> dict[str, dict[str, Any]]:
    found = cluster_tracks(told(*rows), day)
    types = pl.DataFrame(TRACK_CLUSTERS.arrow_schema().empty_table()).drop("ingest_date").schema
    assert found.schema == types
    return {row["track_id"]: row for row in found.to_dicts()}


def test_tracks_that_sound_alike_are_together_and_called_by_their_centre():
    found = clusters(
        {"track_id": "a", **SLOW}, {"track_id": "b", **FAST}, {"track_id": "c", **SLOW}
    )
    assert found["a"]["cluster"] == found["c"]["cluster"] == 0
    assert found["a"]["cluster_name"] == "slow, dark, flowing, calm"
    assert found["b"]["cluster_name"] == "very fast, very bright, very danceable, very energetic"
    assert found["b"]["centre_tempo"] == pytest.approx(150)
    assert found["b"]["centre_distance"] == pytest.approx(0)


def test_the_distance_is_to_the_centre_in_standard_deviations():
    rng = np.random.default_rng(1)
    rows = [
        {"track_id": f"{i:03}", **dict(zip(CLUSTER_FEATURES, values, strict=True))}
        for i, values in enumerate(rng.normal(0.5, 0.1, (300, 4)).tolist())
    ]
    found = clusters(*rows)
    assert {row["cluster"] for row in found.values()} == set(range(10))
    values = np.array([[row[name] for name in CLUSTER_FEATURES] for row in rows])
    centres = np.array(
        [[found[r["track_id"]][f"centre_{n}"] for n in CLUSTER_FEATURES] for r in rows]
    )
    away = np.sqrt((((values - centres) / values.std(axis=0)) ** 2).sum(axis=1))
    assert np.allclose(away, [found[row["track_id"]]["centre_distance"] for row in rows])
    # Lloyd's condition: no other centre is nearer, and each is the mean of its own.
    each = {row["cluster"]: row for row in found.values()}
    every = np.array([[each[k][f"centre_{n}"] for n in CLUSTER_FEATURES] for k in range(10)])
    to_all = (((values[:, None] - every) / values.std(axis=0)) ** 2).sum(axis=2)
    labels = np.array([found[row["track_id"]]["cluster"] for row in rows])
    assert (to_all.argmin(axis=1) == labels).all()
    for k in range(10):
        assert np.allclose(values[labels == k].mean(axis=0), every[k], atol=1e-3)


def test_what_models_may_not_learn_from_takes_no_part():
    rows = [{"track_id": "a", **SLOW}, {"track_id": "b", **FAST}]
    api = {"track_id": "c", "may_learn": False, "danceability": 0.0, "tempo": 300.0}
    assert clusters(*rows, {**FAST, **api}) == clusters(*rows)
    # Nor does what was told of a track later.
    later = {"ingest_date": DAY + dt.timedelta(days=1)}
    assert clusters(*rows, {"track_id": "a", **FAST, **later}) == clusters(*rows)


def test_a_feature_that_few_tracks_have_is_not_used_and_a_track_without_one_is_left_out():
    without = {**FAST, "valence": None}
    rows = [{"track_id": "a", **SLOW}, *({"track_id": n, **without} for n in "bcd")]
    found = clusters(*rows)
    assert found.keys() == {"a", "b", "c", "d"}
    assert {row["centre_valence"] for row in found.values()} == {None}
    found = clusters(*rows[:2], {"track_id": "e", **FAST})
    assert found.keys() == {"a", "e"}


def test_the_same_tracks_in_another_order_are_in_the_same_clusters():
    rng = np.random.default_rng(2)
    rows = [
        {"track_id": f"{i:03}", **dict(zip(CLUSTER_FEATURES, values, strict=True))}
        for i, values in enumerate(rng.random((100, 4)).tolist())
    ]
    assert clusters(*rows) == clusters(*reversed(rows))


@pytest.mark.parametrize("rows", [[], [{"track_id": "a"}], [{"track_id": "a", **SLOW}]])
def test_none_or_a_single_track_is_no_trouble(rows: list[dict[str, Any]]):
    found = clusters(*rows)
    assert [row["cluster_name"] for row in found.values()] == ["middling"] * ("tempo" in str(rows))


def test_clusters_of_one_name_are_told_apart():
    names = name_clusters([{"tempo": 0.5}, {"tempo": 1.3}, {"tempo": 0.9}, {}])
    assert names == ["fast 1", "very fast", "fast 2", "middling"]
