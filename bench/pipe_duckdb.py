"""Landing files to gold, hand-written in DuckDB's SQL: the second peer of our own pipe.

The same tables with the same columns as Parquet, one file per table, no Delta. What differs, and
is meant to: sketches are left out, distinct counts are exact (the gap to a video's previous
occurrence says how many new windows or days it adds), titles are looked up once per distinct
text, times are written without a zone and mean UTC. Lines that DuckDB's JSON reader leaves empty,
or that look odd, go through `peer.judge` one by one.

Closer to the demo data than ours: DuckDB numbers the lines it sees, so a file with blank lines
would have other line numbers; two objects on one line, and half surrogate pairs in a line whose
fields are all fine, are not noticed. Of the history before the range, nothing is read.

Belongs here: the whole program. Does not belong here: what both peers share (peer.py).
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from bench.steps import step

with step("import"):
    import duckdb
    import pyarrow as pa

    from bench import peer
    from kpop_assets.catalog.catalog import OTHER, Catalog, load_catalog
    from kpop_assets.catalog.lexicon import credit_spellings
    from kpop_assets.catalog.names import (
        LEADING_AMPERSAND,
        NARROW,
        NOT_A_LETTER,
        SCRIPT_RUN,
        WIDE,
    )

_TEXTS = [name for name in peer.TEXTS if name != "text"]
_NUMBERS = (*peer.COUNTS, *peer.TIMES)


def main() -> None:
    """Run the program that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.pipe_duckdb", description=__doc__)
    parser.add_argument("landing", type=Path)
    parser.add_argument("out", type=Path, help="folder of the Parquet files")
    parser.add_argument("start", type=dt.date.fromisoformat, help="first day")
    parser.add_argument("end", type=dt.date.fromisoformat, help="first day after the range")
    args = parser.parse_args()
    run(args.landing, args.out, args.start, args.end)


def run(landing: Path, out: Path, start: dt.date, end: dt.date) -> None:
    """Fill every table of the days [start, end)."""
    db = duckdb.connect()
    with step("parse"):
        read_lines(db, peer.find_files(landing, start, end))
    with step("bronze/events"):
        prepare_catalog(db, load_catalog())
        db.execute(_TITLES + _EVENTS)
        _write(db, out, "bronze/events", "FROM events")
    with step("bronze/quarantine"):
        _write(db, out, "bronze/quarantine", "FROM quarantine")
    with step("bronze/files"):
        _write(db, out, "bronze/files", _FILES)
        db.execute("DROP TABLE parsed")
    with step("bronze/videos"):
        _write(db, out, "bronze/videos", _VIDEOS)
    with step("silver/video_daily"):
        db.execute(_VIDEO_DAILY)
        _write(db, out, "silver/video_daily", "FROM video_daily")
    with step("silver/artist_daily"):
        db.execute(_ARTIST_DAILY)
        _write(db, out, "silver/artist_daily", "FROM artist_daily")
    with step("silver/artist_windows"):
        _write(db, out, "silver/artist_windows", _WINDOWS)
    with step("gold/artist_features"):
        db.execute(_FEATURES)
        _write(db, out, "gold/artist_features", "FROM artist_features")
    with step("gold/tier_cutoffs"):
        _write(db, out, "gold/tier_cutoffs", _CUTOFFS)


def _write(db: duckdb.DuckDBPyConnection, out: Path, table: str, query: str) -> None:
    path = out / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")


# --- bronze: lines


def read_lines(db: duckdb.DuckDBPyConnection, files: list[peer.PeerFile]) -> None:
    """Fill `files`, `parsed` (one row per line in order) and `quarantine`."""
    rows = [(str(f.path), f.path.name, f.day, f.size_bytes, f.epoch_ms) for f in files]
    db.execute(
        "CREATE TABLE files (path VARCHAR, landing_file VARCHAR, ingest_date DATE, "
        "size_bytes BIGINT, epoch_ms BIGINT)"
    )
    db.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)
    paths = [str(file.path) for file in files if file.size_bytes]
    # An in-memory table keeps the order of the files, so row numbers give line numbers.
    db.execute(_PARSED, {"files": paths, "columns": dict.fromkeys(peer.FIELDS, "VARCHAR")})
    db.execute(_FIRST_ROWS)
    _judge_doubtful(db, files)


