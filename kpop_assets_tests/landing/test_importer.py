"""Importing: everything or nothing, nothing twice, and what is said about it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.landing import importer as importer_module
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import StagedFile
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.importer import IMPORTERS, import_files

NOON = 1_766_890_800_000  # 2025-12-28 12:00 in Seoul
DAY = dt.date(2025, 12, 28)


def line(video_id: str, day: int = 0, **more: object) -> bytes:
    record = {"video_id": video_id, "text": "뉴진스", "ts": NOON, "source": "t", **more}
    return json.dumps(record | {"observed_at": NOON + day * 86_400_000}).encode() + b"\n"


def everything_in(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_lines_go_to_the_day_of_their_observation(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a") + line("b", 1) + line("c") + b'{"video_id": "d"}')
    summary = import_files("landing", source, tmp_path / "landing")
    assert summary.lines_by_day == {DAY: 3, dt.date(2025, 12, 29): 1}
    assert summary.file_count == 1
    assert summary.lines_read == summary.lines_written == 4
    assert summary.repairs == {
        "observed_at_missing_or_unusable_day_from_file": 1,
        "text_missing_set_aside": 1,
    }
    (first,) = list_landed(tmp_path / "landing", DAY)
    assert first.read_bytes() == line("a") + line("c") + b'{"video_id": "d"}'
    assert first.name.startswith("events_1766892339000_")


def test_a_second_run_writes_nothing(tmp_path: Path):
    (tmp_path / "events_1766892339.json").write_bytes(line("a") + line("b", 1))
    import_files("landing", tmp_path, tmp_path / "landing")
    before = everything_in(tmp_path)
    summary = import_files("landing", tmp_path / "events_1766892339.json", tmp_path / "landing")
    assert (summary.lines_read, summary.lines_written, summary.already_landed_lines) == (2, 0, 2)
    assert len(summary.already_landed) == 2
    assert everything_in(tmp_path) == before


def test_a_copy_under_another_name_is_recognised_on_any_day(tmp_path: Path):
    for name in ("events_1766892339.json", "copy_1767092339.json"):
        (tmp_path / name).write_bytes(b'{"video_id": "a"}\n')
    summary = import_files("landing", tmp_path, tmp_path / "landing")
    assert (summary.file_count, len(summary.landed), len(summary.already_landed)) == (2, 1, 1)
    assert list_days(tmp_path / "landing") == [DAY]


def test_progress_ends_at_all_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importer_module, "PROGRESS_LINES", 2)
    for i in range(3):
        (tmp_path / f"events_176689233{i}.json").write_bytes(line(f"a{i}") * 5)
    size = sum(p.stat().st_size for p in tmp_path.iterdir())
    seen: list[tuple[int, int]] = []
    import_files("landing", tmp_path, tmp_path / "landing", lambda *now: seen.append(now))
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert seen[-1] == (size, size)


@pytest.mark.parametrize("format", IMPORTERS)
def test_a_missing_path_is_one_clear_line(tmp_path: Path, format: str):
    with pytest.raises(LandingError, match=r"cannot read .*none.*No such file.*check the path"):
        import_files(format, tmp_path / "none", tmp_path / "landing")
    assert not (tmp_path / "landing").exists()


@pytest.mark.parametrize("format", IMPORTERS)
def test_a_folder_without_such_files_is_one_clear_line(tmp_path: Path, format: str):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(LandingError, match=f"no {format} files in .*check the path"):
        import_files(format, tmp_path, tmp_path / "landing")


def test_an_unknown_format_names_the_known_ones(tmp_path: Path):
    with pytest.raises(
        LandingError, match="no such format: tiktok: choose one of landing, landing-"
    ):
        import_files("tiktok", tmp_path, tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_clear_line(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    source.touch(mode=0o000)
    with pytest.raises(LandingError, match="Permission denied: check its owner"):
        import_files("landing", source, tmp_path / "landing")


def test_an_empty_file_is_counted(tmp_path: Path):
    (tmp_path / "events_1766892339.json").touch()
    summary = import_files("landing", tmp_path, tmp_path / "landing")
    assert (summary.file_count, summary.lines_read, summary.landed) == (1, 0, [])
    assert summary.repairs == {"empty_file": 1}
    assert list_days(tmp_path / "landing") == []


def test_one_unreadable_source_keeps_the_whole_import_out(tmp_path: Path):
    item = {"videoId": "a" * 11, "title": "x", "publishedAt": "2025-11-03T00:00:00Z"}
    good = {"timestamp": "2025-11-04T00:55:51.713Z", "categories": {"all": [item]}}
    (tmp_path / "KR-2025-11-04.json").write_text(json.dumps(good))
    (tmp_path / "KR-2025-11-05.json").write_text(json.dumps(good)[:-5])
    with pytest.raises(LandingError, match=r"KR-2025-11-05\.json as JSON: .*line 1 column"):
        import_files("youtube-popular", tmp_path, tmp_path / "landing")
    assert everything_in(tmp_path / "landing") == {}


def test_a_source_that_changes_while_it_is_read_is_refused(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a"))

    def write_on(done: int, total: int) -> None:
        source.write_bytes(line("a") + line("b"))

    with pytest.raises(LandingError, match="changed while it was read: wait"):
        import_files("landing", source, tmp_path / "landing", write_on)
    assert everything_in(tmp_path / "landing") == {}


def test_days_are_flushed_when_memory_would_fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importer_module, "FLUSH_BYTES", 300)
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(b"".join(line(f"v{i}", i % 3) for i in range(30)))
    summary = import_files("landing", source, tmp_path / "landing")
    assert list(summary.lines_by_day.values()) == [10, 10, 10]
    assert sorted(
        b"".join(everything_in(tmp_path / "landing").values()).splitlines(True)
    ) == sorted(source.read_bytes().splitlines(True))


@pytest.mark.parametrize("published_before_the_kill", [0, 1, 3])
def test_a_killed_import_is_completed_by_the_next(tmp_path: Path, published_before_the_kill: int):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(b"".join(line(f"v{i}", i) for i in range(4)))
    code = f"""
