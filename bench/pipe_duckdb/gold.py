"""Days of artists to features and tiers, in SQL.

Belongs here: trailing windows of days, ranks and cut-offs. Does not belong here: single events
(silver.py).
"""

from __future__ import annotations

from bench import peer
from kpop_assets.catalog.catalog import OTHER


def _distinct(key: str, name: str) -> str:
    """Exact distinct values in the 7 days that end on each seen day, as a running sum.

    A value adds to the days from its day on until it is older than 7 days or seen again.
    """
    return f"""
{name}_present AS (
    SELECT artist, ingest_date, lead(ingest_date) OVER
        (PARTITION BY artist, {key} ORDER BY ingest_date) AS following
    FROM (SELECT DISTINCT artist, {key}, ingest_date FROM video_daily
        WHERE {key} IS NOT NULL AND artist != '{OTHER}')
),
{name}_steps AS (
    SELECT artist, ingest_date AS day, 1 AS change FROM {name}_present
    UNION ALL
    SELECT artist, least(ingest_date + 7, following), -1 FROM {name}_present
    UNION ALL
    SELECT artist, day, 0 FROM acts, days
),
{name}_counts AS (
    SELECT artist, day, sum(sum(change)) OVER (PARTITION BY artist ORDER BY day)::BIGINT AS {name}
    FROM {name}_steps GROUP BY artist, day
)"""


def _growth(recent: str, previous: str, knows: str) -> str:
    return (
        f"CASE WHEN {knows} AND {previous} > 0 THEN ({recent} - {previous}) / {previous} * 100 END"
    )


def _within(first: int, last: int) -> str:
    return f"FILTER (age BETWEEN {first} AND {last})"


_TIER = " ".join(f"WHEN percentile >= {lowest} THEN {number}" for number, lowest in peer.TIERS)
FEATURES = f"""
CREATE TABLE artist_features AS
WITH days AS (SELECT DISTINCT ingest_date AS day FROM artist_daily),
acts AS (SELECT DISTINCT artist FROM artist_daily WHERE artist != '{OTHER}'),
pairs AS (
    SELECT days.day, acts.artist, days.day - past.day AS age,
        daily.artist IS NOT NULL AS is_present, coalesce(engagement, 0) AS points
    FROM days JOIN days AS past ON past.day BETWEEN days.day - 59 AND days.day
    CROSS JOIN acts
    LEFT JOIN artist_daily AS daily ON daily.artist = acts.artist AND daily.ingest_date = past.day
),
sums AS (
    SELECT day, artist,
        sum(points) {_within(0, 6)} AS total_engagement,
        max(points) {_within(0, 6)} AS max_engagement,
        coalesce(sum(points) {_within(7, 13)}, 0) AS previous_7d,
        sum(points) {_within(0, 29)} AS recent_30d,
        coalesce(sum(points) {_within(30, 59)}, 0) AS previous_30d,
        stddev_samp(points) {_within(0, 29)} AS volatility
    FROM pairs GROUP BY day, artist HAVING bool_or(is_present AND age < {peer.ACTIVE_DAYS})
),
history AS (
    SELECT days.day,
        bool_or(days.day - past.day BETWEEN 13 AND 13 + {peer.GAP_DAYS}) AS knows_7d,
        bool_or(days.day - past.day BETWEEN 59 AND 59 + {peer.GAP_DAYS}) AS knows_30d
    FROM days, days AS past GROUP BY days.day
),
{_distinct("video_id", "total_videos")},
{_distinct("author_id", "unique_viewers_est")},
rates AS (
    SELECT *, {_growth("total_engagement", "previous_7d", "knows_7d")} AS growth_rate_7d,
        {_growth("recent_30d", "previous_30d", "knows_30d")} AS growth_rate_30d,
        sum(total_engagement) OVER (PARTITION BY day) AS whole,
        percent_rank() OVER (PARTITION BY day ORDER BY total_engagement) AS percentile,
        rank() OVER (PARTITION BY day ORDER BY total_engagement DESC) AS rank
    FROM sums JOIN history USING (day)
    LEFT JOIN total_videos_counts USING (day, artist)
    LEFT JOIN unique_viewers_est_counts USING (day, artist)
),
tiers AS (SELECT *, CASE {_TIER} END AS tier FROM rates),
spreads AS (
    SELECT *, stddev_samp(growth_rate_7d) OVER peers AS spread,
        avg(growth_rate_7d) OVER peers AS middle
    FROM tiers WINDOW peers AS (PARTITION BY day, tier)
)
SELECT day AS ingest_date, artist, total_engagement::BIGINT AS total_engagement,
    total_engagement / 7 AS avg_engagement, max_engagement::BIGINT AS max_engagement,
    coalesce(total_videos, 0) AS total_videos,
    coalesce(unique_viewers_est, 0) AS unique_viewers_est, growth_rate_7d, growth_rate_30d,
    growth_rate_7d - growth_rate_30d AS momentum, volatility,
    CASE WHEN whole != 0 THEN total_engagement / whole * 100 END AS market_share, percentile,
    rank::INTEGER AS rank, tier::INTEGER AS tier,
    CASE WHEN growth_rate_7d > 10 THEN 'RISING' WHEN growth_rate_7d < -10 THEN 'FALLING'
        ELSE 'STEADY' END AS trend_direction,
    CASE WHEN spread > 0 THEN (growth_rate_7d - middle) / spread END AS growth_sigma
FROM spreads
"""
CUTOFFS = f"""
WITH tiers(tier, percentile_from) AS (
    VALUES {", ".join(f"({number}::INTEGER, {lowest}::DOUBLE)" for number, lowest in peer.TIERS)}
),
present AS (
    SELECT ingest_date, tier, min(total_engagement) AS min_total_engagement,
        max(total_engagement) AS max_total_engagement, count(*) AS artist_count,
        sum(market_share) AS market_share
    FROM artist_features GROUP BY ALL
)
SELECT ingest_date, tier, percentile_from, min_total_engagement, max_total_engagement,
    coalesce(artist_count, 0) AS artist_count, market_share
FROM (SELECT DISTINCT ingest_date FROM artist_features) CROSS JOIN tiers
LEFT JOIN present USING (ingest_date, tier)
"""
