"""Who else releases around a planned day."""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.insights.release_timing import competition


def on(number: int) -> dt.date:
    """A day of November 2026, from its first Monday on."""
    return dt.date(2026, 11, 2) + dt.timedelta(days=number)


RELEASES = pl.DataFrame(
    {
        "artist": ["BTS", "IVE", "izna", "BTS", "IVE"],
        "release_date": [on(3), on(17), on(10), on(2), on(9)],
    }
)
FEATURES = pl.DataFrame(
    {
        "ingest_date": [on(8), on(8), on(8), on(7), on(11)],
        "artist": ["BTS", "IVE", "izna", "izna", "izna"],
        "tier": [1, 2, 3, 1, 1],
        "rank": [1, 2, 7, 1, 1],
    }
)


def test_competition_is_who_leads_and_releases_within_the_span():
    assert competition(RELEASES, FEATURES, on(10)).rows() == [
        ("IVE", 2, 2, on(9), -1),
        ("BTS", 1, 1, on(3), -7),
        ("IVE", 2, 2, on(17), 7),
    ]
    assert competition(RELEASES, FEATURES, on(10), span=0, tier_to=3)["artist"].to_list() == [
        "izna"
    ]


def test_competition_before_the_data_and_without_releases_is_empty():
    assert competition(RELEASES, FEATURES, on(0)).is_empty()
    assert competition(RELEASES.clear(), FEATURES, on(10)).is_empty()
