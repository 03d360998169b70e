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


def _within(first: int, last: int) -> str:
    return f"FILTER (age BETWEEN {first} AND {last})"


def _pace(window: str) -> str:
    """Points of a whole window at its pace."""
    days = peer.SPANS[window.partition("_")[2]]
    return (
        f"(mentions_{window} * {days} / nullif(seen_{window}, 0)"
        f" + gained_{window} * {days} / nullif(spans_{window}, 0))"
    )


def _growth(name: str) -> str:
    recent, previous = _pace(f"recent_{name}"), _pace(f"previous_{name}")
    half = peer.SPANS[name] / 2
    return (
        f"CASE WHEN knows_{name} AND spans_recent_{name} > {half} "
        f"AND spans_previous_{name} > {half} AND {previous} > 0 AND {recent} >= 0 "
        f"THEN ({recent} - {previous}) / {previous} * 100 END"
    )


_MOVED = ", ".join(
    f"CASE WHEN NOT is_partial THEN {name} + CASE WHEN takes THEN lag({name}) OVER by_act ELSE 0 "
    f"END + CASE WHEN takes_2 THEN lag({name}, 2) OVER by_act ELSE 0 END END AS moved_{name}"
    for name in ("rise", "span")
)
_SPAN = f"CASE WHEN age + span <= {peer.FEATURES_LOOK_BACK} THEN span END"
_WINDOW_SUMS = ", ".join(
    f"coalesce(sum({name}) {_within(*ages)}, 0) AS {name}_{window}"
    for window, ages in peer.WINDOWS.items()
    for name in ("mentions", "gained", "spans")
)
_WINDOW_DAYS = ", ".join(
    f"count(*) {_within(*ages)} AS seen_{window}" for window, ages in peer.WINDOWS.items()
)
_KNOWS = ", ".join(
    f"bool_or(age BETWEEN {2 * days - 1} AND {2 * days - 1 + peer.GAP_DAYS}) AS knows_{name}"
    for name, days in peer.SPANS.items()
)
_MISSING = ", ".join(
    f"(least(max(age) + 1, {days}) - count(*) FILTER (age < {days}))::INTEGER AS {name}"
    for name, days in (("missing_days", 7), ("missing_days_30d", 30))
)
_EVIDENCE = ", ".join(
    f"greatest(sum({name}_engagement), 0) AS {name}_points" for name in peer.BY_EVIDENCE
)
_WHOLE = "(" + " + ".join(f"{name}_points" for name in peer.BY_EVIDENCE) + ")"
_SHARES = ", ".join(
    f"CASE WHEN {_WHOLE} > 0 THEN {name}_points / {_WHOLE} * 100 END AS {name}_share"
    for name in peer.BY_EVIDENCE
)
_TIER = " ".join(f"WHEN percentile >= {lowest} THEN {number}" for number, lowest in peer.TIERS)
FEATURES = f"""
CREATE TABLE artist_features AS
WITH seen AS (SELECT DISTINCT ingest_date AS day FROM artist_daily),
gaps AS (SELECT day, day - lag(day) OVER (ORDER BY day) AS gap FROM seen),
days AS (SELECT day, CASE WHEN gap <= {peer.COUNTERS_LOOK_BACK} THEN gap END AS span FROM gaps),
acts AS (SELECT DISTINCT artist FROM artist_daily WHERE artist != '{OTHER}'),
ages AS (
    SELECT days.day, past.day AS past_day, days.day - past.day AS age, past.span
    FROM days JOIN days AS past
        ON past.day BETWEEN days.day - {peer.FEATURES_LOOK_BACK} AND days.day
),
grid AS (
    SELECT days.day, acts.artist, days.span, daily.artist IS NOT NULL AS is_present,
        coalesce(engagement, 0) AS points, coalesce(event_count, 0) AS mentions,
        points - mentions AS rise, coalesce(held_count, 0) > 0 AS is_held
    FROM days CROSS JOIN acts
    LEFT JOIN artist_daily AS daily
        ON daily.artist = acts.artist AND daily.ingest_date = days.day
),
partial AS (
    SELECT *, day - lag(day) OVER by_act <= {peer.NEAR_DAYS} AS is_near,
        day - lag(day, 2) OVER by_act <= {peer.NEAR_DAYS} AS is_near_2,
        is_held AND NOT coalesce(is_near AND is_near_2 AND lag(is_held) OVER by_act
            AND lag(is_held, 2) OVER by_act, false) AS is_partial
    FROM grid WINDOW by_act AS (PARTITION BY artist ORDER BY day)
),
told AS (
    SELECT *, coalesce(is_near AND lag(is_partial) OVER by_act, false) AS takes,
        takes AND coalesce(is_near_2 AND lag(is_partial, 2) OVER by_act, false) AS takes_2,
        {_MOVED}
    FROM partial WINDOW by_act AS (PARTITION BY artist ORDER BY day)
),
pairs AS (
    SELECT ages.day, artist, age, is_present, points, mentions, rise,
        CASE WHEN age + told.span <= {peer.FEATURES_LOOK_BACK} THEN told.span END AS days_spanned,
        CASE WHEN age + moved_span <= {peer.FEATURES_LOOK_BACK} THEN moved_rise END AS gained,
        CASE WHEN age + moved_span <= {peer.FEATURES_LOOK_BACK} THEN moved_span END AS spans
    FROM ages JOIN told ON told.day = ages.past_day
    WHERE age < 60
),
sums AS (
    SELECT day, artist,
        sum(points) {_within(0, 6)} AS total_engagement,
        max(points) {_within(0, 6)} AS max_engagement,
        {_WINDOW_SUMS},
        stddev_samp(mentions + round(rise / days_spanned)) {_within(0, 29)} AS volatility,
        coalesce(sum(points) FILTER (points < 0 AND age < 30), 0)::BIGINT AS corrected_30d
    FROM pairs GROUP BY day, artist HAVING bool_or(is_present AND age < {peer.ACTIVE_DAYS})
),
evidence AS (
    SELECT day, artist, {_EVIDENCE} FROM ages JOIN artist_daily ON ingest_date = past_day
    WHERE age < 7 AND artist != '{OTHER}' GROUP BY day, artist
),
history AS (
    SELECT day, {_KNOWS}, {_WINDOW_DAYS}, {_MISSING},
        coalesce(sum({_SPAN}) {_within(0, 6)}, 0)::INTEGER AS covered_days
    FROM ages GROUP BY day
),
{_distinct("video_id", "total_videos")},
{_distinct("author_id", "unique_viewers_est")},
rates AS (
    SELECT *, {_growth("7d")} AS growth_rate_7d,
        {_growth("30d")} AS growth_rate_30d,
        sum(greatest(total_engagement, 0)) OVER (PARTITION BY day) AS whole, {_SHARES},
        CASE WHEN {_WHOLE} > 0 THEN vague_name_points = {_WHOLE} END AS is_vague_only,
        percent_rank() OVER (PARTITION BY day ORDER BY total_engagement) AS percentile,
        rank() OVER (PARTITION BY day ORDER BY total_engagement DESC) AS rank
    FROM sums JOIN history USING (day)
    LEFT JOIN evidence USING (day, artist)
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
    CASE WHEN whole != 0 THEN greatest(total_engagement, 0) / whole * 100 END AS market_share,
    percentile, rank::INTEGER AS rank, tier::INTEGER AS tier,
    CASE WHEN growth_rate_7d > 10 THEN 'RISING' WHEN growth_rate_7d < -10 THEN 'FALLING'
        ELSE 'STEADY' END AS trend_direction,
    CASE WHEN spread > 0 THEN (growth_rate_7d - middle) / spread END AS growth_sigma,
    covered_days, missing_days, missing_days_30d, corrected_30d,
    {", ".join(f"{name}_share" for name in peer.BY_EVIDENCE)}, is_vague_only
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
