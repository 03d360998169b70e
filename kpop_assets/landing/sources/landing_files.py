"""Imports landing lines of other collectors and sorts them by ingest date.

Belongs here: where a line goes. What can be used is kept byte for byte, and what cannot is kept
too: the next layer sets it aside with its reason. Values in another writing than a landing line's
are read and counted (landing_values.py).

A line goes to the Seoul day of its observation time (`observed_at` of events); where it has none
that can be used, to the day of the file: the instant in its name, else the time of its last change.
That instant goes into the landed file's name too, because it is the observation time of lines that
state none.

Files are NDJSON in any encoding, packed or not, or one JSON text: an array of such objects, or an
object that holds one under `items`, `events`, `data`, `records` or `results`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpop_assets.contracts.record import Record
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import (
    SET_ASIDE,
    Repairs,
    SourceRecord,
    file_day,
    file_instant,
    ingest_day,
    json_line,
)
from kpop_assets.landing.sources.landing_values import ValueReader
from kpop_assets.landing.sources.text import (
    encoding_of,
    is_in_code_page,
    line_end_of,
    page_of_lines,
    sample_of,
    suffix_of,
    text_lines,
    unpacked,
)

LANDING_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})

_BOM = b"\xef\xbb\xbf"
_UTF8 = ("utf-8", "utf-8-sig")
_WRAPPERS = ("items", "events", "data", "records", "results")


class LandingFiles:
    """Reads landing files of one kind."""

    def __init__(self, record: Record) -> None:
        self.kind = record.kind
        self.looks_for = (
            ".json, .jsonl or .ndjson, also .gz, there and in folders such as 2025-12-28"
        )
        self.record = record

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> LandingFiles:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the landing files in a folder and in day folders (`2025-12-28/`) below it."""
        found = [*folder.glob("*"), *folder.glob("[0-9]*-[0-9][0-9]-[0-9][0-9]/*")]
        return sorted(p for p in found if is_landing_name(p) and p.is_file())

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield the lines; blank ones hold nothing and are left out."""
        file_ms = file_instant(path)
        observed = self.record.observed
        values_of = ValueReader(self.record)
        for line in landing_lines(path, repairs):
            content = line.removeprefix(_BOM)
            if not content.strip():
                continue
            values = values_of.read(content, repairs)
            day = ingest_day(values.observed_ms)
            observed_ms = values.observed_ms
            # The next layer believes a time that is stated, and sets it aside where it is none.
            is_lost = values.is_observed_stated and day is None
            if problem := values.problem or (f"{observed}_unusable" if is_lost else ""):
                repairs[f"{problem}_{SET_ASIDE}"] += 1
            if day is None or observed_ms is None:
                repairs[f"{observed}_missing_or_unusable_day_from_file"] += 1
                day, observed_ms = file_day(path)
            kept = line if values.changed is None else values.changed
            yield SourceRecord(day, file_ms or observed_ms, kept)


def is_landing_name(path: Path) -> bool:
    """Whether a file is called as landing files are, in any case, packed or not, not hidden."""
    return path.name[0] != "." and suffix_of(path) in LANDING_SUFFIXES


def landing_lines(path: Path, repairs: Repairs) -> Iterator[bytes]:
    """The lines of a file of JSON as UTF-8, as far as they can be read; objects of one text too."""
    sample = sample_of(path)
    encoding = encoding_of(sample)
    text = sample.decode(encoding, "replace" if encoding in _UTF8 else "ignore")
    if encoding not in _UTF8 and "{" in text:
        repairs[f"file_read_as_{encoding.replace('-', '_')}"] += 1
    elif encoding not in _UTF8:
        encoding = "utf-8"
    if _may_be_one_text(text) and (items := _objects(path, encoding)) is not None:
        repairs["object_of_one_json_text_read"] += len(items)
        yield from (json_line(item) for item in items)
        return
    line_end = line_end_of(text) if "{" in text else "\n"
    if encoding in _UTF8 and line_end == "\n":
        with unpacked(path) as file:
            for line in file:
                yield line if line.isascii() else _in_utf8(line, repairs)
        return
    for row in text_lines(path, encoding, line_end):
        yield row.rstrip("\r\n").encode("utf-8", "surrogateescape") + b"\n"


def _in_utf8(line: bytes, repairs: Repairs) -> bytes:
    """A line of a code page in UTF-8, where all of it can be read and is JSON."""
    text = line.decode("utf-8", "surrogateescape")
    page = page_of_lines([line]) if is_in_code_page(text) else None
    if page is None:
        return line
    read = line.decode(page, "replace")
    try:
        json.loads(read)
    except (ValueError, RecursionError):
        return line
    repairs[f"line_read_as_{page}"] += 1
    return read.encode()


def _may_be_one_text(text: str) -> bool:
    """Whether a file begins as one JSON text: an array, or an object over several lines."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        return True
    if not start.startswith("{"):
        return False
    first = start.split("\n", 1)[0]
    try:
        only = json.loads(first)
    except (ValueError, RecursionError):
        return True
    return isinstance(only, dict) and any(isinstance(only.get(n), list) for n in _WRAPPERS)


def _objects(path: Path, encoding: str) -> list | None:
    """The objects of a file that is one JSON text; None where it is lines.

    Raises:
        LandingError: It is an answer of YouTube's API.
    """
    with unpacked(path) as file:
        data = file.read()
    try:
        content = json.loads(
            data.decode(encoding, "surrogateescape" if encoding in _UTF8 else "strict")
        )
    except (ValueError, RecursionError):
        return None
    items = content if isinstance(content, list) else _wrapped(content)
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    if any("snippet" in item or "videoId" in item for item in items):
        raise LandingError(
            f"cannot read {path} as landing lines: it is an answer of the YouTube API",
            "kpop import youtube-popular, with region and day in its name: KR-2025-11-04.json",
        )
    return items


def _wrapped(content: object) -> list | None:
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("categories"), dict):
        return None
    held = [content[name] for name in _WRAPPERS if isinstance(content.get(name), list)]
    return held[0] if held else [content]
