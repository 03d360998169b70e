"""The gold tables: features, ranks and tiers per artist and day.

Belongs here: contracts of what managers and models read. Does not belong here: additive sums
(silver.py).
"""

from __future__ import annotations

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import ARTIST
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

# Share of each sum of `silver/artist_daily`, in its order: how sure it is whose the videos are.
SHARES_BY_EVIDENCE = {
    Column(
        "own_channel_share",
        "double",
        "Part of the window's engagement from videos of the act's own channels; the four shares "
        "add up to 100. Sums below 0 count as 0. Null where no video says how its artist is known.",
        "%",
        nullable=True,
    ): "own_channel_engagement",
    Column(
        "label_share", "double", "The same of Topic channels and chart labels.", "%", nullable=True
    ): "label_engagement",
    Column(
        "clear_name_share",
        "double",
        "The same of titles with a name that is no everyday word.",
        "%",
        nullable=True,
    ): "clear_name_engagement",
    Column(
        "vague_name_share",
        "double",
        "The same of titles with an everyday word beside a second cue.",
        "%",
        nullable=True,
    ): "vague_name_engagement",
}

TIER = Column("tier", "int", "1 is the top; by percentile and the cut-offs of the tiers.")

ARTIST_FEATURES = Table(
    "gold",
    "artist_features",
    f"One artist on one day: trailing windows that end that day, {rules.WINDOW_DAYS} days unless "
    f"the name says otherwise. Artists with an event in the {rules.ACTIVE_DAYS} days before have a "
    "row; OTHER has none.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        Column("total_engagement", "long", "Sum over the window.", "points"),
        Column("avg_engagement", "double", "Mean per day of the window.", "points/day"),
        Column("max_engagement", "long", "Best day of the window.", "points"),
        Column("total_videos", "long", "Distinct videos, HyperLogLog estimate.", "videos"),
        Column(
            "unique_viewers_est",
            "long",
            "Distinct channels that posted, not viewers, which YouTube does not give: HyperLogLog "
            "estimate.",
            "channels",
        ),
        Column(
            "growth_rate_7d",
            "double",
            "Last 7 days against the 7 before, by points a day that was covered; null where a "
            "window's sum is below 0 or half of it is not covered.",
            "%",
            True,
        ),
        Column(
            "growth_rate_30d",
            "double",
            "Last 30 days against the 30 before, in the same way.",
            "%",
            True,
        ),
        Column("momentum", "double", "growth_rate_7d - growth_rate_30d.", "%", True),
        Column(
            "volatility",
            "double",
            f"Sample standard deviation of engagement per covered day, {rules.MONTH_DAYS} days.",
            "points",
            True,
        ),
        Column(
            "market_share",
            "double",
            "Share of all artists' total_engagement, sums below 0 counting as 0.",
            "%",
            True,
        ),
        Column("percentile", "double", "percent_rank over total_engagement.", "0-1"),
        Column("rank", "int", "1 is the highest total_engagement; ties share a rank."),
        TIER,
        Column("trend_direction", "string", "RISING, FALLING or STEADY by growth_rate_7d."),
        Column(
            "growth_sigma",
            "double",
            "growth_rate_7d in standard deviations of the artists of the same tier.",
            "sigma",
            True,
        ),
        *SHARES_BY_EVIDENCE,
        Column(
            "is_vague_only",
            "boolean",
            "Whether all of it rests on everyday words in titles, so that another may be meant.",
            nullable=True,
        ),
        Column(
            "covered_days",
            "int",
            "Days that the window's gains span: more than the window's where its first day is the "
            "one after a gap, fewer where history begins in it.",
            "days",
            True,
        ),
        Column(
            "missing_days",
            "int",
            "Days of the window that nobody collected; what they gained stands on the day after.",
            "days",
            True,
        ),
        Column("missing_days_30d", "int", "The same of the last 30 days.", "days", nullable=True),
        Column(
            "corrected_30d",
            "long",
            "Sum of the days below 0 of the last 30: corrections that make the sum of 30 days "
            "smaller than that of fewer.",
            "points",
            True,
        ),
    ),
    look_back_days=rules.FEATURES_LOOK_BACK_DAYS,
)

TIER_CUTOFFS = Table(
    "gold",
    "tier_cutoffs",
    "One tier on one day: where it begins and how many artists stand in it.",
    ("ingest_date", "tier"),
    (
        INGEST_DATE,
        TIER,
        Column("percentile_from", "double", "Lowest percentile of the tier.", "0-1"),
        Column("min_total_engagement", "long", "Lowest value in the tier.", "points", True),
        Column("max_total_engagement", "long", "Highest value in the tier.", "points", True),
        Column("artist_count", "long", "Artists in the tier.", "artists"),
        Column("market_share", "double", "Their share of all total_engagement.", "%", True),
    ),
)
