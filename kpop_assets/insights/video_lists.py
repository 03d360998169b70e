"""A list of a day's videos with all that is known of each, by the usual weights or anybody's own.

Belongs here: what a list shows of a video, and lists by other weights. Does not belong here: which
videos make a list (lens/lists.py), or what a part of the score is (lens/scores.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE
from kpop_assets.contracts.lens_videos import PARTS, VIDEO_LISTS, VIDEO_METRICS, VIDEO_SCORES
from kpop_assets.days import day_end
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.lens.lists import METRIC_COLUMNS as LISTED_COLUMNS
from kpop_assets.lens.lists import list_videos
from kpop_assets.lens.scores import known_weight, score_of

SCOPES = ("acts", "everything")
# What lists ask for, and what is shown beside it.
METRIC_COLUMNS = (
    *LISTED_COLUMNS,
    *("views_per_subscriber", "video_format", "has_odd_likes"),
)
SCORE_COLUMNS = (
    *("video_id", "score", "percentile_score", "known_weight_pct"),
    *(f"part_{name}" for name in PARTS),
)


@dataclass(frozen=True)
class VideoList:
    """One list of a day.

    Attributes:
        day: the day.
        rows: what `describe_list` returns, and video_title.
        is_simulated: whether any of the day's data is.
    """

    day: dt.date
    rows: pl.DataFrame
    is_simulated: bool


def read_video_list(
    lake: LakeReader,
    day: dt.date | None,
    name: str,
    scope: str,
    weights: Mapping[str, float] | None = None,
) -> VideoList:
    """A list of `day`, or of the newest day that has scores.

    Args:
        lake: the tables.
        day: the day; None is the newest.
        name: of the list, one of `lens_rules.LIST_LENGTHS`.
        scope: whose videos, one of `SCOPES`.
        weights: of the score's parts by their names, not all 0; None is the usual ones.

    Raises:
        MissingTableError: there are no scores, or none of that day.
    """
    days = [f["ingest_date"] for f in lake.file_statistics(VIDEO_SCORES) if f["row_count"]]
    if not days or (day is not None and day not in days):
        asked = f" of {day}" if day else ""
        raise MissingTableError(
            f"table {VIDEO_SCORES.path} has no video{asked} yet",
            "run the day: `kpop run DAY DAY --select lens`",
        )
    found = day or max(days)
    span = (found, day_end(found))
    metrics = lake.rows(VIDEO_METRICS, *span, METRIC_COLUMNS)
    scores = lake.rows(VIDEO_SCORES, *span, SCORE_COLUMNS)
    lists = weigh_lists(metrics, scores, weights) if weights else lake.rows(VIDEO_LISTS, *span)
    listed = lists.filter(pl.col("list") == name, pl.col("scope") == scope)
    rows = describe_list(listed, metrics, scores, weights)
    seen = lake.rows(EVENTS, *span, ["video_id", "observed_at", "text", "source"])
    titles = (
        seen.join(rows, on="video_id", how="semi")
        .sort("observed_at")
        .unique("video_id", keep="last")
        .select("video_id", pl.col("text").alias("video_title"))
    )
    titled = rows.join(titles, on="video_id", how="left", maintain_order="left")
    return VideoList(found, titled, SIMULATED_SOURCE in seen.get_column("source"))


def weigh_lists(
    metrics: pl.DataFrame, scores: pl.DataFrame, weights: Mapping[str, float]
) -> pl.DataFrame:
    """The rows of `lens/video_lists` of a day as other weights have them.

    Args:
        metrics: `lens/video_metrics` of the day, `METRIC_COLUMNS`.
        scores: `lens/video_scores` of the day, `SCORE_COLUMNS`.
        weights: of each part by its name, not all 0.
    """
    return list_videos(metrics, scores.with_columns(score_of(weights)).drop_nulls("score"))


def describe_list(
    listed: pl.DataFrame,
    metrics: pl.DataFrame,
    scores: pl.DataFrame,
    weights: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Places of one list with all that is known of each video.

    Args:
        listed: rows of `lens/video_lists` of one list and scope.
        metrics: `lens/video_metrics` of the day, `METRIC_COLUMNS`.
        scores: `lens/video_scores` of the day, `SCORE_COLUMNS`.
        weights: what `listed` is by; None is the usual ones.

    Returns:
        rank, video_id, artist, value, score, percentile_score (null by other weights),
        known_weight_pct, score_parts (the points that each of `PARTS` brought, null where it is not
        known), and of `lens/video_metrics` what `METRIC_COLUMNS` has more. By rank.
    """
    chosen = weights or lens_rules.SCORE_WEIGHTS
    percentile = pl.col("percentile_score") if weights is None else pl.lit(None, pl.Float64)
    points = scores.select(
        "video_id",
        percentile.alias("percentile_score"),
        known_weight(chosen),
        _points(chosen).alias("score_parts"),
    )
    return (
        listed.select("rank", "video_id", "artist", "value", "score")
        .join(points, on="video_id", how="left")
        .join(metrics.drop("artist"), on="video_id", how="left")
        .sort("rank")
    )


def _points(weights: Mapping[str, float]) -> pl.Expr:
    parts = {name: (weights.get(name, 0), pl.col(f"part_{name}")) for name in PARTS}
    known = pl.sum_horizontal(
        weight * part.is_not_null().cast(pl.Float64) for weight, part in parts.values()
    )
    return pl.concat_list(
        pl.when(part.is_not_null()).then(weight * part / known) for weight, part in parts.values()
    )
