"""Which act a review is about, by the catalogue.

Belongs here: from a review's subject to an act. Does not belong here: which of several acts a
clause is about, or how names are found (catalog/).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.matcher import matcher_of

# Kinds whose name is a credit: "NewJeans - Ditto".
_CREDITED = ("work", "release")


def acts_of_subjects(reviews: pl.DataFrame, videos: pl.DataFrame, catalog: Catalog) -> pl.Series:
    """The act of each review; OTHER where the catalogue has none.

    In this order: whose video it is, the act that the source names, the act that is the subject
    itself, the act that the name of a work or release credits. A film is nobody's.

    Args:
        reviews: `subject_kind`, `subject`, `act`.
        videos: `video_id` and `artist`, each video once.
        catalog: who is an act.
    """
    subjects = reviews.select("subject_kind", "subject", "act")
    each = subjects.unique(maintain_order=True)
    named = [_act_of(kind, subject, act, catalog) for kind, subject, act in each.iter_rows()]
    known = each.with_columns(pl.Series("named", named, pl.String))
    of_videos = videos.select(
        pl.lit("video").alias("subject_kind"), pl.col("video_id").alias("subject"), "artist"
    )
    joined = subjects.join(
        known, on=subjects.columns, how="left", nulls_equal=True, maintain_order="left"
    ).join(of_videos, on=["subject_kind", "subject"], how="left", maintain_order="left")
    of_video = pl.when(pl.col("artist") != OTHER).then("artist")
    return joined.select(pl.coalesce(of_video, "named").alias("artist")).to_series()


def _act_of(kind: str, subject: str, act: str | None, catalog: Catalog) -> str:
    names = [name for name in (act, subject if kind == "act" else None) if name]
    for found in map(catalog.find, names):
        if found:
            return found.artist
    if kind in _CREDITED and not act:
        return matcher_of(catalog).match(subject).artist
    return OTHER
