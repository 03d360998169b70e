"""Imports daily Spotify charts as tables: totals by label, or the official charts' daily streams.

Belongs here: their column names and oddities. A chart names a day and no hour, so a row counts as
observed at 12:00 in Seoul of that day. No publish time is known: `ts` is the observation time and
`published_at` is left out. The country is that of the row, else of the file's name.

The chart of totals (`kr_daily_top50.csv`) has no track id: the id is made from the text of
`artist_and_title` (tracks.py). Odd in it: some days repeat the page of the day before; they are
kept and counted, because such a day's streams are unknown and stand in the next rise of `total`.

The official charts (`regional-kr-daily-2026-03-02.csv`) have an id; their day stands in the file's
name, and their streams are a day's. A day's figure is no counter that goes on, so it is kept as
`day_streams` and `view_count` is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from kpop_assets.catalog.catalog import overlay_path
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.sources.base import (
    Placeable,
    Repairs,
    SourceRecord,
    placed,
    without_empty,
)
from kpop_assets.landing.sources.chart_labels import ChartLabels
from kpop_assets.landing.sources.dialect import sniff
from kpop_assets.landing.sources.landed_tracks import SOURCE, landed_tracks
from kpop_assets.landing.sources.layouts import CellColumn, Format, Layout
from kpop_assets.landing.sources.readings import counter, is_no_id, read_whole
from kpop_assets.landing.sources.regions import region_in_name, region_of
from kpop_assets.landing.sources.table_files import date_order, rows_in, tables_in, way_out_of_days
from kpop_assets.landing.sources.table_rows import TableRow
from kpop_assets.landing.sources.times import DateOrder, day_in_name, noon_ms, read_time
from kpop_assets.landing.sources.tracks import ChartRow, TrackIndex, in_country

FORMAT = Format(
    "spotify-chart",
    (
        CellColumn("day", ("file_date", "date", "day", "chart_date", "snapshot_date"), "day"),
        CellColumn("position", ("pos", "position", "rank"), "number"),
        CellColumn("label", ("artist_and_title", "artist and title")),
        CellColumn("total", ("total",), "number"),
        CellColumn("country", ("country", "region"), "region"),
        CellColumn("id", ("uri", "url", "spotify_id", "track_id")),
        CellColumn("title", ("track_name", "title", "track")),
        CellColumn("artists", ("artist_names", "artist", "artists", "artist_name")),
        CellColumn("streams", ("streams",), "number"),
    ),
    (
        Layout("totals", ("artist_and_title", "total")),
        Layout("official", ("track_name", "artist_names", "streams", "uri")),
        Layout("official, to 2021", ("Track Name", "Artist", "Streams", "URL")),
    ),
)
_WEEKLY = re.compile(r"(?<![a-z])weekly(?![a-z])", re.I)
_TRACK = re.compile(r"track[:/]([A-Za-z0-9]+)")


class SpotifyChart:
    """Reads `spotify-chart` files.

    Args:
        tracks: Those that were seen before.
        overlay: The home's own lines about acts, whose names may hold a separator.
    """

    kind = EVENTS
    looks_for = f"tables with the columns of {FORMAT.known()}"

    def __init__(self, tracks: TrackIndex | None = None, overlay: Path | None = None) -> None:
        self._tracks = tracks or TrackIndex()
        self._labels = ChartLabels(overlay)

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> SpotifyChart:
        """One that knows the tracks of the charts that were landed before."""
        # The landing folder lies in the home (settings.py).
        return SpotifyChart(landed_tracks(landing_root), overlay_path(landing_root.parent))

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the tables in a folder that have a known layout."""
        return tables_in(folder, FORMAT)

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per row; a row without a usable date goes with the row before it."""
        if _WEEKLY.search(path.name):
            raise LandingError(
                f"cannot read {path}: by its name it is a chart of weeks, and only those of days "
                "are known",
                "get the daily chart of the country",
            )
        header = sniff(path, FORMAT).header
        name_day = day_in_name(path.name)
        if header and "day" not in header.places and name_day is None:
            raise LandingError(
                f"cannot tell the day of {path}: layout {header.layout.name} has no column of "
                "days, and its name has no day",
                "name it by its day, as in regional-kr-daily-2026-03-02.csv",
            )
        order = date_order(path, FORMAT)
        rows = rows_in(path, FORMAT, repairs)
        found = self._placeable(rows, order, name_day, region_in_name(path), repairs)
        return placed(found, path, repairs, way_out_of_days(order))

    def _placeable(
        self,
        rows: Iterator[TableRow],
        order: DateOrder,
        name_day: dt.date | None,
        file_region: str | None,
        repairs: Repairs,
    ) -> Iterator[Placeable]:
        """Rows page by page: a page is what stands together under one day."""
        previous: list[tuple[str | None, ...]] = []
        for day_text, rows_of_day in groupby(rows, key=lambda row: row.cells.get("day")):
            page = list(rows_of_day)
            content = [tuple(row.cells.get(n) for n in ("label", "total", "id")) for row in page]
            if content == previous and day_text is not None:
                repairs["page_repeats_day_before_kept"] += 1
                repairs["row_of_repeated_page_kept"] += len(page)
            previous = content
            day = name_day if day_text is None else _day_of(day_text, order)
            regions = [_region(row, file_region) for row in page]
            repairs.update(["country_not_told"] * regions.count(None))
            ids = self._ids(page, regions, day, repairs)
            for row, region, its_id in zip(page, regions, ids, strict=True):
                author = None if row.is_torn else _author(row, self._labels, repairs)
                yield _placed_row(row, author, region, its_id, day, day_text, repairs)

    def _ids(
        self,
        page: Sequence[TableRow],
        regions: Sequence[str | None],
        day: dt.date | None,
        repairs: Repairs,
    ) -> list[str | None]:
        """The id of each row's track; None where the row names none."""
        ids: list[str | None] = [
            in_country(f"spotify:track:{found[1]}", region or "")
            if not row.is_torn and (found := _TRACK.search(row.cells.get("id", "")))
            else None
            for row, region in zip(page, regions, strict=True)
        ]
        for country in dict.fromkeys(region or "" for region in regions):
            places = [
                place
                for place, row in enumerate(page)
                if (regions[place] or "") == country and ids[place] is None and _label(row)
            ]
            rows = [_chart_row(page[place]) for place in places]
            # Without a day no total can be followed: such rows are set aside.
            tracks = self._tracks if day else TrackIndex()
            resolved = tracks.resolve(country, day or dt.date.min, rows)
            for place, (its_id, is_renamed) in zip(places, resolved, strict=True):
                ids[place] = its_id
                if is_renamed:
                    repairs["track_goes_on_under_new_label"] += 1
        return ids


