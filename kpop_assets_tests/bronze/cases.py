"""Lines of events, each with what has to become of it, as tables.

Belongs here: the lines, made from a valid one. Does not belong here: running them through an
engine (test_parse.py).
"""

from __future__ import annotations

import json
from typing import Any

from kpop_assets_tests.bronze.kit import DAY_MS, DAY_START_MS, NOON_MS, line

VALID = line().decode()
HUGE = 2**63 - 1
# More than any counter there is, and far from where sums of counters overflow.
MANY = 10**11


def plus(members: str) -> str:
    """The valid line with more members, as JSON text that need not be right."""
    return f"{VALID[:-1]}, {members}}}"


def titled(escaped: str) -> str:
    """The valid line with another title, as JSON text that need not be right."""
    return VALID.replace('"title"', f'"{escaped}"')


def with_id(value: str) -> str:
    """The valid line with another id, as JSON text that need not be right."""
    return VALID.replace('"v1"', value)


BROKEN = {
    "two objects": VALID + VALID,
    "two objects and a comma": f"{VALID}, {VALID}",
    "an object and garbage": f"{VALID} x",
    "a bracket behind": f"{VALID}]",
    "a bracket and garbage behind": f"{VALID}] x",
    "brackets and a brace behind": f"{VALID}]}}",
    "a brace behind": f"{VALID}}}",
    "a comma behind": f"{VALID},",
    "a comment behind": f"{VALID} // note",
    "a zero byte behind": f"{VALID}\0",
    "a mark of byte order inside the file": f"\ufeff{VALID}",
    "a no-break space in front": f"\u00a0{VALID}",
    "an array": f"[{VALID}]",
    "an array of two": f"[{VALID}, {VALID}]",
    "an empty array": "[]",
    "a string": '"v1"',
    "a number": "5",
    "null": "null",
    "a word": "true",
    "single quotes": VALID.replace('"', "'"),
    "a key without quotes": VALID.replace('"text"', "text"),
    "NaN where nobody looks": plus('"extra": NaN'),
    "Infinity": plus('"view_count": Infinity'),
    "minus Infinity": plus('"extra": -Infinity'),
    "a leading zero": plus('"view_count": 007'),
    "a plus sign": plus('"view_count": +7'),
    "a bare fraction": plus('"view_count": .5'),
    "a bare point": plus('"view_count": 5.'),
    "hexadecimal": plus('"view_count": 0x1f'),
    "a comma at the end": f"{VALID[:-1]},}}",
    "two commas": plus(', "lang": "ko"'),
    "a key without a value": plus('"lang"'),
    "a comment inside": plus('/* note */ "lang": "ko"'),
    "a tab inside a string": titled("a\tb"),
    "a control character inside a string": titled("a\x01b"),
    "an unknown escape": titled(r"a\qb"),
    "a short escape": titled(r"a\u12"),
    "a short escape in a field nobody needs": plus(r'"description": "\u12"'),
    "a short escape in a list": plus(r'"tags": ["\u12"]'),
    "a string torn by a control character": f'{VALID[:-1]}, "description": "a\x01}}',
    "a string torn by an escape": VALID[:-1] + r', "description": "a\q}',
    "the first half of a pair": titled(r"a\ud83d b"),
    "the second half of a pair": titled(r"a\ude00 b"),
    "the halves of a pair in the wrong order": titled(r"\ude00\ud83d"),
    "a half before a pair": titled(r"\ud83d\ud83d\ude00"),
    "a half behind an escaped backslash": titled(r"\\\ud83d"),
    "a half where nobody looks": plus(r'"extra": "\ud83d"'),
    "nesting without end": plus('"extra": ' + "[" * 3000),
}

