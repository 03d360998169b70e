"""What can go wrong with a table, and the one line that says so.

Belongs here: the lake's errors and how an engine's many lines become one. Does not belong here:
any decision to go on after an error.
"""

from __future__ import annotations

from pathlib import Path


class LakeError(RuntimeError):
    """A table cannot be read or written; the message names it and the way out."""


class ContractError(LakeError):
    """A frame does not keep its table's contract."""


class MissingTableError(LakeError):
    """A table that is read has not been written yet."""


def explained(what: str, folder: Path, error: Exception) -> LakeError:
    """One line for what an engine reports in many."""
    text = str(error)
    lines = text.strip().splitlines() or [type(error).__name__]
    for line in lines:
        if "outside the range" in line or "NOT_NULL" in line or "NOT NULL" in line:
            return ContractError(f"{what} was not written: {line.strip()}")
        if "LandingError: " in line:
            return LakeError(f"{what} was not written: {line.split('LandingError: ', 1)[1]}")
    if "No space left" in text or "os error 28" in text or "File too large" in text:
        return LakeError(
            f"{what} was not written: no space left on {folder}: free some and run again"
        )
    if "Permission denied" in text or "Read-only file system" in text:
        return LakeError(
            f"{what} was not written: {folder} is not writable: check its owner and permissions"
        )
    return LakeError(f"{what} was not written: {lines[0]}")
