"""Sorts the files that collectors drop into `landing/inbox/`, or `landing/inbox/<kind>/`.

Belongs here: which files are complete, and what happens to the original. How lines are sorted by
day is the import's of landing files.

The folder says what kind a file is of: neither its name nor its lines are asked, which could be
mistaken. A folder of no kind is reported, as a file that failed is.

A file is landed first and then moved to `taken/` beside it. A kill between the two is harmless: the
next look recognises the bytes as landed and only moves. Collectors should write under a hidden
or temporary name (".*", "*.tmp", "*.part") and rename; for those that do not, a file is left
alone until it has not changed for some seconds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.landing.errors import LandingError, landing_errors, refuse_link
from kpop_assets.landing.folders import inbox_folder
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files, landing_formats
from kpop_assets.landing.sources.landing_files import LandingFiles

TAKEN = "taken"
SETTLE_SECONDS = 2.0
_TEMPORARY_SUFFIXES = frozenset({".tmp", ".part"})


@dataclass
class InboxReport:
    """What a look into the inbox did.

    Attributes:
        taken: Where each original stands now, with what its import did.
        waiting: Files that may still be written to; the next look sees them again.
        failed: Files left in place, with the reason in one line.
    """

    taken: dict[Path, ImportSummary] = field(default_factory=dict)
    waiting: list[Path] = field(default_factory=list)
    failed: dict[Path, str] = field(default_factory=dict)


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
    inbox = inbox_folder(landing_root)
    known = {inbox / TAKEN, *(inbox_folder(landing_root, record.kind) for record in records)}
    for folder in _listed(inbox):
        if folder.is_dir() and folder not in known:
            report.failed[folder] = "it is the inbox of no kind of landing line: move its files"
    return report


def _sort_kind(
    root: Path, format: str, importer: LandingFiles, settle_seconds: float, report: InboxReport
) -> None:
    """Land the complete files of one kind."""
    inbox = inbox_folder(root, importer.kind)
    for path in filter(Path.is_file, _listed(inbox)):
        try:
            # Whoever may drop files here must not make us land, and show, others of this machine.
            refuse_link(path)
            if _is_settled(path, settle_seconds):
                summary = import_files(format, path, root, importers={format: importer})
                report.taken[move_to(path, inbox / TAKEN)] = summary
            else:
                report.waiting.append(path)
        except LandingError as error:
            report.failed[path] = str(error)


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
        return abs(time.time() - path.stat().st_mtime) >= settle_seconds


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
