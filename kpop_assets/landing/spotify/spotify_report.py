"""What a collection from Spotify did, and how it fails.

Belongs here: counts and the error. Does not belong here: collecting (collection.py), or how a
report is printed (cli/).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kpop_assets.errors import KpopError
from kpop_assets.landing.files import LandedFile


class SpotifyError(KpopError):
    """Collecting from Spotify failed; one line that names the thing and the way out."""


@dataclass
class SpotifyReport:
    """What a collection did.

    Attributes:
        found: tracks by how they were found: search, release or top.
        acts: acts that were asked for.
        unknown_acts: those of them that Spotify does not know by a name of theirs.
        with_features: tracks with audio features.
        refused: requests that Spotify refused for themselves, by what was asked.
        odd: entries that were no track.
        withheld: abilities that the application does not have.
        stopped: why it ended early; empty where it did not.
        landed: the new file; None where nothing new was said.
    """

    found: Counter[str] = field(default_factory=Counter)
    acts: int = 0
    unknown_acts: int = 0
    with_features: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    odd: int = 0
    withheld: list[str] = field(default_factory=list)
    stopped: str = ""
    landed: LandedFile | None = None
