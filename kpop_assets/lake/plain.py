"""Names of folders: which signs libraries do not take, and a plain name for a folder with others.

Belongs here: links with plain names, and the signs that even those do not help with. Does not
belong here: tables, or which folder is whose (settings.py).

Folders are named in Korean, with a blank or a `%`, and the libraries quote that in different ways,
or twice: Sail finds no log, Polars no file, Dagster opens a database beside the folder, Spark takes
`[a]` and `*` for patterns. So they are given a link whose name is a digest of the folder's own, in
a folder of the user's below the system's for temporary files. A folder with a plain name is given
as it is. delta-rs follows links to their ends, and fails there at the few signs of `_NEVER`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import time
import unicodedata
import uuid
from contextlib import suppress
from pathlib import Path

from kpop_assets.lake.errors import LakeError

# What every library takes as it is. Sail and Polars read a `~` or a `=` as something else.
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
# delta-rs makes a host name of the path, takes the sign for a separator, or, where `%` and two
# digits stand in it, writes into another folder (`a%20b` into `a b`).
_NEVER = re.compile(r"[\[\]^|\\]|%[0-9A-Fa-f]{2}")
_LINK_NAME = re.compile(r"[0-9a-f]{20}")
# A link whose folder is gone may be another process's whose folder is just coming.
_FORGOTTEN_SECONDS = 24 * 3600
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def unusable_sign(path: Path) -> str | None:
    """The first sign of a path that no other name helps with, as a message names it; or None."""
    if found := _NEVER.search(str(path)):
        return f"`{found[0]}`"
    for sign in str(path):
        kind = unicodedata.category(sign)
        if kind == "Cs":
            return f"byte {ord(sign) & 0xFF:#04x}, which is no text in this locale,"
        if kind in ("Cc", "Zl", "Zp"):
            return f"control character U+{ord(sign):04X}"
    return None


def is_plain(path: Path) -> bool:
    """Whether every library takes a path as it is."""
    return all(map(_is_plain_part, path.parts[1:]))


def plain_path(path: Path) -> Path:
    """The same place under a name that every library takes; the path itself if it is plain.

    Args:
        path: absolute; what it names need not exist.

    Raises:
        LakeError: there is no folder for the link, or it is not this user's.
    """
    parts = path.parts
    odd = [i for i in range(1, len(parts)) if not _is_plain_part(parts[i])]
    if not odd:
        return path
    folder = Path(*parts[: odd[-1] + 1])
    return _link_to(folder).joinpath(*parts[odd[-1] + 1 :])


def nearest_there(path: Path) -> Path:
    """The path, or of the folders above it the first that is there.

    Raises:
        OSError: a folder may not be entered, or a name is too long.
    """
    for one in (path, *path.parents):
        with suppress(FileNotFoundError, NotADirectoryError):
            one.stat()
            return one
    return path


def own_names(text: str) -> str:
    """A text in which links stand under the names of their folders."""
    for folder in map(_links_folder, _bases()):
        if str(folder) not in text or not _is_own(folder):
            continue
        # It words another error: what cannot be read here is no reason to lose that one.
        with suppress(OSError):
            for link in filter(Path.is_symlink, folder.iterdir()):
                if str(link) in text:
                    with suppress(OSError):
                        text = text.replace(str(link), str(link.readlink()))
    return text


def _is_own(folder: Path) -> bool:
    """Whether a folder is there and the user's; another's links lead anywhere."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _is_plain_part(part: str) -> bool:
    # A path with `..` is another one to whoever takes it apart before links are followed.
    return part != ".." and _PLAIN.fullmatch(part) is not None


def _link_to(folder: Path) -> Path:
    links = _own_folder()
    link = links / hashlib.sha256(os.fsencode(folder)).hexdigest()[:20]
    with suppress(OSError):
        if link.readlink() == folder:
            return link
    _sweep(links)
    made = links / f"{link.name}.{uuid.uuid4().hex}"
    try:
        made.symlink_to(folder)
        # In one step: another process may make the same one.
        made.replace(link)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise _no_link(folder, links, error) from error
    return link


def _own_folder() -> Path:
    links = _links_folder(next(iter(_bases())))
    try:
        with suppress(FileExistsError):
            links.mkdir(mode=0o700)
        found = links.lstat()
    except OSError as error:
        raise LakeError(
            f"{links} cannot be made ({error.strerror}), where a folder with other signs than "
            "letters gets a plain name",
            "set TMPDIR to a folder of yours, or KPOP_HOME to a plain one",
            may_pass=False,
        ) from error
    # Anybody may make a folder of this name there, and then lead the tables anywhere.
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not is_own or found.st_mode & _OTHERS_MAY_WRITE:
        raise LakeError(
            f"{links} is another user's, or others may write to it",
            "remove it, or set TMPDIR to a folder of yours",
            may_pass=False,
        )
    return links


def _bases() -> list[Path]:
    """Folders for temporary files with plain names, the configured one first."""
    found = [Path(tempfile.gettempdir()).absolute(), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - each user has a folder of mode 700 there
    return [path for path in found if is_plain(path)]


def _links_folder(base: Path) -> Path:
    return base / f"kpop-{os.geteuid()}"


def _sweep(links: Path) -> None:
    """Remove links to folders that are gone, and what killed processes had begun to make."""
    for link in links.iterdir():
        with suppress(OSError):
            is_old = time.time() - link.lstat().st_mtime > _FORGOTTEN_SECONDS
            if is_old and not (_LINK_NAME.fullmatch(link.name) and link.exists()):
                link.unlink()


def _no_link(folder: Path, links: Path, error: OSError) -> LakeError:
    return LakeError(
        f"{folder} gets no plain name in {links}: {error.strerror}",
        "free or mend that folder, or set KPOP_HOME to a folder of plain letters",
        may_pass=False,
    )
