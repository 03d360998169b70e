"""Alerts as a feed: Atom, JSON Feed and CSV.

Belongs here: the three forms. Does not belong here: which alerts (queries/alerts.py), their words
(alerts.py), or who may read them (server.py).

Atom is RFC 4287, JSON Feed is version 1.1 (jsonfeed.org). An entry's id follows from what happened
and to whom, so that a reader's program shows each once, whatever is said of it later.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from kpop_assets.days import SEOUL

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold in any form.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Spreadsheets run a cell that begins with one of these.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


@dataclass(frozen=True)
class Entry:
    """An alert as a feed has it.

    Attributes:
        key: what happened, to whom and when: the same in every language.
        day: the day in Seoul.
        kind: of alert.
        artist: canonical name.
        text: the alert in words.
        link: address of the act's page.
    """

    key: str
    day: dt.date
    kind: str
    artist: str
    text: str
    link: str

    @property
    def id(self) -> str:
        """A lasting URN."""
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'kpop-assets:{self.key}')}"

    @property
    def at(self) -> str:
        """The day's beginning, as RFC 3339 has it."""
        return dt.datetime.combine(self.day, dt.time(), SEOUL).isoformat()


@dataclass(frozen=True)
class Feed:
    """Alerts with what a reader's program shows above them.

    Attributes:
        title: plain text.
        home: address of the viewer.
        address: of this feed.
        entries: newest first.
        day: newest day of the data.
    """

    title: str
    home: str
    address: str
    entries: tuple[Entry, ...]
    day: dt.date


def to_atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, feed.home)}")
    _add(root, "title", feed.title)
    _add(root, "updated", dt.datetime.combine(feed.day, dt.time(), SEOUL).isoformat())
    _add(_add(root, "author"), "name", "kpop-assets")
    _add(root, "link", rel="self", href=feed.address)
    _add(root, "link", rel="alternate", href=feed.home)
    for entry in feed.entries:
        item = _add(root, "entry")
        _add(item, "id", entry.id)
        _add(item, "title", entry.text)
        _add(item, "updated", entry.at)
        _add(item, "category", term=entry.kind)
        _add(item, "link", rel="alternate", href=entry.link)
        _add(item, "content", entry.text, type="text")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def to_json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed."""
    items = [
        {
            "id": entry.id,
            "url": entry.link,
            "title": entry.text,
            "content_text": entry.text,
            "date_published": entry.at,
            "tags": [entry.kind, entry.artist],
        }
        for entry in feed.entries
    ]
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
    }
    return json.dumps({**head, "items": items}, ensure_ascii=False).encode()


def to_csv_feed(feed: Feed) -> bytes:
    """The feed as a table; text that a spreadsheet would run gets an apostrophe."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("day", "kind", "artist", "text", "link", "id"))
    for entry in feed.entries:
        texts = (entry.kind, entry.artist, entry.text, entry.link, entry.id)
        rows.writerow((entry.day.isoformat(), *(_FORMULA.sub(r"'\g<0>", text) for text in texts)))
    # The mark in front makes Excel read Korean as UTF-8.
    return b"\xef\xbb\xbf" + written.getvalue().encode()


FEED_FORMS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "atom": ("application/atom+xml; charset=utf-8", to_atom),
    "json": ("application/feed+json; charset=utf-8", to_json_feed),
    "csv": ("text/csv; charset=utf-8", to_csv_feed),
}


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = None if text is None else _NO_XML.sub("", text)
    return made
