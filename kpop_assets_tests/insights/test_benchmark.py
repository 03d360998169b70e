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


def test_a_new_day_counts_zero_and_one_that_nobody_collected_is_a_gap_whose_gains_are_spread():
    rows = compare_artists(DAILY, ["IVE", "BTS"], on(0), on(4)).rows()
    assert rows == [
        (on(0), "IVE", None),
        (on(0), "BTS", None),
        (on(1), "IVE", 0),
        (on(1), "BTS", 8),
        (on(2), "IVE", None),
        (on(2), "BTS", None),
        (on(3), "IVE", 3),
        (on(3), "BTS", 4.5),
    ]


def test_the_span_is_half_open_and_the_measure_is_chosen():
    rows = compare_artists(DAILY, ["BTS", "IVE"], on(1), on(2), "views_gained").rows()
    assert rows == [(on(1), "BTS", 80), (on(1), "IVE", 0)]
    nothing = compare_artists(DAILY, ["BTS", "IVE"], on(2), on(3))
    assert nothing["value"].to_list() == [None, None]


def test_what_a_day_has_by_itself_is_not_spread_and_observations_are_its_own():
    counted = DAILY.with_columns(pl.lit(2).alias("event_count"), pl.lit(5).alias("video_count"))
    videos = compare_artists(counted, ["IVE", "BTS"], on(3), on(4), "video_count")
    assert videos["value"].to_list() == [5, 5]
    points = compare_artists(counted, ["IVE", "BTS"], on(3), on(4), "engagement")
    assert points["value"].to_list() == [(6 - 2) / 2 + 2, (9 - 2) / 2 + 2]


def test_each_artist_is_counted_from_its_own_latest_release():
    known = releases(("IVE", 1), ("BTS", 0), ("BTS", 3), ("aespa", 3))
    rows = compare_since_release(DAILY, known, ["BTS", "IVE"], days=4).rows()
    assert rows == [
        ("BTS", on(3), 0, 4.5, 9),
        ("IVE", on(1), 0, 0, 0),
        ("IVE", on(1), 1, None, None),
        ("IVE", on(1), 2, 3, 6),
    ]


def test_the_comparison_ends_after_the_days_and_releases_after_the_reference_do_not_count():
    known = releases(("IVE", 1), ("BTS", 1), ("BTS", 3))
    rows = compare_since_release(DAILY, known, ["IVE", "BTS"], 1, "engagement", on(1)).rows()
    assert rows == [("IVE", on(1), 0, 0, 0), ("BTS", on(1), 0, 8, 8)]


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
