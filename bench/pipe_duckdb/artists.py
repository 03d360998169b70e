"""Whose video a row is, in SQL: by channel, by label, by the first name in the title.

Belongs here: looking up every name at every word of the distinct titles, and leaving out repeats.
Does not belong here: which spellings an act has (kpop_assets/catalog).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from bench import peer
from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.lexicon import credit_spellings
from kpop_assets.catalog.names import (
    LEADING_AMPERSAND,
    NARROW,
    NOT_A_LETTER,
    SCRIPT_RUN,
    WIDE,
)


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
TITLES = f"""
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
EVENTS = f"""
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