# The line, and what is kept of it in a column.
USABLE: dict[str, tuple[str, str, Any]] = {
    "spaces around": (f"  {VALID} \t", "video_id", "v1"),
    "a carriage return too many": (f"{VALID}\r", "video_id", "v1"),
    "an escaped key": (VALID.replace("video_id", r"\u0076ideo_id"), "video_id", "v1"),
    "an id that looks like a number": (with_id('"5"'), "video_id", "5"),
    "an id that looks like an object": (with_id('"{a"'), "video_id", "{a"),
    "a key twice, the last counts": (plus('"video_id": "v2"'), "video_id", "v2"),
    "fields nobody knows": (plus('"extra": {"video_id": "v9", "ts": "bad"}'), "video_id", "v1"),
    "braces in the title": (titled("a} b}]c"), "text", "a} b}]c"),
    "an empty title": (titled(""), "text", ""),
    "quotes in the title": (titled(r"\"a\" \/ \\b"), "text", r'"a" / \b'),
    "a line separator in the title": (titled("a\u2028b"), "text", "a\u2028b"),
    "Korean by escapes": (titled(r"\ub274\uc9c4\uc2a4"), "text", "뉴진스"),
    "emoji": (titled("🔥 뉴진스 👩‍👩‍👧"), "text", "🔥 뉴진스 👩‍👩‍👧"),
    "a pair by escapes": (titled(r"\ud83d\uDE00"), "text", "😀"),
    "a backslash before what looks like half a pair": (titled(r"\\ud83d"), "text", r"\ud83d"),
    "entities": (titled("R&amp;B &lt;3 &quot;a&quot; &#39;b&#39;"), "text", "R&B <3 \"a\" 'b'"),
    "an entity of an entity": (titled("&amp;lt; &amp;amp;"), "text", "&lt; &amp;"),
    "ampersands that are no entity": (titled("R&B & co &x;"), "text", "R&B & co &x;"),
    "more entities": (titled("a&nbsp;b &gt; &apos;c&#x27;"), "text", "a b > 'c'"),
    "no counter": (VALID, "view_count", None),
    "a counter of null": (plus('"view_count": null'), "view_count", None),
    "a counter": (plus('"view_count": 12'), "view_count", 12),
    "zero": (plus('"view_count": 0'), "view_count", 0),
    "minus zero": (plus('"view_count": -0'), "view_count", 0),
    "a very large counter": (plus(f'"view_count": {MANY}'), "view_count", MANY),
    "a counter of a float column": (plus('"view_count": 12.0'), "view_count", 12),
    "with more zeros": (plus('"view_count": 12.000'), "view_count", 12),
    "a large counter of a float column": (plus('"view_count": 98765432.0'), "view_count", 98765432),
    "a counter with an exponent": (plus('"view_count": 1e3'), "view_count", 1000),
    "a counter with point and exponent": (plus('"view_count": 1.5E3'), "view_count", 1500),
    "a counter as a string": (plus('"view_count": "12"'), "view_count", 12),
    "a large counter as a string": (plus('"view_count": "98765432109"'), "view_count", 98765432109),
    "seconds": (plus('"duration_seconds": 215'), "duration_seconds", 215),
    "tags": (plus('"tags": ["a", "뉴"]'), "tags", '["a","뉴"]'),
    "tags with emoji": (plus('"tags": ["🔥", "\\ud83d\\ude00"]'), "tags", '["🔥","😀"]'),
    "tags as a string": (plus('"tags": "[\\"🔥\\"]"'), "tags", '["🔥"]'),
    "no tags": (plus('"tags": []'), "tags", "[]"),
    "a category by number": (plus('"category_id": 10'), "category_id", "10"),
    "the first millisecond of the day": (
        line(observed_at=DAY_START_MS).decode(),
        "observed_at",
        DAY_START_MS,
    ),
    "the last millisecond of the day": (
        line(observed_at=DAY_START_MS + DAY_MS - 1).decode(),
        "observed_at",
        DAY_START_MS + DAY_MS - 1,
    ),
    "no time of observation": (line(observed_at=...).decode(), "observed_at", NOON_MS),
    "a time of observation of null": (line(observed_at=None).decode(), "observed_at", NOON_MS),
    "a time as a string": (line(observed_at=str(NOON_MS)).decode(), "observed_at", NOON_MS),
    "a time of a float column": (line(ts=float(NOON_MS)).decode(), "event_at", NOON_MS),
    "published in 2005": (line(ts=1_104_537_600_000).decode(), "event_at", 1_104_537_600_000),
    "published years ago": (
        line(published_at=NOON_MS - 4000 * DAY_MS).decode(),
        "published_at",
        NOON_MS - 4000 * DAY_MS,
    ),
    "a premiere in a year": (
        line(ts=NOON_MS + 366 * DAY_MS).decode(),
        "event_at",
        NOON_MS + 366 * DAY_MS,
    ),
    "a counter of NaN": (plus('"view_count": NaN'), "view_count", None),
    "likes of NaN and comments": (
        plus('"like_count" : NaN, "comment_count": 5'),
        "comment_count",
        5,
    ),
    "NaN inside a title": (
        titled(r"\"like_count\": NaN")[:-1] + ', "like_count": NaN}',
        "text",
        '"like_count": NaN',
    ),
    "a counter of an empty text": (plus('"view_count": ""'), "view_count", None),
}

