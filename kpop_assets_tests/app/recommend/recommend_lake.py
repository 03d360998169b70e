"""Small lakes of tracks: some songs of acts and of nobody, as the tables of the domain have them.

Belongs here: such rows. Does not belong here: what pages make of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from app.snapshot import Snapshot
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD, WORKS
from kpop_assets.contracts.tracks import TRACK_TABLE_SOURCE
from kpop_assets.recommend.works import track_clusters, works
from kpop_assets.recommend.works.track_titles import read_title
from kpop_assets_tests.app.kit import DAY, write_rows

# By the last letter of the id: act, its name at the source, title, popularity, danceability,
# energy, tempo.
SONGS: dict[str, tuple[str, str, str, int | None, float | None, float, float]] = {
    "a": ("IU", "IU", "Blueming <b>x</b>", 70, 0.7, 0.8, 110.0),
    "b": ("IU", "IU", "Palette", 60, 0.71, 0.79, 112.0),
    "c": ("IU", "IU", "LILAC", 50, 0.69, 0.81, 108.0),
    "d": ("aespa", "aespa", "Next Level", 65, 0.75, 0.9, 120.0),
    "e": (OTHER, "Somebody", "Loud", 99, 0.3, 0.95, 170.0),
    "f": (OTHER, "Somebody", "Quiet", None, 0.35, 0.2, 80.0),
    "g": ("aespa", "aespa", "Unheard", 10, None, 0.5, 100.0),
}


def track_id(letter: str) -> str:
    """An id of Spotify's form."""
    return 21 * "0" + letter


def write_songs(home: Path, source: str = TRACK_TABLE_SOURCE, **more: Any) -> Snapshot:
    """A lake with `SONGS`, and an instrumental of the first: tracks, works and clusters of a day.

    Args:
        home: the data folder.
        source: who told of them.
        more: columns that every track has besides.
    """
    rows = [_told(letter, source, more) for letter in SONGS]
    version: dict[str, Any] = {"track_id": track_id("z"), "title": f"{SONGS['a'][2]} (Inst.)"}
    version |= {"version_kinds": '["instrumental"]', "popularity": 5, **more}
    rows.append({**rows[0], **version})
    write_rows(home, TRACKS_TOLD, rows)
    told = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        isrc=pl.lit(None, pl.String),
        album_name=pl.lit(None, pl.String),
        release_date=pl.lit(None, pl.Date),
        valence=pl.lit(None, pl.Float64),
    )
    found = works.find_works(works.last_told(told.select(works.TOLD_COLUMNS), DAY))
    write_rows(home, WORKS, _dated(found))
    clusters = track_clusters.cluster_tracks(told.select(track_clusters.FEATURE_COLUMNS), DAY)
    return write_rows(home, TRACK_CLUSTERS, _dated(clusters))


def _told(letter: str, source: str, more: dict[str, Any]) -> dict[str, Any]:
    artist, name, title, popularity, danceability, energy, tempo = SONGS[letter]
    return {
        **{"ingest_date": DAY, "track_id": track_id(letter), "artist": artist},
        **{"artist_name": name, "title": title, "work_title": read_title(title).work_title},
        **{"version_kinds": "[]", "duration_ms": 180_000, "popularity": popularity},
        **{"danceability": danceability, "energy": energy, "tempo": tempo, "source": source},
        **{"may_learn": True, "may_learn_text": True},
        **more,
    }


def _dated(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return rows.with_columns(ingest_date=pl.lit(DAY)).to_dicts()
