"""A map of works by how they sound, with the clusters of tracks that sound alike.

Belongs here: where a work lies, and what the directions of the map mean. Does not belong here: what
is drawn of it (charts/recommend/work_map.py), or the clusters (kpop_assets/recommend/).

The map is the two principal components of the features that clusters are made of, in standard
deviations over the works: of all flat maps the one on which differences are lost least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kpop_assets.contracts.recommend_rules import CLUSTER_FEATURES

# A direction is called by features that have at least so much of it.
_LEAST_PART = 0.5


@dataclass(frozen=True)
class WorkMap:
    """Works and clusters on a plane.

    Attributes:
        works: work_id, cluster, cluster_name, across, up; those of which all features are known.
        centres: cluster, cluster_name, work_count, across, up.
        directions: of each axis the features that grow along it, and those that shrink, with `-`
            before their names.
        kept_share: of the differences between works, the share that the map shows; 0 to 1.
    """

    works: pl.DataFrame
    centres: pl.DataFrame
    directions: tuple[tuple[str, ...], tuple[str, ...]]
    kept_share: float


def place_works(works: pl.DataFrame, names: pl.DataFrame, clusters: pl.DataFrame) -> WorkMap | None:
    """The map of works; None where there are no clusters, or fewer than two features.

    Args:
        works: a row each with `work_id` and the audio features.
        names: `track_id` and `work_id` of every track.
        clusters: rows of `recommend/track_clusters` of one day.
    """
    used = [name for name in CLUSTER_FEATURES if clusters[f"centre_{name}"].count()]
    known = works.drop_nulls(used).select("work_id", *used) if used else works.clear()
    if known.height < 2 or len(used) < 2:
        return None
    values = known.select(used).to_numpy()
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = (values - mean) / spread
    _, sizes, parts = np.linalg.svd(scaled, full_matrices=False)
    turned = parts[:2] * np.sign(parts[range(2), np.abs(parts[:2]).argmax(axis=1)])[:, None]
    placed = known.select("work_id").with_columns(
        pl.Series("across", scaled @ turned[0]), pl.Series("up", scaled @ turned[1])
    )
    whose = _cluster_of(names, clusters)
    centres = _centres(clusters, used, (mean, spread), turned)
    counts = whose.group_by("cluster").agg(pl.len().cast(pl.Int64).alias("work_count"))
    return WorkMap(
        placed.join(whose, on="work_id", how="left", maintain_order="left"),
        centres.join(counts, on="cluster", how="left").sort("cluster"),
        (_direction(used, turned[0]), _direction(used, turned[1])),
        float((sizes[:2] ** 2).sum() / max((sizes**2).sum(), 1e-12)),
    )


def _cluster_of(names: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """work_id, cluster, cluster_name: the cluster of a work's version that lies nearest to one."""
    columns = ["track_id", "cluster", "cluster_name", "centre_distance"]
    return (
        names.select("track_id", "work_id")
        .join(clusters.select(columns), on="track_id")
        .sort("work_id", "centre_distance", "track_id")
        .unique("work_id", keep="first", maintain_order=True)
        .select("work_id", "cluster", "cluster_name")
    )


def _centres(
    clusters: pl.DataFrame,
    used: list[str],
    scale: tuple[np.ndarray, np.ndarray],
    turned: np.ndarray,
) -> pl.DataFrame:
    each = clusters.unique("cluster", keep="first").sort("cluster")
    scaled = (each.select(f"centre_{name}" for name in used).to_numpy() - scale[0]) / scale[1]
    return each.select("cluster", "cluster_name").with_columns(
        pl.Series("across", scaled @ turned[0]), pl.Series("up", scaled @ turned[1])
    )


def _direction(used: list[str], part: np.ndarray) -> tuple[str, ...]:
    by_size = sorted(zip(used, part, strict=True), key=lambda one: -abs(one[1]))
    return tuple(
        name if value > 0 else f"-{name}" for name, value in by_size if abs(value) >= _LEAST_PART
    )
