"""Parsing and removal of repeats in plain Python: a second implementation, to compare with.

Written from the description of a record contract and of the tables its lines end in, with
Python's own JSON reader. A line may be wrong in several ways; which of them is reported is free.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import math
import re
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
    differing: int = 0
    hidden: int = 0
    unusable: int = 0


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
    keys: dict[tuple[Any, ...], list[tuple[tuple[str, int], dict[str, Any]]]] = {}
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
                continue
            expected.hidden += _hidden(raw, record)
            expected.unusable += _unusable(raw, record)
            keys.setdefault(key, []).append(((name, number), row))
    for rows in keys.values():
        kept = _kept(rows, record)
        expected.rows[kept[0]] = kept[1]
        others = [found for found in rows if found is not kept]
        expected.duplicates |= {place for place, _ in others}
        best = _decides(kept[1], record)
        expected.differing += sum(_decides(row, record) != best for _, row in others)
    return expected


def _kept(
    rows: list[tuple[tuple[str, int], dict[str, Any]]], record: Record
) -> tuple[tuple[str, int], dict[str, Any]]:
    """The first of the greatest; where words are edited the last of the latest of them."""
    if not record.latest:
        return max(rows, key=lambda found: _greatest(found[1], record))

    def place(found: tuple[tuple[str, int], dict[str, Any]]) -> tuple[Any, ...]:
        times = [found[1][name] for name in record.latest if found[1][name] is not None]
        return _greatest(found[1], record), max(times, default=-1), found[0]

    return max(rows, key=place)


def _decides(row: dict[str, Any], record: Record) -> Any:
    """What a repeat differs by: the deciding value, or anything that was said."""
    if not record.latest:
        return _greatest(row, record)
    return [row[f.column_name] for f in record.fields if f.type != "instant" and not f.is_side]


def _greatest(row: dict[str, Any], record: Record) -> int:
    """What decides between lines of one key; the first of the greatest is kept."""
    value = row.get(record.greatest)
    return -1 if value is None else value


def _hidden(raw: bytes, record: Record) -> int:
    value = _json(raw.decode(), record)
    given = [value.get(f.name) for f in record.fields if f.is_side]
    return sum(_is_hidden(one) for one in given)


def _unusable(raw: bytes, record: Record) -> int:
    value = _json(raw.decode(), record)
    given = [(f, value.get(f.name)) for f in record.fields if f.is_side]
    return sum(
        one is not None and not _is_hidden(one) and _possible(about, one) is None
        for about, one in given
    )


def _is_hidden(given: Any) -> bool:
    return (isinstance(given, str) and given.strip(" ") == "") or _whole(given) == -1


def _possible(about: Field, given: Any) -> int | None:
    value = _whole(given)
    low, high = about.bounds or (-math.inf, math.inf)
    return value if value is not None and low <= value <= high else None


def _json(text: str, record: Record) -> Any:
    """Of a line; NaN is null where a number may be missing."""
    numbers = [f for f in record.of_type("whole", "real") if not f.required]
    names = "|".join(about.name for about in numbers)
    return json.loads(re.sub(rf'"({names})"\s*:\s*NaN', r'"\1":null', text), parse_constant=_refuse)


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
        value = _json(text, record)
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
    if record.national and not problems:
        cast["video_id"] = _national_id(cast)
    return {f.column_name: cast[f.name] for f in record.fields}, problems


def _national_id(cast: dict[str, Any]) -> str:
    video_id, region = cast["video_id"], (cast["region"] or "").strip(" ").lower()
    is_national = cast["source"] == "spotify_chart" and region not in ("", "kr")
    has_it = region in video_id.lower().split(":")
    return f"{video_id}:{region}" if is_national and not has_it else video_id


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _cast(about: Field, given: Any, problems: set[Problem]) -> Any:
    """The value of a field as its column has it; what is wrong with it is added to `problems`."""
    is_blank = about.type != "prose" and str(given).strip(" ") == ""
    if about.required and (given is None or is_blank):
        problems.add(("missing_field", about.name))
    if given is None or (about.is_side and _possible(about, given) is None):
        return None
    is_number = about.type in ("whole", "real") and not about.required
    if is_number and isinstance(given, str) and is_blank:
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
        latest = (observed or YEAR_2100) + dt.timedelta(days=366)
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
