"""Works as recommenders know them beside their plays: whose, how old, how they sound.

Belongs here: facts of works that hold on any day, as columns and vectors. Does not belong here:
what is known of them on a day (moments.py), or who plays them (played_works.py).

Only what models may learn from is used: release and text of rows that allow it, and their sound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.recommend.learners.played_works import NEVER
from kpop_assets.recommend.matrices.bundle_lookups import act_key
from kpop_assets.recommend.matrices.interactions import Codes, Floats
from kpop_assets.recommend.works.contents import describe_contents
from kpop_assets.recommend.works.similar import works_with_features

VERSION_COLUMNS = (
    *("track_id", "work_id", "artist", "artist_name", "title", "work_title", "version_count"),
    "is_shown",
)
TOLD_WORK_COLUMNS = (
    *("ingest_date", "track_id", "may_learn", "may_learn_text", "popularity", "release_date"),
    *("source", *rules.FEATURES),
)


@dataclass(frozen=True)
class DescribedWorks:
    """Works in order of their ids, a code each.

    Attributes:
        rows: a row a work: `work_id`, `artist`, `artist_name`, `title`, `work_title`,
            `release_date`, `told_date` (first told) and `learned_date` (first told by a row whose
            text may be learned from; null where unknown), `cluster` and `cluster_name` (null where
            none), and audio features.
        acts: code of the act of each; one whose name may not be learned from is of an act of its
            own, unless the catalogue knows whose it is.
        act_names: what those codes stand for.
        vectors: sound and words, as `works/contents.py` makes them.
        is_simulated: whether any work is of the demo.
        others: works that are left out of what is learnt, described along with these; None: none.
    """

    rows: pl.DataFrame
    acts: Codes
    act_names: tuple[str, ...]
    vectors: Floats
    is_simulated: bool
    others: DescribedWorks | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, work_ids: Sequence[str]) -> DescribedWorks:
        """Some of them; the rest are their `others`. Codes of acts stay."""
        is_kept = self.rows["work_id"].is_in(list(work_ids)).to_numpy()
        if is_kept.all():
            return self
        kept, rest = (
            replace(self, rows=self.rows.filter(mask), acts=self.acts[mask], vectors=of)
            for mask, of in ((one, self.vectors[one]) for one in (is_kept, ~is_kept))
        )
        return replace(kept, others=rest)

    @property
    def work_ids(self) -> list[str]:
        """Ids in order of the codes."""
        return self.rows["work_id"].to_list()

    def days(self, column: str) -> npt.NDArray[np.int32]:
        """A column of dates as days since 1970; `NEVER` where none is known."""
        return self.rows[column].cast(pl.Int32).fill_null(int(NEVER)).to_numpy()

    def clusters(self) -> Codes:
        """The cluster of each; -1 is none."""
        return self.rows["cluster"].fill_null(-1).cast(pl.Int32).to_numpy()

    def features(self) -> Floats:
        """Audio features, a row each; NaN is unknown."""
        return self.rows.select(pl.col(rules.FEATURES).cast(pl.Float64)).to_numpy().astype(float)

    def of_acts(self, values: Mapping[str, float]) -> Floats:
        """A value of each work by the name of its act; NaN where there is none."""
        each = np.array([values.get(name, np.nan) for name in self.act_names], dtype=float)
        return each[self.acts] if len(each) else np.zeros(0)


def describe_works(
    versions: pl.DataFrame, told: pl.DataFrame, clusters: pl.DataFrame, catalog: Catalog
) -> DescribedWorks:
    """All works of a training day.

    Args:
        versions: `recommend/works` of the day, `VERSION_COLUMNS`.
        told: `recommend/tracks` of the day and all before, `TOLD_WORK_COLUMNS`.
        clusters: `track_id`, `cluster`, `cluster_name` of the day.
        catalog: who is an act.
    """
    told = told.sort("track_id", "ingest_date")
    learned = pl.when("may_learn_text").then("release_date")
    dates = (
        told.with_columns(learned.alias("release_date"))
        .group_by("track_id")
        .agg(
            pl.col("ingest_date").min().alias("told_date"),
            pl.col("ingest_date").filter("may_learn_text").min().alias("learned_date"),
            pl.col("release_date").drop_nulls().last(),
        )
    )
    tracks = versions.select("track_id", "work_id", "is_shown").join(dates, "track_id", "left")
    firsts = tracks.group_by("work_id").agg(
        pl.col("told_date", "learned_date", "release_date").min()
    )
    placed = (
        versions.select("track_id", "work_id", "is_shown")
        .join(clusters, "track_id")
        .sort("work_id", pl.col("is_shown").not_(), "track_id")
        .group_by("work_id", maintain_order=True)
        .agg(pl.col("cluster", "cluster_name").first())
    )
    works = works_with_features(versions, told.drop("release_date", "source"))
    rows = works.join(firsts, "work_id", "left").join(placed, "work_id", "left").sort("work_id")
    names = [
        act_key(artist, name) if artist != OTHER or may_learn else f"{OTHER} of {work_id}"
        for artist, name, may_learn, work_id in rows.select(
            "artist", "artist_name", "may_learn_text", "work_id"
        ).iter_rows()
    ]
    act_names, acts = np.unique(np.array(names, dtype=str), return_inverse=True)
    return DescribedWorks(
        rows,
        acts.astype(np.int32),
        tuple(act_names.tolist()),
        describe_contents(rows, catalog).vectors.astype(np.float64)
        if len(rows)
        else np.zeros((0, 1)),
        bool((told["source"] == SIMULATED_SOURCE).any()),
    )
