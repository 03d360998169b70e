"""The lens tables about how single videos do: rates, scores, lists, outliers.

Belongs here: contracts of what is measured of a video on a day. Does not belong here: sums of an
artist (silver.py), or how anything is computed (lens/).
"""

from __future__ import annotations

from kpop_assets.contracts import lens_rules, rules
from kpop_assets.contracts.bronze import (
    ARTIST,
    AUTHOR_ID,
    AUTHOR_SUBSCRIBER_COUNT,
    COMMENT_COUNT,
    LIKE_COUNT,
    OBSERVED_AT,
    VIDEO_ID,
    VIEW_COUNT,
)
from kpop_assets.contracts.silver import LAUNCHED_AT, VIDEO_FORMAT
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

# The layer of all contracts of the lens.
LENS = "lens"

AGE_BAND = Column(
    "age_band",
    "string",
    "Age in days, from and to before: " + ", ".join(rules.AGE_BANDS) + " (no launch is known).",
)
VIEWS_PER_HOUR = Column(
    "views_per_hour", "double", "Views an hour; below 0 is a correction.", "views/hour", True
)

VIDEO_METRICS = Table(
    LENS,
    "video_metrics",
    "One video on one day by its last observation with views: rates, engagement and age. A view "
    "counter that is not believed that day (silver/video_daily) is null, and all that rests on it.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        AUTHOR_ID,
        VIDEO_FORMAT,
        LAUNCHED_AT,
        OBSERVED_AT,
        Column("age_hours", "double", "From launch to observation.", "hours", True),
        AGE_BAND,
        VIEW_COUNT,
        LIKE_COUNT,
        COMMENT_COUNT,
        AUTHOR_SUBSCRIBER_COUNT,
        Column(
            "pair_hours",
            "double",
            f"Hours back to the nearest observation that lies {rules.PAIR_LEAST_HOURS} to "
            f"{rules.PAIR_MOST_HOURS} hours before, or to the launch where that came later; null "
            f"where there is none, or the launch is under {rules.LIFETIME_LEAST_HOURS} hours ago.",
            "hours",
            True,
        ),
        VIEWS_PER_HOUR,
        Column(
            "views_per_hour_basis",
            "string",
            "pair: rise since that observation over its hours; lifetime: views over age, where "
            "there is no pair; null where neither is known.",
            nullable=True,
        ),
        Column(
            "gain_24h",
            "double",
            "Rise of the pair, scaled to 24 hours; of a video launched within them, not scaled up.",
            "views/24 hours",
            True,
        ),
        Column(
            "engagement_rate_pct",
            "double",
            "(likes + comments) / views; null where one is hidden.",
            "%",
            True,
        ),
        Column("views_per_subscriber", "double", "Views over subscribers.", "views", True),
        Column("views_per_like", "double", "Views over likes.", "views", True),
        Column(
            "views_per_like_sigmas",
            "double",
            "Distance of its logarithm from the median of the same format and age band of the "
            "day, in robust standard deviations; 0 where they have no scale.",
            "sigmas",
            True,
        ),
        Column(
            "has_odd_likes",
            "boolean",
            f"Whether that is above {rules.ODD_LIKES_SIGMAS:g}: far fewer likes than such views "
            "bring, as paid views do.",
            nullable=True,
        ),
    ),
    look_back_days=rules.PAIR_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

SCORE = Column(
    "score",
    "double",
    "Weighted mean of the parts that are known (see method page), each against a fixed maximum.",
    "0-100",
)
# The parts of the score: what each is of.
PARTS = {
    "views": "views",
    "views_per_hour": "views an hour",
    "gain_24h": "the rise of 24 hours",
    "engagement": "the engagement rate",
    "views_per_subscriber": "views over subscribers",
    "outlier": "the distance above other videos (lens/video_outliers); 0 below them, null where "
    "neither rate nor engagement could be compared",
    "freshness": "age: 100 at launch, 0 from a week on",
}

VIDEO_SCORES = Table(
    LENS,
    "video_scores",
    "One video that is out, on one day of which views are known: one number for how it does, and "
    "its parts.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        SCORE,
        Column(
            "percentile_score",
            "double",
            "The same weights over where the video stands among the day's in each part; fixed "
            "maxima say little of small acts.",
            "0-100",
        ),
        Column("known_weight_pct", "double", "Weight of the parts that are known.", "%"),
        *(
            Column(f"part_{name}", "double", f"Part of the score: {what}.", "0-100", True)
            for name, what in PARTS.items()
        ),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

SCOPE = Column(
    "scope",
    "string",
    "Whose videos: everything that was taken in, acts (those of any act), or one act by its "
    "canonical name.",
)

VIDEO_LISTS = Table(
    LENS,
    "video_lists",
    "One place of one list of videos on one day.",
    ("ingest_date", "list", "scope", "rank"),
    (
        INGEST_DATE,
        Column("list", "string", ", ".join(lens_rules.LIST_LENGTHS) + " (see method page)."),
        SCOPE,
        Column("rank", "int", "1 is the first of the list."),
        VIDEO_ID,
        ARTIST,
        Column("value", "double", "What the list is by, in that quantity's unit."),
        SCORE,
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)
