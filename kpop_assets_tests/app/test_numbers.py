"""What pages show, against SQL over the files of the Delta tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable
from streamlit.testing.v1 import AppTest

from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import artist_names, boards
from kpop_assets_tests.demo import END


def sql(home: Path, query: str, *tables: str) -> list[tuple[Any, ...]]:
    """Rows of a query over tables, named as `gold_artist_features`."""
    connection = duckdb.connect()
    for table in tables:
        files = DeltaTable(str(home / "lake" / table)).file_uris()
        name = table.replace("/", "_")
        connection.read_parquet(files, hive_partitioning=True).create_view(name)
    return connection.execute(query).fetchall()


def shown(page: AppTest, *columns: str) -> list[tuple[Any, ...]]:
    """Columns of the first table on a page that has them all."""
    tables = [frame.value for frame in page.dataframe]
    found = next(table for table in tables if set(columns) <= set(table.columns))
    if "artist" in columns:
        found = found.assign(artist=artist_names(found["artist"]))
    return list(found[list(columns)].itertuples(index=False, name=None))


def test_ranking(full_home: Path, open_page: OpenPage):
    """Score and growth, summed anew from the days of silver."""
    page = open_page(full_home, "board")
    expected = sql(
        full_home,
        f"""
        WITH sums AS (
            SELECT artist,
                sum(engagement) FILTER (ingest_date > DATE '{END}' - 7) AS now,
                sum(engagement) FILTER (
                    ingest_date > DATE '{END}' - 14 AND ingest_date <= DATE '{END}' - 7
                ) AS before
            FROM silver_artist_daily
            WHERE ingest_date > DATE '{END}' - 30 AND artist <> 'OTHER' GROUP BY artist
        )
        SELECT rank() OVER (ORDER BY coalesce(now, 0) DESC) AS place, artist,
            coalesce(now, 0) AS score, (now - before) / before * 100
        FROM sums ORDER BY place, artist
        """,
        "silver/artist_daily",
    )
    rows = boards(page)[0]["rows"]
    columns = ("rank", "total_engagement", "growth_rate_7d")
    cells = [[row["cells"][name]["value"] for name in columns] for row in rows]
    found = [(rank, row["key"], *rest) for row, (rank, *rest) in zip(rows, cells, strict=True)]
    assert len(found) > 20
    assert [row[:3] for row in found] == [row[:3] for row in expected]
    assert [row[3] for row in found] == pytest.approx([row[3] for row in expected])


def test_artist(full_home: Path, open_page: OpenPage):
    """Views gained on each day, summed anew from the videos."""
    ((leader,),) = sql(
        full_home,
        f"SELECT artist FROM gold_artist_features WHERE ingest_date = DATE '{END}' AND rank = 1",
        "gold/artist_features",
    )
    page = open_page(full_home, "artist", artist=leader)
    start = END - dt.timedelta(days=89)
    expected = sql(
        full_home,
        f"""
        SELECT ingest_date, sum(views_gained) FROM silver_video_daily
        WHERE artist = '{leader}' AND ingest_date >= DATE '{start}' GROUP BY ingest_date
        """,
        "silver/video_daily",
    )
    gained = {
        day.date(): views for day, views in shown(page, "ingest_date", "views_gained") if views > 0
    }
    assert len(gained) > 20
    # What the first day of all gained is taken against nothing: it is a gap.
    first = min(day for day, _ in expected)
    assert gained == {day: views for day, views in expected if views and day > first}
    assert page.metric[0].value == "1"


def test_home(full_home: Path, open_page: OpenPage):
    """The board by score, where there is no forecast yet."""
    page = open_page(full_home, "home")
    expected = sql(
        full_home,
        f"""
        SELECT artist, rank, total_engagement
        FROM gold_artist_features WHERE ingest_date = DATE '{END}'
        ORDER BY rank, artist LIMIT 20
        """,
        "gold/artist_features",
    )
    (board,) = boards(page)
    found = [
        (row["key"], *(row["cells"][name]["value"] for name in ("rank", "total_engagement")))
        for row in board["rows"]
    ]
    assert found == expected


def test_health(full_home: Path, open_page: OpenPage):
    """Rows of every table, counted."""
    page = open_page(full_home, "data_health")
    # A table that is missing has no number of rows (NaN), one that is empty has 0.
    counted = {name: rows for name, rows in shown(page, "table_name", "row_count") if rows > 0}
    assert len(counted) > 15
    for name, rows in counted.items():
        assert sql(full_home, f"SELECT count(*) FROM {name.replace('/', '_')}", name) == [(rows,)]
