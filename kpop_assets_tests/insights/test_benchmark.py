"""Artists side by side: alignment, zeros, order and refusals."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.insights.benchmark import MEASURES, compare_artists, compare_since_release

DAY = dt.date(2026, 11, 1)


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def daily(rows: list[tuple[int, str, int]]) -> pl.DataFrame:
    """`silver/artist_daily` of (day number, artist, engagement); views are tenfold."""
    schema = {"ingest_date": pl.Date, "artist": pl.String, "engagement": pl.Int64}
    frame = pl.DataFrame([(on(d), a, v) for d, a, v in rows], schema=schema, orient="row")
    return frame.with_columns((pl.col("engagement") * 10).alias("views_gained"))


def releases(*rows: tuple[str, int]) -> pl.DataFrame:
    schema = {"artist": pl.String, "release_date": pl.Date}
    return pl.DataFrame([(a, on(d)) for a, d in rows], schema=schema, orient="row")


# Nobody collected day 2; IVE has no event on day 1.
DAILY = daily(
    [(0, "IVE", 5), (0, "BTS", 7), (1, "BTS", 8), (3, "IVE", 6), (3, "BTS", 9), (3, "OTHER", 1)]
)


def test_a_collected_day_counts_zero_and_an_uncollected_one_is_absent():
    rows = compare_artists(DAILY, ["IVE", "BTS"], on(0), on(4)).rows()
    assert rows == [
        (on(0), "IVE", 5),
        (on(0), "BTS", 7),
        (on(1), "IVE", 0),
        (on(1), "BTS", 8),
        (on(3), "IVE", 6),
        (on(3), "BTS", 9),
    ]


def test_the_span_is_half_open_and_the_measure_is_chosen():
    rows = compare_artists(DAILY, ["BTS", "IVE"], on(0), on(1), "views_gained").rows()
    assert rows == [(on(0), "BTS", 70), (on(0), "IVE", 50)]
    assert compare_artists(DAILY, ["BTS", "IVE"], on(2), on(3)).is_empty()


def test_each_artist_is_counted_from_its_own_latest_release():
    known = releases(("IVE", 0), ("BTS", 0), ("BTS", 1), ("aespa", 3))
    rows = compare_since_release(DAILY, known, ["BTS", "IVE"], days=4).rows()
    assert rows == [
        ("BTS", on(1), 0, 8, 8),
        ("BTS", on(1), 2, 9, 17),
        ("IVE", on(0), 0, 5, 5),
        ("IVE", on(0), 1, 0, 5),
        ("IVE", on(0), 3, 6, 11),
    ]


def test_the_comparison_ends_after_the_days_and_releases_after_the_reference_do_not_count():
    known = releases(("IVE", 0), ("BTS", 0), ("BTS", 1))
    rows = compare_since_release(DAILY, known, ["IVE", "BTS"], 2, "engagement", on(0)).rows()
    assert rows == [
        ("IVE", on(0), 0, 5, 5),
        ("IVE", on(0), 1, 0, 5),
        ("BTS", on(0), 0, 7, 7),
        ("BTS", on(0), 1, 8, 15),
    ]


def test_an_artist_without_release_is_refused_by_name():
    with pytest.raises(ValueError, match=r"No release on or before 2026-11-01 is known of BTS\."):
        compare_since_release(
            DAILY, releases(("IVE", 0), ("BTS", 1)), ["IVE", "BTS"], reference=on(0)
        )


@pytest.mark.parametrize(
    ("artists", "sentence"),
    [
        ([], "Choose 2 to 5 artists; 0 were chosen"),
        (["IVE"], "Choose 2 to 5 artists; 1 were chosen"),
        (list("abcdef"), "Choose 2 to 5 artists; 6 were chosen"),
        (["IVE", "BTS", "IVE"], "chosen twice: IVE"),
        (["IVE", "Nobody", "OTHER"], "The data has no artist named Nobody, OTHER"),
    ],
)
def test_a_wrong_choice_is_refused_in_a_sentence(artists, sentence):
    with pytest.raises(ValueError, match=sentence):
        compare_artists(DAILY, artists, on(0), on(4))
    with pytest.raises(ValueError, match=sentence):
        compare_since_release(DAILY, releases(("IVE", 0)), artists)


def test_five_artists_are_fine():
    five = daily([(0, name, 1) for name in "abcde"])
    assert compare_artists(five, list("edcba"), on(0), on(1))["artist"].to_list() == list("edcba")


def test_an_unknown_measure_and_an_empty_table_are_refused():
    with pytest.raises(ValueError, match="artist cannot be compared; choose one of engagement"):
        compare_artists(DAILY, ["IVE", "BTS"], on(0), on(4), "artist")
    with pytest.raises(ValueError, match="The data has no artist named IVE, BTS"):
        compare_artists(daily([]), ["IVE", "BTS"], on(0), on(4))


def test_the_measures_are_columns_of_the_contract():
    assert set(MEASURES) <= set(ARTIST_DAILY.column_names)
