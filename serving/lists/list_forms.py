"""A page of a list as JSON or CSV, and what goes with it.

Belongs here: the two forms and their headers. Does not belong here: which rows a page has
(list_answers.py), or which form is asked for (negotiation.py).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.file_forms import to_csv
from serving.client_caches import kept_for_a_minute
from serving.lists.entries import ListEntry
from serving.lists.list_answers import ListPage

JSON, CSV = "application/json", "text/csv"
FORMS = {"json": JSON, "csv": CSV}
_VARY = "Accept, Accept-Encoding, Accept-Language"
SIMULATED_HEADER = "X-Data-Simulated"


def headers_of(page: ListPage, media: str, language: str, is_public: bool) -> dict[str, str]:
    """What is said of a page in either form, also where it has not changed."""
    told = {
        "ETag": f'W/"{page.tag}-{media.partition("/")[2]}"',
        "Cache-Control": kept_for_a_minute(is_public),
        "Vary": _VARY,
        "Content-Language": language,
    }
    if page.is_simulated:
        told[SIMULATED_HEADER] = "true"
    return told


def write_page(
    entry: ListEntry, page: ListPage, media: str, request: Request, headers: dict[str, str]
) -> Response:
    """The page as an answer."""
    if page.next_cursor:
        headers["Link"] = f'<{_next_address(request, page.next_cursor)}>; rel="next"'
    if media == CSV:
        headers["Content-Disposition"] = f'attachment; filename="{_file_name(entry, page)}"'
        return Response(to_csv(page.rows), headers=headers, media_type=CSV)
    return Response(_as_json(entry, page), headers=headers, media_type=JSON)


def page_schema(entry: ListEntry) -> dict[str, Any]:
    """JSON Schema of a page of a list."""
    rows = {
        "type": "object",
        "properties": {field.name: field.schema() for field in entry.fields},
        "required": [field.name for field in entry.fields],
    }
    return {
        "type": "object",
        "properties": {
            "list": {"const": entry.path},
            "date": {"type": ["string", "null"], "format": "date"},
            "is_simulated": {"type": ["boolean", "null"]},
            "versions": {"type": "object", "additionalProperties": {"type": "integer"}},
            "total": {"type": "integer"},
            "count": {"type": "integer"},
            "next_cursor": {"type": ["string", "null"]},
            "note": {"type": ["string", "null"]},
            "rows": {"type": "array", "items": rows},
        },
        "required": [
            *("list", "date", "is_simulated", "versions", "total", "count", "next_cursor"),
            *("note", "rows"),
        ],
    }


def _as_json(entry: ListEntry, page: ListPage) -> bytes:
    told = {
        "list": entry.path,
        "date": page.day,
        "is_simulated": page.is_simulated,
        "versions": page.versions,
        "total": page.total,
        "count": page.rows.height,
        "next_cursor": page.next_cursor,
        "note": page.note,
        "rows": page.rows.to_dicts(),
    }
    # What is no number is written as null.
    return orjson.dumps(told, option=orjson.OPT_UTC_Z)


def _file_name(entry: ListEntry, page: ListPage) -> str:
    words = [part for part in entry.path.split("/")[2:] if not part.startswith("{")]
    day = [page.day.isoformat()] if page.day else []
    mark = ["SIMULATED"] if page.is_simulated else []
    return "_".join([*words, *day, *mark]) + ".csv"


def _next_address(request: Request, cursor: str) -> str:
    """The address of the next page, below the root: what stands before it a proxy may change."""
    asked = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    # The path is decoded by now, and a header holds letters of ASCII alone.
    return f"{quote(request.scope['path'])}?{urlencode([*asked, ('cursor', cursor)])}"
