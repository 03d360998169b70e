"""What a batch of lines may hold and what its answers look like, for the OpenAPI document.

Belongs here: JSON schemas made of record contracts, and examples. Does not belong here: checking a
line (line_checks.py).
"""

from __future__ import annotations

from typing import Any

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.record import Field, Record
from serving.intake.line_checks import MOST_TEXT, OUR_FIELDS

_TIME = {
    "description": "Epoch milliseconds, or ISO 8601 with a zone.",
    "anyOf": [{"type": "integer"}, {"type": "string", "format": "date-time"}],
}
_EXAMPLES: dict[str, dict[str, Any]] = {
    "plays": {
        "event_id": "0d2f6c1e-9f0e-4b1c-8a37-5b2f0a9e7d11",
        "user_id": "kim",
        "track_id": "4uLU6hMCjMI75M1A2tKUQC",
        "played_at": "2026-03-02T21:15:00+09:00",
        "played_ms": 201000,
        "context": "search",
    },
    "feedback": {
        "event_id": "7b0c9a52-33c1-4c0a-9c26-0b9c6f1f2e08",
        "user_id": "kim",
        "request_id": "5f0e2a4c",
        "work_id": "4uLU6hMCjMI75M1A2tKUQC",
        "action": "like",
        "acted_at": "2026-03-02T21:15:04+09:00",
        "position": 3,
    },
    "exposures": {
        "experiment": "place_three",
        "variant": "control",
        "unit_id": "kim",
        "exposed_at": "2026-03-02T21:15:00+09:00",
    },
}
_REFUSAL = {
    "type": "object",
    "properties": {
        "index": {"type": "integer", "description": "Place in the batch, from 0."},
        "detail": {"type": "string"},
        "way_out": {"type": "string"},
    },
    "required": ["index", "detail", "way_out"],
}
_TAKEN = {
    "type": "object",
    "properties": {
        "accepted": {"type": "integer", "description": "Lines that are on the disk."},
        "refused": {"type": "array", "items": _REFUSAL},
    },
    "required": ["accepted", "refused"],
}


def batch_body(record: Record, name: str, most_lines: int) -> dict[str, Any]:
    """The request body of a route that takes lines of a kind."""
    fields = [field for field in record.fields if field.name not in OUR_FIELDS]
    line = {
        "type": "object",
        "properties": {field.name: _schema_of(field) for field in fields},
        "required": [field.name for field in fields if field.required],
    }
    lines = {"type": "array", "items": line, "minItems": 1, "maxItems": most_lines}
    body = {"type": "object", "properties": {name: lines}, "required": [name]}
    content = {"schema": body, "example": {name: [_EXAMPLES[name]]}}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def taken_answers() -> dict[int | str, dict[str, Any]]:
    """The answers of such a route."""
    example = {
        "accepted": 19,
        "refused": [
            {
                "index": 3,
                "detail": "played_at lies ahead of our clock",
                "way_out": "set the clock that says it",
            }
        ],
    }
    content = {"application/json": {"schema": _TAKEN, "example": example}}
    return {
        202: {"description": "What can be used is on the disk.", "content": content},
        400: {"description": "The body is no JSON."},
        422: {"description": "Nothing of the batch can be used."},
        503: {"description": "It cannot be written down now; nothing of it counts. Send it again."},
    }


def _schema_of(field: Field) -> dict[str, Any]:
    if field.type == "instant":
        return _TIME
    if field.type in ("whole", "real"):
        kind = {"type": "integer" if field.type == "whole" else "number"}
        low, high = field.bounds or (None, None)
        limits = {"minimum": low, "maximum": high}
        return kind | {name: value for name, value in limits.items() if value is not None}
    text: dict[str, Any] = {"type": "string", "maxLength": MOST_TEXT}
    if field.name == "source":
        text["not"] = {"const": SIMULATED_SOURCE}
    if field.required:
        text["minLength"] = 1
    return text | ({"enum": [*field.choices]} if field.choices else {})
