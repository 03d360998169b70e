"""The inbox: complete files are landed and put away, each once, whatever the others are."""

from __future__ import annotations

import datetime as dt
import gzip
import os
import re
from pathlib import Path

import pytest

from kpop_assets.landing import inbox as inbox_module
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.inbox import left_in_inbox, sort_inbox

DAY = dt.date(2025, 12, 28)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


def drop(root: Path, name: str, data: bytes = b'{"video_id": "a"}\n', age: float = 60) -> Path:
    path = root / "inbox" / name
    path.write_bytes(data)
    changed = path.stat().st_mtime - age
    os.utime(path, (changed, changed))
    return path


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_a_complete_file_is_landed_and_put_away(root: Path):
    drop(root, "events_1766892339.json")
    report = sort_inbox(root)
    (summary,) = report.taken.values()
    assert list(report.taken) == [root / "inbox" / "taken" / "events_1766892339.json"]
    assert summary.lines_by_day == {DAY: 1}
    assert names(root / "inbox") == ["taken"]
    assert list_days(root) == [DAY]
    assert sort_inbox(root).taken == {}


def test_unfinished_files_are_left_alone(root: Path):
    for name in (".events_1766892339.json", "events_1.json.tmp", "events_2.json.part"):
        drop(root, name)
    fresh = drop(root, "events_1766892339.json", age=0)
    report = sort_inbox(root)
    assert (report.taken, report.waiting, report.failed) == ({}, [fresh], {})
    assert list_days(root) == []
    assert len(sort_inbox(root, settle_seconds=0).taken) == 1


def test_a_file_whose_time_lies_ahead_does_not_wait_for_it(root: Path):
    drop(root, "events_1766892339.json", age=-3600)
    assert len(sort_inbox(root).taken) == 1


def test_a_kill_between_landing_and_moving_is_healed(root: Path, monkeypatch: pytest.MonkeyPatch):
    drop(root, "events_1766892339.json")

    def killed(path: Path, folder: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(inbox_module, "move_to", killed)
        with pytest.raises(KeyboardInterrupt):
            sort_inbox(root)
    before = list_landed(root, DAY)
    (summary,) = sort_inbox(root).taken.values()
    assert (summary.lines_written, summary.already_landed_lines) == (0, 1)
    assert list_landed(root, DAY) == before
    assert names(root / "inbox" / "taken") == ["events_1766892339.json"]


def test_a_name_used_before_gets_a_number(root: Path):
    for content in (b'{"video_id": "a"}', b'{"video_id": "b"}', b'{"video_id": "b"}'):
        drop(root, "events_1766892339.json", content)
        sort_inbox(root)
    assert names(root / "inbox" / "taken") == [
        "events_1766892339-2.json",
        "events_1766892339-3.json",
        "events_1766892339.json",
    ]
    assert len(list_landed(root, DAY)) == 2


def test_a_bad_file_stays_and_does_not_stop_the_others(root: Path, monkeypatch: pytest.MonkeyPatch):
    drop(root, "a_1766892339.json")
    bad = drop(root, "b_1766892339.json", b'{"video_id": "b"}')
    drop(root, "c_1766892339.json", b'{"video_id": "c"}')
    import_files = inbox_module.import_files

    def refuse_b(format: str, path: Path, landing_root: Path, **formats: object) -> object:
        if path == bad:
            raise LandingError(f"cannot read {path}: Permission denied")
        return import_files(format, path, landing_root, **formats)

    monkeypatch.setattr(inbox_module, "import_files", refuse_b)
    report = sort_inbox(root)
    assert report.failed == {bad: f"cannot read {bad}: Permission denied"}
    assert [p.name[0] for p in report.taken] == ["a", "c"]
    assert names(root / "inbox") == ["b_1766892339.json", "taken"]


def test_a_file_of_unknown_time_is_reported_with_the_way_out(root: Path):
    path = drop(root, "events.json")
    os.utime(path, (0, 0))
    report = sort_inbox(root)
    assert "put the epoch of a day from 2017-01-01 on into its name" in report.failed[path]
    assert path.exists()


def test_no_inbox_is_an_empty_inbox(tmp_path: Path):
    assert sort_inbox(tmp_path).taken == {}
    (tmp_path / "inbox").touch()
    with pytest.raises(LandingError, match="cannot list"):
        sort_inbox(tmp_path)


def test_only_landing_files_are_taken_and_the_rest_says_why(root: Path):
    line = b'{"video_id": "%d"}\n'
    taken = ("EVENTS_1766892339.JSON", "a_1766892339.NdJson", "수집 결과_1766892339.jsonl")
    for number, name in enumerate(taken):
        drop(root, name, line % number)
    drop(root, "b_1766892339.json.GZ", gzip.compress(line % 9))
    reasons = {
        "Thumbs.db": "called as no landing file is",
        "desktop.ini": "called as no landing file is",
        "notes": "called as no landing file is",
        "kr_daily.csv": "a table and no landing file .*: kpop import FORMAT FILE",
        "kr_daily.csv.gz": "a table and no landing file .*: kpop import FORMAT FILE",
        "events_1.json.filepart": "a download that did not end",
        "events_1.json.crdownload": "a download that did not end",
    }
    left = {drop(root, name, b"\xd0\xcf\x11"): reason for name, reason in reasons.items()}
    report = sort_inbox(root)
    assert sorted(path.name for path in report.taken) == sorted([*taken, "b_1766892339.json.GZ"])
    assert report.failed == {}
    assert {*report.left} == {*left}
    for path, reason in left.items():
        assert re.search(reason, report.left[path])
        assert path.exists()
    assert left_in_inbox(root) == report.left
    assert sum(len(path.read_bytes().splitlines()) for path in list_landed(root, DAY)) == 4


@pytest.mark.parametrize(
    ("data", "is_taken"),
    [
        (b'{"video_id": "a"}\n{"video_id": "b", "te', False),
        (b'{"video_id": "a"}\n{"video_id": "b"}', True),
        (b'[\n{"video_id": "a"}\n]', True),
        (b'{"video_id": "a"}\n', True),
    ],
)
def test_a_file_that_ends_inside_a_line_waits_for_its_writer(
    root: Path, data: bytes, is_taken: bool
):
    path = drop(root, "events_1766892339.json", data, age=10)
    report = sort_inbox(root)
    assert (list(report.taken) != [], report.waiting) == (is_taken, [] if is_taken else [path])
    if not is_taken:
        os.utime(path, (1_766_892_339, 1_766_892_339))
        assert len(sort_inbox(root).taken) == 1


def test_what_no_line_of_can_be_used_stays_with_its_reason(root: Path):
    path = drop(root, "events_1766892339.json", b"\0\1\2 no lines at all")
    for reasons in (sort_inbox(root).failed, left_in_inbox(root)):
        assert "no json object in 1 of 1" in reasons[path]
    assert path.exists()
    assert list_days(root) == []
