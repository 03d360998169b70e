"""Public tables of tracks: their headers differ, and what is missing stays missing."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import list_landed
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.spotify_tracks import SpotifyTracks
from kpop_assets_tests.conftest import REAL_DATA

NAME = "tracks_2026-03-02.csv"
NOON_MS = 1_772_420_400_000
ID = "7duDJSfX3dpiIqi0TDCzKF"
# As the well-known ones write them: a row of each, and what its line must say.
LAYOUTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "K-pop tracks": (
        "track_id,track_name,album,artist,release_date,length,popularity,danceability,energy",
        f"{ID},FANCY,FANCY YOU,TWICE,2019-04-22,214000,70,0.701,0.9",
        {"album_name": "FANCY YOU", "release_date": "2019-04-22", "credited_names": ["TWICE"]},
    ),
    "a million tracks, 2000-2023": (
        ",artist_name,track_name,track_id,popularity,year,genre,danceability,energy,key,mode,"
        "valence,tempo,duration_ms,time_signature",
        f"0,TWICE,FANCY,{ID},70,2019,k-pop,0.701,0.9,5,1,0.4,132.1,214000,4",
        {"release_date": "2019", "genre": "k-pop", "musical_key": 5, "mode": 1, "tempo": 132.1},
    ),
    "1.2 million songs": (
        "id,name,album,album_id,artists,artist_ids,danceability,energy,duration_ms,year,release_date",
        f'{ID},FANCY,FANCY YOU,alb,"[\'TWICE\', ""D\'Angelo""]","[\'x\', \'y\']",0.701,0.9,214000,'
        "2019,2019-04-22",
        {"credited_names": ["TWICE", "D'Angelo"], "credited_ids": ["x", "y"], "album_id": "alb"},
    ),
    "114,000 tracks by genre": (
        ",track_id,artists,album_name,track_name,popularity,duration_ms,danceability,energy,"
        "track_genre",
        f"0,{ID},TWICE;Major Lazer,FANCY YOU,FANCY,70,214000,0.701,0.9,k-pop",
        {"credited_names": ["TWICE", "Major Lazer"], "genre": "k-pop"},
    ),
    "30,000 songs of playlists": (
        "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,"
        "track_album_release_date,playlist_genre,danceability,energy,duration_ms",
        f"{ID},FANCY,TWICE,70,alb,FANCY YOU,2019-04-22,pop,0.701,0.9,214000",
        {"album_id": "alb", "genre": "pop", "popularity": 70},
    ),
    "addresses in place of ids": (
        "Track URI;Track Name;Artist Name;Energy;Danceability;Duration (ms)",
        f"spotify:track:{ID};FANCY;TWICE;0,9;0,701;214000",
        {},
    ),
}


def write(folder: Path, *lines: str, name: str = NAME) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> tuple[list[Any], Repairs]:
    repairs: Repairs = Counter()
    return list(SpotifyTracks().read(path, repairs)), repairs


@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns_are_found_by_their_names(tmp_path: Path, layout: str):
    header, row, more = LAYOUTS[layout]
    ((day, instant, line),), _ = read(write(tmp_path, header, row))
    assert (day, instant) == (dt.date(2026, 3, 2), NOON_MS)
    expected = {"track_id": ID, "source": "spotify_tracks", "title": "FANCY", "energy": 0.9}
    expected |= {"artist_name": "TWICE", "observed_at": NOON_MS, "danceability": 0.701, **more}
    assert {name: line.get(name) for name in expected} == expected
    assert line.get("duration_ms", 214000) == 214000


def row_of(tmp_path: Path, **cells: str) -> tuple[dict[str, Any], Repairs]:
    valid = {"track_id": ID, "track_name": "FANCY", "artist": "TWICE", "energy": "0.9"}
    path = tmp_path / NAME
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(valid | cells))
        writer.writeheader()
        writer.writerow(valid | cells)
    (record,), repairs = read(path)
    return record.record, repairs


@pytest.mark.parametrize("cell", ["", "nan", "NULL", "None", "-"])
def test_a_feature_that_is_missing_is_left_out_and_never_zero(tmp_path: Path, cell: str):
    line, _ = row_of(tmp_path, valence=cell, tempo=cell, key=cell, popularity=cell)
    assert {"valence", "tempo", "musical_key", "popularity"}.isdisjoint(line)
    assert line["energy"] == 0.9


def test_a_zero_that_was_measured_stays(tmp_path: Path):
    line, repairs = row_of(tmp_path, instrumentalness="0.0", popularity="0", key="0", mode="0")
    assert [line[name] for name in ("instrumentalness", "popularity", "musical_key", "mode")] == [
        *(0.0, 0, 0, 0)
    ]
    assert not repairs


def test_where_no_beat_was_found_nothing_that_rests_on_it_is_known(tmp_path: Path):
    line, repairs = row_of(
        tmp_path, tempo="0.0", danceability="0", valence="0.0", time_signature="0", key="-1"
    )
    assert {"tempo", "danceability", "valence", "time_signature", "musical_key"}.isdisjoint(line)
    assert repairs["features_without_beat_left_out"] == repairs["time_signature_0_left_out"] == 1
    assert repairs["key_hidden_left_out"] == 0 and repairs["musical_key_hidden_left_out"] == 1


def test_what_cannot_be_read_goes_on_as_it_came(tmp_path: Path):
    line, _ = row_of(tmp_path, energy="loud", release_date="spring")
    assert (line["energy"], line["release_date"]) == ("loud", "spring")


@pytest.mark.parametrize(
    ("cell", "said"),
    [("2019.0", "2019"), ("2019-04", "2019-04"), ("2019-04-22T00:00:00Z", "2019-04-22")],
)
def test_a_release_is_kept_as_exact_as_it_is(tmp_path: Path, cell: str, said: str):
    line, _ = row_of(tmp_path, release_date=cell)
    assert line["release_date"] == said


def test_a_row_without_an_id_is_kept_for_quarantine_and_counted(tmp_path: Path):
    line, repairs = row_of(tmp_path, track_id="#NAME?")
    assert "track_id" not in line
    assert repairs == {"track_id_is_no_id_set_aside": 1}


def test_a_table_without_a_day_in_its_name_is_of_when_it_was_changed(tmp_path: Path):
    path = write(tmp_path, *LAYOUTS["K-pop tracks"][:2], name="kpop.csv")
    os.utime(path, (NOON_MS / 1000, NOON_MS / 1000))
    ((day, instant, _),), _ = read(path)
    assert (day, instant) == (dt.date(2026, 3, 2), NOON_MS)


def test_a_table_of_something_else_is_refused_with_what_is_missing(tmp_path: Path):
    path = write(tmp_path, "track_name,artist,bpm", "a,b,120")
    with pytest.raises(LandingError, match="of the nearest, by track_id, column track_id, energy"):
        read(path)
    assert SpotifyTracks().sources_in(tmp_path) == []


@pytest.mark.realdata
def test_the_table_of_kpop_tracks_is_landed_whole(tmp_path: Path):
    source = REAL_DATA / "recommender" / "kpop_tracks.csv"
    summary = import_files("spotify-tracks", source, tmp_path)
    assert (summary.lines_read, summary.lines_written, summary.set_aside) == (8335, 8335, {})
    (day,) = summary.lines_by_day
    assert len(list_landed(tmp_path, day, "tracks")) == 1
    again = import_files("spotify-tracks", source, tmp_path)
    assert (again.lines_written, again.already_landed_lines) == (0, 8335)
