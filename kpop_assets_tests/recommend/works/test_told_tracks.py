"""What is known of a track on a day, of several sources."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD
from kpop_assets.contracts.tracks import SPOTIFY_API_SOURCE, TRACKS
from kpop_assets.recommend.works.told_tracks import LINE_COLUMNS, tell_tracks

API = SPOTIFY_API_SOURCE


def tell(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    empty = pl.DataFrame(TRACKS.arrow_schema().empty_table()).select(LINE_COLUMNS)
    valid = {"track_id": "a", "source": "spotify_tracks", "title": "FANCY", "artist_name": "TWICE"}
    frame = pl.DataFrame([valid | line for line in lines], schema=empty.schema)
    found = tell_tracks(frame, load_catalog())
    assert found.columns == TRACKS_TOLD.column_names[1:]
    types = pl.DataFrame(TRACKS_TOLD.arrow_schema().empty_table()).drop("ingest_date").schema
    assert found.schema == types
    return found.to_dicts()


def test_a_track_has_its_act_and_its_song_beside_the_words_of_the_source():
    (row,) = tell({"title": "FANCY -Japanese ver.-", "artist_name": "Twice", "energy": 0.9})
    assert (row["artist"], row["artist_name"]) == ("TWICE", "Twice")
    assert (row["title"], row["work_title"]) == ("FANCY -Japanese ver.-", "FANCY")
    assert row["version_kinds"] == '["japanese"]'
    assert (row["energy"], row["valence"], row["popularity"]) == (0.9, None, None)
    assert (row["may_learn"], row["may_learn_text"]) == (True, True)
    assert (row["features_source"], row["popularity_source"]) == ("spotify_tracks", None)


def test_an_act_that_the_catalogue_lacks_keeps_its_name_beside_other():
    (row,) = tell({"artist_name": "Nobody of Anywhere", "title": "Song"})
    assert (row["artist"], row["artist_name"]) == ("OTHER", "Nobody of Anywhere")


def test_what_the_api_said_is_shown_and_joined_but_never_learned_from():
    api = {"source": API, "energy": 0.1, "popularity": 80, "isrc": "KRA301900086", "title": "Fancy"}
    (alone,) = tell(api)
    assert (alone["may_learn"], alone["may_learn_text"]) == (False, False)
    assert (alone["energy"], alone["features_source"]) == (0.1, API)
    for lines in ([api, {"energy": 0.9}], [{"energy": 0.9}, api]):
        (both,) = tell(*lines)
        assert (both["title"], both["source"], both["energy"]) == ("FANCY", "spotify_tracks", 0.9)
        assert (both["popularity"], both["popularity_source"]) == (80, API)
        assert (both["isrc"], both["isrc_source"]) == ("KRA301900086", API)
        assert both["may_learn"] is True


def test_features_are_those_of_one_source_and_not_pieced_together():
    (row,) = tell({"source": "b", "energy": 0.9}, {"source": "c", "energy": 0.1, "valence": 0.5})
    assert (row["energy"], row["valence"], row["features_source"]) == (0.9, None, "b")


def test_a_row_without_features_may_not_be_learned_from_for_them():
    (row,) = tell({"source": "table"}, {"source": API, "energy": 0.4})
    assert (row["energy"], row["features_source"], row["may_learn"]) == (0.4, API, False)
    assert row["may_learn_text"] is True
    assert tell({})[0]["may_learn"] is False


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2019-04-22", dt.date(2019, 4, 22), "day"),
        ("2019-04", dt.date(2019, 4, 1), "month"),
        ("2019", dt.date(2019, 1, 1), "year"),
        ("0000", None, None),
        ("2019-13-01", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_a_release_is_known_as_far_as_it_was_said(
    text: str | None, day: dt.date | None, precision: str | None
):
    (row,) = tell({"released": text})
    assert (row["release_date"], row["release_precision"]) == (day, precision)


def test_a_day_without_tracks_has_none_and_order_of_lines_is_nothing():
    assert tell() == []
    lines = [{"track_id": name, "source": source} for name in "ba" for source in (API, "x", "y")]
    assert tell(*lines) == tell(*reversed(lines))
    assert [row["track_id"] for row in tell(*lines)] == ["a", "b"]
