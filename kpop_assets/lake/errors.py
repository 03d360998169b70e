"""What can go wrong with a table or an engine, and the one line that says so.

Belongs here: the lake's and the engines' errors, and how a system's or an engine's many lines
become one. Does not belong here: any decision to go on after an error, or what mends a table
(damage.py).
"""

from __future__ import annotations

import re

from kpop_assets.errors import KpopError
from kpop_assets.lake.damage import damage_in, first_line

_FULL = (
    "No space left",
    "os error 28",
    "File too large",
    "database or disk is full",
    "Disk quota exceeded",
)
_DENIED = ("Permission denied", "Read-only file system", "readonly database")
# Python ends the message of an `OSError` with the path.
_PATH = re.compile(r"\[Errno \d+\] [^:\n]+: '([^'\n]+)'")


class LakeError(KpopError):
    """A table cannot be read or written; the message names it and the way out."""

    # A disk that was full, a bucket that did not answer, another machine that was first.
    may_pass = True


class ContractError(LakeError):
    """A frame does not keep its table's contract."""

    may_pass = False


class MissingTableError(LakeError):
    """A table that is read has not been written yet."""

    may_pass = False


class InUseError(LakeError):
    """Another process holds the lock that is needed."""


class DamagedTableError(LakeError):
    """A table's log or one of its data files is not as it was written."""

    may_pass = False


class OlderTableError(LakeError):
    """A table on the disk has another contract than the product, and no rule to go over."""

    may_pass = False


class EngineError(KpopError):
    """The engine cannot be started; the message names what is missing and the way out."""

    # A master or an endpoint may be starting.
    may_pass = True


# What a bucket's client says, and what that means to whoever set it up.
_TROUBLES = {
    "NoSuchBucket": "there is no such bucket: create it, or mend KPOP_LAKE_URL",
    "URL scheme is not allowed": "AWS_ENDPOINT_URL is not encrypted: to allow that, set "
    "AWS_ALLOW_HTTP=true",
    "169.254.169.254": "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "InvalidAccessKeyId": "AWS_ACCESS_KEY_ID is unknown there: mend it",
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY is refused: mend it",
    "AuthorizationHeaderMalformed": "AWS_REGION is not the bucket's: mend it",
    "403 Forbidden": "access is refused: mend AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the "
    "bucket's policy",
    "404 Not Found": "no S3, no such bucket or no such key there: mend AWS_ENDPOINT_URL, "
    "KPOP_LAKE_URL or AWS_ACCESS_KEY_ID",
    "after 2 retries": "nobody answers there: start the server, or mend AWS_ENDPOINT_URL",
}


def bucket_error(url: str, text: str) -> LakeError:
    """One line for what a bucket's client reports in many."""
    for said, meaning in _TROUBLES.items():
        if said in text:
            return LakeError(f"{url}: {meaning}")
    # delta-rs draws its causes as a coloured tree.
    plain = " ".join(re.sub(r"\x1b\[[0-9;]*m|↳", " ", text).split())
    return LakeError(f"{url} cannot be reached: {plain[:300]}")


def explained(what: str, folder: object, error: Exception) -> LakeError:
    """One line for what an engine reports in many; `folder` is a path or a bucket's URL."""
    text = str(error)
    for line in text.strip().splitlines():
        if "outside the range" in line or "NOT_NULL" in line or "NOT NULL" in line:
            return ContractError(f"{what} was not written: {line.strip()}")
        if "LandingError: " in line:
            return LakeError(f"{what} was not written: {line.split('LandingError: ', 1)[1]}")
    damaged = damage_in(text)
    if damaged:
        return DamagedTableError(f"{what} was not written: {damaged}")
    if "Failed to commit transaction" in text or "Concurrent" in text:
        # Delta lets one of several machines win.
        return LakeError(f"{what} was not written: another machine wrote it meanwhile: run again")
    return LakeError(f"{what} was not written: {disk_trouble(text, folder) or first_line(error)}")


def disk_trouble(text: str, folder: object = None) -> str | None:
    """What to do about a full or a locked disk that a message speaks of; None if it does not.

    Args:
        text: the message of a system, a database or an engine.
        folder: what was written to, where the message does not say.
    """
    named = _PATH.search(text)
    place = named[1] if named else str(folder or "the data folder")
    if any(words in text for words in _FULL):
        return f"no space left on {place}: free some and run again"
    if any(words in text for words in _DENIED):
        return f"{place} is not writable: check its owner and permissions"
    # SQLite cannot tell a full disk from one that fails.
    if "disk I/O error" in text:
        return f"{place} is full or fails: free some space, check the disk, and run again"
    return None
