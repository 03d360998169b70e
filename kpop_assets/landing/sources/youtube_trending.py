"""Imports the public trending data sets' tables: 2017-18, 2020-24, and 2024 for all countries.

Belongs here: their column names and oddities. `trending_date` is a day at 00:00 UTC, which is
09:00 in Seoul of the same day, and is taken as the observation time; the tables of 2017-18 write it
YY.DD.MM. `[None]` stands for no tags. Counts are 0, -1 or empty where likes or comments are
switched off; they are left out then. The country is that of the row, else of the file's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.sources.base import (
    Placeable,
    Repairs,
    SourceRecord,
    in_order,
    placed,
    without_empty,
)
from kpop_assets.landing.sources.layouts import CellColumn, Format, Layout
from kpop_assets.landing.sources.readings import counter, is_on, youtube_id
from kpop_assets.landing.sources.regions import region_in_name, region_of
from kpop_assets.landing.sources.table_files import date_order, rows_in, tables_in, way_out_of_days
from kpop_assets.landing.sources.table_rows import TableRow
from kpop_assets.landing.sources.times import DateOrder, read_instant, zone_assumed
from kpop_assets.landing.youtube.records import duration_seconds

SOURCE = "youtube_trending"

FORMAT = Format(
    "youtube-trending",
    (
        CellColumn("video_id", ("video_id",), "id"),
        CellColumn("title", ("title", "video_title")),
        CellColumn(
            "published",
            ("publishedAt", "publish_time", "video_published_at", "publish_date"),
            "time",
        ),
        CellColumn("channel_id", ("channelId",)),
        CellColumn("channel_title", ("channelTitle", "channel_name")),
        CellColumn("category", ("categoryId", "video_category_id")),
        CellColumn("day", ("trending_date", "video_trending_date"), "day"),
        CellColumn("tags", ("tags", "video_tags")),
        CellColumn("view_count", ("view_count", "views", "video_view_count"), "number"),
        CellColumn("likes", ("likes", "like_count", "video_like_count"), "number"),
        CellColumn("comment_count", ("comment_count", "comments", "video_comment_count"), "number"),
        CellColumn("comments_disabled", ("comments_disabled",)),
        CellColumn("ratings_disabled", ("ratings_disabled",)),
        CellColumn("is_removed", ("video_error_or_removed",)),
        CellColumn("description", ("description", "video_description")),
        CellColumn("duration", ("video_duration", "duration")),
        CellColumn("region", ("video_trending_country", "country", "region"), "region"),
    ),
    (
        Layout("2020-24", ("video_id", "title", "publishedAt", "trending_date", "view_count")),
        Layout("2017-18", ("video_id", "title", "publish_time", "trending_date", "views")),
        Layout(
            "2024, all countries",
            (
                "video_id",
                "video_title",
                "video_published_at",
                "video_trending__date",
                "video_view_count",
            ),
        ),
    ),
)
_NO_TAGS = frozenset({"[None]", "[none]"})


class YoutubeTrending:
    """Reads `youtube-trending` files."""

    kind = EVENTS
    looks_for = f"tables with the columns of {FORMAT.known()}"

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> YoutubeTrending:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the tables in a folder that have a known layout."""
        return tables_in(folder, FORMAT)

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per row; a row without a usable date goes with the row before it."""
        order = date_order(path, FORMAT, "published")
        rows = rows_in(path, FORMAT, repairs)
        region = region_in_name(path)
        found = (_placeable(row, order, region, repairs) for row in rows)
        return placed((row for row in found if row), path, repairs, way_out_of_days(order))


def _placeable(
    row: TableRow, order: DateOrder, file_region: str | None, repairs: Repairs
) -> Placeable | None:
    if is_on(row.cells.get("is_removed", "")):
        repairs["video_error_or_removed_left_out"] += 1
        return None
    if row.is_torn:
        return Placeable(None, {"source": SOURCE, "torn_row": row.raw}, "row_torn")
    cells = row.cells
    observed_at = read_instant(cells.get("day"), order)
    video_id = youtube_id(cells.get("video_id"))
    region = region_of(cells.get("region")) or cells.get("region") or file_region
    if not region:
        repairs["country_not_told"] += 1
    for name in ("day", "published"):
        if zone := zone_assumed(cells.get(name), order):
            repairs[f"{name}_without_zone_read_as_{zone}"] += 1
    record = _to_record(cells, order, region, repairs)
    if video_id is None:
        # Without the field it is set aside as such; what stood there is kept beside.
        record["video_id_as_it_came"] = cells.get("video_id")
    else:
        record["video_id"] = video_id
    record["observed_at"] = cells.get("day", "") if observed_at is None else observed_at
    is_seen = observed_at is None or video_id is None
    return Placeable(
        observed_at,
        in_order(record),
        "video_id_is_no_id" if video_id is None else "",
        cells.get("day", "") if is_seen else "",
    )


def _to_record(
    cells: dict[str, str], order: DateOrder, region: str | None, repairs: Repairs
) -> dict[str, object]:
    published = cells.get("published")
    instant = read_instant(published, order)
    published_at = published if instant is None else instant
    return without_empty(
        {
            "text": cells.get("title"),
            "ts": published_at,
            "source": f"{SOURCE}_{region.lower()}" if region else SOURCE,
            "author_id": cells.get("channel_id"),
            "author_name": cells.get("channel_title"),
            "published_at": published_at,
            "view_count": counter(cells.get("view_count"), "view_count", repairs),
            "like_count": _unless_off(cells, "likes", "ratings_disabled", repairs),
            "comment_count": _unless_off(cells, "comment_count", "comments_disabled", repairs),
            "description": cells.get("description"),
            "tags": _tags(cells.get("tags"), repairs),
            "category_id": cells.get("category"),
            "duration_seconds": duration_seconds(cells.get("duration")),
            "region": region,
        }
    )


def _unless_off(cells: dict[str, str], column: str, switch: str, repairs: Repairs) -> object:
    if is_on(cells.get(switch, "")):
        repairs[f"{column}_hidden_by_{switch}"] += 1
        return None
    return counter(cells.get(column), column, repairs)


def _tags(text: str | None, repairs: Repairs) -> list[str] | None:
    """Tags between bars, in quotes or not; between commas where there is no bar."""
    if text in _NO_TAGS:
        repairs["tags_none"] += 1
        return None
    if not text:
        return None
    tags = text.split("|") if "|" in text else text.split(",")
    return [tag[1:-1] if len(tag) > 1 and tag[0] == tag[-1] == '"' else tag for tag in tags]
