"""Who did something is known by a keyed hash alone, made before anything is stored.

Belongs here: the installation's key, and an id made of it. Does not belong here: which fields are
ids of persons (the record contracts), or where lines enter (door.py).

An id carries a check that takes the key too: one of ours is known as such and stays as it is, so
that landing files can be imported again; whatever only looks like one is hashed like any other.
Whoever has the files and not the key cannot tell by trying names who is who.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from kpop_assets.contracts.registry import RECORDS
from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.folders import list_days

KEY_FILE = "listener.key"

_KEY_BYTES = 32
_FORM = re.compile(r"u[0-9a-f]{32}")
_HASH_DIGITS, _CHECK_DIGITS = 24, 8
# Dropping all at once is cheaper than one by one. Who serves many has little memory for each.
_MOST_KEPT, SERVED_KEPT = 1 << 20, 1 << 16


class PersonIds:
    """Ids of persons under one key; those that come again are remembered.

    Args:
        key: of the installation.
        most_kept: that are remembered.
    """

    def __init__(self, key: bytes, most_kept: int = _MOST_KEPT) -> None:
        self._key, self._most_kept = key, most_kept
        self._known: dict[str, str] = {}

    def id_of(self, given: str) -> str:
        """The id that stands for a person; one of ours is its own."""
        found = self._known.get(given)
        if found is None:
            if len(self._known) >= self._most_kept:
                self._known.clear()
            found = given if self.is_ours(given) else self._made(given)
            self._known[given] = found
        return found

    def is_ours(self, given: str) -> bool:
        """Whether an id was made with this key."""
        if not _FORM.fullmatch(given):
            return False
        digits, check = given[1 : 1 + _HASH_DIGITS], given[1 + _HASH_DIGITS :]
        return hmac.compare_digest(check, self._check(digits))

    def _made(self, given: str) -> str:
        digits = self._digest(b"person\0" + given.encode("utf-8", "surrogatepass"))[:_HASH_DIGITS]
        return f"u{digits}{self._check(digits)}"

    def _check(self, digits: str) -> str:
        return self._digest(b"check\0" + digits.encode())[:_CHECK_DIGITS]

    def _digest(self, text: bytes) -> str:
        return hmac.digest(self._key, text, "sha256").hex()


def key_path(landing_root: Path) -> Path:
    """Where the key of a data folder lies: beside its landing folder."""
    return landing_root.absolute().parent / KEY_FILE


def person_ids(landing_root: Path, kind: str, most_kept: int = _MOST_KEPT) -> PersonIds:
    """The ids of a data folder; a key is made with the first of them.

    Args:
        landing_root: the landing folder.
        kind: whose lines name the persons. Where any of it are landed, or of another such kind, no
            new key would give their ids.
        most_kept: ids that are remembered.

    Raises:
        LandingError: the key is gone, others of this machine can read it, or it is none.
    """
    key = find_key(landing_root, kind)
    if key is None:
        path = key_path(landing_root)
        _make_key(path)
        key = _read_key(path)
    return PersonIds(key, most_kept)


def find_key(landing_root: Path, kind: str) -> bytes | None:
    """The key of a data folder; None where there is none and a new one may be made.

    Args:
        landing_root: the landing folder.
        kind: as for `person_ids`.

    Raises:
        LandingError: as for `person_ids`.
    """
    path = key_path(landing_root)
    if path.exists():
        return _read_key(path)
    if any(list_days(landing_root, name) for name in (kind, *_kinds_with_persons())):
        raise LandingError(
            f"{path} is gone, and with it who the listeners of landed lines are",
            "put it back from a backup; without it the same person would get another id",
        )
    return None


def _read_key(path: Path) -> bytes:
    with landing_errors("read", path):
        is_open = stat.S_IMODE(path.stat().st_mode) & 0o077
        key = path.read_bytes()
    if is_open:
        raise LandingError(f"others of this machine may read {path}", f"chmod 600 {path}")
    if len(key) != _KEY_BYTES:
        raise LandingError(f"{path} is no key", "put it back from a backup")
    return key


def _kinds_with_persons() -> list[str]:
    return [record.kind for record in RECORDS if any(field.is_person for field in record.fields)]


def _make_key(path: Path) -> None:
    """Write a new key, whole and once, whichever process comes first."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with landing_errors("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(made, path)
            except FileExistsError:
                return
        finally:
            made.unlink(missing_ok=True)
