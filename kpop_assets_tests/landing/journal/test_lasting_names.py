"""Names of segments and folders are on the disk before a line is promised."""

from __future__ import annotations

import datetime as dt
import errno
import os
from pathlib import Path

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import write_day
from kpop_assets.landing.journal import journal as journal_module
from kpop_assets.landing.journal.journal import Journal
from kpop_assets_tests.landing.journal.kit import JOURNAL_DAY, KIND, stored


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was brought to the disk, in order."""
    found: list[Path] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return found


def test_a_segment_whose_name_was_not_synced_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    journal = Journal(tmp_path / "home" / "serving" / "journal" / KIND)
    tries: list[Path] = []

    def refuse_once(path: Path) -> None:
        tries.append(path)
        if len(tries) == 1:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(journal_module, "sync_path", refuse_once)
    with pytest.raises(LandingError, match="Input/output error"):
        journal.append([stored(1)]).result(10)
    journal.append([stored(2)]).result(10)
    assert tries == [journal.folder] * 2, "what was promised has a name on the disk"
    journal.close()


def test_every_folder_that_a_journal_made_lasts_and_also_one_that_a_killed_process_made(
    tmp_path: Path, synced: list[Path]
):
    folder = tmp_path / "new" / "home" / "serving" / "journal" / KIND
    Journal(folder).close()
    assert {tmp_path, *folder.parents[:4]} <= set(synced)
    synced.clear()
    Journal(folder).close()
    assert {*folder.parents[:3]} <= set(synced)


def test_every_folder_that_a_landed_file_made_lasts(tmp_path: Path, synced: list[Path]):
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    landed = write_day(
        tmp_path / "landing", JOURNAL_DAY, [b"{}\n"], int(at.timestamp() * 1000), KIND
    )
    assert {tmp_path, *landed.path.parents[:3]} <= set(synced)
