"""What the API takes and answers, as OpenAPI 3.1.

Belongs here: what all routes have in common in that document. Does not belong here: what a single
route says of itself (each room), its page (docs_page.py) or its file (openapi_file.py).
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.problems import MEDIA_TYPE

_ABOUT = (
    "Everything that the product knows of K-POP acts, videos and songs. Every error is "
    "application/problem+json (RFC 9457). Where `is_simulated` is true, data is made up."
)
_PROBLEM = {
    "type": "object",
    "description": "What went wrong, in one line, and what can be done about it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "way_out": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
# FastAPI's own form of errors, which no route answers in.
_NOT_OURS = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> dict[str, Any]:
    """The document of an application with all its routes; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=_ABOUT, routes=app.routes
        )
        app.openapi_schema = _completed(made)
    return app.openapi_schema


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _NOT_OURS:
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete_operation(operation)
    return document


def _complete_operation(operation: dict[str, Any]) -> None:
    """Every operation may end in a problem; a key is needed where keys are configured."""
    told = {"schema": {"$ref": "#/components/schemas/Problem"}}
    answers = operation["responses"]
    if "HTTPValidationError" in json.dumps(answers.get("422", {})):
        del answers["422"]
    answers["default"] = {"description": "A problem.", "content": {MEDIA_TYPE: told}}
    operation.setdefault("security", [{}, {"key": []}])
