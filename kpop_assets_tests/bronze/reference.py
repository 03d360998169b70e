"""Parsing and removal of repeats in plain Python: a second implementation, to compare with.

Written from the description of landing lines and of `bronze/events` and `bronze/quarantine`, with
Python's own JSON reader. A line may be wrong in several ways; which of them is reported is free.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEOUL = dt.timezone(dt.timedelta(hours=9))
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
YEAR_2005 = dt.datetime(2005, 1, 1, tzinfo=dt.UTC)
YEAR_2100 = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
MEBIBYTE = 1024 * 1024

STRINGS = ["post_id", "author_id", "author_name", "lang", "description", "category_id"]
STRINGS += ["region", "query"]
NUMBERS = ["view_count", "like_count", "comment_count", "duration_seconds"]


@dataclass
class Expected:
    """What has to become of the lines of some files."""

    events: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    quarantine: dict[tuple[str, int], set[tuple[str, str | None]]] = field(default_factory=dict)
    duplicates: set[tuple[str, int]] = field(default_factory=set)


def expect(files: dict[str, bytes], day: dt.date, epochs: dict[str, int]) -> Expected:
    """Events, quarantine and repeats of files of one day, by (file, line number).

    Args:
        files: bytes by file name.
        day: the ingest date whose folder holds them.
        epochs: the instant in each name, in epoch ms.
    """
    expected = Expected()
    seen = set()
    for name in sorted(files):
        data = files[name].removeprefix(b"\xef\xbb\xbf")
        for number, raw in enumerate(data.split(b"\n"), start=1):
            raw = raw.removesuffix(b"\r")
            if not raw.strip(b" \t\r\v\f"):
                continue
            event, problems = _read(raw, day, epochs[name])
            key = (event.get("video_id"), event.get("observed_at"))
            if problems:
                expected.quarantine[name, number] = problems
            elif key in seen:
                expected.duplicates.add((name, number))
            else:
                seen.add(key)
                expected.events[name, number] = event
    return expected


def _read(raw: bytes, day: dt.date, epoch: int) -> tuple[dict[str, Any], set[tuple[str, Any]]]:
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
    return _event(value, day, epoch)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _event(
    value: dict[str, Any], day: dt.date, epoch: int
) -> tuple[dict[str, Any], set[tuple[str, Any]]]:
    problems: set[tuple[str, Any]] = set()
    event: dict[str, Any] = {name: value.get(name) for name in STRINGS}
    for name in ("video_id", "text", "source"):
        given = value.get(name)
        if given is None or (name != "text" and str(given).strip(" ") == ""):
            problems.add(("missing_field", name))
        elif not isinstance(given, str):
            problems.add(("wrong_type", name))
        event[name] = given
    if isinstance(event["text"], str):
        event["text"] = html.unescape(event["text"].replace("&nbsp;", " "))
    tags = value.get("tags")
    event["tags"] = json.dumps(tags, ensure_ascii=False, separators=(",", ":")) if tags else None
    for name in [*NUMBERS, "ts", "observed_at", "published_at"]:
        event[name] = _whole(value.get(name))
        if value.get(name) is not None and event[name] is None:
            problems.add(("wrong_type", name))
    problems |= {("impossible_value", n) for n in NUMBERS if (event[n] or 0) < 0}
    if value.get("ts") is None:
        problems.add(("missing_field", "ts"))
    if value.get("observed_at") is None:
        event["observed_at"] = epoch
    problems |= _time_problems(event, day)
    return event, problems


def _whole(value: Any) -> int | None:
    """A whole number as JSON's integer, as 12.0, or as a string of either; else nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
        return _whole(value) if isinstance(value, int | float) else None
    if isinstance(value, float) and (not math.isfinite(value) or value != int(value)):
        return None
    return int(value) if -(2**63) <= int(value) < 2**63 else None


def _time_problems(event: dict[str, Any], day: dt.date) -> set[tuple[str, Any]]:
    problems: set[tuple[str, Any]] = set()
    if event["observed_at"] is None:
        return problems
    observed = _instant(event["observed_at"])
    if observed is None or not YEAR_2005 <= observed < YEAR_2100:
        problems.add(("impossible_time", "observed_at"))
        observed = None
    elif observed.astimezone(SEOUL).date() != day:
        problems.add(("wrong_ingest_date", "observed_at"))
    for name in ("ts", "published_at"):
        if event[name] is None:
            continue
        instant = _instant(event[name])
        latest = (observed or YEAR_2100) + dt.timedelta(days=1)
        if instant is None or not YEAR_2005 <= instant <= latest:
            problems.add(("impossible_time", name))
    return problems


def _instant(epoch_ms: int) -> dt.datetime | None:
    try:
        return EPOCH + dt.timedelta(milliseconds=epoch_ms)
    except OverflowError:
        return None


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every landing file of a day, by name."""
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}
