"""The message catalogue: every word that the viewer shows, in Korean and English side by side.

Belongs here: reading the `*.toml` files of this folder and filling in placeholders. Does not
belong here: a message, or which language is chosen (frame.py).

A file holds `name = { en = "...", ko = "..." }`; the key of a message is `<file>.<name>`. The
table `[columns]` of any file names columns for headings: `column.<name>`, with `help_en`,
`help_ko` and `as`, how its values are written (tables.py). Messages are written for videos; what
the data counts may have other words (media.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from app.messages.media import MEDIA, reworded
from app.messages.rule_numbers import fill_in
from kpop_assets.contracts.rules import TIERS

LANGUAGES = {"en": "English", "ko": "한국어"}
FOLDER = Path(__file__).parent

# Each run of a page is a thread of its own.
_MEDIUM: ContextVar[str] = ContextVar("medium", default=MEDIA[0])
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=])")
_LINK = re.compile(r"(://|(?<=www)(?=\.)|(?=@))")


def speak_of(medium: str) -> None:
    """Use the words of one of `MEDIA` from now on, in this run of a page."""
    _MEDIUM.set(medium)


def load_messages() -> dict[str, dict[str, str]]:
    """Every message by key: its texts by language, for columns also help and `as`.

    Raises:
        ValueError: two files name the same column.
    """
    return _messages_of(_MEDIUM.get())


@lru_cache(maxsize=len(MEDIA))
def _messages_of(medium: str) -> dict[str, dict[str, str]]:
    return {key: reworded(key, texts, medium) for key, texts in _read_messages().items()}


@lru_cache(maxsize=1)
def _read_messages() -> dict[str, dict[str, str]]:
    messages: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = content.pop("columns", {})
        found = {f"{path.stem}.{name}": texts for name, texts in _of_each_tier(content)}
        found |= {f"column.{name}": texts for name, texts in _of_each_tier(columns)}
        twice = messages.keys() & found.keys()
        if twice:
            raise ValueError(f"{path.name} repeats {', '.join(sorted(twice))}")
        messages |= {key: _filled(texts) for key, texts in found.items()}
    return messages


def _of_each_tier(messages: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Messages by name; one with `*` in its name becomes one for each tier."""
    for name, texts in messages.items():
        if "*" not in name:
            yield name, texts
            continue
        for tier in map(str, TIERS):
            yield name.replace("*", tier), {k: v.replace("*", tier) for k, v in texts.items()}


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {kind: fill_in(text) for kind, text in texts.items()}


def plain(language: str, key: str, **values: object) -> str:
    """A message as plain text: for charts, tables, file names."""
    return load_messages()[key][language].format(**values)


def as_markdown(language: str, key: str, **values: object) -> str:
    """A message as Markdown, in which texts among `values` are only ever text.

    Between backticks Markdown knows no escape, so there a text only loses its own backticks.
    """
    safe = {name: escape(v) if isinstance(v, str) else v for name, v in values.items()}
    code = {n: v.replace("`", "'") if isinstance(v, str) else v for n, v in values.items()}
    parts = load_messages()[key][language].split("`")
    return "`".join(part.format(**(code if i % 2 else safe)) for i, part in enumerate(parts))


def escape(text: str) -> str:
    """Text from data for a place that renders Markdown: no mark, link, formula or HTML acts.

    CommonMark lets every ASCII punctuation be escaped by a backslash; links that are recognised
    in plain text are broken by a word joiner (U+2060), which has no width.
    """
    flat = " ".join(_LINK.sub("\u2060\\1", text).split())
    return _MARKDOWN.sub(r"\\\1", flat)


def unescape(text: str) -> str:
    """What a reader of a Markdown text is shown, for places that render none."""
    return re.sub(r"\\([^\w\s])", r"\1", re.sub(r"\*\*|\u2060", "", text))
