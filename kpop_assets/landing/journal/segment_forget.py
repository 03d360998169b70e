"""A person is taken out of the journals, also of those that a running server writes.

Belongs here: which segments are waited for, and a segment without somebody's lines. Does not
belong here: landing files and tables (retention/forgetting.py).
"""

from __future__ import annotations

import time
from pathlib import Path

from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.journal.segments import ask_to_close, held, kinds_in, segments_in
from kpop_assets.landing.replace import replace_file

# Servers look each second whether they are asked to close their segments.
_WAIT_SECONDS = 60.0
_AGAIN_SECONDS = 0.1


def forget_in_journals(root: Path, person: str, wait_seconds: float = _WAIT_SECONDS) -> int:
    """Remove the lines of a person that were taken in before this; how many there were.

    Args:
        root: the folder of all journals.
        person: the id that stands for who it is.
        wait_seconds: how long a server may take to close what it writes.

    Raises:
        LandingError: a segment stays open, or cannot be read or replaced.
    """
    before = [path for kind in kinds_in(root) for path in segments_in(root / kind)]
    if not before:
        return 0
    ask_to_close(root)
    until = time.monotonic() + wait_seconds
    return sum(_forget(path, person.encode(), until) for path in before)


def _forget(path: Path, token: bytes, until: float) -> int:
    while True:
        with held(path) as is_held:
            if is_held:
                return _without(path, token)
            if not path.exists():
                # It was landed meanwhile, and is looked for there.
                return 0
        if time.monotonic() > until:
            raise LandingError(
                f"{path} is being written by a server that does not close it",
                "end the server, then run again",
                may_pass=True,
            )
        time.sleep(_AGAIN_SECONDS)


def _without(path: Path, token: bytes) -> int:
    with landing_errors("read", path):
        lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if token not in line]
    if len(kept) == len(lines):
        return 0
    replace_file(path, kept)
    return len(lines) - len(kept)
