"""Lines to typed rows in SQL: DuckDB's reader, and `verdict.judge` for what it leaves empty.

Belongs here: reading files, quarantine, the account of each file. Does not belong here: anything
done to a row that is usable.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bench import peer
from bench.lines import Lines
from bench.verdict import judge

_TEXTS = [name for name in peer.TEXTS if name != "text"]
_NUMBERS = (*peer.COUNTS, *peer.TIMES)


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
        lines, file = Lines(Path(path)), by_path[path]
        judged += [
            {"path": path, "line_number": int(lines.numbers[i]), **judge(lines[i], file)}
            for i in places
        ]
    texts = ("path", *peer.TEXTS, "reason", "field", "line")
    schema = pa.schema(
        [(name, pa.string()) for name in texts]
        + [(name, pa.int64()) for name in (*_NUMBERS, *peer.ODD_COUNTS, "line_number")]
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
    possible = [
        f"coalesce({_whole(name)}, 0) BETWEEN 0 AND {peer.MAX_COUNT}" for name in peer.COUNTS
    ]
    latest = f"({_OBSERVED} + {peer.AHEAD_MS})"
    times = [
        f"({_OBSERVED} + {peer.SEOUL_MS}) // {peer.DAY_MS} = "
        "datediff('day', DATE '1970-01-01', ingest_date)",
        *[
            f"coalesce({_whole(name)} BETWEEN {peer.FIRST_INSTANT_MS} AND {latest}, "
            f"{str(name != 'ts').lower()})"
            for name in peer.TIMES
            if name != "observed_at"
        ],
    ]
    return " AND ".join([*text, *cast, *possible, *times])


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
    {_OBSERVED} AS observed_at,
    {", ".join(f"{_whole(name)} AS {name}" for name in peer.TIMES if name != "observed_at")},
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
FILES = """
SELECT ingest_date, landing_file, size_bytes, coalesce(line_count, 0) AS line_count,
    coalesce(event_count, 0) AS event_count,
    coalesce(line_count - coalesce(event_count, 0) - coalesce(quarantine_count, 0), 0)
        AS duplicate_count,
    coalesce(quarantine_count, 0) AS quarantine_count,
    coalesce(differing_count, 0) AS differing_count,
    coalesce(hidden_count, 0)::BIGINT AS hidden_count,
    coalesce(unusable_count, 0)::BIGINT AS unusable_count
FROM files
LEFT JOIN (SELECT path, sum(hidden_count) AS hidden_count, sum(unusable_count) AS unusable_count
    FROM judged WHERE reason IS NULL GROUP BY path) USING (path)
LEFT JOIN (SELECT ingest_date, landing_file, count(*) FILTER (differs) AS differing_count
    FROM repeats GROUP BY ALL) USING (ingest_date, landing_file)
LEFT JOIN (SELECT path, count(*) AS line_count FROM parsed GROUP BY path) USING (path)
LEFT JOIN (SELECT ingest_date, landing_file, count(*) AS event_count FROM events GROUP BY ALL)
    USING (ingest_date, landing_file)
LEFT JOIN (SELECT ingest_date, landing_file, count(*) AS quarantine_count FROM quarantine
    GROUP BY ALL) USING (ingest_date, landing_file)
"""
