"""What `kpop fetch --source spotify` does: a collection with the given settings.

Belongs here: building the collector from settings. Does not belong here: collecting
(collection.py), arguments (cli/) or what is printed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import metadata

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.landing.spotify.abilities import Abilities
from kpop_assets.landing.spotify.collection import GENRE_QUERY, SpotifyCollector
from kpop_assets.landing.spotify.spotify_report import SpotifyError, SpotifyReport
from kpop_assets.landing.spotify.turns import Turns
from kpop_assets.landing.spotify.wire import SpotifyAccess, open_spotify
from kpop_assets.settings import Settings

ACTS_A_RUN = 10


def fetch_tracks(
    settings: Settings,
    queries: tuple[str, ...],
    most_results: int,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> SpotifyReport:
    """Collect tracks from Spotify.

    Args:
        settings: the application and folders.
        queries: searches; none means K-POP by genre, and the acts whose turn it is.
        most_results: results of a search, at most.
        clock: seconds of the clock.
        sleep: waits (seconds).

    Raises:
        SpotifyError: there is no application, or Spotify refuses it.
        NetError: the file of what was spent cannot be used.
        LandingError: the landing file cannot be written.
    """
    if not (settings.spotify_id and settings.spotify_secret):
        raise SpotifyError(
            "there is no application for Spotify",
            "make one in Spotify's dashboard for developers, and set KPOP_SPOTIFY_ID and "
            "KPOP_SPOTIFY_SECRET to its client id and secret",
        )
    state = settings.home / "spotify.db"
    agent = f"kpop-assets/{metadata.version('kpop-assets')}"
    access = SpotifyAccess(
        settings.spotify_id,
        settings.spotify_secret,
        state,
        f"{agent} ({settings.contact})" if settings.contact else agent,
        settings.outside_endpoint,
        clock,
        sleep,
    )
    collector = SpotifyCollector(
        open_spotify(access),
        Abilities(state, settings.spotify_id, clock),
        Turns(state, clock),
        load_catalog(overlay=overlay_path(settings.home)),
        settings.landing,
        lambda: int(clock() * 1000),
    )
    acts = 0 if queries else ACTS_A_RUN
    return collector.run(queries or (GENRE_QUERY,), most_results, acts)