def _judge_doubtful(db: duckdb.DuckDBPyConnection, files: list[peer.PeerFile]) -> None:
    doubtful = db.execute(
        "SELECT path, list(parsed.rowid - first_row) FROM parsed JOIN first_rows USING (path) "
        "WHERE NOT is_sure GROUP BY path"
    ).fetchall()
    by_path = {str(file.path): file for file in files}
    judged: list[dict[str, Any]] = []
    for path, places in doubtful:
        lines, numbers = peer.read_lines(Path(path))
        file = by_path[path]
        judged += [
            {"path": path, "line_number": numbers[i], **peer.judge(lines[i], file)} for i in places
        ]
    texts = ("path", *peer.TEXTS, "reason", "field", "line")
    schema = pa.schema(
        [(name, pa.string()) for name in texts]
        + [(name, pa.int64()) for name in (*_NUMBERS, "line_number")]
    )
    db.register("judged", pa.Table.from_pylist(judged, schema))
    db.execute(_TAKE_JUDGED)


def _sure() -> str:
    """Nothing about the line is odd: every field present, cast and possible."""
    text = [
        f"trim({name}) != '' AND NOT regexp_matches({name}, '{peer.BARE}')"
        for name in ("video_id", "text", "source")
    ]
    cast = [f"({name} IS NULL OR {_whole(name)} IS NOT NULL)" for name in _NUMBERS]
    positive = [f"coalesce({_whole(name)}, 0) >= 0" for name in peer.COUNTS]
    latest = f"({_OBSERVED} + {peer.DAY_MS})"
    times = [
        f"({_OBSERVED} + {peer.SEOUL_MS}) // {peer.DAY_MS} = "
        "datediff('day', DATE '1970-01-01', ingest_date)",
        f"{_whole('ts')} BETWEEN {peer.FIRST_INSTANT_MS} AND {latest}",
        f"coalesce({_whole('published_at')} BETWEEN {peer.FIRST_INSTANT_MS} AND {latest}, true)",
    ]
    return " AND ".join([*text, *cast, *positive, *times])


def _whole(name: str) -> str:
    # DuckDB would round 1.5 to 2; anything with a point is looked at by hand.
    return f"CASE WHEN NOT contains({name}, '.') THEN TRY_CAST({name} AS BIGINT) END"


def _decoded(text: str) -> str:
    decoded = text
    for entity, character in peer.ENTITIES.items():
        decoded = f"replace({decoded}, '{entity}', '{character.replace(chr(39), chr(39) * 2)}')"
    return f"CASE WHEN contains({text}, '&') THEN {decoded} ELSE {text} END"


_OBSERVED = f"CASE WHEN observed_at IS NULL THEN epoch_ms ELSE {_whole('observed_at')} END"
_PARSED = f"""
CREATE TABLE parsed AS
SELECT files.path, ingest_date, landing_file, {", ".join(_TEXTS)}, {_decoded("text")} AS text,
    {", ".join(f"{_whole(name)} AS {name}" for name in peer.COUNTS)},
    {_whole("ts")} AS ts, {_OBSERVED} AS observed_at, {_whole("published_at")} AS published_at,
    coalesce({_sure()}, false) AS is_sure, NULL::INTEGER AS line_number
FROM read_ndjson($files, columns = $columns, filename = 'path', ignore_errors = true) AS lines
JOIN files USING (path)
"""
_FIRST_ROWS = (
    "CREATE TABLE first_rows AS SELECT path, min(rowid) AS first_row FROM parsed GROUP BY path"
)
_TAKE_JUDGED = f"""
CREATE TABLE quarantine AS
SELECT ingest_date, landing_file, line_number::INTEGER AS line_number, reason, field, line
FROM judged JOIN files USING (path) WHERE reason IS NOT NULL;
CREATE TABLE usable AS
SELECT ingest_date, landing_file, (parsed.rowid - first_row + 1)::INTEGER AS line_number,
    {", ".join(peer.FIELDS)}
FROM parsed JOIN first_rows USING (path) WHERE is_sure
UNION ALL
SELECT ingest_date, landing_file, line_number, {", ".join(peer.FIELDS)}
FROM judged JOIN files USING (path) WHERE reason IS NULL;
"""
_FILES = """
SELECT ingest_date, landing_file, size_bytes, coalesce(line_count, 0) AS line_count,
    coalesce(event_count, 0) AS event_count,
    coalesce(line_count - coalesce(event_count, 0) - coalesce(quarantine_count, 0), 0)
        AS duplicate_count,
    coalesce(quarantine_count, 0) AS quarantine_count
FROM files
LEFT JOIN (SELECT path, count(*) AS line_count FROM parsed GROUP BY path) USING (path)
LEFT JOIN (SELECT ingest_date, landing_file, count(*) AS event_count FROM events GROUP BY ALL)
    USING (ingest_date, landing_file)
LEFT JOIN (SELECT ingest_date, landing_file, count(*) AS quarantine_count FROM quarantine
    GROUP BY ALL) USING (ingest_date, landing_file)
"""