def _day_of(text: str, order: DateOrder) -> dt.date | None:
    found = read_time(text, order)
    return found.date() if isinstance(found, dt.datetime) else found


def _region(row: TableRow, file_region: str | None) -> str | None:
    country = row.cells.get("country", "").strip()
    return region_of(country) or country.upper() or file_region


def _label(row: TableRow) -> str:
    """How a track is called: artist and title."""
    if row.is_torn:
        return ""
    cells = row.cells
    if "label" in cells:
        return "" if is_no_id(cells["label"]) else cells["label"]
    artists, title = cells.get("artists", ""), cells.get("title", "")
    return f"{artists} - {title}" if artists and title else ""


def _chart_row(row: TableRow) -> ChartRow:
    total, streams = (read_whole(row.cells.get(name)).value for name in ("total", "streams"))
    return ChartRow(
        _label(row),
        total if isinstance(total, int) else None,
        streams if isinstance(streams, int) else None,
    )


def _placed_row(
    row: TableRow,
    author: str | None,
    region: str | None,
    its_id: str | None,
    day: dt.date | None,
    day_text: str | None,
    repairs: Repairs,
) -> Placeable:
    if row.is_torn:
        return Placeable(None, {"source": SOURCE, "torn_row": row.raw}, "row_torn")
    observed_at = noon_ms(day)
    when: object = day_text if observed_at is None else observed_at
    figures = _figures(row, repairs)
    record = without_empty(
        {
            "video_id": its_id,
            "text": _label(row) or row.cells.get("label"),
            "ts": when,
            "source": SOURCE,
            "author_name": author,
            "observed_at": when,
            **figures,
            "region": region,
        }
    )
    if observed_at is None:
        record["observed_at"] = day_text or ""
    problem = "" if its_id else "track_without_label"
    return Placeable(observed_at, record, problem, day_text or "")


def _author(row: TableRow, labels: ChartLabels, repairs: Repairs) -> str | None:
    cells = row.cells
    if "label" not in cells:
        # A blank behind the comma parts two artists; "10,000 Maniacs" is one.
        return cells.get("artists", "").split(", ")[0] or None
    author, _ = labels.split(cells["label"])
    if author is None:
        repairs["no_artist_in_artist_and_title"] += 1
    return author


def _figures(row: TableRow, repairs: Repairs) -> dict[str, object]:
    if "total" in row.cells:
        # Separators are how this chart writes every number, and nothing to count.
        total = read_whole(row.cells.get("total"))
        if total.how in ("rounded", "doubtful"):
            counter(row.cells.get("total"), "total", repairs)
        return {"view_count": total.value}
    repairs["streams_of_a_day_kept_beside"] += 1
    return {"day_streams": counter(row.cells.get("streams"), "streams", repairs)}
