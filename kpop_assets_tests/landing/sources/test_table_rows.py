"""Tables in every writing read the same, and no row is swallowed by another."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.layouts import CellColumn, Format, Layout
from kpop_assets.landing.sources.table_rows import TableRow, read_table

FORMAT = Format(
    "listing",
    (
        CellColumn("id", ("video_id",), "id"),
        CellColumn("title", ("title", "name")),
        CellColumn("day", ("date",), "day"),
        CellColumn("views", ("views",), "number"),
        CellColumn("country", ("country",), "region"),
    ),
    (Layout("short", ("video_id", "title", "date", "views")), Layout("long", ("video_id", "note"))),
)
HEADER = ["video_id", "title", "date", "views", "country"]
ROWS = [
    ["a1", "TWS 'Paper Bell'", "2025-11-04", "10", "KR"],
    ["b2", "아이브 '종이 별' 뮤직비디오", "2025-11-04", "1,234", "South Korea"],
    ["c3", 'says "hi", twice', "2025-11-05", "30", "jp"],
    ["d4", "two\nlines; a tab\tand | more", "2025-11-05", "-1", ""],
]


def table(rows: list[list[str]], delimiter: str = ",", line_end: str = "\n") -> str:
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter, lineterminator=line_end).writerows([HEADER, *rows])
    return sink.getvalue()


def read(path: Path, data: str | bytes) -> tuple[list[TableRow], Repairs]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    repairs: Repairs = Counter()
    return list(read_table(path, FORMAT, repairs)), repairs


def cells(rows: list[TableRow]) -> list[list[str]]:
    return [
        [row.cells.get(name, "") for name in ("id", "title", "day", "views", "country")]
        for row in rows
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949"]
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_table_reads_the_same_however_it_is_written(
    tmp_path: Path, delimiter: str, line_end: str, encoding: str, is_packed: bool
):
    data = table(ROWS, delimiter, line_end).encode(encoding)
    rows, repairs = read(tmp_path / "t.csv", gzip.compress(data) if is_packed else data)
    assert cells(rows) == ROWS
    assert not any(row.is_torn for row in rows)
    assert {*repairs} <= {"row_read_as_cp949"} | {
        r for r in repairs if r.startswith("file_read_as")
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp949"])
def test_a_table_of_bare_crs(tmp_path: Path, encoding: str):
    rows, _ = read(tmp_path / "t.csv", table(ROWS[:3], line_end="\r").encode(encoding))
    assert cells(rows) == ROWS[:3]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("초승달 소리", "cp949"),
        # Two of these syllables are, together, a sign of UTF-8 in cp949.
        ("올드보이 재미있다", "cp949"),
        ("초승달 소리", "euc-kr"),
        ("ノクターン 紙の鐘", "cp932"),
        ("ROSÉ and Beyoncé", "cp1252"),
    ],
)
def test_code_pages_are_told_apart_by_what_they_say(tmp_path: Path, text: str, encoding: str):
    data = table([["a", text, "2025-11-04", "1", ""]] * 3).encode(encoding)
    rows, _ = read(tmp_path / "t.csv", data)
    assert cells(rows)[0][1] == text


def test_a_file_joined_of_two_encodings_is_read_line_by_line(tmp_path: Path):
    data = table(ROWS[:2]).encode() + table(ROWS[1:2]).encode("cp949") + table(ROWS[1:2]).encode()
    rows, repairs = read(tmp_path / "t.csv", data)
    assert cells(rows) == [ROWS[0], ROWS[1], ROWS[1], ROWS[1]]
    assert repairs == {"repeated_header_left_out": 2, "row_read_as_cp949": 1}


def test_a_damaged_letter_stays_as_it_came(tmp_path: Path):
    data = table(ROWS[1:2]).encode().replace("별".encode(), b"\xb9")
    rows, repairs = read(tmp_path / "t.csv", data)
    assert "\udcb9" in rows[0].cells["title"]
    assert repairs == {"row_not_utf8_kept_as_it_came": 1}


@pytest.mark.parametrize(
    "header",
    [
        "\ufeffvideo_id,title,date,views,country",
        " Video ID ,TITLE,Date,Views , country",
        '"video_id","title","date","views","country"',
        "sep=,\nvideo_id,title,date,views,country",
        ',,,"A note about the figures",\nvideo_id,title,date,views,country',
        "video_id,name,date,views,country,,",
    ],
)
def test_a_header_is_found_as_people_leave_it(tmp_path: Path, header: str):
    rows, _ = read(tmp_path / "t.csv", header + "\na1,x,2025-11-04,10,KR\n")
    assert cells(rows) == [["a1", "x", "2025-11-04", "10", "KR"]]


def test_a_header_in_the_middle_is_no_row_and_may_be_of_another_layout(tmp_path: Path):
    data = table(ROWS[:1]) + table(ROWS[:1]) + "date,views,video_id,title\n2025-11-06,7,z9,y\n"
    rows, repairs = read(tmp_path / "t.csv", data)
    assert cells(rows) == [ROWS[0], ROWS[0], ["z9", "y", "2025-11-06", "7", ""]]
    assert repairs == {"repeated_header_left_out": 2}


OPEN = [
    'b2,"says hello,2025-11-04,2,KR',
    'b2,says hello",2025-11-04,2,KR',
    'b2,says "hello,2025-11-04,2,KR',
    'b2,"says "hello" there,2025-11-04,2,KR',
]


@pytest.mark.parametrize("line", OPEN)
@pytest.mark.parametrize("behind", ["", 'e5,"quoted, and well",2025-11-04,5,KR\n', f"{OPEN[1]}\n"])
def test_a_quote_that_nobody_closed_takes_no_other_row(tmp_path: Path, line: str, behind: str):
    good = [f"{name},x,2025-11-04,1,KR\n" for name in "acd"]
    data = ",".join(HEADER) + "\n" + good[0] + f"{line}\n" + good[1] + good[2] + behind
    rows, _ = read(tmp_path / "t.csv", data)
    ids = [row.cells["id"] for row in rows]
    assert ids == ["a", "b2", "c", "d", *([behind[:2]] if behind else [])]
    assert [row.cells["day"] for row in rows] == ["2025-11-04"] * len(rows)
    assert "hello" in rows[1].cells["title"]


def test_a_row_that_a_line_break_parts_is_joined(tmp_path: Path):
    data = ",".join(HEADER) + "\na,one\ntwo,2025-11-04,1,KR\nb,x\ry,2025-11-04,1,KR\n"
    rows, repairs = read(tmp_path / "t.csv", data)
    assert [row.cells["title"] for row in rows] == ["one\ntwo", "x\ry"]
    assert repairs == {"line_break_without_quotes_joined": 1, "bare_cr_inside_row_kept": 1}


def test_a_delimiter_in_a_text_is_joined_where_only_so_the_row_fits(tmp_path: Path):
    data = ",".join(HEADER) + "\na,one, two, three,2025-11-04,1,KR\nb,x,2025-11-04,1,KR,oh,no\n"
    rows, repairs = read(tmp_path / "t.csv", data)
    assert rows[0].cells["title"] == "one, two, three"
    assert [row.is_torn for row in rows] == [False, True]
    assert repairs == {
        "row_with_wrong_number_of_fields": 2,
        "delimiter_without_quotes_joined": 1,
        "row_torn_set_aside": 1,
    }


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "seen: columns none"),
        (b"a;b;c\n1;2;3\n", r"seen: columns a, b, c \(UTF-8, semicolon between them\)"),
        (
            "video_id\tdate".encode("utf-16"),
            r"\(UTF-16, tab between them\); .*column note is missing",
        ),
        (b"\0\1\2\r\n\x1a\n\0\0\xff", "seen: columns "),
    ],
)
def test_what_fits_no_layout_is_told_as_it_was_seen(tmp_path: Path, data: bytes, told: str):
    with pytest.raises(
        LandingError, match=rf"t\.csv as listing: .*{told}.*known layouts: short"
    ) as info:
        read(tmp_path / "t.csv", data)
    assert str(info.value).isprintable()


TEXT = st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=30)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(TEXT, min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_text_in_any_writing(
    tmp_path: Path, titles: list[str], delimiter: str, line_end: str, encoding: str, quoting: int
):
    rows = [[f"id{i}", title, "2025-11-04", "1", "KR"] for i, title in enumerate(titles)]
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([HEADER, *rows])
    found, _ = read(tmp_path / "t.csv", sink.getvalue().encode(encoding))
    assert cells(found) == rows


LINE = st.one_of(
    st.sampled_from(OPEN),
    st.text(st.sampled_from('ab1",;\r\t|'), max_size=30),
    st.just("torn,row"),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, max_size=4))
def test_no_good_row_is_lost_among_torn_ones(tmp_path: Path, lines: list[str]):
    """Rows with an id of ours stand between lines of anything; each comes out as it went in."""
    good = [f"good{i},x,2025-11-04,1,KR" for i in range(len(lines) + 1)]
    mixed = [line for pair in zip(good, [*lines, ""], strict=True) for line in pair]
    found, _ = read(tmp_path / "t.csv", "\n".join([",".join(HEADER), *mixed]))
    ids = [row.cells.get("id") for row in found if not row.is_torn]
    assert [one for one in ids if one and one.startswith("good")] == [
        f"good{i}" for i in range(len(good))
    ]