import os, pathlib, signal
from kpop_assets.landing import files, importer
publish, done = files.StagedFile.publish, []
def publish_some(self, *args):
    if len(done) == {published_before_the_kill}:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(publish(self, *args))
files.StagedFile.publish = publish_some
root = pathlib.Path({str(tmp_path)!r})
importer.import_files("landing", root / {source.name!r}, root / "landing")
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    landing = tmp_path / "landing"
    assert len(list_days(landing)) == published_before_the_kill
    summary = import_files("landing", source, landing)
    assert summary.lines_written == 4 - published_before_the_kill
    assert [len(list_landed(landing, day)) for day in list_days(landing)] == [1, 1, 1, 1]


def test_what_a_killed_import_left_is_swept_a_day_later(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a"))
    for name, age in ((".import-1-old", 25 * 3600), (".import-2-running", 60)):
        folder = tmp_path / "landing" / name
        folder.mkdir(parents=True)
        (folder / "0.part").touch()
        changed = folder.stat().st_mtime - age
        os.utime(folder, (changed, changed))
    import_files("landing", source, tmp_path / "landing")
    assert [p.name for p in (tmp_path / "landing").glob(".*")] == [".import-2-running"]


def test_a_failed_rename_is_one_clear_line_and_repairable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a") + line("b", 1))
    replace, calls = Path.replace, []

    def fail_second(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail_second)
        with pytest.raises(LandingError, match="Permission denied: check its owner"):
            import_files("landing", source, tmp_path / "landing")
    assert list_days(tmp_path / "landing") == [DAY]
    assert import_files("landing", source, tmp_path / "landing").lines_written == 1


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(self: StagedFile) -> None:
        raise LandingError(f"cannot write {self.path}: No space left on device")

    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a"))
    with monkeypatch.context() as patch:
        patch.setattr(StagedFile, "flush", full)
        with pytest.raises(LandingError, match="No space left"):
            import_files("landing", source, tmp_path / "landing")
    assert list((tmp_path / "landing").iterdir()) == []


def test_a_folder_without_such_files_says_what_is_looked_for_and_what_is_there(tmp_path: Path):
    for name in ("a.csv", "b.txt", "c", "d", "e"):
        (tmp_path / name).touch()
    said = r"looked for REGION-DAY\.json .*; found a\.csv, b\.txt, c and 2 more: check"
    with pytest.raises(LandingError, match=said):
        import_files("youtube-popular", tmp_path, tmp_path / "landing")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"notes\nand more\n", "no json object in 2 of 2"),
        (line("#NAME?") + line("null"), "video id is no id in 2 of 2"),
        (line("#NAME?") + b"notes\n" + b"more\n", "no json object in 2 of 3"),
    ],
)
def test_a_file_without_one_usable_line_is_not_landed(tmp_path: Path, data: bytes, told: str):
    (tmp_path / "events_1766892339.json").write_bytes(data)
    (tmp_path / "events_1766892340.json").write_bytes(line("a"))
    with pytest.raises(LandingError, match=rf"no line of .*1766892339\.json can be used: {told}"):
        import_files("landing", tmp_path, tmp_path / "landing")
    assert everything_in(tmp_path / "landing") == {}


