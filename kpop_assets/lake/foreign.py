"""What systems, databases and engines say went wrong, as our own errors.

Belongs here: the one place where the words of another program are looked at. Does not belong here:
any decision to go on after an error.

The system and SQLite give a code, and that decides. Engines and bucket clients give prose alone,
also for what is an error of the system beneath them: the tables below have the words that tell
their errors apart, and kpop_assets_tests/lake/test_foreign.py makes each engine say them. Our own
errors cross an engine as a mark (`KpopError.mark`) and come out as what they were.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator

from deltalake.exceptions import CommitFailedError

from kpop_assets.errors import KpopError, from_mark
from kpop_assets.lake.errors import ContractError, DamagedTableError, EngineError, LakeError
from kpop_assets.lake.mend import WHICH, damaged_data
from kpop_assets.lake.plain import own_names

# What happened, the way out, and whether it may pass by itself.
_FULL = "no space left on {place}", "free some and run again", True
_DENIED = "{place} is not writable", "check its owner and permissions", False
_BUSY = "{place} is locked by another program", "end it, or wait and run again", True
# SQLite cannot tell a full disk from one that fails.
_FAILS = "{place} is full or fails", "free some space, check the disk, and run again", True
_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _DENIED,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_IOERR: _FAILS,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
}
# Engines pass on what the system beneath them said. What denies may be a service as well: there it
# is the system only as Rust, Python and Java write it.
_BY_WORDS = {
    "No space left": _FULL,
    "os error 28": _FULL,
    "File too large": _FULL,
    "Disk quota exceeded": _FULL,
    "Permission denied (os error 13)": _DENIED,
    "[Errno 13]": _DENIED,
    "(Permission denied)": _DENIED,
    "Read-only file system": _DENIED,
}
# Python ends the message of an `OSError` with the path.
_PATH = re.compile(r"\[Errno \d+\] [^:\n]+: '([^'\n]+)'")
# How engines begin to say that bytes are no Parquet.
_NO_PARQUET = re.compile(
    r"Parquet (?:argument )?error|Parquet input source|is not a Parquet file|deserialize thrift"
    r"|FAILED_READ_FILE|CANNOT_READ_FILE|PARQUET_"
)
_DATA_FILE = re.compile(r"(\w+/\w+)/ingest_date=([0-9-]{10})/([\w.-]+\.parquet)")
_NULL = re.compile(r"NOT[ _]NULL")
# Delta lets one of several machines win. delta-rs has a class for it, of which Sail passes on the
# words; Delta on Spark has these.
_CONFLICT = re.compile(
    r"Failed to commit transaction: "
    r"|\bConcurrent(?:Append|DeleteRead|DeleteDelete|Transaction|Write)Exception\b"
)
# A server ends a session that it has not heard of for long. Sail has no code for it; Spark's server
# has the first, and PySpark the others: of a server that was restarted, and of what is left of a
# session that was opened anew (engine/remote.py).
_ENDED = re.compile(
    r"\bsession [0-9a-f-]{36} is not running|INVALID_HANDLE\.SESSION_(?:CLOSED|CHANGED|NOT_FOUND)"
    r"|server side session identifier|\[NO_ACTIVE_SESSION\]"
)

# What a bucket's client says, and what that means to whoever set it up.
_TROUBLES = {
    "NoSuchBucket": ("there is no such bucket", "create it, or mend KPOP_LAKE_URL"),
    "URL scheme is not allowed": (
        "AWS_ENDPOINT_URL is not encrypted",
        "to allow that, set AWS_ALLOW_HTTP=true",
    ),
    "169.254.169.254": ("no credentials", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    "InvalidAccessKeyId": ("AWS_ACCESS_KEY_ID is unknown there", "mend it"),
    "SignatureDoesNotMatch": ("AWS_SECRET_ACCESS_KEY is refused", "mend it"),
    "AuthorizationHeaderMalformed": ("AWS_REGION is not the bucket's", "mend it"),
    "403 Forbidden": (
        "access is refused",
        "mend AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the bucket's policy",
    ),
    "404 Not Found": (
        "no S3, no such bucket or no such key there",
        "mend AWS_ENDPOINT_URL, KPOP_LAKE_URL or AWS_ACCESS_KEY_ID",
    ),
    "after 2 retries": ("nobody answers there", "start the server, or mend AWS_ENDPOINT_URL"),
}


def first_line(error: BaseException) -> str:
    """The first line of a message, or the error's name where it has none."""
    return own_names((str(error).strip().splitlines() or [type(error).__name__])[0].strip())


