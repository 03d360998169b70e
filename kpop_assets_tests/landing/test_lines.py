"""Numbered lines of a landing file, against a plain Python implementation."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.lines import LINE_SCHEMA, read_lines

PIECES = [b"\n", b"\r", b"\r\n", b" ", b"\t", b"a", b'{"x": 1}', "뉴진스 🔥".encode(), b"\xff"]
PIECES += [
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf0\x9f",
    b"\0",
    b"\x0b",
    "　".encode(),
]


def naive_lines(data: bytes) -> list[tuple[int, str, bool]]:
    """The definition, one line at a time."""
    rows = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        line = raw.removesuffix(b"\r")
        if not line.strip(b" \t\r\v\f"):
            continue
        try:
            rows.append((number, line.decode("utf-8"), True))
        except UnicodeDecodeError:
            rows.append((number, line.decode("utf-8", "backslashreplace"), False))
    return rows


def read(path: Path, **options: int) -> list[tuple[int, str, bool]]:
    rows = []
    for batch in read_lines(path, **options):
        assert batch.schema == LINE_SCHEMA
        assert batch.num_rows > 0
        batch.validate(full=True)
        rows += [tuple(row.values()) for row in batch.to_pylist()]
    return rows


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(b"".join)),
    block_bytes=st.integers(1, 40),
)
def test_any_bytes_and_block_size_give_what_the_definition_gives(
    tmp_path: Path, data: bytes, block_bytes: int
):
    path = tmp_path / "events.json"
    path.write_bytes(data)
    assert read(path, block_bytes=block_bytes) == naive_lines(data)
    assert read(path) == naive_lines(data)


def test_literal_case(tmp_path: Path):
    path = tmp_path / "events.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\n  \t\n\xff cut\n{"text": "\xeb\x89\xb4"}')
    assert read(path) == [
        (1, '{"a": 1}', True),
        (4, r"\xff cut", False),
        (5, '{"text": "뉴"}', True),
    ]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n", b" \r\n"])
def test_a_file_without_content_has_no_lines(tmp_path: Path, data: bytes):
    path = tmp_path / "events.json"
    path.write_bytes(data)
    assert read(path) == []


def test_a_line_longer_than_the_block(tmp_path: Path):
    path = tmp_path / "events.json"
    long_line = b'{"text": "' + "긴".encode() * 1_700_000 + b'"}'
    path.write_bytes(b'{"a": 1}\n' + long_line + b'\n{"b": 2}\n')
    rows = read(path, block_bytes=1 << 20)
    assert [(number, len(line)) for number, line, _ in rows] == [(1, 8), (2, 1_700_012), (3, 8)]


def test_wrong_bytes_among_many_good_lines(tmp_path: Path):
    data = b"".join(b"\xff%d\n" % i if i % 777 == 0 else b"ok %d\n" % i for i in range(5000))
    path = tmp_path / "events.json"
    path.write_bytes(data)
    assert read(path) == naive_lines(data)


def test_line_numbers_go_on_over_blocks(tmp_path: Path):
    path = tmp_path / "events.json"
    path.write_bytes(b"".join(b"%d\n\n" % i for i in range(50_000)))
    rows = read(path, block_bytes=4096)
    assert [(number, int(line)) for number, line, _ in rows] == [
        (2 * i + 1, i) for i in range(50_000)
    ]


def test_a_missing_file_is_one_clear_line(tmp_path: Path):
    with pytest.raises(
        LandingError, match=r"cannot read .*none\.json: No such file.*check the path"
    ):
        list(read_lines(tmp_path / "none.json"))


def test_a_folder_is_one_clear_line(tmp_path: Path):
    with pytest.raises(LandingError, match="cannot read"):
        list(read_lines(tmp_path))


def test_a_hundred_thousand_lines_take_a_moment(tmp_path: Path):
    """The aim is 1 M lines of 350 bytes in well under a second; here 0.1 M, with room for CI."""
    path = tmp_path / "events.json"
    line = (
        '{"text": "' + "뉴진스 " * 20 + "x" * random.Random(1).randrange(100, 101) + '"}\n'
    ).encode()
    path.write_bytes(line * 100_000)
    started = time.perf_counter()
    assert sum(batch.num_rows for batch in read_lines(path)) == 100_000
    assert time.perf_counter() - started < 2
