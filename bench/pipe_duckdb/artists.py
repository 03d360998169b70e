"""Whose video a row is, in SQL: each distinct title goes to the matcher once.

Belongs here: finding the distinct titles and joining the answers, and leaving out repeats. Does
not belong here: any rule about a name (kpop_assets/catalog).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from bench import peer
from kpop_assets.catalog.catalog import Catalog


def match_titles(db: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """The table `matches`: the distinct titles of `usable`, each with its answer."""
    titles = db.execute(f"SELECT DISTINCT {', '.join(peer.TITLE)} FROM usable").fetchall()
    inputs = zip(*titles, strict=True) if titles else ((),) * len(peer.TITLE)
    columns = dict(zip(peer.TITLE, map(list, inputs), strict=True))
    answers = columns | peer.match_titles(titles, catalog)
    matches = pa.table({name: pa.array(values, pa.string()) for name, values in answers.items()})
    db.register("matches_arrow", matches)
    db.execute(
        f"CREATE TABLE matches AS SELECT *, '{catalog.version}' AS catalog_version "
        "FROM matches_arrow"
    )


REPEATS = """
-- Repeats of (day, video, instant) but for the one with the most views, the first of those by file
-- and line: few, so found on keys.
CREATE TABLE repeats AS
WITH keys AS (
    SELECT ingest_date, video_id, observed_at, max(view_count) AS most,
        min((coalesce(-view_count, 1), landing_file, line_number)) AS first
    FROM usable GROUP BY ALL HAVING count(*) > 1
)
SELECT ingest_date, landing_file, line_number, view_count IS DISTINCT FROM most AS differs
FROM usable JOIN keys USING (ingest_date, video_id, observed_at)
WHERE (coalesce(-view_count, 1), landing_file, line_number) != first;
"""
EVENTS = """
CREATE TABLE events AS
SELECT ingest_date, video_id, make_timestamp(observed_at * 1000) AS observed_at,
    make_timestamp(ts * 1000) AS event_at, artist, artist_evidence, artists,
    catalog_version, make_timestamp(scheduled_at * 1000) AS scheduled_at,
    make_timestamp(started_at * 1000) AS began_at,
    usable.text, usable.source, post_id, usable.author_id, usable.author_name, lang,
    make_timestamp(published_at * 1000) AS published_at,
    view_count, like_count, comment_count, description, tags, category_id, duration_seconds,
    region, query, landing_file, line_number, author_subscriber_count
FROM usable
ANTI JOIN repeats USING (ingest_date, landing_file, line_number)
LEFT JOIN matches ON usable.text = matches.text AND usable.source = matches.source
    AND usable.author_name IS NOT DISTINCT FROM matches.author_name
    AND usable.author_id IS NOT DISTINCT FROM matches.author_id;
DROP TABLE usable;
"""
