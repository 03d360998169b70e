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
_LAST = (
    *("artist", "artist_evidence", "author_id", "observed_at", "event_at", "published_at"),
    *peer.GAINS,
)
_FORMAT = f"""CASE
    WHEN scheduled_at IS NOT NULL OR began_at IS NOT NULL THEN
        CASE WHEN duration_seconds BETWEEN 1 AND {peer.PREMIERE_SECONDS} THEN 'premiere'
            ELSE 'live' END
    WHEN duration_seconds > 0 THEN CASE WHEN duration_seconds <= {peer.SHORT_SECONDS}
        OR duration_seconds <= {peer.TAGGED_SHORT_SECONDS} AND contains(lower(text), '#short')
        THEN 'short' ELSE 'video' END
    WHEN regexp_matches(text, '{peer.SAYS_LIVE}') THEN 'live'
    ELSE 'unknown' END AS video_format"""


def _before(name: str) -> str:
    """The three positive values before a row's own, and the last; of at most 30 days before."""
    found = [
        f"CASE WHEN {name} > 0 AND ingest_date - lag(ingest_date, {i}) OVER {name}_positive "
        f"<= {peer.COUNTERS_LOOK_BACK} THEN lag({{day: ingest_date, value: {name}}}, {i}) "
        f"OVER {name}_positive END AS {name}_{i}"
        for i in (1, 2, 3)
    ]
    return ", ".join(found)


def _positive(name: str) -> str:
    return f"{name}_positive AS (PARTITION BY video_id, {name} > 0 ORDER BY ingest_date)"


def _fell(before: str, after: str, weight: int) -> str:
    return (
        f"coalesce({after} <= {before} * {1 - peer.GLITCH_SHARE} "
        f"AND ({before} - {after}) * {weight} >= {peer.GLITCH_POINTS}, false)"
    )


def _held(name: str) -> str:
    """Whether the counter is not believed, and what it is held against."""
    weight = peer.WEIGHTS[peer.GAINS[name]]
    one, two, three = (f"{name}_{i}" for i in (1, 2, 3))
    announced = f"coalesce(age <= {peer.ANNOUNCED_SECONDS}, false)"
    begins = (
        announced
        if name == "view_count"
        else f"(coalesce(before.view_count <= {peer.FEW_VIEWS}, true) "
        f"AND ({announced} OR coalesce(before.view_count > 0, false)))"
    )

    def fell(before: str, after: str) -> str:
        return _fell(f"{before}.value", f"{after}.value", weight)

    now = f"{{day: ingest_date, value: {name}}}"
    second = f"{fell(two, one)} AND {fell(two, f'({now})')}"
    third = f"{fell(three, two)} AND {fell(three, one)}"
    believed = f"CASE WHEN {third} THEN {three} WHEN {fell(two, one)} THEN {two} ELSE {one} END"
    # Zeros are few, so the last positive value before one is looked for among them alone.
    return f"""
        ({name} = 0 AND coalesce(ingest_date - {name}_positive_day <= {peer.COUNTERS_LOOK_BACK},
            false)) IS TRUE OR {fell(one, f"({now})")} OR {second} AS {name}_held,
        CASE WHEN {second} THEN {two}.value WHEN {fell(one, f"({now})")} THEN {one}.value
            ELSE {name} END AS {name}_level,
        CASE WHEN {one} IS NULL AND before.{name} = 0 AND {begins}
                THEN {{day: before.day, value: 0}}
            ELSE {believed} END AS {name}_base"""


def _gained(name: str) -> str:
    return f"""coalesce(CASE
        WHEN {name}_base IS NOT NULL THEN {name}_level - {name}_base.value
        WHEN age <= {peer.FIRST_SEEN_SECONDS} THEN {name}
        ELSE 0 END, 0) AS {peer.GAINS[name]}"""


_POINTS = " + ".join(f"{name} * {weight}" for name, weight in peer.WEIGHTS.items())
_POSITIVE_DAYS = ", ".join(
    f"max(CASE WHEN {name} > 0 THEN ingest_date END) OVER earlier AS {name}_positive_day"
    for name in peer.GAINS
)
VIDEO_DAILY = f"""
CREATE TABLE video_daily AS
WITH daily AS (
    SELECT ingest_date, video_id, arg_max(struct_pack({", ".join(_LAST)}, text, duration_seconds,
        scheduled_at, began_at), observed_at) AS last, count(*) AS event_count
    FROM events GROUP BY ALL
),
flat AS (SELECT ingest_date, video_id, unnest(last), event_count FROM daily),
told AS (
    SELECT ingest_date, video_id, {", ".join(_LAST)}, event_count, {_FORMAT},
        coalesce(began_at, scheduled_at, published_at) AS launched_at,
        epoch_ms(observed_at) // 1000 - epoch_ms(launched_at) // 1000 AS age
    FROM flat
),
known AS (
    SELECT *, {", ".join(map(_before, peer.GAINS))}, {_POSITIVE_DAYS},
        CASE WHEN ingest_date - lag(ingest_date) OVER by_video <= {peer.COUNTERS_LOOK_BACK} THEN
            lag({{day: ingest_date, {", ".join(f"{n}: {n}" for n in peer.GAINS)}}}) OVER by_video
        END AS before
    FROM told WINDOW by_video AS (PARTITION BY video_id ORDER BY ingest_date),
        earlier AS (by_video ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        {", ".join(map(_positive, peer.GAINS))}
),
held AS (SELECT *, {", ".join(map(_held, peer.GAINS))} FROM known)
SELECT ingest_date, video_id, {", ".join(_LAST)}, video_format, launched_at, event_count,
    {", ".join(map(_gained, peer.GAINS))}, {_POINTS} AS engagement,
    {" OR ".join(f"{name}_held" for name in peer.GAINS)} AS is_glitch,
    CASE WHEN view_count IS NOT NULL AND NOT view_count_held
        THEN (ingest_date - view_count_base.day)::INTEGER END AS gained_days
FROM held
"""
_BY_EVIDENCE = ", ".join(
    f"coalesce(sum(engagement) FILTER (artist_evidence IN {(*kinds, '')}), 0)::BIGINT"
    f" AS {name}_engagement"
    for name, kinds in peer.BY_EVIDENCE.items()
)
ARTIST_DAILY = f"""
CREATE TABLE artist_daily AS
SELECT ingest_date, artist, sum(event_count)::BIGINT AS event_count, count(*) AS video_count,
    sum(views_gained)::BIGINT AS views_gained, sum(likes_gained)::BIGINT AS likes_gained,
    sum(comments_gained)::BIGINT AS comments_gained, sum(engagement)::BIGINT AS engagement,
    {_BY_EVIDENCE}, count(*) FILTER (is_glitch) AS held_count
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
