"""Where the lines of other collectors' files go."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs, SourceRecord
from kpop_assets.landing.sources.landing_files import LandingFiles

FILE_DAY = dt.date(2025, 12, 28)
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
    assert not repairs


@pytest.mark.parametrize(
    "line",
    [
        b'{"video_id": "a"}',
        b'{"observed_at": null}',
        b'{"observed_at": "1766847600000"}',
        b'{"observed_at": 1766847600000.5}',
        b'{"observed_at": true}',
        b'{"observed_at": 1766847600}',  # seconds: 1970
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
    assert repairs == {UNUSABLE: 1}


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
    for name in ("b.json", "a.ndjson", "c.jsonl", ".d.json", "e.csv", "f.json.part"):
        (tmp_path / name).touch()
    for folder in ("2025-12-28", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "g.json").touch()
    found = LandingFiles(EVENT_LINES).sources_in(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    assert names == ["2025-12-28/g.json", "a.ndjson", "b.json", "c.jsonl"]
