"""Which tracks sound alike: clusters over a few audio features, and a name for each.

Belongs here: `recommend/track_clusters`, a pure function of what was told of tracks. Does not
belong here: which works are near a work (the index of contents).

Only features that models may learn from are used. Of danceability, energy, valence and tempo those
count that at least half of the tracks have, since tables differ; a track that lacks one of these
is in no cluster. Features are scaled to their standard deviations first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS
from kpop_assets.lake.rows import empty

FEATURE_COLUMNS = ("ingest_date", "track_id", "may_learn", *rules.CLUSTER_FEATURES)
# Of each feature, in the order in which a name tells them: below and above the mean.
WORDS = {
    "tempo": ("slow", "fast"),
    "valence": ("dark", "bright"),
    "danceability": ("flowing", "danceable"),
    "energy": ("calm", "energetic"),
}
MIDDLING = "middling"

Numbers = npt.NDArray[np.float64]


def cluster_tracks(told: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rows of `recommend/track_clusters` of one day but for its date.

    Args:
        told: `recommend/tracks` of the day and all before, `FEATURE_COLUMNS`.
        day: the day.
    """
    known = told.filter(pl.col("may_learn") & (pl.col("ingest_date") <= day))
    last = known.sort("track_id", "ingest_date").group_by("track_id", maintain_order=True).last()
    used = _used(last)
    rows = last.drop_nulls(used).select("track_id", *used) if used else last.clear()
    if rows.is_empty():
        return empty(TRACK_CLUSTERS).drop("ingest_date")
    scaler = StandardScaler()
    scaled = scaler.fit_transform(rows.select(used).to_numpy())
    labels, centres = _clusters(scaled)
    distance = np.linalg.norm(scaled - centres[labels], axis=1)
    told_centres = scaler.inverse_transform(centres)
    found = pl.DataFrame(
        {
            "cluster": pl.Series(range(len(centres)), dtype=pl.Int32),
            "cluster_name": name_clusters([dict(zip(used, c, strict=True)) for c in centres]),
            **{
                f"centre_{name}": pl.Series(
                    told_centres[:, used.index(name)] if name in used else [None] * len(centres),
                    dtype=pl.Float64,
                )
                for name in rules.CLUSTER_FEATURES
            },
        }
    )
    placed = rows.select("track_id").with_columns(
        pl.Series("cluster", labels, pl.Int32), pl.Series("centre_distance", distance)
    )
    names = [name for name in TRACK_CLUSTERS.column_names if name != "ingest_date"]
    return placed.join(found, "cluster", maintain_order="left").select(names)


def name_clusters(centres: Sequence[Mapping[str, float]]) -> list[str]:
    """What clusters are called by their centres, in standard deviations; each otherwise."""
    names = [", ".join(_words(centre)) or MIDDLING for centre in centres]
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} {seen[name]}" if names.count(name) > 1 else name)
    return told


def _words(centre: Mapping[str, float]) -> list[str]:
    found = []
    for feature, (below, above) in WORDS.items():
        sigmas = centre.get(feature, 0.0)
        if abs(sigmas) >= rules.CLUSTER_WORD_SIGMAS:
            word = above if sigmas > 0 else below
            found.append(f"very {word}" if abs(sigmas) >= rules.CLUSTER_VERY_SIGMAS else word)
    return found


def _used(rows: pl.DataFrame) -> list[str]:
    """The features that enough of the tracks have."""
    return [
        name
        for name in rules.CLUSTER_FEATURES
        if rows[name].count() >= max(1, rules.CLUSTER_LEAST_SHARE * len(rows))
    ]


def _clusters(scaled: Numbers) -> tuple[npt.NDArray[np.int64], Numbers]:
    """The cluster of each row, and the centres, by tempo where that is used."""
    count = min(rules.CLUSTER_COUNT, len(np.unique(scaled, axis=0)))
    # Sums of several threads differ in their last digits.
    with threadpool_limits(1):
        fitted = KMeans(count, random_state=rules.CLUSTER_SEED, n_init=1).fit(scaled)
    order = np.lexsort(fitted.cluster_centers_.T)
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    return place[fitted.labels_], fitted.cluster_centers_[order]
