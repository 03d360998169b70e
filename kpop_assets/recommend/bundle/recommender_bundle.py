"""What a training hands to the serving bundle: the hybrid that answers, fitted on everything.

Belongs here: parts, facts and names as the bundle wants them, and whether one stands. Does not
belong here: files (bundle_write.py), or which recommender answers (training/recommender_front.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from kpop_assets.contracts.play_rules import SEOUL_OFFSET_SECONDS
from kpop_assets.recommend.bundle.bundle_read import open_folder
from kpop_assets.recommend.bundle.bundle_write import bundles
from kpop_assets.recommend.bundle.kept_parts import served_parts
from kpop_assets.recommend.learners.hour_popularity import popular_by_hour
from kpop_assets.recommend.learners.hybrid import FittedHybrid
from kpop_assets.recommend.learners.moments import Moment
from kpop_assets.recommend.matrices.bundle_parts import (
    NAME_COLUMNS,
    SEARCH,
    WORK_COLUMNS,
    BundleError,
    BundleParts,
    serving_folder,
)
from kpop_assets.recommend.matrices.interactions import Singles

TIMED_COLUMNS = ("ingest_date", "user_id", "track_id", "played_at")


def parts_of_bundle(
    name: str,
    fitted: FittedHybrid,
    today: Moment,
    versions: pl.DataFrame,
    hours: Singles | None,
    act_names: Mapping[str, Sequence[str]],
) -> BundleParts:
    """The bundle of a hybrid that learnt from the training day.

    Args:
        name: of the recommender.
        fitted: the hybrid.
        today: the training day.
        versions: every track with `NAME_COLUMNS`.
        hours: popularity by hour and work; None where no times are known.
        act_names: every name of acts of the catalogue, by artist.
    """
    moments = [today]
    if today.works.others is not None:
        moments.append(replace(today, works=today.works.others))
    works = pl.concat([_works_at(moment) for moment in moments])
    order = fitted.order
    return BundleParts(
        training_day=today.day,
        model=name,
        works=works.select(WORK_COLUMNS),
        names=versions.select(NAME_COLUMNS),
        listener_ids=today.all_plays.listeners,
        known=today.plays,
        parts=served_parts(fitted.parts),
        quotas=fitted.quotas,
        weights=fitted.weights,
        vectors=np.vstack([moment.works.vectors.astype("float32") for moment in moments]),
        trees=None if order is None else order.trees.booster_.model_to_string(),
        facts={} if order is None else today.facts,
        popular_by_hour=hours,
        told_popularity=works["popularity"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        act_names=act_names,
        is_simulated=today.works.is_simulated,
        counts={"plays": int(today.plays.values.sum())},
    )


def _works_at(moment: Moment) -> pl.DataFrame:
    """All works of a moment, learnt or not, with what is known of them by then."""
    return moment.works.rows.with_columns(
        pl.Series("age_days", moment.age_days).fill_nan(None),
        pl.Series("rise_chance", moment.rise_chances).fill_nan(None),
    )


def plays_by_hour(
    timed: pl.DataFrame, counted: pl.DataFrame, versions: pl.DataFrame, work_ids: list[str]
) -> Singles | None:
    """Popularity of each work at each hour; None where there are no plays.

    Args:
        timed: rows of `bronze/plays` of the last weeks, `TIMED_COLUMNS`.
        counted: day, listener and track of plays that count.
        versions: `track_id` and `work_id` of each track.
        work_ids: of the works, whose places are their codes.
    """
    codes = pl.DataFrame({"work_id": work_ids}, {"work_id": pl.String}).with_row_index("item")
    rows = (
        timed.join(counted, ["ingest_date", "user_id", "track_id"], "semi")
        .join(versions.select("track_id", "work_id"), "track_id")
        .join(codes, "work_id")
        .with_columns(hour=(pl.col("played_at").dt.epoch("s") + SEOUL_OFFSET_SECONDS) // 3600 % 24)
        # A listener counts once an hour of a day, however often they play one work.
        .unique(["ingest_date", "user_id", "item", "hour"])
        .sort("item", "hour")
    )
    if rows.is_empty():
        return None
    items, hours = rows["item"].cast(pl.Int32).to_numpy(), rows["hour"].cast(pl.Int32).to_numpy()
    return popular_by_hour(items, hours, rows["item"].is_not_null().to_numpy() * 1.0, len(codes))


def bundle_stands(home: Path, version: str | None, day: str) -> bool:
    """Whether the bundle of a training is whole, or went because later ones came."""
    root = serving_folder(home)
    if version is None:
        return False
    if not (root / version).is_dir():
        return any(path.name[: len(day)] > day for path in bundles(root))
    try:
        # One without a search of works was made before there was any.
        return SEARCH in open_folder(root / version).paths
    except BundleError:
        return False
