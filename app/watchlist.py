"""The acts that a reader watches: a file of the viewer below the data folder.

Belongs here: reading, changing and sharing the list. Does not belong here: what is told of the
acts on it (queries/alerts.py), or its page.

It is no table: it says what a person looks at, not what was seen, and goes with the folder. A list
can also stand in an address, as `?watch=IVE,BTS`, for another reader to adopt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from filelock import FileLock

from kpop_assets.errors import KpopError
from kpop_assets.lake.artifacts import write_artifact

FILE = "watchlist.json"
# More in one address is a mistake, and browsers cut it.
MOST_SHARED = 100


class WatchlistError(KpopError):
    """The file cannot be read or written; it stays as it is."""


@dataclass(frozen=True)
class Watchlist:
    """The list of one data folder.

    Attributes:
        folder: the viewer's own folder (`Settings.viewer`).
    """

    folder: Path

    def read(self) -> tuple[str, ...]:
        """The acts by their canonical names, in the order in which they were added.

        Raises:
            WatchlistError: the file is damaged or may not be read.
        """
        path = self.folder / FILE
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            artists = content["artists"]
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unreadable(path) from error
        if not isinstance(artists, list) or not all(isinstance(name, str) for name in artists):
            raise _unreadable(path)
        return tuple(dict.fromkeys(artists))

    def toggle(self, artist: str) -> None:
        """Put an act on the list, or take it off.

        Raises:
            WatchlistError: the list cannot be read or written.
        """
        with self._alone():
            artists = self.read()
            without = tuple(name for name in artists if name != artist)
            self._write(without if artist in artists else (*artists, artist))

    def adopt(self, artists: Iterable[str]) -> None:
        """Add the acts of a shared list.

        Raises:
            WatchlistError: the list cannot be read or written.
        """
        with self._alone():
            self._write(dict.fromkeys((*self.read(), *artists)))

    def _alone(self) -> FileLock:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        return FileLock(self.folder / ".watchlist.lock")

    def _write(self, artists: Iterable[str]) -> None:
        content = json.dumps({"artists": list(artists)}, ensure_ascii=False, indent=1)
        try:
            write_artifact(self.folder, FILE, content.encode())
        except OSError as error:
            raise _unwritable(self.folder, error) from error


def to_address(artists: Iterable[str]) -> str:
    """The list as the value of `watch` in an address; a comma in a name is written `%2C`."""
    return ",".join(name.replace("%", "%25").replace(",", "%2C") for name in artists)


def from_address(text: str) -> tuple[str, ...]:
    """The list that an address holds, without blanks and repetitions."""
    found = (unquote(name).strip() for name in text.split(","))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_SHARED]


def _unreadable(path: Path) -> WatchlistError:
    return WatchlistError(f"{path} holds no watchlist", "mend it, or move it away")


def _unwritable(folder: Path, error: OSError) -> WatchlistError:
    what = f"the watchlist cannot be kept in {folder}: {error.strerror}"
    return WatchlistError(what, "make room or mend the permissions")
