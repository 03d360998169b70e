"""The one error of the landing layer and how an operating-system error becomes it.

Belongs here: `LandingError` and the wording of its one line: what failed, where, and the way out.
Does not belong here: any decision to go on after an error.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpop_assets.errors import KpopError

_FULL = "free disk space there and run again, no half-written file was left"
_DENIED = "check its owner and permissions, or choose another place"
_WAYS_OUT = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "a file stands where a folder is expected, check the path",
    errno.EISDIR: "a folder stands where a file is expected, check the path",
}


# Nobody mends these between two tries; a disk that was full, or a file that was gone, may be back.
_CERTAIN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR}


class LandingError(KpopError):
    """Something could not be read or landed."""


def refuse_link(*paths: Path) -> None:
    """Raise a LandingError where one of the paths is a link, broken or not.

    What lies below the landing folder is read, replaced and removed; a link would carry that to
    any place of the machine.
    """
    for path in paths:
        if path.is_symlink():
            raise LandingError(
                f"cannot use {path}: it is a link", "put what it leads to in its place"
            )


@contextmanager
def landing_errors(action: str, path: Path) -> Iterator[None]:
    """Turn an `OSError` inside the block into a `LandingError`.

    Args:
        action: What is tried, as an infinitive ("write").
        path: What it is tried on.

    Raises:
        LandingError: It says the action, the path and the cause.
    """
    try:
        yield
    except OSError as error:
        way_out = _WAYS_OUT.get(error.errno or 0, "check the disk and run again")
        cause = error.strerror or type(error).__name__
        may_pass = error.errno not in _CERTAIN
        raise LandingError(
            f"cannot {action} {path}: {cause}", way_out, may_pass=may_pass
        ) from error
