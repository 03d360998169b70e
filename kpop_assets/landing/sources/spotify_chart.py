"""Imports the daily Spotify chart of a country as CSV (`kr_daily_top50.csv`).

Belongs here: its column names and oddities. The chart names a day and no hour, so a row counts as
observed at 12:00 in Seoul of that day. It has no track id: the id is made from the text of
`artist_and_title`, so the same track keeps it for ever. No publish time is known: `ts` is the
observation time and `published_at` is left out.

Odd in it: some days repeat the page of the day before; they are kept and counted, because the
streams of such a day are really unknown and stand in the next day's rise of `total`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kpop_assets.days import day_start_ms
from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.sources.base import (
    Repairs,
    RowPlacer,
    SourceRecord,
    csv_header,
    csv_rows,
    without_empty,
)

SOURCE = "spotify_chart"
_COLUMNS = frozenset({"file_date", "artist_and_title", "total", "country"})
_NOON_MS = 12 * 3_600_000
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){0,5}|[0-9]{1,18})")


class SpotifyChart:
    """Reads `spotify-chart` files."""

    kind = EVENTS

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the CSV files in a folder that list artists with titles."""
        return [p for p in sorted(folder.glob("*.csv")) if "artist_and_title" in csv_header(p)]

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per row; a row without a usable date goes with the row before it."""
        placer = RowPlacer(path, repairs)
        previous: list[tuple[str, str]] = []
        rows = csv_rows(path, _COLUMNS, repairs)
        for file_date, page_rows in groupby(rows, key=lambda row: row.get("file_date")):
            page = list(page_rows)
            content = [(r.get("artist_and_title", ""), r.get("total", "")) for r in page]
            if content == previous:
                repairs["page_repeats_day_before_kept"] += 1
                repairs["row_of_repeated_page_kept"] += len(page)
            previous = content
            observed_at = _noon(file_date)
            for row in page:
                day, epoch_ms = placer.place(observed_at)
                record = _to_record(row, observed_at or file_date, repairs)
                yield SourceRecord(day, epoch_ms, record)


def track_id(artist_and_title: str) -> str:
    """Return the lasting id of a track, whichever Unicode form its name is written in."""
    name = unicodedata.normalize("NFC", artist_and_title).encode("utf-8", "surrogateescape")
    return f"spotify:{hashlib.sha256(name).hexdigest()[:16]}"


def parse_number(text: str | None) -> int | str | None:
    """Return `"+1,234"` as 1234; what is no such number comes back as it is."""
    if text is None or not _NUMBER.fullmatch(text):
        return text
    return int(text.replace(",", ""))


def _noon(file_date: str | None) -> int | None:
    try:
        return day_start_ms(dt.date.fromisoformat(file_date or "")) + _NOON_MS
    except (ValueError, OverflowError):
        return None


def _to_record(row: dict[str, str], observed_at: object, repairs: Repairs) -> dict[str, object]:
    name = row.get("artist_and_title")
    artist, separator, _ = (name or "").partition(" - ")
    if not separator:
        repairs["no_artist_in_artist_and_title"] += 1
    country = row.get("country")
    return without_empty(
        {
            "video_id": track_id(name) if name else None,
            "text": name,
            "ts": observed_at,
            "source": SOURCE,
            "author_name": artist if separator else None,
            "observed_at": observed_at,
            "view_count": parse_number(row.get("total")),
            "region": country.upper() if country else None,
        }
    )