# --- bronze: artists


def prepare_catalog(db: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Spellings, first words, channels and labels as tables; the normal form as a macro."""
    labels = credit_spellings(catalog)
    channels = peer.channel_rows(catalog)
    tables = {
        "spellings": pa.table(peer.spelling_rows(catalog)),
        "heads": pa.table({"head": peer.head_keys(catalog)}),
        "labels": pa.table({"label": list(labels), "label_artist": list(labels.values())}),
        "channels": pa.table(
            {"author_id": [c for c, _ in channels], "channel_artist": [a for _, a in channels]}
        ),
    }
    for name, table in tables.items():
        db.register(f"{name}_arrow", table)
        db.execute(f"CREATE TABLE {name} AS FROM {name}_arrow")
    form = f"lower(translate(x, '{WIDE}', '{NARROW}'))"
    for pattern, by in (
        (LEADING_AMPERSAND, r" and\1"),
        (NOT_A_LETTER, " "),
        (SCRIPT_RUN, r" \1 "),
        (" +", " "),
    ):
        form = f"regexp_replace({form}, '{pattern}', '{by}', 'g')"
    db.execute(f"CREATE MACRO normalised(x) AS trim({form})")


_UNNAMED = ", ".join(f"'{name}'" for name in peer.UNNAMED_TOPICS)
_TITLES = f"""
-- Repeats of (day, video, instant) but for the first by file and line: few, so found on keys.
CREATE TABLE repeats AS
WITH keys AS (
    SELECT ingest_date, video_id, observed_at, min((landing_file, line_number)) AS first
    FROM usable GROUP BY ALL HAVING count(*) > 1
)
SELECT ingest_date, landing_file, line_number FROM usable
JOIN keys USING (ingest_date, video_id, observed_at)
WHERE (landing_file, line_number) != first;

CREATE TABLE credits AS
WITH names AS (SELECT DISTINCT author_name, source FROM usable),
marked AS (
    SELECT author_name, source, source = '{peer.SPOTIFY_SOURCE}' AS is_chart,
        coalesce(author_name, '') AS author
    FROM names
)
SELECT author_name, source, label_artist
FROM (
    SELECT author_name, source,
        normalised(CASE WHEN is_chart THEN author ELSE author[:-{len(peer.TOPIC_SUFFIX) + 1}] END)
            AS label
    FROM marked
    WHERE is_chart OR (author LIKE '%{peer.TOPIC_SUFFIX}' AND author NOT IN ({_UNNAMED}))
) LEFT JOIN labels USING (label);

-- Names at a word of a distinct title, with the cues that the title itself gives.
CREATE TABLE hits AS
WITH titles AS (
    SELECT text, line, string_split(line, ' ') AS words
    FROM (
        SELECT text, normalised(text) AS line
        FROM (SELECT DISTINCT text FROM usable
            ANTI JOIN credits ON usable.author_name IS NOT DISTINCT FROM credits.author_name
                AND usable.source = credits.source)
    )
),
every_word AS (
    SELECT text, line, words, unnest(words) AS word, generate_subscripts(words, 1) - 1 AS place
    FROM titles
),
near AS (
    SELECT text, line, word, place, head,
        array_to_string(words[place + 1:place + {peer.WORDS_AHEAD}], ' ') AS rest
    FROM (
        SELECT *, CASE WHEN word >= '가' AND word <= '힣\uffff' THEN word[:2]
            WHEN word >= '\u1100' AND word <= '\u11ff\uffff' THEN word[:5] ELSE word END AS head
        FROM every_word
    ) SEMI JOIN heads USING (head)
),
keyed AS (SELECT *, unnest([head, rest[:length(word) + 2]]) AS key FROM near),
spelled AS (
    SELECT *, rest[length(spelling) + 1:] AS after
    FROM keyed JOIN spellings USING (key) WHERE starts_with(rest, spelling)
)
SELECT text, artist, band, role, authors,
    place * {peer.PLACE} + {peer.PLACE - 1} - length(spelling) AS rank,
    role = 'cue' OR (role = 'vague' AND takes_music
        AND regexp_matches(' ' || line || ' ', '{peer.MUSIC}')) AS is_cue
FROM spelled
WHERE after = '' OR starts_with(after, ' ')
    OR (takes_particle AND regexp_matches(after, '{peer.PARTICLE}'));

-- Only titles with a vague name need the author beside them.
CREATE TABLE mentions AS
WITH vague AS (SELECT DISTINCT text FROM hits WHERE role = 'vague'),
pairs AS (
    SELECT text, author_name, true AS by_author,
        '| ' || regexp_replace(normalised(coalesce(author_name, '')), '{peer.OFFICIAL}', '') || ' |'
            AS author
    FROM (SELECT DISTINCT text, author_name FROM usable SEMI JOIN vague USING (text))
    UNION ALL
    SELECT text, NULL, false, '' FROM (SELECT DISTINCT text FROM hits ANTI JOIN vague USING (text))
),
acts AS (
    SELECT text, by_author, author_name, artist, band,
        min(rank) FILTER (role = 'name') AS clear, min(rank) FILTER (role = 'vague') AS vague,
        bool_or(is_cue OR (role = 'vague'
            AND len(list_filter(authors, lambda part: contains(author, part))) > 0)) AS cued
    FROM hits JOIN pairs USING (text) GROUP BY ALL
)
SELECT text, by_author, author_name,
    min(struct_pack(rank := least(clear, vague), artist := artist, band := band)) AS mention
FROM acts WHERE clear IS NOT NULL OR (vague IS NOT NULL AND cued)
GROUP BY ALL;
"""
_EVENTS = f"""
CREATE TABLE events AS
SELECT ingest_date, video_id, make_timestamp(observed_at * 1000) AS observed_at,
    make_timestamp(ts * 1000) AS event_at,
    coalesce(
        CASE
            WHEN channel_artist IS NOT NULL
                AND (credits.source IS NOT NULL
                    OR coalesce(found.band, '') != channel_artist) THEN channel_artist
            WHEN credits.source IS NOT NULL THEN label_artist
            ELSE found.artist
        END, '{OTHER}') AS artist,
    text, source, post_id, author_id, author_name, lang,
    make_timestamp(published_at * 1000) AS published_at,
    view_count, like_count, comment_count, description, tags, category_id, duration_seconds,
    region, query, landing_file, line_number
FROM (
    SELECT usable.*, credits, channel_artist, label_artist,
        coalesce(plain.mention, beside.mention) AS found
    FROM usable
    ANTI JOIN repeats USING (ingest_date, landing_file, line_number)
    LEFT JOIN channels USING (author_id)
    LEFT JOIN credits ON usable.author_name IS NOT DISTINCT FROM credits.author_name
        AND usable.source = credits.source
    LEFT JOIN (FROM mentions WHERE NOT by_author) AS plain ON usable.text = plain.text
    LEFT JOIN (FROM mentions WHERE by_author) AS beside ON usable.text = beside.text
        AND usable.author_name IS NOT DISTINCT FROM beside.author_name
);
DROP TABLE usable;
"""
_VIDEOS = f"""
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

# --- silver

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
_VIDEO_DAILY = f"""
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
_ARTIST_DAILY = """
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


_WINDOWS = f"""
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

# --- gold


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
_FEATURES = f"""
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
_CUTOFFS = f"""
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


if __name__ == "__main__":
    main()
