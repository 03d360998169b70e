"""Where the lines of other collectors' files go."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs, SourceRecord
from kpop_assets.landing.sources.landing_files import LandingFiles

FILE_DAY = dt.date(2025, 12, 28)
NOON = 1_766_890_800_000
UNUSABLE = "observed_at_missing_or_unusable_day_from_file"


def read(path: Path) -> tuple[list[SourceRecord], Repairs]:
    repairs: Repairs = Counter()
    return list(LandingFiles(EVENT_LINES).read(path, repairs)), repairs


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"observed_at": 1766847600000}', dt.date(2025, 12, 28)),  # midnight in Seoul
        (b'{"observed_at": 1766847599999}', dt.date(2025, 12, 27)),
        (b'{"observed_at": 1483196400000}', dt.date(2017, 1, 1)),
    ],
)
def test_the_seoul_day_of_observed_at(tmp_path: Path, line: bytes, expected: dt.date):
    path = tmp_path / "events_1766892339.json"
    path.write_bytes(line)
    (record,), repairs = read(path)
    assert record == (expected, 1_766_892_339_000, line)
    assert repairs == {"video_id_is_no_id_set_aside": 1}


@pytest.mark.parametrize(
    "line",
    [
        b'{"video_id": "a"}',
        b'{"observed_at": null}',
        b'{"observed_at": 1766847600000.5}',
        b'{"observed_at": true}',
        b'{"observed_at": 86400000}',  # 1970
        b'{"observed_at": 4102444800000}',  # 2100
        b'{"observed_at": 1483196399999}',  # the day before the first partition
        b'{"observed_at": 1' + b"0" * 5000 + b"}",
        b'{"observed_at": 17668',
        b'["observed_at"]',
        b'{"observed_at":' + b"[" * 100_000,
        b'\xff{"observed_at": 1766847600000}',
        b"\xff\xfe",
    ],
)
def test_a_line_without_usable_time_goes_with_the_file(tmp_path: Path, line: bytes):
    path = tmp_path / "events_1766892339.json"
    path.write_bytes(line)
    (record,), repairs = read(path)
    assert record == (FILE_DAY, 1_766_892_339_000, line)
    assert repairs.pop(UNUSABLE) == 1
    assert {*repairs} <= {"video_id_is_no_id_set_aside", "no_json_object_set_aside"}


@pytest.mark.parametrize("written", ['"soon"', "12", "1766847600000.5", "true", "4102444800000"])
def test_a_stated_time_that_is_none_is_set_aside(tmp_path: Path, written: str):
    path = tmp_path / "events_1766892339.json"
    path.write_text(f'{{"video_id": "a", "observed_at": {written}}}')
    (record,), repairs = read(path)
    assert record.record == path.read_bytes()
    assert repairs == {UNUSABLE: 1, "observed_at_unusable_set_aside": 1}


@pytest.mark.parametrize(
    "written",
    [
        '"1766847600000"',
        "1766847600",
        "1766847600000000",
        '"2025-12-28T00:00:00+09:00"',
        '"2025-12-27T15:00:00Z"',
        '"2025-12-27 15:00:00"',
    ],
)
def test_a_time_in_another_form_is_read_and_counted(tmp_path: Path, written: str):
    path = tmp_path / "events_1766892339.json"
    path.write_text(f'{{"video_id": "a", "observed_at": {written}}}')
    (record,), repairs = read(path)
    assert record.day == dt.date(2025, 12, 28)
    assert json.loads(record.line()) == {"video_id": "a", "observed_at": 1_766_847_600_000}
    assert repairs.pop("observed_at_in_other_form_read") == 1
    # A clock without a zone is said to be one.
    is_bare = written.endswith(':00"') and "+" not in written
    assert repairs == ({"observed_at_without_zone_read_as_utc": 1} if is_bare else {})


@pytest.mark.parametrize("written", ["2025. 12. 28. 오후 10:00", "2025년 12월 28일 22:00:00"])
def test_a_clock_written_in_korean_is_seoul_s(tmp_path: Path, written: str):
    path = tmp_path / "events_1766892339.json"
    path.write_text(f'{{"video_id": "a", "observed_at": "{written}"}}', encoding="utf-8")
    (record,), repairs = read(path)
    assert json.loads(record.line())["observed_at"] == 1_766_926_800_000  # 13:00 UTC
    assert record.day == dt.date(2025, 12, 28)
    assert repairs["observed_at_without_zone_read_as_seoul"] == 1


@pytest.mark.parametrize(
    ("written", "read_as", "told"),
    [
        ("NaN", None, "not_a_number_left_out"),
        ("-1", None, "view_count_hidden_left_out"),
        ('"hidden"', None, "view_count_hidden_left_out"),
        ('"1,234,567"', 1_234_567, "view_count_with_separators_read"),
        ('"1 234 567"', 1_234_567, "view_count_with_separators_read"),
        ('"1.05E+07"', 10_500_000, "view_count_rounded_by_spreadsheet_read"),
        ('"1.2M"', "1.2M", "view_count_unreadable_kept_as_it_came"),
    ],
)
def test_a_counter_in_another_form_is_read_or_stays(
    tmp_path: Path, written: str, read_as: object, told: str
):
    path = tmp_path / "events_1766892339.json"
    path.write_text(f'{{"video_id": "a", "observed_at": {NOON}, "view_count": {written}}}')
    (record,), repairs = read(path)
    assert json.loads(record.line())["view_count"] == read_as
    assert repairs == {told: 1}


@pytest.mark.parametrize("video_id", ["#NAME?", "#VALUE!", "#REF!", "#N/A", "null", "NaN", " ", ""])
def test_an_id_that_is_none_is_set_aside_by_its_field(tmp_path: Path, video_id: str):
    path = tmp_path / "events_1766892339.json"
    path.write_text(json.dumps({"video_id": video_id, "observed_at": NOON}))
    (record,), repairs = read(path)
    assert not (json.loads(record.line()).get("video_id") or "").strip()
    assert repairs == {"video_id_is_no_id_set_aside": 1}


LINES = [{"video_id": f"v{i}", "observed_at": NOON, "text": "뉴진스"} for i in range(3)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("e.json", json.dumps(LINES)),
        ("e.json", json.dumps(LINES, indent=1, ensure_ascii=False)),
        ("e.json", json.dumps({"next": None, "items": LINES})),
        ("e.json", json.dumps({"events": LINES}, indent=2)),
        ("e.ndjson", "\r".join(json.dumps(line) for line in LINES)),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_the_same_lines_however_they_are_wrapped(
    tmp_path: Path, name: str, data: str, encoding: str, is_packed: bool
):
    content = data.encode(encoding)
    path = tmp_path / f"{name}{'.GZ' * is_packed}"
    path.write_bytes(gzip.compress(content) if is_packed else content)
    records, _ = read(path)
    assert [json.loads(record.line().removeprefix(b"\xef\xbb\xbf")) for record in records] == LINES
    assert {record.day for record in records} == {FILE_DAY}


def test_lines_of_a_code_page_are_read(tmp_path: Path):
    path = tmp_path / "e.ndjson"
    lines = [json.dumps(line, ensure_ascii=False) for line in LINES]
    path.write_bytes("\n".join(lines).encode("cp949"))
    records, repairs = read(path)
    assert [json.loads(record.line()) for record in records] == LINES
    assert repairs == {"line_read_as_cp949": 3}


@pytest.mark.parametrize(
    "data", [b"\x1f\x8b\x08\0\0", gzip.compress(b'{"a": 1}\n' * 99, mtime=0)[:-12]]
)
def test_a_damaged_gzip_is_one_clear_line(tmp_path: Path, data: bytes):
    path = tmp_path / "events_1766892339.json.gz"
    path.write_bytes(data)
    with pytest.raises(LandingError, match=r"cannot unpack .*get the file again"):
        read(path)


def test_an_answer_of_the_api_is_told_where_it_belongs(tmp_path: Path):
    path = tmp_path / "KR-2025-11-04.json"
    path.write_text('{"items": [{"id": "a", "snippet": {}}]}')
    with pytest.raises(
        LandingError, match=r"answer of the YouTube API: kpop import youtube-popular"
    ):
        read(path)


def test_without_an_epoch_in_the_name_the_time_of_change_counts(tmp_path: Path):
    path = tmp_path / "download.json"
    path.write_bytes(b'{"video_id": "a"}')
    os.utime(path, (1_766_892_339, 1_766_892_339))
    (record,), _ = read(path)
    assert record[:2] == (FILE_DAY, 1_766_892_339_000)


def test_a_file_of_unknown_time_needs_one_only_for_lines_without(tmp_path: Path):
    path = tmp_path / "download.json"
    path.write_bytes(b'{"observed_at": 1766847600000}\n')
    os.utime(path, (0, 0))
    (record,), _ = read(path)
    assert record[:2] == (FILE_DAY, 1_766_847_600_000)
    path.write_bytes(b'{"video_id": "a"}\n')
    os.utime(path, (0, 0))
    with pytest.raises(LandingError, match=r"cannot tell when .*download\.json was collected"):
        read(path)


def test_a_name_from_before_the_first_day_cannot_place_lines(tmp_path: Path):
    path = tmp_path / "events_1293840000.json"  # 2011
    path.write_bytes(b'{"video_id": "a"}\n')
    with pytest.raises(LandingError, match="2017-01-01"):
        read(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary())
def test_lines_are_kept_byte_for_byte(tmp_path: Path, data: bytes):
    # Packed, of two bytes a letter, or one JSON text: read as that, and tested below.
    assume(not data.startswith((b"\x1f\x8b\x08", b"\xff\xfe", b"\xfe\xff")) and b"{" not in data)
    path = tmp_path / "events_1766892339.json"
    path.write_bytes(data)
    records, _ = read(path)
    first, *others = _split(data)
    is_blank = not first.removeprefix(b"\xef\xbb\xbf").strip()
    kept = [*([] if is_blank else [first]), *(line for line in others if line.strip())]
    assert [record.line() for record in records] == kept


def _split(data: bytes) -> list[bytes]:
    return [part + b"\n" for part in data.split(b"\n")[:-1]] + [data.split(b"\n")[-1]]


def test_bom_windows_line_ends_and_a_half_written_end_stay(tmp_path: Path):
    path = tmp_path / "events_1766892339.json"
    data = b'\xef\xbb\xbf{"a": 1}\r\n{"b": 2}\r\n{"c": '
    path.write_bytes(data)
    records, _ = read(path)
    assert b"".join(record.line() for record in records) == data


def test_files_are_found_in_the_folder_and_in_day_folders(tmp_path: Path):
    for name in ("b.json", "a.ndjson", "C.JSONL.GZ", ".d.json", "e.csv", "f.json.part"):
        (tmp_path / name).touch()
    for folder in ("2025-12-28", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "g.json").touch()
    found = LandingFiles(EVENT_LINES).sources_in(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    assert names == ["2025-12-28/g.json", "C.JSONL.GZ", "a.ndjson", "b.json"]
