"""`GET /docs`: the API's document as a page that needs no script and loads nothing.

Belongs here: that page. Does not belong here: the document (openapi_document.py).
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from serving.openapi_document import describe

router = APIRouter(include_in_schema=False)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;"
    "color-scheme:light dark}code{font-size:.95em;overflow-wrap:anywhere}"
    "summary{cursor:pointer;padding:.25rem 0}dt{margin-top:.5rem}dd{margin-left:1.5rem}"
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'",
    "Cache-Control": "public, max-age=60",
}


@router.get("/docs")
def show_document(request: Request) -> HTMLResponse:
    """Every address with its parameters and answers."""
    return HTMLResponse(page_of(describe(request.app)), headers=_HEADERS)


def page_of(document: dict[str, Any]) -> str:
    """The document as HTML."""
    title = html.escape(document["info"]["title"])
    parts = "\n".join(_operations(document["paths"]))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{html.escape(document['info']['description'])}</p>"
        '<p><a href="openapi.json">openapi.json</a></p>'
        f"{parts}</main></body></html>"
    )


def _operations(paths: dict[str, Any]) -> Iterator[str]:
    group = ""
    tagged = [
        (operation.get("tags", ["service"])[0], path, method, operation)
        for path, operations in paths.items()
        for method, operation in operations.items()
    ]
    for tag, path, method, operation in sorted(tagged, key=lambda each: each[:3]):
        if tag != group:
            group = tag
            yield f"<h2>{html.escape(tag)}</h2>"
        summary = html.escape(operation.get("summary", ""))
        address = f"<code>{method.upper()} {html.escape(path)}</code>"
        yield f"<details><summary>{address} {summary}</summary>{_about(operation)}</details>"


def _about(operation: dict[str, Any]) -> str:
    parameters = [
        _term(f"{each['name']} ({each['in']})", each.get("description", ""))
        for each in operation.get("parameters", ())
    ]
    columns = [
        _term(name, about.get("description", "")) for name, about in _columns(operation).items()
    ]
    told = f"<p>{html.escape(operation.get('description', ''))}</p>"
    if parameters:
        told += f"<h3>Parameters</h3><dl>{''.join(parameters)}</dl>"
    if columns:
        told += f"<h3>Columns</h3><dl>{''.join(columns)}</dl>"
    return told


def _term(name: str, meaning: str) -> str:
    return f"<dt><code>{html.escape(name)}</code></dt><dd>{html.escape(meaning)}</dd>"


def _columns(operation: dict[str, Any]) -> dict[str, Any]:
    """Of a list, what its rows have."""
    told = operation["responses"].get("200", {}).get("content", {})
    properties = told.get("application/json", {}).get("schema", {}).get("properties", {})
    rows = properties.get("rows", {}).get("items", {}).get("properties", {})
    return dict(rows)
