"""A second kind in the landing folder: its own place, and nothing taken for another's."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.landing.digests import DigestIndex
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import AlreadyLanded, LandedFile, write_day
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.found import find_files
from kpop_assets.landing.importer import IMPORTERS, import_files, landing_formats
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.retention.api_lines import find_api_files, remove_taken, sweep_old_leftovers
from kpop_assets_tests.bronze.kit import DAY, DAY_MS, NEXT, NOON_MS, line
from kpop_assets_tests.bronze.toy import FILE_NAME, HEARD_LINES, heard

BOTH = (EVENT_LINES, HEARD_LINES)
LATER = NEXT + dt.timedelta(days=400)
API_LINE = heard(source="youtube") + b"\n"


def import_heard(path: Path, root: Path) -> list[LandedFile]:
    return import_files("landing-heard", path, root, importers=landing_formats(BOTH)).landed


def drop(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (NOON_MS / 1000, NOON_MS / 1000))
    return path


def below(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def test_a_kind_has_a_folder_and_a_name_of_its_own_and_events_keep_theirs(tmp_path: Path):
    landed = write_day(tmp_path, DAY, [b"x"], NOON_MS, "heard")
    assert isinstance(landed, LandedFile)
    name = f"heard_{NOON_MS}_{landed.digest[:12]}.json"
    assert landed.path == tmp_path / "heard" / "2026-03-02" / name
    event = write_day(tmp_path, DAY, [b"x"], NOON_MS)
    assert event.path == tmp_path / "2026-03-02" / name.replace("heard", "events")


def test_the_same_bytes_are_landed_once_for_each_kind(tmp_path: Path):
    first = write_day(tmp_path, DAY, [b"x"], NOON_MS, "heard")
    assert isinstance(write_day(tmp_path, DAY, [b"x"], NOON_MS), LandedFile)
    again = write_day(tmp_path, DAY, [b"x"], NOON_MS + 1, "heard")
    assert again == AlreadyLanded(first.path, first.digest)
    assert DigestIndex(tmp_path, kind="heard").find(first.digest, 1) == first.path


def test_days_and_files_of_one_kind_are_not_those_of_another(tmp_path: Path):
    write_day(tmp_path, DAY, [b"x"], NOON_MS, "heard")
    write_day(tmp_path, NEXT, [b"y"], NOON_MS + DAY_MS)
    drop(tmp_path / "inbox" / "2026-03-05", "a.json", b"x")
    drop(tmp_path / "inbox" / "heard" / "2026-03-05", "a.json", b"x")
    assert list_days(tmp_path) == [NEXT]
    assert list_days(tmp_path, "heard") == [DAY]
    assert list_landed(tmp_path, DAY) == list_landed(tmp_path, NEXT, "heard") == []
    assert list_days(tmp_path, "never_landed") == []
    end = NEXT + dt.timedelta(days=1)
    assert [file.day for file in find_files(tmp_path, DAY, end)] == [NEXT]
    (found,) = find_files(tmp_path, DAY, end, "heard")
    assert (found.day, found.epoch_ms, found.size_bytes) == (DAY, NOON_MS, 1)


def test_a_kind_that_is_a_link_is_refused(tmp_path: Path):
    (tmp_path / "elsewhere" / "2026-03-02").mkdir(parents=True)
    root = tmp_path / "landing"
    root.mkdir()
    (root / "heard").symlink_to(tmp_path / "elsewhere")
    for use in (
        lambda: list_days(root, "heard"),
        lambda: list_landed(root, DAY, "heard"),
        lambda: write_day(root, DAY, [b"x"], NOON_MS, "heard"),
    ):
        with pytest.raises(LandingError, match="it is a link"):
            use()
    assert below(tmp_path / "elsewhere") == []


def test_an_import_sorts_lines_by_the_observation_time_of_their_kind(tmp_path: Path):
    source = drop(
        tmp_path, FILE_NAME, b"\n".join([heard(), heard(at=NOON_MS + DAY_MS), heard(at="x"), b"{"])
    )
    root = tmp_path / "landing"
    landed = import_heard(source, root)
    assert [(file.day, file.line_count) for file in landed] == [(DAY, 3), (NEXT, 1)]
    assert import_heard(source, root) == []
    assert list_days(root) == []


def test_a_kind_is_imported_by_its_name_and_events_as_ever():
    assert list(landing_formats(BOTH)) == ["landing", "landing-heard"]
    assert "landing" in IMPORTERS
    assert {importer.kind for importer in IMPORTERS.values()} == {one.kind for one in RECORDS}


def test_each_folder_of_the_inbox_holds_its_kind(tmp_path: Path):
    """Neither name nor lines are asked: bronze says what a misplaced line lacks."""
    inbox = tmp_path / "inbox"
    drop(inbox, f"heard_{NOON_MS}.json", line())
    drop(inbox / "heard", f"events_{NOON_MS}.json", heard() + b"\n" + heard(at=NOON_MS + DAY_MS))
    drop(inbox / "heard", f"{NOON_MS}.json.part", heard())
    report = sort_inbox(tmp_path, records=BOTH)
    assert report.failed == {}
    assert sorted(path.relative_to(inbox).as_posix() for path in report.taken) == [
        f"heard/taken/events_{NOON_MS}.json",
        f"taken/heard_{NOON_MS}.json",
    ]
    assert (list_days(tmp_path), list_days(tmp_path, "heard")) == ([DAY], [DAY, NEXT])
    assert sort_inbox(tmp_path, records=BOTH).taken == {}


@pytest.mark.parametrize("name", ["reviws", "events", "2026-03-02"])
def test_a_folder_of_the_inbox_that_is_no_kind_s_is_reported_and_left(tmp_path: Path, name: str):
    path = drop(tmp_path / "inbox" / name, "a.json", line())
    drop(tmp_path / "inbox" / ".hidden", "a.json", line())
    report = sort_inbox(tmp_path, records=BOTH)
    assert list(report.failed) == [tmp_path / "inbox" / name]
    assert path.exists() and list_days(tmp_path) == []


def test_what_an_api_said_is_found_and_its_originals_go_whatever_their_kind(tmp_path: Path):
    write_day(tmp_path, DAY, [API_LINE, heard(source="radio")], NOON_MS, "heard")
    write_day(tmp_path, NEXT, [heard(at=NOON_MS + DAY_MS)], NOON_MS, "heard")
    taken = drop(tmp_path / "inbox" / "heard" / "taken", FILE_NAME, API_LINE)
    (file,) = find_api_files(tmp_path, LATER, BOTH)
    assert (file.day, file.line_count) == (DAY, 1)
    assert find_api_files(tmp_path, DAY, BOTH) == []
    assert remove_taken(tmp_path, LATER, BOTH) == [taken.name]
    left = drop(tmp_path / "heard" / str(DAY), ".heard_1_a.part", API_LINE)
    sweep_old_leftovers(tmp_path, LATER, BOTH)
    assert not left.exists()
