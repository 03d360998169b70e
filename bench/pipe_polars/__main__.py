"""Landing files to gold, hand-written in Polars: the first peer of our own pipe.

The same tables with the same columns as Parquet, one file per table, no Delta. What differs, and
is meant to: sketches are left out, distinct counts are exact (the gap to a video's previous
occurrence says how many new windows or days it adds, so nothing is counted twice and nothing
sketched), and titles are looked up once per distinct text. Lines that the fast path refuses or
doubts go through `verdict.judge` one by one. Of the history before the range, nothing is read: the
range begins with an empty lake, as it does for the others.

Belongs here: the order of the steps and the files they end in. Does not belong here: what a step
does (intake.py, artists.py, silver.py, gold.py), or what both peers share (bench/peer.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from bench.steps import contestant, step

with step("import"):
    import polars as pl

    from bench import peer
    from bench.pipe_polars.artists import tag_artists
    from bench.pipe_polars.gold import cut_tiers, describe_artists
    from bench.pipe_polars.intake import read_days
    from bench.pipe_polars.silver import (
        measure_videos,
        select_new_videos,
        slide_windows,
        sum_artists,
    )
    from kpop_assets.catalog.catalog import load_catalog

_EVENT_COLUMNS = (
    *("ingest_date", "video_id", "observed_at", "event_at", "artist", "artist_evidence", "artists"),
    *("catalog_version", "scheduled_at", "began_at", "author_subscriber_count"),
    *("text", "source", "post_id", "author_id", "author_name", "lang", "published_at"),
    *("view_count", "like_count"),
    *("comment_count", "description", "tags", "category_id", "duration_seconds", "region", "query"),
    *("landing_file", "line_number"),
)


def main() -> None:
    """Run the program that the command line names."""
    args = contestant("bench.pipe_polars", __doc__).parse_args()
    run(args.landing, args.out, args.start, args.end)


def run(landing: Path, out: Path, start: dt.date, end: dt.date) -> None:
    """Fill every table of the days [start, end)."""
    with step("parse"):
        usable, quarantine, files = read_days(peer.find_files(landing, start, end))
    with step("bronze/events"):
        events = tag_artists(usable, load_catalog()).select(_EVENT_COLUMNS)
        del usable
        _write(events, out, "bronze/events")
    with step("bronze/quarantine"):
        _write(quarantine, out, "bronze/quarantine")
    with step("bronze/files"):
        _write(files, out, "bronze/files")
    with step("bronze/videos"):
        _write(select_new_videos(events), out, "bronze/videos")
    with step("silver/video_daily"):
        video_daily = measure_videos(events)
        _write(video_daily, out, "silver/video_daily")
    with step("silver/artist_daily"):
        artist_daily = sum_artists(video_daily)
        _write(artist_daily, out, "silver/artist_daily")
    with step("silver/artist_windows"):
        narrow = events.select("ingest_date", "artist", "event_at", "video_id", "author_id")
        del events
        _write(slide_windows(narrow, video_daily), out, "silver/artist_windows")
    with step("gold/artist_features"):
        features = describe_artists(artist_daily, video_daily)
        _write(features, out, "gold/artist_features")
    with step("gold/tier_cutoffs"):
        _write(cut_tiers(features), out, "gold/tier_cutoffs")


def _write(rows: pl.DataFrame, out: Path, table: str) -> None:
    path = out / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path, compression="snappy", statistics=False)


if __name__ == "__main__":
    main()
