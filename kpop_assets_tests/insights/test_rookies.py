"""Who is a rookie: by the year of debut, on the day that is asked about."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from kpop_assets.contracts import rules
from kpop_assets.insights.rookies import find_rookies

DAY = dt.date(2026, 11, 1)
DEBUTS = pl.DataFrame(
    {
        "artist": ["CORTIS", "izna", "TWS", "BTS", "NEXZ"],
        "debut_year": [2025, 2024, 2024, 2013, None],
    },
    schema={"artist": pl.String, "debut_year": pl.Int64},
)


def frame(*rows: tuple[str, int], day: dt.date = DAY) -> pl.DataFrame:
    """Artists of a day by rank."""
    columns = [(day, artist, rank) for artist, rank in rows]
    return pl.DataFrame(columns, ["ingest_date", "artist", "rank"], orient="row")


def test_young_acts_of_all_ranks_are_listed_by_rank():
    features = frame(("izna", 40), ("BTS", 1), ("CORTIS", 2), ("NEXZ", 3), ("nobody", 4))
    found = find_rookies(features, DEBUTS, DAY)
    assert found["artist"].to_list() == ["CORTIS", "izna"]
    assert found["debut_year"].to_list() == [2025, 2024]


def test_equal_ranks_are_ordered_by_name():
    found = find_rookies(frame(("izna", 7), ("TWS", 7)), DEBUTS, DAY)
    assert found["artist"].to_list() == ["TWS", "izna"]


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        (dt.date(2023, 12, 31), 0),  # before its year
        (dt.date(2024, 1, 1), 1),
        (dt.date(2024 + rules.ROOKIE_YEARS, 6, 30), 1),
        (dt.date(2024 + rules.ROOKIE_YEARS, 7, 3), 0),
    ],
)
def test_years_count_from_the_middle_of_the_debut_year(day: dt.date, listed: int):
    assert find_rookies(frame(("izna", 7), day=day), DEBUTS, day).height == listed


def test_only_rows_of_the_day_count_and_its_years_are_told():
    features = pl.concat([frame(("izna", 7)), frame(("TWS", 1), day=DAY - dt.timedelta(days=1))])
    (found,) = find_rookies(features, DEBUTS, DAY).to_dicts()
    assert (found["artist"], round(found["debut_years"], 1)) == ("izna", 2.3)
