"""What each cell of the board says, in the visitor's language.

Belongs here: text, second line, sparkline, link and picture of a cell by its column. Does not
belong here: how a number is written (numbers.py), or how a cell is drawn (board.js).

A cell is a dictionary for board.js: `text`, `value` to sort by, and where there are any `note` (a
second line), `tone` and `note_tone` (up or down, by the number's sign), `part` (0 to 1, as a bar),
`parts` (the same, stacked), `line` (a sparkline), `href`, `away` (it leaves us), `more` (another
link) and `image`. One of `items` is a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app import links, numbers
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.lens_videos import PARTS
from kpop_assets.contracts.rules import SINCE_NEW_DAYS

Row = Mapping[str, Any]
Cell = dict[str, Any]
Say = Callable[..., str]


@dataclass(frozen=True)
class Reader:
    """Who looks: what a cell's words and links depend on.

    Attributes:
        language: `en` or `ko`.
        say: a message as plain text (`frame.word`).
        name_of: an act's name in that language.
        query: what a link to another page keeps of the address.
        is_simulated: whether ids may be made up.
        has_thumbnails: whether pictures may be loaded from another host.
    """

    language: str
    say: Say
    name_of: Callable[[str], str]
    query: Mapping[str, str]
    is_simulated: bool
    has_thumbnails: bool


def artist_cell(row: Row, name: str, reader: Reader) -> Cell:
    """The act as a link to its page; `note` of the row is its second line, `image_id` its video."""
    if row[name] in (None, OTHER):
        return {"text": None, "value": None}
    shown = reader.name_of(row[name])
    href = _artist_address(row[name], reader)
    image = links.thumbnail(row.get("image_id"), reader.is_simulated)
    return {
        "text": shown,
        "value": shown,
        "href": href,
        "note": row.get("note"),
        "image": image if reader.has_thumbnails else None,
    }


def subject_cell(row: Row, name: str, reader: Reader) -> Cell:
    """An act or a word; an act (`artist` of the row) leads to its page."""
    artist = row.get("artist")
    return text_cell(row, name, reader) | {
        "href": None if artist is None else _artist_address(artist, reader)
    }


def work_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A work, which leads to what is near it (`to_work`), and to where it is heard below it."""
    cell = text_cell(row, name, reader)
    if own := row.get("to_work"):
        cell["href"] = "seed?" + urlencode({"work": own, **reader.query})
    if address := row.get(f"{name}_source"):
        cell["more"] = {"text": reader.say("rows.to_source"), "href": address, "away": True}
    return cell


def rank_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A rank, and the places won since (`<name>_change`)."""
    cell = number_cell("count", row, name, reader)
    if change := row.get(f"{name}_change"):
        cell["note"] = numbers.write("count", abs(change), reader.language)
        cell["note_tone"] = _tone(change)
        cell["note_label"] = reader.say("rows.won" if change > 0 else "rows.lost")
    return cell


def chance_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A probability with its bar."""
    return number_cell("chance", row, name, reader) | {"part": row[name]}


def score_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A score with the days behind it (`daily_28d`, null on days that were not seen)."""
    values = row.get("daily_28d")
    cell = number_cell("compact", row, name, reader)
    return cell if values is None else cell | {"line": _line(values, "rows.line", reader)}


def growth_cell(row: Row, name: str, reader: Reader) -> Cell:
    """Growth with its sign, and the class of its trend in words (`trend_class`)."""
    cell = number_cell("growth", row, name, reader)
    if row[name]:
        cell["tone"] = _tone(row[name])
    if trend := row.get("trend_class"):
        cell["note"] = reader.say(f"rows.trend_{trend}")
    return cell


def days_cell(row: Row, name: str, reader: Reader) -> Cell:
    """Days since something new, which are counted up to a number."""
    cell = number_cell("count", row, name, reader)
    is_most = cell["value"] is not None and cell["value"] >= SINCE_NEW_DAYS
    return cell | {"text": f"{cell['text']}+"} if is_most else cell


def video_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A title that leads to its source, if the id beside it is one of the source's own.

    `<name>_note` of the row is its second line; below it `to_growth` leads to a video's curve.
    """
    video_id = row.get(name.replace("_title", "_id"))
    href = links.source_link(video_id, reader.is_simulated)
    image = links.thumbnail(video_id, reader.is_simulated) if reader.has_thumbnails else None
    text = row[name] or (video_id if href else None)
    cell = {"text": text, "value": text, "href": href, "away": True, "image": image}
    if own := row.get("to_growth"):
        address = "growth?" + urlencode({"video": own, **reader.query})
        cell["more"] = {"text": reader.say("rows.to_growth"), "href": address}
    return cell | {"note": row.get(f"{name}_note")}


def parts_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A video's score with the points of its parts (`score_parts`, null where one is unknown)."""
    cell = number_cell("tenths", row, name, reader)
    points = row.get("score_parts")
    if points is None:
        return cell
    said = (
        f"{part} {reader.say('rows.unknown') if value is None else _tenths(value, reader)}"
        for part, value in zip(part_names(reader), points, strict=True)
    )
    shares = [None if value is None else value / 100 for value in points]
    return cell | {"parts": shares, "parts_label": ", ".join(said)}


def part_names(reader: Reader) -> list[str]:
    """What the parts of a video's score are called, in their order."""
    return [reader.say(f"rows.part_{part}") for part in PARTS]


def items_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A list of texts, such as reasons."""
    return {"items": row[name] or [], "value": None}


def number_cell(form: str, row: Row, name: str, reader: Reader) -> Cell:
    """A number in a form of numbers.py; one that is not known has no text.

    `<name>_note` of the row is its second line, `<name>_by_day` the days behind it.
    """
    value = row[name]
    text = None if value is None else numbers.write(form, value, reader.language)
    cell: Cell = {"text": text, "value": value}
    if note := row.get(f"{name}_note"):
        cell["note"] = note
    if (days := row.get(f"{name}_by_day")) is not None:
        cell["line"] = _line(days, "rows.count_line", reader)
    return cell


def text_cell(row: Row, name: str, reader: Reader) -> Cell:
    """A text or a day as it stands; a yes or no in words.

    `<name>_note` of the row is its second line, `<name>_article` the article below it.
    """
    value = row[name]
    if isinstance(value, bool):
        value = reader.say("rows.yes" if value else "rows.no")
    text = None if value is None else str(value)
    cell: Cell = {"text": text, "value": text, "note": row.get(f"{name}_note")}
    if address := row.get(f"{name}_article"):
        cell["more"] = {"text": reader.say("rows.to_article"), "href": address, "away": True}
    return cell


def _line(values: list[float | None], said: str, reader: Reader) -> Cell:
    gaps = sum(value is None for value in values)
    key = f"{said}_with_gaps" if gaps else said
    return {"values": values, "label": reader.say(key, days=len(values), gaps=gaps)}


def _artist_address(artist: str, reader: Reader) -> str:
    return "artist?" + urlencode({"artist": artist, **reader.query})


def _tenths(value: float, reader: Reader) -> str:
    return numbers.write("tenths", value, reader.language)


def _tone(value: float) -> str:
    return "up" if value > 0 else "down"
