"""The numbers of what is made of a video's metrics: scores, lists, outliers. Said here alone.

Belongs here: weights, maxima and cut-offs of those formulas, as in rules.py. Does not belong here:
how metrics are measured (rules.py), or a formula (lens/).
"""

from __future__ import annotations

from kpop_assets.contracts import rules

# A video is out of the ordinary where its weighted distance from the others is beyond this.
OUTLIER_WEIGHTS = {"views_per_hour": 0.4, "views": 0.3, "engagement": 0.3}
OUTLIER_EDGE = 2.0
# What is named first of a video that is: beyond these, in this order, else it is a combination.
REASON_VIEWS_PER_HOUR = 50_000.0
REASON_ENGAGEMENT_PCT = 10.0
REASON_VIEWS_PER_SUBSCRIBER = 5.0
# A channel's usual is that of its last videos, as last seen within so many days: those before them
# may be gone when the day is run again (retention/limits.py).
CHANNEL_VIDEOS = 50
CHANNEL_SEEN_DAYS = 28
# Above so many times the usual a video stands out in its channel.
CHANNEL_RATIO = 3.0
# Most of a video's views have come after this; a median of fewer such videos is no usual.
MATURE_DAYS = 30
MATURE_LEAST_COUNT = 8
# The score: weight of each part, and the value at which a part is full.
SCORE_WEIGHTS = {
    "views": 0.25,
    "views_per_hour": 0.20,
    "gain_24h": 0.15,
    "engagement": 0.15,
    "views_per_subscriber": 0.10,
    "outlier": 0.10,
    "freshness": 0.05,
}
SCORE_MAXIMA = {
    "views": 1e7,
    "views_per_hour": 1e5,
    "gain_24h": 1e6,
    "engagement": 10.0,
    "views_per_subscriber": 10.0,
    "outlier": 3.0,
    "freshness": 1.0,
}
FRESHNESS_HOURS = 168
# How many each list has at most, and what it takes.
LIST_LENGTHS = {
    "overall": 50,
    "trending": 20,
    "viral": 20,
    "underrated": 20,
    "fresh": 20,
    "steady": 20,
}
TRENDING_VIEWS_PER_HOUR = 10_000.0
# And by views over a life only while that is no longer than a pair may be.
TRENDING_LIFETIME_HOURS = rules.PAIR_MOST_HOURS
VIRAL_GAIN_24H = 100_000.0
UNDERRATED_ENGAGEMENT_PCT = 5.0
UNDERRATED_VIEWS = 100_000
FRESH_HOURS = 24
STEADY_SHARES = (0.8, 1.2)
# And only a video that is as many times as old as its pair of observations is long.
STEADY_LIFE_PAIRS = 3
# Days of an act as old as this may be its history: 28 days of data, with room for days that nobody
# collected.
REACH_DAYS = 60
