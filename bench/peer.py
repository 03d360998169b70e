"""What the hand-written Polars and DuckDB programs share: files, spellings, and one line's verdict.

Belongs here: facts both need in plain Python (no engine of ours, no PySpark, no Dagster), and the
slow, careful look at the few lines that their fast readers refuse or doubt. Does not belong here:
anything done to many rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.credits import artists_json
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.landing.folders import epoch_ms_in_name, list_landed

TITLE = ("text", "author_name", "author_id", "source")
MATCHED = ("artist", "artist_evidence", "artists")
REQUIRED = ("video_id", "text", "ts", "source")
TIMES = ("ts", "observed_at", "published_at")
COUNTS = ("view_count", "like_count", "comment_count", "duration_seconds")
TEXTS = (
    *("video_id", "text", "source", "post_id", "author_id", "author_name", "lang", "description"),
    *("tags", "category_id", "region", "query"),
)
FIELDS = (*TEXTS, *COUNTS, *TIMES)
ENTITIES = {
    "&quot;": '"',
    "&#39;": "'",
    "&#x27;": "'",
    "&apos;": "'",
    "&lt;": "<",
    "&gt;": ">",
    "&nbsp;": " ",
    "&amp;": "&",
}
MAX_LINE_BYTES = 1 << 20
FIRST_INSTANT_MS = 1_104_537_600_000
END_INSTANT_MS = 4_102_444_800_000
DAY_MS = 86_400_000
SEOUL_MS = 9 * 3_600_000

# What a number, boolean, array or object looks like once it was read as text.
BARE = r"(?s)^(-?[0-9][0-9.eE+-]*|true|false|\[.*\]|\{.*\})$"

WINDOW_SLIDES = 12
SLIDE_MS = 300_000
VIDEOS_LOOK_BACK = 7
COUNTERS_LOOK_BACK = 30
FIRST_SEEN_SECONDS = 2 * 86_400
WEIGHTS = {"event_count": 1, "views_gained": 1, "likes_gained": 10, "comments_gained": 50}
TIERS = ((1, 0.90), (2, 0.75), (3, 0.40), (4, 0.0))
ACTIVE_DAYS = 30
GAP_DAYS = 7

_WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0+)?")
_LONE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class PeerFile:
    """A landing file: where it stands, its day, its size, and the instant its name implies."""

    path: Path
    day: dt.date
    size_bytes: int
    epoch_ms: int


def find_files(landing: Path, start: dt.date, end: dt.date) -> list[PeerFile]:
    """The landing files of the days [start, end), by day and name; copies keep one instant."""
    files = []
    for day in (start + dt.timedelta(days=i) for i in range((end - start).days)):
        paths = list_landed(landing, day)
        sizes = [path.stat().st_size for path in paths]
        first: dict[bytes, int] = {}
        for path, size in zip(paths, sizes, strict=True):
            epoch_ms = epoch_ms_in_name(path.name) or day_number(day) * DAY_MS - SEOUL_MS
            if sizes.count(size) > 1:
                digest = hashlib.sha256(path.read_bytes()).digest()
                epoch_ms = first.setdefault(digest, epoch_ms)
            files.append(PeerFile(path, day, size, epoch_ms))
    return files


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - dt.date(1970, 1, 1)).days


def read_lines(path: Path) -> tuple[list[bytes], list[int]]:
    """The lines of a file that are not blank, and their numbers from 1."""
    data = path.read_bytes().removeprefix(_BOM)
    lines = data.replace(b"\r\n", b"\n").split(b"\n") if b"\r" in data else data.split(b"\n")
    if b"" not in lines[:-1] and not any(map(bytes.isspace, lines)):
        lines = lines if lines[-1] else lines[:-1]
        return lines, list(range(1, len(lines) + 1))
    numbers = [i for i, line in enumerate(lines, start=1) if line.strip()]
    return [lines[i - 1] for i in numbers], numbers


def judge(line: bytes, file: PeerFile) -> dict[str, Any]:
    """Typed fields of a line, or `reason`, `field` and `line` where it cannot be used."""
    row, reason, field = _verdict(line, file)
    text = line.decode("utf-8", "backslashreplace")
    return {**row, "reason": reason, "field": field, "line": text}


def _verdict(line: bytes, file: PeerFile) -> tuple[dict[str, Any], str | None, str | None]:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return {}, "invalid_utf8", None
    if len(line) > MAX_LINE_BYTES:
        return {}, "line_too_long", None
    try:
        raw = json.loads(text, parse_constant=_refuse)
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
    for name in REQUIRED:
        if raw.get(name) is None or (name != "text" and not str(raw[name]).strip(" ")):
            yield "missing_field", name
    for name in ("video_id", "text", "source"):
        if not isinstance(raw[name], str):
            yield "wrong_type", name
    for name in (*TIMES, *COUNTS):
        if raw.get(name) is not None and _whole(raw[name]) is None:
            yield "wrong_type", name


def _value_failures(row: dict[str, Any], file: PeerFile) -> Iterator[tuple[str, str]]:
    for name in COUNTS:
        if row[name] is not None and row[name] < 0:
            yield "impossible_value", name
    observed = row["observed_at"]
    if not FIRST_INSTANT_MS <= observed < END_INSTANT_MS:
        yield "impossible_time", "observed_at"
    if (observed + SEOUL_MS) // DAY_MS != day_number(file.day):
        yield "wrong_ingest_date", "observed_at"
    for name in ("ts", "published_at"):
        if row[name] is not None and not FIRST_INSTANT_MS <= row[name] <= observed + DAY_MS:
            yield "impossible_time", name


def _typed(raw: dict[str, Any], file: PeerFile) -> dict[str, Any]:
    texts = {name: _text(raw.get(name)) for name in TEXTS}
    for entity, character in ENTITIES.items():
        texts["text"] = (texts["text"] or "").replace(entity, character)
    numbers = {name: _whole(raw.get(name)) for name in (*COUNTS, *TIMES)}
    if numbers["observed_at"] is None:
        numbers["observed_at"] = file.epoch_ms
    return {**texts, **numbers}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _whole(value: object) -> int | None:
    text = str(value).strip()
    number = int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else None
    return number if number is not None and abs(number) < 1 << 63 else None


def match_titles(titles: list[tuple[str | None, ...]], catalog: Catalog) -> dict[str, list[Any]]:
    """Artist, evidence and artists of (text, author_name, author_id, source), as columns.

    The matcher is the product's own function, as compiling the catalogue was before: what is
    measured is how an engine brings distinct titles to it and answers back.
    """
    match = matcher_of(catalog).match
    columns: dict[str, list[Any]] = {name: [] for name in MATCHED}
    for title in titles:
        answer = match(title[0] or "", *title[1:])
        is_known = answer.artist != OTHER
        columns["artist"].append(answer.artist)
        columns["artist_evidence"].append(answer.evidence)
        columns["artists"].append(artists_json(answer) if is_known else None)
    return columns
