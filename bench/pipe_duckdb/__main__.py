"""Landing files to gold, hand-written in DuckDB's SQL: the second peer of our own pipe.

The same tables with the same columns as Parquet, one file per table, no Delta. What differs, and
is meant to: sketches are left out, distinct counts are exact (the gap to a video's previous
occurrence says how many new windows or days it adds), titles are looked up once per distinct
text, times are written without a zone and mean UTC. Lines that DuckDB's JSON reader leaves empty,
or that look odd, go through `verdict.judge` one by one.

Closer to the demo data than ours: DuckDB numbers the lines it sees, so a file with blank lines
would have other line numbers; two objects on one line, and half surrogate pairs in a line whose
fields are all fine, are not noticed. Of the history before the range, nothing is read.

Belongs here: the order of the steps and the files they end in. Does not belong here: what a step
does (intake.py, artists.py, silver.py, gold.py), or what both peers share (bench/peer.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from bench.steps import contestant, step

with step("import"):
    import duckdb

    from bench import peer
    from bench.pipe_duckdb.artists import EVENTS, REPEATS, match_titles
    from bench.pipe_duckdb.gold import CUTOFFS, FEATURES
    from bench.pipe_duckdb.intake import FILES, read_lines
    from bench.pipe_duckdb.silver import ARTIST_DAILY, VIDEO_DAILY, VIDEOS, WINDOWS
    from kpop_assets.catalog.catalog import load_catalog


def main() -> None:
    """Run the program that the command line names."""
    args = contestant("bench.pipe_duckdb", __doc__).parse_args()
    run(args.landing, args.out, args.start, args.end)


def run(landing: Path, out: Path, start: dt.date, end: dt.date) -> None:
    """Fill every table of the days [start, end)."""
    db = duckdb.connect()
    with step("parse"):
        read_lines(db, peer.find_files(landing, start, end))
    with step("bronze/events"):
        match_titles(db, load_catalog())
        db.execute(REPEATS + EVENTS)
        _write(db, out, "bronze/events", "FROM events")
    with step("bronze/quarantine"):
        _write(db, out, "bronze/quarantine", "FROM quarantine")
    with step("bronze/files"):
        _write(db, out, "bronze/files", FILES)
        db.execute("DROP TABLE parsed")
    with step("bronze/videos"):
        _write(db, out, "bronze/videos", VIDEOS)
    with step("silver/video_daily"):
        db.execute(VIDEO_DAILY)
        _write(db, out, "silver/video_daily", "FROM video_daily")
    with step("silver/artist_daily"):
        db.execute(ARTIST_DAILY)
        _write(db, out, "silver/artist_daily", "FROM artist_daily")
    with step("silver/artist_windows"):
        _write(db, out, "silver/artist_windows", WINDOWS)
    with step("gold/artist_features"):
        db.execute(FEATURES)
        _write(db, out, "gold/artist_features", "FROM artist_features")
    with step("gold/tier_cutoffs"):
        _write(db, out, "gold/tier_cutoffs", CUTOFFS)


def _write(db: duckdb.DuckDBPyConnection, out: Path, table: str, query: str) -> None:
    path = out / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    db.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")


if __name__ == "__main__":
    main()