def test_what_will_be_set_aside_is_counted_with_its_reason(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a") + line("#NAME?") + b"notes\n" + line("#REF!"))
    summary = import_files("landing", source, tmp_path / "landing")
    assert summary.set_aside == {"video_id_is_no_id": 2, "no_json_object": 1}
    assert (summary.lines_read, summary.lines_written) == (4, 4)


TRENDING = "video_id,title,publishedAt,trending_date,view_count,likes,comment_count\n"
GOOD = "abcdefghij1,A,2024-11-03T00:00:00Z,2024-11-04,10,1,1\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("abcdefghijk,A,,2024-11-04,10,1,1\n", "ts missing"),
        ("abcdefghijk,,2024-11-03T00:00:00Z,2024-11-04,10,1,1\n", "text missing"),
        ("abcdefghijk,A,2024-11-03T00:00:00Z,2024-11-04,12.3K,1,1\n", "view count of wrong type"),
        ("abcdefghijk,A,yesterday,2024-11-04,10,1,1\n", "ts of wrong type"),
        ("abcdefghijk,A,2027-11-03T00:00:00Z,2024-11-04,10,1,1\n", "ts impossible"),
        ("abcdefghijk,A,2024-11-03T00:00:00Z,soon,10,1,1\n", "day unreadable"),
    ],
)
def test_rows_that_lack_what_a_line_needs_are_counted_and_refused_alone(
    tmp_path: Path, row: str, reason: str
):
    source = tmp_path / "KRvideos.csv"
    source.write_text(TRENDING + GOOD + row)
    summary = import_files("youtube-trending", source, tmp_path / "landing")
    assert summary.set_aside == {reason.replace(" ", "_"): 1}
    source.write_text(TRENDING + row)
    with pytest.raises(LandingError, match=rf"can be used: {reason} in 1|no row has a date"):
        import_files("youtube-trending", source, tmp_path / "other")
    assert everything_in(tmp_path / "other") == {}


def test_lines_without_a_source_are_counted_and_stay(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    source.write_bytes(line("a").replace(b'"source"', b'"origin"'))
    summary = import_files("landing", source, tmp_path / "landing")
    assert summary.set_aside == {"source_missing": 1}
    assert (summary.lines_read, summary.lines_written) == (1, 1)


def test_a_wrong_byte_does_not_make_a_line_no_object(tmp_path: Path):
    source = tmp_path / "events_1766892339.json"
    wrong = line("a").replace(b'"a"', b'"a", "view_count": "1,000", "query": "\xff"')
    source.write_bytes(line("b") + wrong)
    summary = import_files("landing", source, tmp_path / "landing")
    assert summary.set_aside == {"invalid_utf8": 1}
    (landed,) = summary.landed
    assert b'"view_count": 1000, "query": "\xff"' in landed.path.read_bytes()
    assert landed.day == DAY


def test_lines_are_counted_by_region(tmp_path: Path):
    head = "video_id,title,publishedAt,trending_date,view_count\n"
    for region in ("KR", "US"):
        row = f"{region * 5}1,x,2025-11-03,2025-11-04,10\n"
        (tmp_path / f"{region}_trending.csv").write_text(head + row)
    summary = import_files("youtube-trending", tmp_path, tmp_path / "landing")
    assert summary.lines_by_region == {"KR": 1, "US": 1}
