"""The lens tables about what stands out: among all videos, in its channel, against an act's days.

Belongs here: contracts of outliers. Does not belong here: what is measured of a video
(lens_videos.py), or how anything is computed (lens/).
"""

from __future__ import annotations

from dataclasses import replace

from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.bronze import (
    ARTIST,
    AUTHOR_ID,
    VIDEO_ID,
    VIEW_COUNT,
    said,
)
from kpop_assets.contracts.lens_videos import AGE_BAND, LENS, VIEWS_PER_HOUR
from kpop_assets.contracts.silver import VIEWS_GAINED
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_TIMES = f"{lens_rules.CHANNEL_RATIO:g}"
_EDGE = f"{lens_rules.OUTLIER_EDGE:g}"
IS_OUTLIER = Column("is_outlier", "boolean", "Whether it is out of the ordinary: beyond the edge.")

VIDEO_OUTLIERS = Table(
    LENS,
    "video_outliers",
    "One video that is out, on one day of which views are known: how far it lies from others, in "
    "robust standard deviations. By logarithms within age bands, which is what lists go by; and "
    "of the raw values of all (raw_), by which nearly every large video stands out.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        AGE_BAND,
        Column(
            "z_views_per_hour",
            "double",
            "Distance of its views an hour from those of the same basis (lens/video_metrics).",
            "sigmas",
            True,
        ),
        Column("z_views", "double", "Distance of its views.", "sigmas"),
        Column("z_engagement", "double", "Distance of its engagement rate.", "sigmas", True),
        Column(
            "outlier_score",
            "double",
            "Weighted sum of the three without their signs, an unknown one counting 0; beyond "
            f"{_EDGE} it is an outlier.",
            "sigmas",
        ),
        IS_OUTLIER,
        Column(
            "is_above",
            "boolean",
            "Whether the sum with its signs is above 0: only such are told of, and scored for it.",
        ),
        Column("raw_z_views_per_hour", "double", "The same, raw, among all.", "sigmas", True),
        Column("raw_z_views", "double", "The same, raw, among all.", "sigmas"),
        Column("raw_z_engagement", "double", "The same, raw, among all.", "sigmas", True),
        Column("raw_outlier_score", "double", "The sum of these three.", "sigmas"),
        Column("is_raw_outlier", "boolean", "Whether that is beyond the same edge."),
        Column(
            "reason",
            "string",
            "Of an outlier by either rule: views_per_hour, engagement, views_per_subscriber "
            "or combination.",
            nullable=True,
        ),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

CHANNEL_OUTLIERS = Table(
    LENS,
    "channel_outliers",
    "One video on one day that stands out in its channel: against the mean of the channel's last "
    f"{lens_rules.CHANNEL_VIDEOS} videos, itself among them, or the median of the mature ones "
    f"({lens_rules.MATURE_DAYS} days and older) of these. Its videos are those seen within "
    f"{lens_rules.CHANNEL_SEEN_DAYS} days, as last seen.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        replace(AUTHOR_ID, nullable=False),
        VIEW_COUNT,
        VIEWS_PER_HOUR,
        Column("channel_video_count", "long", "The channel's videos that count.", "videos"),
        Column("channel_mean_views", "double", "Mean of their views.", "views"),
        Column(
            "channel_mean_views_per_hour",
            "double",
            "Mean of their views an hour, one below 0 counting 0.",
            "views/hour",
            True,
        ),
        Column("mature_video_count", "long", "Mature ones among them.", "videos"),
        Column(
            "channel_median_views",
            "double",
            f"Median views of the mature ones; null of fewer than {lens_rules.MATURE_LEAST_COUNT}.",
            "views",
            True,
        ),
        Column("mean_ratio", "double", "Views over the mean.", "times"),
        Column(
            "mean_views_per_hour_ratio",
            "double",
            "Views an hour over their mean; null where that is not above 0.",
            "times",
            True,
        ),
        Column("median_ratio", "double", "Views over the median.", "times", True),
        Column(
            "is_above_mean",
            "boolean",
            f"Whether views or views an hour are above {_TIMES} times the mean.",
        ),
        Column(
            "is_above_median",
            "boolean",
            f"Whether views are above {_TIMES} times the median; null without one.",
            nullable=True,
        ),
    ),
    rhythm="occasional",
    look_back_days=lens_rules.CHANNEL_SEEN_DAYS - 1,
    provider="youtube",
    needs_provider_rows=True,
)

ARTIST_OUTLIERS = Table(
    LENS,
    "artist_outliers",
    "One act on one day: what it gained against its own days before, by the rule of spikes on "
    "views, and what stands out among its videos.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        VIEWS_GAINED.computed(),
        Column(
            "usual_views_gained",
            "double",
            "Median of a day's gain over its up to 28 days before; null of fewer than 14.",
            "views/day",
            True,
        ),
        Column("gain_ratio", "double", "Gain a day over the usual.", "times", True),
        Column(
            "gain_sigmas",
            "double",
            "Distance of its logarithm from the usual in robust standard deviations, less how "
            "all acts moved; an outlier as for notices of spikes.",
            "sigmas",
            True,
        ),
        IS_OUTLIER,
        Column("outlier_video_count", "long", "Its videos above the others.", "videos"),
        said("best_video_id", "string", "Its video with the best score.", nullable=True),
        said("best_views_per_hour", "double", "That video's.", "views/hour", nullable=True),
        Column("best_score", "double", "Best score of its videos.", "0-100", True),
    ),
    rhythm="occasional",
    look_back_days=lens_rules.REACH_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)
