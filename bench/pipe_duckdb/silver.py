"""Events to videos, artists and windows of a day, in SQL.

Belongs here: what looks at single events or videos. Does not belong here: features over days
(gold.py).
"""

from __future__ import annotations

from bench import peer

VIDEOS = f"""
WITH daily AS (
    SELECT ingest_date, video_id,
        -- Observation times repeat only for different videos, so they alone give the first.
        arg_min(struct_pack(artist, text, author_id, author_name, source, published_at),
            observed_at) AS first,
        min(observed_at) AS first_observed_at
    FROM events GROUP BY ALL
)
SELECT ingest_date, video_id, unnest(first), first_observed_at
FROM (
    SELECT *, lag(ingest_date) OVER (PARTITION BY video_id ORDER BY ingest_date) AS previous
    FROM daily
)
WHERE coalesce(ingest_date - previous > {peer.VIDEOS_LOOK_BACK}, true)
"""
_GAINS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}
_LAST = ("artist", "author_id", "observed_at", "event_at", "published_at", *_GAINS)


def _previous(name: str) -> str:
    known = f"CASE WHEN {name} IS NOT NULL THEN {{day: ingest_date, value: {name}}} END"
    return f"lag({known} IGNORE NULLS) OVER by_video AS previous_{name}"


def _gained(name: str) -> str:
    previous = f"previous_{name}"
    return f"""coalesce(CASE
        WHEN ingest_date - {previous}.day <= {peer.COUNTERS_LOOK_BACK}
            THEN {name} - {previous}.value
        WHEN epoch_ms(observed_at) // 1000 - epoch_ms(published_at) // 1000
            <= {peer.FIRST_SEEN_SECONDS} THEN {name}
        ELSE 0 END, 0) AS {_GAINS[name]}"""


_POINTS = " + ".join(f"{name} * {weight}" for name, weight in peer.WEIGHTS.items())
VIDEO_DAILY = f"""
CREATE TABLE video_daily AS
WITH daily AS (
    SELECT ingest_date, video_id, arg_max(struct_pack({", ".join(_LAST)}), observed_at) AS last,
        count(*) AS event_count
    FROM events GROUP BY ALL
),
flat AS (SELECT ingest_date, video_id, unnest(last), event_count FROM daily),
known AS (
    SELECT *, {", ".join(map(_previous, _GAINS))}
    FROM flat WINDOW by_video AS (PARTITION BY video_id ORDER BY ingest_date)
)
SELECT ingest_date, video_id, {", ".join(_LAST)}, event_count,
    {", ".join(map(_gained, _GAINS))}, {_POINTS} AS engagement
FROM known
"""
ARTIST_DAILY = """
CREATE TABLE artist_daily AS
SELECT ingest_date, artist, sum(event_count)::BIGINT AS event_count, count(*) AS video_count,
    sum(views_gained)::BIGINT AS views_gained, sum(likes_gained)::BIGINT AS likes_gained,
    sum(comments_gained)::BIGINT AS comments_gained, sum(engagement)::BIGINT AS engagement
FROM video_daily GROUP BY ALL
"""
_SLIDE = f"epoch_ms(event_at) // {peer.SLIDE_MS} AS slide"


def _new_windows(name: str) -> str:
    over = f"(PARTITION BY ingest_date, artist, {name} ORDER BY slide)"
    return f"coalesce(slide - lag(slide) OVER {over}, {peer.WINDOW_SLIDES})"


WINDOWS = f"""
WITH mentions AS (SELECT ingest_date, artist, video_id, author_id, {_SLIDE} FROM events),
rows AS (
    SELECT ingest_date, artist, slide, 1 AS n, 1 AS points, {_new_windows("video_id")} AS videos,
        CASE WHEN author_id IS NOT NULL THEN {_new_windows("author_id")} ELSE 0 END AS authors
    FROM mentions
    UNION ALL
    SELECT ingest_date, artist, {_SLIDE}, 0, engagement - event_count, 0, 0 FROM video_daily
)
SELECT ingest_date, artist,
    make_timestamp((slide - back) * {peer.SLIDE_MS * 1000}) AS window_start_at,
    make_timestamp((slide - back + {peer.WINDOW_SLIDES}) * {peer.SLIDE_MS * 1000})
        AS window_end_at,
    sum(n)::BIGINT AS video_count, count(*) FILTER (videos > back) AS unique_videos,
    sum(points)::BIGINT AS total_engagement, count(*) FILTER (authors > back) AS unique_authors
FROM rows CROSS JOIN range({peer.WINDOW_SLIDES}) AS offsets(back)
GROUP BY ingest_date, artist, slide - back
"""
