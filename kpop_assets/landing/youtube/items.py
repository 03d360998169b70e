"""The shape of an answer's items: what each kind needs to be of use, looked at in one place.

Belongs here: which items are left out, by kind of answer. Does not belong here: whether an answer
is the API's at all (errors.py), or what is made of an item (records.py).

YouTube now and then leaves a part out, or gives null for it: an entry of a playlist whose video is
deleted, a video without statistics. One such item must not end a collection, which would meet it
again at the same page for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias

_MANY = 10

Item: TypeAlias = Mapping[str, Any]


def part(item: Item, name: str) -> Item:
    """A part of an item; empty where it is missing or of another form."""
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}


def named_ids(items: Iterable[object]) -> frozenset[str]:
    """The ids that items have, odd ones too: what an answer names is not gone."""
    dicts = (item for item in items if isinstance(item, Mapping))
    return frozenset(item["id"] for item in dicts if isinstance(item.get("id"), str))


def _is_upload(item: Item) -> bool:
    return _text(part(item, "contentDetails").get("videoId"))


def _is_result(item: Item) -> bool:
    return _text(part(item, "id").get("videoId"))


def _is_video(item: Item) -> bool:
    has_title = _text(part(item, "snippet").get("title"))
    return _text(item.get("id")) and has_title and isinstance(item.get("statistics"), Mapping)


def _is_count(item: Item) -> bool:
    return _text(item.get("id")) and isinstance(item.get("statistics"), Mapping)


def _is_channel(item: Item) -> bool:
    return _text(item.get("id"))


def _is_thread(item: Item) -> bool:
    comment = part(part(item, "snippet"), "topLevelComment")
    return _text(item.get("id")) and isinstance(part(comment, "snippet").get("textDisplay"), str)


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


# What an item of a method's answer must have.
SHAPES: Mapping[str, Callable[[Item], bool]] = {
    "search": _is_result,
    "channels": _is_channel,
    "playlistItems": _is_upload,
    "videos": _is_video,
    "videos:batchGetStats": _is_count,
    "commentThreads": _is_thread,
}


def usable(method: str, items: Iterable[object], odd: Counter[str]) -> list[dict[str, Any]]:
    """The items that have what they must; the others are counted in `odd`, by method."""
    has_shape = SHAPES[method]
    found = []
    for item in items:
        if isinstance(item, dict) and has_shape(item):
            found.append(item)
        else:
            odd[method] += 1
    return found


def gone_ids(asked: Collection[str], named: Collection[str]) -> set[str]:
    """The ids that an answer does not name; none where it names none of many.

    Such an answer may be a fault. What is really gone is noticed among others, or when it is
    found again.
    """
    return set() if not named and len(asked) >= _MANY else set(asked) - set(named)