def bucket_error(url: str, error: Exception) -> LakeError:
    """One line for what a bucket's client reports in many."""
    text = str(error)
    for said, (meaning, way_out) in _TROUBLES.items():
        if said in text:
            return LakeError(f"{url}: {meaning}", way_out)
    # delta-rs draws its causes as a coloured tree.
    plain = " ".join(re.sub(r"\x1b\[[0-9;]*m|↳", " ", text).split())
    return LakeError(f"{url} cannot be reached: {plain[:300]}")


def explained(what: str, folder: object, error: Exception) -> LakeError:
    """One line for a write that failed; `folder` is a path or a bucket's URL."""
    failed = f"{what} was not written"
    found = translated(error, folder)
    if found is None:
        line = next((line for line in str(error).splitlines() if _NULL.search(line)), None)
        if line:
            return ContractError(f"{failed}: {line.strip()}")
        return LakeError(f"{failed}: {first_line(error)}")
    kind = type(found) if isinstance(found, LakeError) else LakeError
    return kind(f"{failed}: {found.what}", found.way_out, may_pass=found.may_pass)


def translated(error: BaseException, folder: object = None) -> KpopError | None:
    """Our own error for what a system, a database or an engine raised; None if it has no name.

    Args:
        error: what was raised.
        folder: what was written to, where the error does not say.
    """
    for one in _causes(error):
        if isinstance(one, KpopError):
            return one
        found = from_mark(str(one)) or _disk(one, folder) or _damage(one) or _conflict(one)
        found = found or _ended(one)
        if found:
            return found
    return None


def disk_error(error: BaseException, folder: object = None) -> LakeError | None:
    """What to do about a full or a locked disk; None if the error is about another thing."""
    return next((found for one in _causes(error) if (found := _disk(one, folder))), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it follows from; SQLAlchemy keeps the database's as `orig`."""
    following: BaseException | None = error
    while following is not None:
        yield following
        following = getattr(following, "orig", None) or following.__cause__


def _disk(error: BaseException, folder: object) -> LakeError | None:
    trouble, place = None, folder or "the data folder"
    if isinstance(error, OSError) and error.errno is not None:
        trouble = _BY_ERRNO.get(error.errno)
        place = error.filename or place
    elif isinstance(error, sqlite3.Error):
        # The lower byte is the kind, the rest says more.
        trouble = _BY_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    else:
        text = str(error)
        named = _PATH.search(text)
        place = named[1] if named else place
        trouble = next((found for said, found in _BY_WORDS.items() if said in text), None)
    if trouble is None:
        return None
    what, way_out, may_pass = trouble
    return LakeError(own_names(what.format(place=place)), way_out, may_pass=may_pass)


def _damage(error: BaseException) -> DamagedTableError | None:
    text = str(error)
    if not _NO_PARQUET.search(text):
        return None
    if named := _DATA_FILE.search(text):
        path, day, name = named.groups()
        return damaged_data(path, {name: day})
    return DamagedTableError(f"a table that it reads is damaged ({first_line(error)[:160]})", WHICH)


def _conflict(error: BaseException) -> LakeError | None:
    if not (isinstance(error, CommitFailedError) or _CONFLICT.search(str(error))):
        return None
    return LakeError("another machine wrote it meanwhile", "run again")


def _ended(error: BaseException) -> EngineError | None:
    if not _ENDED.search(str(error)):
        return None
    return EngineError("the engine ended the session while it was idle", "run again")
