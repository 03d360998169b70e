"""One line at a time: what is an event, and what is wrong with a line that is none."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.bronze.line_frame import describe_files, number_lines
from kpop_assets.bronze.parse import PLACED_LINE, parse_lines, query_of
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import MAX_LINE_BYTES, Field
from kpop_assets.landing.found import find_files
from kpop_assets_tests.bronze.cases import BROKEN, HUGE, UNUSABLE, USABLE
from kpop_assets_tests.bronze.kit import (
    DAY,
    DAY_MS,
    NEXT,
    NOON_MS,
    land,
    line,
    parse,
    parse_in_engine,
)

ALL = [*BROKEN.values(), *(case[0] for case in USABLE.values()), *(c[0] for c in UNUSABLE.values())]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A landing file of every line of the tables above."""
    root = tmp_path_factory.mktemp("landing")
    land(root, "\n".join(ALL).encode())
    return root


@pytest.fixture(scope="module")
def parsed(landed: Path) -> dict[str, dict[str, Any]]:
    """Every line of the tables above, parsed in one go, by its text."""
    rows = {row["line_number"]: row for row in parse(landed).to_pylist()}
    assert sorted(rows) == list(range(1, len(ALL) + 1))
    return {text: rows[number] for number, text in enumerate(ALL, start=1)}


def outcome(row: dict[str, Any]) -> tuple[str | None, str | None]:
    """Reason and field of a parsed line."""
    return row["reason"], row["field"]


@pytest.mark.both_engines
def test_an_engine_gives_what_the_function_gives(landed: Path, spark: SparkSession):
    inside = parse_in_engine(spark, landed).toArrow().sort_by("line_number")
    assert inside.to_pylist() == parse(landed).to_pylist()


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_one_json_object_is_broken(parsed: dict[str, dict[str, Any]], case: str):
    assert outcome(parsed[BROKEN[case]]) == ("broken_json", None)


@pytest.mark.parametrize("case", USABLE)
def test_a_usable_line_keeps_its_values(parsed: dict[str, dict[str, Any]], case: str):
    text, column, value = USABLE[case]
    row = parsed[text]
    assert outcome(row) == (None, None)
    if column.endswith("_at"):
        value = dt.datetime.fromtimestamp(value / 1000, tz=dt.UTC)
    assert row[column] == value


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_line_says_why(parsed: dict[str, dict[str, Any]], case: str):
    text, reason, field = UNUSABLE[case]
    assert outcome(parsed[text]) == (reason, field)


def test_a_line_cut_at_any_byte_is_broken_and_the_rest_of_the_file_loads(tmp_path: Path):
    whole = line(text="뉴🔥 R&amp;B", view_count=5, description="d")
    cuts = [whole[:length] for length in range(1, len(whole))]
    land(tmp_path, b"\n".join([*cuts, whole]))
    rows = {row["line_number"]: row["reason"] for row in parse(tmp_path).to_pylist()}
    assert rows.pop(len(whole)) is None
    assert len(rows) == len(cuts)
    torn = {number for number, cut in enumerate(cuts, start=1) if not is_utf8(cut)}
    assert {number for number, reason in rows.items() if reason == "invalid_utf8"} == torn
    assert set(rows.values()) == {"invalid_utf8", "broken_json"}


def is_utf8(data: bytes) -> bool:
    """Whether bytes are whole characters."""
    return data.decode("utf-8", "ignore").encode() == data


def test_times_that_no_clock_can_show_are_impossible_and_stop_nothing(tmp_path: Path):
    """Microseconds and nanoseconds are the common slip; the largest numbers overflow."""
    times = [NOON_MS * 1000, NOON_MS * 1_000_000, 10**15, 10**18, HUGE, HUGE - DAY_MS, -(2**63)]
    fields = ["observed_at", "ts", "published_at"]
    cases = [(name, time) for name in fields for time in times]
    lines = [line(**{name: time}) for name, time in cases]
    land(tmp_path, b"\n".join([*lines, line()]))
    rows = parse(tmp_path).to_pylist()
    assert [(row["reason"], row["field"]) for row in rows] == [
        *(("impossible_time", name) for name, _ in cases),
        (None, None),
    ]


