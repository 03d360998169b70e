"""What is said of works and acts that were found.

Belongs here: the answers' fields. Does not belong here: how they are found (find_routes.py).
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from kpop_assets.recommend.works.work_search_query import Fit


class NamedTrack(BaseModel):
    """A work as it is shown."""

    work_id: str = Field(examples=["demo-00-000-0"])
    title: str
    artist: str = Field(description="The act as the catalogue calls it, or OTHER.")
    artist_name: str = Field(description="The act as tables of tracks call it.")
    name_en: str | None = Field(description="The act's name in English.")
    name_ko: str | None = Field(description="The act's name in Korean.")


class FoundTrack(NamedTrack):
    """A work that fits a search."""

    fit: Fit = Field(description="How closely it fits: docs/finding.md.")


class FoundTracks(BaseModel):
    """Works that fit, the closest first, of those that fit alike the better known."""

    query: str
    model: str = Field(description="The serving bundle that was asked.")
    is_simulated: bool
    count: int
    rows: list[FoundTrack]


class TrackTold(NamedTrack):
    """What is known of a work."""

    model: str = Field(description="The serving bundle that was asked.")
    is_simulated: bool
    version_count: int
    cluster: int | None
    cluster_name: str | None = Field(description="How works of its cluster sound.")
    age_days: float | None = Field(description="Since its release, on the bundle's training day.")
    rise_chance: float | None = Field(description="P(rise) of its act by then, 0 to 1.")


class FoundArtist(BaseModel):
    """An act that fits a search."""

    artist: str
    name_en: str
    name_ko: str | None
    by: str | None = Field(description="The name that fits; null where none does but one is near.")
    distance: int | None = Field(description="0 where it is the act's name; the higher the looser.")


class FoundArtists(BaseModel):
    """Acts that fit, the closest first; else those that are spelled much like it."""

    query: str
    count: int
    rows: list[FoundArtist]
