"""Parsing and removal of repeats in plain Python: a second implementation, to compare with.

Written from the description of a record contract and of the tables its lines end in, with
Python's own JSON reader. A line may be wrong in several ways; which of them is reported is free.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import math
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Field, Record

Problem = tuple[str, str | None]

SEOUL = dt.timezone(dt.timedelta(hours=9))
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
YEAR_2005 = dt.datetime(2005, 1, 1, tzinfo=dt.UTC)
YEAR_2100 = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
MEBIBYTE = 1024 * 1024


@dataclass
class Expected:
    """What has to become of the lines of some files."""

    rows: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    quarantine: dict[tuple[str, int], set[Problem]] = field(default_factory=dict)
    duplicates: set[tuple[str, int]] = field(default_factory=set)


def expect(
    files: dict[str, bytes], day: dt.date, epochs: dict[str, int], record: Record = EVENT_LINES
) -> Expected:
    """Rows, quarantine and repeats of files of one day, by (file, line number).

    Args:
        files: bytes by file name.
        day: the ingest date whose folder holds them.
        epochs: the instant in each name, in epoch ms.
        record: what makes a line usable.
    """
    expected = Expected()
    seen = set()
    for name in sorted(files):
        data = files[name].removeprefix(b"\xef\xbb\xbf")
        for number, raw in enumerate(data.split(b"\n"), start=1):
            raw = raw.removesuffix(b"\r")
            if not raw.strip(b" \t\r\v\f"):
                continue
            row, problems = _read(raw, day, epochs[name], record)
            key = tuple(row.get(column) for column in record.rows.primary_key)
            if problems:
                expected.quarantine[name, number] = problems
            elif key in seen:
                expected.duplicates.add((name, number))
            else:
                seen.add(key)
                expected.rows[name, number] = row
    return expected


def _read(
    raw: bytes, day: dt.date, epoch: int, record: Record
) -> tuple[dict[str, Any], set[Problem]]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return {}, {("invalid_utf8", None)}
    if len(raw) > MEBIBYTE:
        return {}, {("line_too_long", None)}
    try:
        value = json.loads(text, parse_constant=_refuse)
        # Half a surrogate pair cannot be written as UTF-8.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, UnicodeEncodeError, RecursionError):
        return {}, {("broken_json", None)}
    if not isinstance(value, dict):
        return {}, {("broken_json", None)}
    problems: set[Problem] = set()
    cast = {f.name: _cast(f, value.get(f.name), problems) for f in record.fields}
    observed = record.observed_field
    if value.get(observed.name) is None and not observed.required:
        cast[observed.name] = epoch
    problems |= _time_problems(cast, day, record)
    return {f.column_name: cast[f.name] for f in record.fields}, problems


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _cast(about: Field, given: Any, problems: set[Problem]) -> Any:
    """The value of a field as its column has it; what is wrong with it is added to `problems`."""
    is_blank = about.type != "prose" and str(given).strip(" ") == ""
    if about.required and (given is None or is_blank):
        problems.add(("missing_field", about.name))
    if given is None:
        return None
    if about.type in ("text", "prose", "json_strings"):
        if about.required and not isinstance(given, str):
            problems.add(("wrong_type", about.name))
        value: Any = _text(about.type, given)
        is_possible = not about.choices or value in about.choices
    else:
        value = _real(given) if about.type == "real" else _whole(given)
        if value is None:
            problems.add(("wrong_type", about.name))
            if not isinstance(given, str) and _is_beyond_doubles(given):
                # Sail's reader of JSON gives up on the line.
                problems.add(("broken_json", None))
        low, high = about.bounds or (-math.inf, math.inf)
        is_possible = value is None or low <= value <= high
    if not is_possible:
        problems.add(("impossible_value", about.name))
    return value


def _text(kind: str, given: Any) -> str:
    if not isinstance(given, str):
        return json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    if kind == "prose":
        return html.unescape(given.replace("&nbsp;", " "))
    return given


def _number(given: Any) -> int | float | None:
    """A number, or a string that holds one as JSON writes it; else nothing."""
    if isinstance(given, str):
        try:
            given = json.loads(given, parse_constant=_refuse) if given == given.strip() else None
        except ValueError:
            return None
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return given if is_number else None


def _real(given: Any) -> float | None:
    value = _number(given)
    return None if value is None or _is_beyond_doubles(value) else float(value)


def _is_beyond_doubles(given: Any) -> bool:
    value = _number(given)
    return value is not None and not abs(value) <= sys.float_info.max


def _whole(given: Any) -> int | None:
    """A whole number as JSON's integer, as 12.0, or as a string of either; else nothing."""
    value = _number(given)
    if value is None or not math.isfinite(value) or value != int(value):
        return None
    if isinstance(value, float) and abs(value) > 2**53:
        return None  # no longer surely the number that was meant
    return int(value) if -(2**63) <= int(value) < 2**63 else None


def _time_problems(cast: dict[str, Any], day: dt.date, record: Record) -> set[Problem]:
    problems: set[Problem] = set()
    if cast[record.observed] is None:
        return problems
    observed = _instant(cast[record.observed])
    if observed is None or not YEAR_2005 <= observed < YEAR_2100:
        problems.add(("impossible_time", record.observed))
        observed = None
    elif observed.astimezone(SEOUL).date() != day:
        problems.add(("wrong_ingest_date", record.observed))
    for about in record.of_type("instant"):
        if about.name == record.observed or cast[about.name] is None:
            continue
        instant = _instant(cast[about.name])
        latest = (observed or YEAR_2100) + dt.timedelta(days=1)
        if instant is None or not YEAR_2005 <= instant <= latest:
            problems.add(("impossible_time", about.name))
    return problems


def _instant(epoch_ms: int) -> dt.datetime | None:
    try:
        return EPOCH + dt.timedelta(milliseconds=epoch_ms)
    except OverflowError:
        return None


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every landing file of a day, by name."""
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}