def test_a_line_of_five_megabytes_is_kept_whole_in_quarantine(tmp_path: Path):
    longest = line(text="a" * (MAX_LINE_BYTES - len(line(text=""))))
    assert len(longest) == MAX_LINE_BYTES
    longer = line(text="a" * (MAX_LINE_BYTES - len(line(text="")) + 1))
    # Characters of three bytes: their number is below the limit, their bytes are not.
    wide = line(text="뉴" * (MAX_LINE_BYTES // 3 + 1))
    huge = line(text="a" * 5_000_000)
    land(tmp_path, b"\n".join([line(), huge, longest, longer, wide, line()]))
    rows = parse(tmp_path).to_pylist()
    assert [row["reason"] for row in rows] == [
        None,
        "line_too_long",
        None,
        "line_too_long",
        "line_too_long",
        None,
    ]
    assert rows[1]["line"].encode() == huge


def test_a_line_that_is_looked_at_twice_is_as_long_as_it_came(tmp_path: Path):
    """A key twice sends it to Python's reader, which writes Hangul longer and leaves out blanks."""
    twice = b'{"text": "first", ' + line(text="뉴" * (MAX_LINE_BYTES // 4))[1:]
    padded = b'{"text": "first", ' + b" " * MAX_LINE_BYTES + line()[1:]
    land(tmp_path, b"\n".join([twice, padded]))
    kept, refused = parse(tmp_path).to_pylist()
    assert (kept["reason"], kept["text"]) == (None, "뉴" * (MAX_LINE_BYTES // 4))
    assert (refused["reason"], refused["line"].encode()) == ("line_too_long", padded)


def test_long_lines_come_in_batches_of_few(tmp_path: Path):
    """Sixteen thousand lines at a time are 3 GB of lines as long as these."""
    lines = [line()] * 3000 + [line(text="a" * 200_000)] * 400 + [line()] * 10
    land(tmp_path, b"\n".join(lines))
    files = iter(describe_files(find_files(tmp_path, DAY, NEXT)).to_batches())
    batches = list(parse_lines(number_lines(files), EVENT_LINES))
    assert max(batch.nbytes for batch in batches) < 64 << 20
    numbers = [number for batch in batches for number in batch.column("line_number").to_pylist()]
    assert numbers == list(range(1, len(lines) + 1))


def test_no_field_can_have_the_name_of_what_stands_beside_it():
    found = re.findall(r"AS (?!json_|value_|with_)(\w+)", query_of(EVENT_LINES))
    inner = {*PLACED_LINE.names, *found}
    inner |= set(re.findall(r"SELECT \*, (?!json_|value_)(\w+) AS", query_of(EVENT_LINES, True)))
    assert {"is_utf8", "check_number", "is_doubtful", "plain", "rewritten"} <= inner
    for name in inner:
        with pytest.raises(ValueError, match=name):
            replace(EVENT_LINES, fields=(*EVENT_LINES.fields, Field(name, "text")))


def test_windows_line_ends_a_byte_order_mark_bad_bytes_and_half_a_last_line(tmp_path: Path):
    lines = [line(), b"\xff\xfe" + line(), line(text="\xe9").decode().encode("latin-1"), line()]
    land(tmp_path, b"\xef\xbb\xbf" + b"\r\n".join(lines) + b'\r\n\r\n{"video_id": "v9", "te')
    rows = parse(tmp_path).to_pylist()
    assert [(row["line_number"], row["reason"]) for row in rows] == [
        (1, None),
        (2, "invalid_utf8"),
        (3, "invalid_utf8"),
        (4, None),
        (6, "broken_json"),
    ]
    assert rows[1]["line"].startswith(r"\xff\xfe{")
    assert r"\xe9" in rows[2]["line"]


def test_a_usable_line_keeps_the_contract_of_events(parsed: dict[str, dict[str, Any]]):
    required = set(EVENTS.required) - {"artist"}
    for row in parsed.values():
        if row["reason"] is None:
            assert not [name for name in required if row[name] is None]
        else:
            assert row["line"]


def test_the_columns_are_those_of_events_and_quarantine(tmp_path: Path):
    land(tmp_path, line())
    kinds = {field.name: field.type for field in parse(tmp_path).schema}
    assert {name: kinds.pop(name) for name in EVENTS.column_names} == {
        field.name: field.type for field in EVENTS.arrow_schema()
    }
    assert sorted(kinds) == ["field", "hidden_count", "line", "reason", "unusable_count"]
