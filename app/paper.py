"""A table on paper: every column, every row, as text.

Belongs here: its HTML. Does not belong here: the table on a screen, which scrolls (tables.py), or
how paper looks (tools/page.css).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from typing import Any

import polars as pl

from app import numbers
from app.cells import cell_form
from app.frame import language, word
from app.names import act_names
from kpop_assets.days import SEOUL

# What is drawn, or only leads somewhere.
LEFT_OUT = ("line", "watch", "run")


def write_table(frame: pl.DataFrame) -> str:
    """A frame as HTML, in the visitor's language; texts are only ever text."""
    forms = {name: cell_form(name, kind) for name, kind in frame.schema.items()}
    names = [name for name, form in forms.items() if form not in LEFT_OUT]
    heads = "".join(f"<th scope=col>{escape(word(f'column.{name}'))}</th>" for name in names)
    cells = [(_writer(forms[name]), ' class="text"' * (forms[name] == "text")) for name in names]
    rows = [
        "".join(f"<td{a}>{escape(write(v))}</td>" for (write, a), v in zip(cells, row, strict=True))
        for row in frame.select(names).iter_rows()
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="paper"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _writer(form: str) -> Callable[[Any], str]:
    if form == "artist":
        called = act_names()
        return lambda artist: called.get(artist, _text(artist))
    # What a screen has as a bar is a share.
    number = "share" if form == "chance" else form
    if number in numbers.FORMS:
        return lambda value: numbers.write(number, value, language())
    return _text


def _text(value: object) -> str:
    if value is None:
        return numbers.MISSING
    if isinstance(value, bool):
        return "•" if value else ""
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    return str(value)
