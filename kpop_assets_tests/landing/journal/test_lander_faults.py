"""What lands segments meets files and faults that are none of its own, and goes on."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from kpop_assets.errors import KpopError
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.journal import segments as segments_module
from kpop_assets.landing.journal.journal import Journal
from kpop_assets.landing.journal.lander import (
    LandedSegments,
    held_in_journals,
    land_segments,
    landing_sink,
)
from kpop_assets.landing.journal.segments import asked_to_close, read_segment
from kpop_assets_tests.landing.journal.kit import JOURNAL_DAY, KIND, landed_tracks, stored, tracks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Journals with one segment."""
    journal = Journal(tmp_path / "serving" / "journal" / KIND)
    journal.append([stored(1)]).result(10)
    journal.close()
    return journal.folder.parent


def land_all(root: Path) -> LandedSegments:
    return land_segments(root, lambda _: landing_sink(root.parent / "landing"))


def refuse(*given: object) -> int:
    raise OSError(errno.EMFILE, "Too many open files")


@pytest.mark.parametrize(
    "name", ["x.journal", "1-ab.journal", "-.journal", "9" * 30 + "-a.journal"]
)
def test_a_file_that_no_journal_named_is_told_of_and_keeps_nothing_behind_it(root: Path, name: str):
    stray = root / KIND / name
    stray.write_bytes(stored(7))
    done = land_all(root)
    assert landed_tracks(root.parent / "landing") == tracks(1)
    assert name in str(done.errors[KIND])
    assert stray.exists()
    assert held_in_journals(root) == (len(stored(7)), None)


@pytest.mark.parametrize("where", ["open", "flock"])
def test_a_segment_that_cannot_be_held_is_landed_once_it_can(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str
):
    module = segments_module.os if where == "open" else segments_module.fcntl
    with monkeypatch.context() as patch:
        patch.setattr(module, where, refuse)
        errors = land_all(root).errors
    assert "Too many open files" in str(errors[KIND])
    assert not land_all(root).errors
    assert landed_tracks(root.parent / "landing") == tracks(1)


def test_what_cannot_be_looked_at_is_an_error_that_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Path, "stat", refuse)
    for look in (held_in_journals, asked_to_close):
        with pytest.raises(KpopError, match="Too many open files"):
            look(root)


def test_a_line_whose_sum_is_right_and_that_holds_nothing_is_torn(root: Path):
    (segment,) = (root / KIND).glob("*.journal")
    segment.write_bytes(b"00000000 \n" + segment.read_bytes())
    found = read_segment(segment)
    assert (found.torn_count, len(found.days[JOURNAL_DAY])) == (1, 1)


@pytest.mark.parametrize("fault", [LandingError("no", "go on")])
def test_a_kind_that_cannot_be_swept_keeps_no_other_waiting(
    root: Path, monkeypatch: pytest.MonkeyPatch, fault: LandingError
):
    def sweep(folder: Path, pattern: str) -> None:
        if folder.name != KIND:
            raise fault

    (root / "feedback").mkdir()
    monkeypatch.setattr("kpop_assets.landing.journal.lander.sweep_leftovers", sweep)
    assert land_all(root).errors == {"feedback": fault}
    assert landed_tracks(root.parent / "landing") == tracks(1)
