"""One line's verdict in plain Python: the peers' fast readers hand on what they refuse or doubt.

Belongs here: the slow, careful look at a few lines. Does not belong here: anything done to many.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bench import peer

_WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0+)?")
_NAN = re.compile(rf'"({"|".join(peer.COUNTS)})"\s*:\s*NaN')
_LONE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def judge(line: bytes, file: peer.PeerFile) -> dict[str, Any]:
    """Typed fields of a line, or `reason`, `field` and `line` where it cannot be used."""
    row, reason, field = _verdict(line, file)
    text = line.decode("utf-8", "backslashreplace")
    return {**row, "reason": reason, "field": field, "line": text}


def _verdict(line: bytes, file: peer.PeerFile) -> tuple[dict[str, Any], str | None, str | None]:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return {}, "invalid_utf8", None
    if len(line) > peer.MAX_LINE_BYTES:
        return {}, "line_too_long", None
    try:
        raw = json.loads(_NAN.sub(r'"\1":null', text), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return {}, "broken_json", None
    if not isinstance(raw, dict) or _LONE.search(_PAIR.sub("", text)):
        return {}, "broken_json", None
    for reason, field in _field_failures(raw):
        return {}, reason, field
    row = _typed(raw, file)
    for reason, field in _value_failures(row, file):
        return {}, reason, field
    return row, None, None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _field_failures(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in peer.REQUIRED:
        if raw.get(name) is None or (name != "text" and not str(raw[name]).strip(" ")):
            yield "missing_field", name
    for name in ("video_id", "text", "source"):
        if not isinstance(raw[name], str):
            yield "wrong_type", name
    for name in peer.TIMES:
        if raw.get(name) is not None and _whole(raw[name]) is None:
            yield "wrong_type", name
    views = raw.get("view_count")
    if views is not None and str(views).strip() and _whole(views) is None:
        yield "wrong_type", "view_count"


def _value_failures(row: dict[str, Any], file: peer.PeerFile) -> Iterator[tuple[str, str]]:
    if row["view_count"] is not None and not 0 <= row["view_count"] <= peer.MAX_COUNT:
        yield "impossible_value", "view_count"
    observed = row["observed_at"]
    if not peer.FIRST_INSTANT_MS <= observed < peer.END_INSTANT_MS:
        yield "impossible_time", "observed_at"
    if (observed + peer.SEOUL_MS) // peer.DAY_MS != peer.day_number(file.day):
        yield "wrong_ingest_date", "observed_at"
    for name in (name for name in peer.TIMES if name != "observed_at"):
        if (
            row[name] is not None
            and not peer.FIRST_INSTANT_MS <= row[name] <= observed + peer.AHEAD_MS
        ):
            yield "impossible_time", name


def _typed(raw: dict[str, Any], file: peer.PeerFile) -> dict[str, Any]:
    texts = {name: _text(raw.get(name)) for name in peer.TEXTS}
    for entity, character in peer.ENTITIES.items():
        texts["text"] = (texts["text"] or "").replace(entity, character)
    numbers = {name: _whole(raw.get(name)) for name in (*peer.COUNTS, *peer.TIMES)}
    if numbers["observed_at"] is None:
        numbers["observed_at"] = file.epoch_ms
    sides = [_side(raw.get(name)) for name in peer.SIDE_COUNTS]
    numbers.update(zip(peer.SIDE_COUNTS, (value for value, _ in sides), strict=True))
    odd = [why for _, why in sides]
    return {**texts, **numbers, **{name: odd.count(name) for name in peer.ODD_COUNTS}}


def _side(value: object) -> tuple[int | None, str | None]:
    """A number beside the line, which is lost without it; and what it is counted as."""
    if value is None:
        return None, None
    number = _whole(value)
    if not str(value).strip() or number == -1:
        return None, "hidden_count"
    is_possible = number is not None and 0 <= number <= peer.MAX_COUNT
    return (number, None) if is_possible else (None, "unusable_count")


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _whole(value: object) -> int | None:
    text = str(value).strip()
    number = int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else None
    return number if number is not None and abs(number) < 1 << 63 else None
