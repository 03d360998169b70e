"""The exact check of any "gained": on a chart with totals and daily streams they must agree.

Spotify's chart gives a cumulative total and the day's streams of each track. Run as
`python -m drills.spotify CSV`, with a `KPOP_HOME` in which the same file was imported and run: it
compares `views_gained` with the file's own `streams` for every pair of consecutive days of a
track, and names why a pair cannot agree: a page that repeats the day before (its total did not
move), or the day after such a page (the rise covers several days).
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from pathlib import Path

import polars as pl

from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.landing.sources.spotify_chart import SpotifyChart
from kpop_assets.settings import load_settings


def main() -> None:
    """Print how many pairs there are, how many agree, and those that do not, by reason."""
    chart = read_chart(Path(sys.argv[1]))
    columns = ["ingest_date", "video_id", "view_count", "views_gained"]
    daily = pl.read_delta(str(load_settings().lake / VIDEO_DAILY.path)).select(columns)
    joined = chart.join(daily, on=["ingest_date", "video_id"], how="left")
    pairs = mark(joined).filter(pl.col("is_pair"))
    agree = pl.col("views_gained") == pl.col("streams")
    print(f"tracks and days {len(chart)}, in the table {joined['view_count'].count()}")
    print(f"pairs of consecutive days {len(pairs)}")
    for name, rows in (
        ("fresh pages", pairs.filter(~pl.col("is_stale") & ~pl.col("after_stale"))),
        ("pages that repeat the day before", pairs.filter("is_stale")),
        ("first page after such pages", pairs.filter(~pl.col("is_stale") & pl.col("after_stale"))),
    ):
        print(f"  {name}: {len(rows)}, equal {rows.filter(agree).height}")
        print(rows.filter(~agree).head(5) if name == "fresh pages" else "")


def read_chart(path: Path) -> pl.DataFrame:
    """The file's own figures: ingest_date, video_id, streams, total."""

    def number(name: str) -> pl.Expr:
        return pl.col(name).str.replace_all(",", "").cast(pl.Int64)

    records = [found.record for found in SpotifyChart().read(path, Counter())]
    ids = [record["video_id"] for record in records if isinstance(record, dict)]
    return pl.read_csv(path, infer_schema=False).select(
        pl.col("file_date").str.to_date().alias("ingest_date"),
        pl.Series("video_id", ids),
        number("streams"),
        number("total"),
    )


def mark(rows: pl.DataFrame) -> pl.DataFrame:
    """Which rows follow the day before, and which stand on or after a repeated page."""
    day = dt.timedelta(days=1)
    pages = rows.group_by("ingest_date").agg(
        pl.struct(pl.col("video_id", "total").sort_by("video_id")).implode().alias("page")
    )
    stale = {
        row["ingest_date"]
        for row in pages.join(
            pages.with_columns(pl.col("ingest_date") + day), on="ingest_date", suffix="_before"
        ).to_dicts()
        if row["page"] == row["page_before"]
    }
    ordered = rows.sort("video_id", "ingest_date")
    before = pl.col("ingest_date").shift(1).over("video_id")
    return ordered.with_columns(
        (pl.col("ingest_date") - before == day).fill_null(False).alias("is_pair"),
        pl.col("ingest_date").is_in(list(stale)).alias("is_stale"),
        (pl.col("ingest_date") - day).is_in(list(stale)).alias("after_stale"),
    )


if __name__ == "__main__":
    main()
