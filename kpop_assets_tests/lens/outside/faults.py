"""What a service does instead of answering.

Belongs here: ways to fail, of whatever service. Does not belong here: good answers (server.py).
"""

from __future__ import annotations

from kpop_assets_tests.net.kit import Reply

JSON = {"Content-Type": "application/json; charset=utf-8"}
HTML = b"<!DOCTYPE html><title>Sign in</title><p>Sign in to this network"
# What goes wrong instead of an answer.
FAULTS = {
    "http_500": Reply(500, b"Internal error"),
    "http_503": Reply(503, b"busy", {"Retry-After": "2"}),
    "http_503_for_long": Reply(503, b"busy", {"Retry-After": "3600"}),
    "http_429": Reply(429, b"Too many requests", {"Retry-After": "1"}),
    "http_403": Reply(403, b"Forbidden"),
    "http_404": Reply(404, b'{"title": "Not found."}', JSON),
    "redirect": Reply(302, b"", {"Location": "/elsewhere"}),
    "html": Reply(200, HTML, {"Content-Type": "text/html"}),
    "empty": Reply(200, b""),
    "null": Reply(200, b"null", JSON),
    "empty_list": Reply(200, b"[]", JSON),
    "empty_object": Reply(200, b"{}", JSON),
    "rubbish": Reply(200, b'{"items": [1, "x", null], "timeline": 7, "data": []}', JSON),
    "odd_items": Reply(
        200,
        b'{"items": [{"views": "many"}], "search": [{}], "entities": {"a": 1},'
        b' "timeline": [{"data": [{"date": 5, "value": -1}]}],'
        b' "data": {"children": [{"data": {"created_utc": "now"}}]},'
        b' "itemListElement": [{"result": 5}]}',
        JSON,
    ),
    "not_a_number": Reply(200, b'{"items": [{"timestamp": "2026112800", "views": NaN}]}', JSON),
    "no_utf8": Reply(200, b'{"items": "\xff\xfe"}', JSON),
    "deep": Reply(200, b"[" * 100_000, JSON),
    "cut": Reply(200, b'{"items": []}' * 50, way="cut"),
    "close": Reply(way="close"),
    "nonsense": Reply(way="nonsense"),
    "slow": Reply(200, b"{}", way="slow", seconds=3.0),
}
