"""Tables of listeners' days as arrays of works."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.learners.played_works import LISTENED_COLUMNS, most_played, play_works

DAY = dt.date(2026, 3, 7)
ONE = dt.timedelta(days=1)
VERSIONS = pl.DataFrame({"track_id": ["a", "a2", "b"], "work_id": ["a", "a", "b"]})


def listened(*rows: tuple) -> pl.DataFrame:
    kinds = (pl.Date, pl.String, pl.String, pl.Int64, pl.Float64)
    return pl.DataFrame(rows, dict(zip(LISTENED_COLUMNS, kinds, strict=True)), orient="row")


def test_versions_are_one_work_a_day_is_one_entry_and_what_is_no_work_is_counted():
    found = play_works(
        listened(
            (DAY, "v", "a", 2, None),
            (DAY, "v", "a2", 3, None),
            (DAY - ONE, "v", "a2", 1, None),
            (DAY, "u", "b", 1, None),
            (DAY, "w", "unheard of", 7, None),
        ),
        VERSIONS,
        ["0", "a", "b"],
    )

    assert found.listeners.tolist() == ["u", "v"]
    plays = found.plays
    days = plays.times // 86_400 - (DAY - dt.date(1970, 1, 1)).days
    entries = zip(plays.users, plays.items, plays.values, days, strict=True)
    assert [tuple(map(int, one)) for one in entries] == [(0, 2, 1, 0), (1, 1, 1, -1), (1, 1, 5, 0)]
    assert (plays.item_count, found.unknown_play_count) == (3, 7)


def test_totals_without_times_are_no_plays_of_a_day():
    found = play_works(listened((DAY, "u", "a", 0, None)), VERSIONS, ["a", "b"])
    assert len(found.plays) == 0 and found.plays.user_count == 0


def test_the_last_rating_counts_and_of_too_few_it_follows_from_counts(
    monkeypatch: pytest.MonkeyPatch,
):
    rows = ((DAY, "u", "a", 1, 2.0), (DAY - ONE, "u", "a2", 1, 5.0), (DAY, "u", "b", 9, None))
    found = play_works(listened(*rows), VERSIONS, ["a", "b"])
    # One star of one listener is no reason to pass over what all play.
    assert found.rated().values.tolist() == [1.25, 3.75]
    monkeypatch.setattr(rules, "LEAST_GIVEN_RATINGS", 1)
    rated = found.rated()
    assert (rated.items.tolist(), rated.values.tolist()) == ([0], [2.0])

    counted = play_works(
        listened((DAY, "u", "a", 1, None), (DAY, "u", "b", 9, None)), VERSIONS, ["a", "b"]
    ).rated()
    assert counted.values.tolist() == [1.25, 3.75]


def test_nobody_plays_nothing():
    found = play_works(listened(), VERSIONS, ["a", "b"])
    assert (len(found.plays), found.unknown_play_count) == (0, 0)


def test_of_too_many_works_those_stay_that_were_most_played_by_any_of_the_days_then_the_newest():
    versions = pl.DataFrame(
        {"track_id": ["a", "a2", "b", "c", "d"], "work_id": ["a", "a", "b", "c", "d"]}
    )
    told = pl.DataFrame(
        {
            "ingest_date": [DAY - ONE, DAY, DAY - ONE, DAY, DAY - ONE],
            "track_id": ["a", "a2", "b", "c", "d"],
        }
    )
    heard = listened((DAY, "u", "a2", 3, None), (DAY, "v", "d", 1, None), (DAY, "v", "x", 9, None))

    def kept(most: int, *days: dt.date) -> list[str]:
        return most_played(versions, heard, told, days, most)["track_id"].to_list()

    assert kept(4, DAY) == ["a", "a2", "b", "c", "d"]
    assert kept(3, DAY) == ["a", "a2", "c", "d"]
    assert kept(2, DAY) == ["a", "a2", "d"]
    assert kept(1, DAY) == ["a", "a2"]
    # The day before nobody had played any, and "c" was not told of: of equals the first.
    assert kept(1, DAY - ONE) == ["a", "a2"]
    assert kept(2, DAY - ONE) == ["a", "a2", "b"]
    assert kept(2, DAY - ONE, DAY) == ["a", "a2", "b", "d"]


def test_plays_of_works_that_are_dropped_are_counted_and_are_no_plays_of_unknown_tracks():
    heard = listened(
        *((DAY - ONE, "u", "a2", 2, None), (DAY, "u", "a", 3, None), (DAY, "v", "a", 1, None)),
        *((DAY, "v", "b", 4, None), (DAY, "v", "x", 9, None)),
    )
    found = play_works(heard, VERSIONS, ["b"])
    assert (found.dropped_work_count, found.dropped_play_count) == (1, 6)
    assert (found.unknown_play_count, found.plays.values.tolist()) == (9, [4.0])
    days = found.dropped_firsts // 86_400 - (DAY - dt.date(1970, 1, 1)).days
    assert days.tolist() == [-1, 0]
