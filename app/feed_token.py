"""The secret in a feed's address: who has it may read the alerts.

Belongs here: making, keeping and comparing it. Does not belong here: what is read (feed.py).

It is random, of this data folder alone, and readable by its owner alone. Whoever removes the file
makes all addresses given out so far lead nowhere.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from filelock import FileLock

FILE = "feed_token"
_BYTES = 24


def feed_token(folder: Path) -> str:
    """The token of a viewer's folder, made where there is none.

    Raises:
        OSError: it can be neither read nor made.
    """
    path = folder / FILE
    if (known := _read(path)) is not None:
        return known
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{FILE}.lock"):
        if (known := _read(path)) is not None:
            return known
        token = secrets.token_urlsafe(_BYTES)
        # Its permissions are there before its content.
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(token)
    return token


def is_feed_token(folder: Path, asked: str) -> bool:
    """Whether a text is the token; takes as long whatever it is."""
    known = _read(folder / FILE)
    return known is not None and hmac.compare_digest(known.encode(), asked.encode())


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