# The line, the reason and the field.
UNUSABLE: dict[str, tuple[str, str, str | None]] = {
    "an empty object": ("{}", "missing_field", "video_id"),
    "a key in capitals": (VALID.replace("video_id", "VIDEO_ID"), "missing_field", "video_id"),
    "a second key of null": (plus('"video_id": null'), "missing_field", "video_id"),
    "a second key of the wrong type": (plus('"ts": "x"'), "wrong_type", "ts"),
    "seconds for milliseconds": (
        line(observed_at=NOON_MS // 1000).decode(),
        "impossible_time",
        "observed_at",
    ),
    "1970": (line(observed_at=0).decode(), "impossible_time", "observed_at"),
    "before 1970": (line(observed_at=-1).decode(), "impossible_time", "observed_at"),
    "2100": (line(observed_at=4_102_444_800_000).decode(), "impossible_time", "observed_at"),
    "the day before": (
        line(observed_at=DAY_START_MS - 1).decode(),
        "wrong_ingest_date",
        "observed_at",
    ),
    "the day after": (
        line(observed_at=DAY_START_MS + DAY_MS).decode(),
        "wrong_ingest_date",
        "observed_at",
    ),
    "a date in words": (
        line(observed_at="2026-03-02T12:00:00Z").decode(),
        "wrong_type",
        "observed_at",
    ),
}
for _name in ("video_id", "text", "ts", "source"):
    UNUSABLE[f"{_name} missing"] = (line(**{_name: ...}).decode(), "missing_field", _name)
    UNUSABLE[f"{_name} null"] = (line(**{_name: None}).decode(), "missing_field", _name)
for _name in ("video_id", "source"):
    for _blank in ("", "  "):
        _line = line(**{_name: _blank}).decode()
        UNUSABLE[f"{_name} of {len(_blank)} spaces"] = (_line, "missing_field", _name)
for _name in ("video_id", "text", "source"):
    for _value in (5, -1.5, 1e3, True, False, [], ["a"], {}, {"a": 1}):
        _line = line(**{_name: _value}).decode()
        UNUSABLE[f"{_name} of {json.dumps(_value)}"] = (_line, "wrong_type", _name)
_NO_NUMBERS: tuple[Any, ...] = ("x", "12a", "1,200", "1_2", "１２", 12.5, True, [], [5], {})
_NO_NUMBERS += (10**30, 2**63)
for _name in ("ts", "observed_at", "published_at", "view_count"):
    for _value in _NO_NUMBERS if _name == "view_count" else ("", *_NO_NUMBERS):
        _line = line(**{_name: _value}).decode()
        _reason = "missing_field" if (_name, _value) == ("ts", "") else "wrong_type"
        UNUSABLE[f"{_name} of {json.dumps(_value)}"] = (_line, _reason, _name)
# Ten such counters, weighted, no longer fit: Sail would wrap around, Spark would fail.
for _value in (-1, 10**17, HUGE):
    _line = line(view_count=_value).decode()
    UNUSABLE[f"view_count of {_value}"] = (_line, "impossible_value", "view_count")
for _name in ("like_count", "comment_count", "duration_seconds"):
    for _value in (*_NO_NUMBERS, -1, "-1", -1.0, -2, "", " ", 10**17, HUGE):
        _line = line(**{_name: _value}).decode()
        USABLE[f"{_name} of {json.dumps(_value)}"] = (_line, _name, None)
for _name in ("ts", "published_at"):
    for _text, _time in {
        "1970": 0,
        "before 2005": 1_104_537_599_999,
        "seconds": NOON_MS // 1000,
        "more than a year ahead": NOON_MS + 366 * DAY_MS + 1,
        "2100": 4_102_444_800_000,
    }.items():
        _line = line(**{_name: _time}).decode()
        UNUSABLE[f"{_name} in {_text}"] = (_line, "impossible_time", _name)
