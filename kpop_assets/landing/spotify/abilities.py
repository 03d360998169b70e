"""What an application may ask of Spotify: found out by asking once, and remembered.

Belongs here: the abilities there are, and the file that remembers. Does not belong here: a request
(collection.py), or how one is sent (wire.py).

Applications in development mode get no top tracks and pages of ten, and only those made before
2024-11-27 get audio features. A refusal (403; 400 to a large page) is an answer: it holds for this
application for some weeks, so that a mode that was changed is noticed. One of what was there before
is an answer too: the application lost it. A refusal of the small page as well is of the request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from spotipy import SpotifyException

from kpop_assets.net.state import StateFile

Found = TypeVar("Found")
Ability = Literal["large_pages", "top_tracks", "audio_features"]
REMEMBERED_SECONDS = 30 * 86_400
_REFUSALS: dict[Ability, int] = {"large_pages": 400, "top_tracks": 403, "audio_features": 403}
_TABLES = {
    "spotify_ability": "application TEXT, ability TEXT, is_there INTEGER NOT NULL,"
    " asked_at REAL NOT NULL, PRIMARY KEY (application, ability)"
}


class Abilities:
    """What one application may.

    Args:
        path: the file that remembers.
        client_id: its id, of which a digest is kept.
        clock: seconds of the clock.
    """

    def __init__(self, path: Path, client_id: str, clock: Callable[[], float]) -> None:
        self._whose = hashlib.sha256(client_id.encode()).hexdigest()[:16]
        self._clock = clock
        self._file = StateFile(path, "the file of Spotify's abilities", _TABLES)

    def known(self, ability: Ability) -> bool | None:
        """Whether it is there; None where that has to be asked."""
        with self._file.reading() as store:
            row = store.execute(
                "SELECT is_there, asked_at FROM spotify_ability"
                " WHERE application = ? AND ability = ?",
                (self._whose, ability),
            ).fetchone()
        is_fresh = row is not None and 0 <= self._clock() - row[1] < REMEMBERED_SECONDS
        return bool(row[0]) if is_fresh else None

    def use(
        self, ability: Ability, ask: Callable[[], Found], instead: Callable[[], Found]
    ) -> Found:
        """What is asked for, or what there is instead where the application may not ask it.

        Raises:
            SpotifyException: the refusal is of this request, which says nothing of the ability.
            NetError: there was no answer.
        """
        known = self.known(ability)
        if known is False:
            return instead()
        try:
            found, is_there = ask(), True
        except SpotifyException as error:
            if error.http_status != _REFUSALS[ability]:
                raise
            found, is_there = instead(), False
        if is_there is not known:
            self._remember(ability, is_there)
        return found

    def _remember(self, ability: Ability, is_there: bool) -> None:
        with self._file.writing() as store:
            store.execute(
                "INSERT OR REPLACE INTO spotify_ability VALUES (?, ?, ?, ?)",
                (self._whose, ability, is_there, self._clock()),
            )

    def withheld(self) -> list[str]:
        """The abilities that are known not to be there."""
        return [ability for ability in _REFUSALS if self.known(ability) is False]
