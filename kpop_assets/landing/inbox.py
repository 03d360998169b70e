"""Sorts the files that collectors drop into `landing/inbox/`, or `landing/inbox/<kind>/`.

Belongs here: which files are complete, and what happens to the original. How lines are sorted by
day is the import's of landing files.

The folder says what kind a file is of: neither its name nor its lines are asked, which could be
mistaken. A folder of no kind is reported, as a file that failed is.

Only files that are called as landing files are taken (`.json`, `.jsonl`, `.ndjson`, in any case,
also packed as `.gz`); whatever else people and their systems put there stays, with its reason.

A file is landed first and then moved to `taken/` beside it; one that names persons is removed, for
only their hashes are kept. A kill between the two is harmless: the next look recognises the bytes
as landed and only puts the file away. Collectors should write under a hidden or temporary name
(".*", "*.tmp", "*.part") and rename; for those that do not, a file is left alone until it has not
changed for some seconds, and longer while its last line is cut.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.landing.door import names_persons
from kpop_assets.landing.errors import LandingError, landing_errors, refuse_link
from kpop_assets.landing.folders import inbox_folder
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files, landing_formats
from kpop_assets.landing.sources.landing_files import (
    LANDING_SUFFIXES,
    LandingFiles,
    is_landing_name,
)
from kpop_assets.landing.sources.text import PACKED_SUFFIX, suffix_of

TAKEN = "taken"
SETTLE_SECONDS = 2.0
# Whoever stops for longer in the middle of a line does not go on.
CUT_SECONDS = 60.0
_TAIL_BYTES = 1 << 20
_TEMPORARY_SUFFIXES = frozenset({".tmp", ".temp", ".part", ".partial"})
_UNFINISHED_SUFFIXES = frozenset({".filepart", ".crdownload", ".download", ".opdownload", ".aria2"})
_NO_INBOX = "it is the inbox of no kind of landing line: move its files"


@dataclass
class InboxReport:
    """What a look into the inbox did.

    Attributes:
        taken: Where each original stands now, with what its import did.
        waiting: Files that may still be written to; the next look sees them again.
        failed: Landing files left in place, with the reason in one line.
        left: What is no landing file and is left in place, with the reason in one line.
    """

    taken: dict[Path, ImportSummary] = field(default_factory=dict)
    waiting: list[Path] = field(default_factory=list)
    failed: dict[Path, str] = field(default_factory=dict)
    left: dict[Path, str] = field(default_factory=dict)

    @property
    def standing(self) -> dict[Path, str]:
        """All that stays until somebody does something about it, with its reason."""
        return self.failed | self.left


def sort_inbox(
    landing_root: Path,
    settle_seconds: float = SETTLE_SECONDS,
    records: Sequence[Record] = RECORDS,
) -> InboxReport:
    """Land every complete file of each kind's inbox and move it to `taken/` there.

    Args:
        landing_root: The landing folder.
        settle_seconds: How long a file must have been left unchanged.
        records: The kinds that there are.

    Returns:
        What was taken, what has to wait and what failed; one bad file does not stop the others.

    Raises:
        LandingError: The inbox itself cannot be listed.
    """
    report = InboxReport()
    for format, importer in landing_formats(records).items():
        _sort_kind(landing_root, format, importer, settle_seconds, report)
    report.failed |= dict.fromkeys(_folders_of_no_kind(landing_root, records), _NO_INBOX)
    return report


def left_in_inbox(landing_root: Path, records: Sequence[Record] = RECORDS) -> dict[Path, str]:
    """What stands in the inbox and will go on standing there, with its reason; nothing is landed.

    Raises:
        LandingError: The inbox itself cannot be listed.
    """
    found: dict[Path, str] = {}
    for format, importer in landing_formats(records).items():
        for path in _files(inbox_folder(landing_root, importer.kind)):
            try:
                refuse_link(path)
                if reason := _reason_to_leave(path):
                    found[path] = reason
                elif _is_settled(path, SETTLE_SECONDS):
                    with tempfile.TemporaryDirectory() as nowhere:
                        root = Path(nowhere) / "landing"
                        import_files(format, path, root, importers={format: importer})
            except LandingError as error:
                found[path] = str(error)
    return found | dict.fromkeys(_folders_of_no_kind(landing_root, records), _NO_INBOX)


def _sort_kind(
    root: Path, format: str, importer: LandingFiles, settle_seconds: float, report: InboxReport
) -> None:
    """Land the complete files of one kind."""
    inbox = inbox_folder(root, importer.kind)
    for path in _files(inbox):
        try:
            # Whoever may drop files here must not make us land, and show, others of this machine.
            refuse_link(path)
            if reason := _reason_to_leave(path):
                report.left[path] = reason
            elif _is_settled(path, settle_seconds):
                summary = import_files(format, path, root, importers={format: importer})
                report.taken[_put_away(path, inbox, importer.record)] = summary
            else:
                report.waiting.append(path)
        except LandingError as error:
            report.failed[path] = str(error)


def _files(inbox: Path) -> list[Path]:
    return [path for path in _listed(inbox) if path.is_file()]


def _folders_of_no_kind(landing_root: Path, records: Sequence[Record]) -> list[Path]:
    inbox = inbox_folder(landing_root)
    known = {inbox / TAKEN, *(inbox_folder(landing_root, record.kind) for record in records)}
    return [path for path in _listed(inbox) if path.is_dir() and path not in known]


def _reason_to_leave(path: Path) -> str:
    """Why a file is not taken for landing lines, by its name; empty where it is."""
    if is_landing_name(path):
        return ""
    if path.suffix.lower() in _UNFINISHED_SUFFIXES:
        return "it is a download that did not end"
    known = ", ".join(sorted(LANDING_SUFFIXES))
    if suffix_of(path) in (".csv", ".tsv", ".txt", ".xlsx", ".xls"):
        return f"it is a table and no landing file ({known}): kpop import FORMAT FILE"
    return f"it is called as no landing file is ({known}, also {PACKED_SUFFIX}): move it away"


def _listed(inbox: Path) -> list[Path]:
    """What stands in an inbox under a name that is no temporary one."""
    with landing_errors("list", inbox):
        if not inbox.exists():
            return []
        return sorted(
            path
            for path in inbox.iterdir()
            if path.name[0] != "." and path.suffix not in _TEMPORARY_SUFFIXES
        )


def _is_settled(path: Path, settle_seconds: float) -> bool:
    with landing_errors("read", path):
        # A time in the future comes from a copy that kept it, not from a writer at work.
        age = abs(time.time() - path.stat().st_mtime)
        is_growing = settle_seconds <= age < CUT_SECONDS and settle_seconds and _is_cut(path)
    return age >= settle_seconds and not is_growing


def _is_cut(path: Path) -> bool:
    """Whether the last line of a file has no end and is no whole JSON text."""
    if path.name.lower().endswith(PACKED_SUFFIX):
        return False
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        last = file.read().rpartition(b"\n")[2]
    if not last.strip() or len(last) == _TAIL_BYTES:
        return False
    try:
        json.loads(last)
    except (ValueError, RecursionError):
        # The end of an array or object over several lines.
        return not last.strip().endswith((b"]", b"}"))
    return False


def _put_away(path: Path, inbox: Path, record: Record) -> Path:
    """Where the original is since its lines were landed; nowhere if it names persons."""
    if not names_persons(record):
        return move_to(path, inbox / TAKEN)
    with landing_errors("remove", path):
        path.unlink(missing_ok=True)
    return path


def move_to(path: Path, folder: Path) -> Path:
    """Move a file into a folder under its own name, or a numbered one if that is taken."""
    target, number = folder / path.name, 1
    with landing_errors("move", path):
        refuse_link(folder)
        folder.mkdir(exist_ok=True)
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        path.rename(target)
    return target
